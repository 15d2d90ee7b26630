#include <string.h>

#include "auth/inside.h"
#include "crypt/crypt.h"

enum err_code auth_setup_token(struct store *s, struct arena *a, const char **value, struct err *e)
{
  int64_t admins, all;
  TRY(store_user_count(s, &admins, &all, e));
  *value = NULL;
  if (all)
    return ERR_NONE;
  const char *made = crypt_random_token(a, AUTH_SECRET_BYTES);
  TRY(store_setting_set(s, STORE_SETUP_DIGEST, auth_digest(a, made), e));
  *value = made;
  return ERR_NONE;
}

static enum err_code check_token(struct store *s, const char *token, const char *from, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  int64_t admins, all;
  const char *wanted, *given = auth_digest(&a, token ? token : "");
  TRY(store_user_count(s, &admins, &all, e));
  if (all)
    return err_set(e, ERR_GONE, "The setup is done already: sign in");
  TRY(store_setting_get(s, STORE_SETUP_DIGEST, &a, &wanted, e));
  if (wanted && strlen(wanted) == strlen(given) && crypt_equal(wanted, given, strlen(given)))
    return ERR_NONE;
  TRY(auth_throttle_failed(s, NULL, from, e));
  return err_set(e, ERR_FORBIDDEN,
                 "This setup link is not valid any more: the newest one is where opsd serve printed it");
}

/* Whoever loses a race for the first administrator is refused by the store, in whose transaction the link dies. */
enum err_code auth_setup(struct store *s, const char *token, const char *name, const char *password, const char *from,
                         struct arena *a, struct user *out, int64_t *retry_after_s, struct err *e)
{
  const char *hash;
  TRY(auth_throttle_check(s, NULL, from, retry_after_s, e));
  TRY(check_token(s, token, from, e));
  TRY(auth_password_hash(name, password, a, &hash, e));
  return store_user_first_admin(s, name, hash, a, out, e);
}
