/* What the files of this room share. */
#ifndef OPSD_AUTH_INSIDE_H
#define OPSD_AUTH_INSIDE_H

#include <stdbool.h>

#include "auth/auth.h"

enum { AUTH_SECRET_BYTES = 32, AUTH_TOUCH_S = 60 };

/* What is kept of a cookie or token: knowing the database does not let anyone in. */
const char *auth_digest(struct arena *a, const char *secret);

/* Does the password belong to the hash? hash NULL: no, after the same time. */
bool auth_password_fits(const char *password, const char *hash);

/* --- throttle.c --- */
/* ERR_THROTTLED while the account (NULL: none) or the address has to wait. */
enum err_code auth_throttle_check(struct store *s, const char *name, const char *from, int64_t *retry_after_s,
                                  struct err *e);
enum err_code auth_throttle_failed(struct store *s, const char *name, const char *from, struct err *e);
enum err_code auth_throttle_passed(struct store *s, const char *name, const char *from, struct err *e);
/* Seconds to wait after so many failures in a row. */
int64_t auth_throttle_wait_s(int64_t failures);

#endif
