/* Passwords, sessions, tokens, roles, throttle. */
#ifndef OPSD_AUTH_AUTH_H
#define OPSD_AUTH_AUTH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/people.h"
#include "store/store.h"

enum { AUTH_PASSWORD_MIN = 10, AUTH_PASSWORD_MAX = 511 };

/* How long a session lasts: in all, and without use. Changed at the start alone, before anything is served. */
struct auth_session_limits {
  int64_t whole_s, idle_s;
};
extern struct auth_session_limits auth_session_limits; /* 12 hours, 1 hour */

/* yescrypt through libcrypt; some 50 ms and 32 MB: not in a request's thread. Refuses (field "password") what is too
 * short, too long, or the name itself. */
enum err_code auth_password_hash(const char *name, const char *password, struct arena *a, const char **hash,
                                 struct err *e);

/* Name and password → a new session: cookie value in the arena, *who filled. Wrong: ERR_UNAUTHENTICATED, the same
 * sentence and the same time whether the name exists or not. Too many failures of the account (but from an address that
 * signed in to it within a month) or of the address: ERR_THROTTLED and *retry_after_s, said before the password is
 * looked at. */
enum err_code auth_sign_in(struct store *s, const char *name, const char *password, const char *from, struct arena *a,
                           const char **cookie, struct principal *who, int64_t *expires_s, int64_t *retry_after_s,
                             struct err *e);
/* Is it still this person at the keyboard? The same throttle as auth_sign_in. Wrong, or NULL: ERR_INVALID, field "current"
 * (not ERR_UNAUTHENTICATED, which would send the page to the sign-in). */
enum err_code auth_check_password(struct store *s, const char *name, const char *password, const char *from,
                                  struct arena *a, int64_t *retry_after_s, struct err *e);
/* A session without a password, for the setup. */
enum err_code auth_session_new(struct store *s, const struct user *u, struct arena *a, const char **cookie,
                               int64_t *expires_s, struct err *e);
/* Cookie or token → who; unknown or ended cookie: role NONE and no error; bad token: ERR_UNAUTHENTICATED. is_use: a request
 * of the person's, which keeps the session from going idle; false where an open stream merely asks again. */
enum err_code auth_by_cookie(struct store *s, const char *cookie, bool is_use, struct arena *a, struct principal *who,
                             int64_t *expires_s, struct err *e);
enum err_code auth_by_token(struct store *s, const char *bearer, struct arena *a, struct principal *who, struct err *e);
enum err_code auth_sign_out(struct store *s, const struct principal *who, struct err *e);

/* New token: value ("opsd_…") shown once. days 0: never expires. */
enum err_code auth_token_make(struct store *s, const char *name, const char *role, int64_t days, const char *by,
                              struct arena *a, struct token *out, const char **value, struct err *e);

/* The setup link: a random token whose digest is kept until the first administrator exists. *value NULL when there is an
 * administrator already. A new one each call. */
enum err_code auth_setup_token(struct store *s, struct arena *a, const char **value, struct err *e);
/* Wrong or used: ERR_GONE / ERR_FORBIDDEN. Makes the first administrator, all in one transaction. */
enum err_code auth_setup(struct store *s, const char *token, const char *name, const char *password, const char *from,
                         struct arena *a, struct user *out, int64_t *retry_after_s, struct err *e);

#endif
