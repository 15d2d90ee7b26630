#include "auth/inside.h"
#include "base/clock.h"
#include "crypt/crypt.h"

enum err_code auth_by_token(struct store *s, const char *bearer, struct arena *a, struct principal *who, struct err *e)
{
  struct token t;
  int64_t now_s = clock_now_s();
  TRY(store_token_get(s, auth_digest(a, bearer), now_s, a, &t, e));
  if (t.last_used_s == TIME_NONE || t.last_used_s <= now_s - AUTH_TOUCH_S)
    TRY(store_token_touch(s, t.id, now_s, e));
  *who = (struct principal){ .role = role_from_word(t.role), .name = arena_printf(a, "token:%s", t.name) };
  return ERR_NONE;
}

enum err_code auth_token_make(struct store *s, const char *name, const char *role, int64_t days, const char *by,
                              struct arena *a, struct token *out, const char **value, struct err *e)
{
  const int64_t days_max = 36500;
  if (role_from_word(role) == ROLE_NONE)
    return err_field(e, "role", "There is no role \"%s\": viewer, operator and admin are known", role ? role : "");
  if (days < 0 || days > days_max)
    return err_field(e, "days", "A token lives for 1 to %lld days, or with 0 until it is deleted", (long long)days_max);
  const char *made = arena_printf(a, "opsd_%s", crypt_random_token(a, AUTH_SECRET_BYTES));
  int64_t expires_s = days ? clock_now_s() + days * 86400 : TIME_NONE;
  TRY(store_token_add(s, name, role, auth_digest(a, made), by, expires_s, a, out, e));
  *value = made;
  return ERR_NONE;
}
