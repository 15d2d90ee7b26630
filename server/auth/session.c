#include <string.h>

#include "auth/inside.h"
#include "base/clock.h"
#include "crypt/crypt.h"

struct auth_session_limits auth_session_limits = { 12 * 3600, 3600 };

const char *auth_digest(struct arena *a, const char *secret)
{
  return crypt_sha256_hex(a, secret, strlen(secret), '\0');
}

static enum err_code prove(struct store *s, const char *name, const char *password, const char *from, struct arena *a,
                           struct user *user, bool *fits, int64_t *retry_after_s, struct err *e)
{
  TRY(auth_throttle_check(s, name, from, retry_after_s, e));
  const char *hash = NULL;
  enum err_code rc = store_user_get(s, name, a, user, &hash, e);
  if (rc && rc != ERR_NOT_FOUND)
    return rc;
  *fits = auth_password_fits(password ? password : "", hash);
  return *fits ? auth_throttle_passed(s, name, from, e) : auth_throttle_failed(s, name, from, e);
}

enum err_code auth_check_password(struct store *s, const char *name, const char *password, const char *from,
                                  struct arena *a, int64_t *retry_after_s, struct err *e)
{
  struct user user;
  bool fits;
  TRY(prove(s, name, password, from, a, &user, &fits, retry_after_s, e));
  return fits ? ERR_NONE : err_field(e, "current", "The current password is wrong");
}

static enum err_code open_session(struct store *s, int64_t user_id, struct arena *a, const char **cookie,
                                  const char **digest, int64_t *expires_s, struct err *e)
{
  int64_t now_s = clock_now_s(), end_s = now_s + auth_session_limits.whole_s;
  const char *value = crypt_random_token(a, AUTH_SECRET_BYTES);
  *digest = auth_digest(a, value);
  TRY(store_session_sweep(s, now_s, auth_session_limits.idle_s, e));
  TRY(store_session_add(s, *digest, user_id, end_s, e));
  *cookie = value;
  *expires_s = end_s;
  return ERR_NONE;
}

enum err_code auth_session_new(struct store *s, const struct user *u, struct arena *a, const char **cookie,
                               int64_t *expires_s, struct err *e)
{
  const char *digest;
  return open_session(s, u->id, a, cookie, &digest, expires_s, e);
}

enum err_code auth_sign_in(struct store *s, const char *name, const char *password, const char *from, struct arena *a,
                           const char **cookie, struct principal *who, int64_t *expires_s, int64_t *retry_after_s,
                             struct err *e)
{
  struct user user;
  bool fits;
  TRY(prove(s, name, password, from, a, &user, &fits, retry_after_s, e));
  if (!fits)
    return err_set(e, ERR_UNAUTHENTICATED, "The name or the password is wrong");
  const char *digest;
  TRY(open_session(s, user.id, a, cookie, &digest, expires_s, e));
  *who = (struct principal){ role_from_word(user.role), user.name, user.id, true, digest };
  return ERR_NONE;
}

enum err_code auth_by_cookie(struct store *s, const char *cookie, bool is_use, struct arena *a, struct principal *who,
                             int64_t *expires_s, struct err *e)
{
  *who = (struct principal){ ROLE_NONE };
  *expires_s = 0;
  const char *digest = auth_digest(a, cookie);
  struct session_row row;
  int64_t now_s = clock_now_s();
  enum err_code rc = store_session_get(s, digest, now_s, a, &row, e);
  if (rc)
    return rc == ERR_NOT_FOUND ? ERR_NONE : rc;
  if (row.seen_s <= now_s - auth_session_limits.idle_s)
    return store_session_end(s, digest, e);
  if (is_use && row.seen_s <= now_s - AUTH_TOUCH_S)
    TRY(store_session_touch(s, digest, now_s, e));
  *who = (struct principal){ row.role, row.user, row.user_id, true, digest };
  *expires_s = row.expires_s;
  return ERR_NONE;
}

enum err_code auth_sign_out(struct store *s, const struct principal *who, struct err *e)
{
  return who->session ? store_session_end(s, who->session, e) : ERR_NONE;
}
