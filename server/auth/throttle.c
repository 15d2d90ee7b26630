/* Guessing is slowed down for each account and for each address. Waits are bounded and only real attempts count, so a
 * guesser cannot keep an account locked by knocking; and an address from which a person has signed in before does not
 * wait for what others do to the account. */
#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

#include "auth/inside.h"
#include "base/clock.h"

enum { FREE_FAILURES = 5, WAIT_MAX_S = 15 * 60, FORGET_S = 86400, KNOWN_S = 30 * 86400 };

/* Between reading a count and writing the next one. */
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

int64_t auth_throttle_wait_s(int64_t failures)
{
  if (failures < FREE_FAILURES)
    return 0;
  int64_t doublings = failures - FREE_FAILURES;
  return doublings >= 10 ? WAIT_MAX_S : INT64_C(1) << doublings;
}

/* An IPv6 customer has at least a /64 to himself: it counts as one address. */
static const char *address_key(struct arena *a, const char *from)
{
  struct in6_addr v6;
  if (inet_pton(AF_INET6, from, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
    return arena_printf(a, "addr:%s", from);
  memset(v6.s6_addr + 8, 0, 8);
  char text[INET6_ADDRSTRLEN];
  return arena_printf(a, "addr:%s/64", inet_ntop(AF_INET6, &v6, text, sizeof text));
}

static const char *name_key(struct arena *a, const char *name) { return arena_printf(a, "name:%s", name); }

static const char *known_key(struct arena *a, const char *name, const char *from)
{
  return arena_printf(a, "known:%s from %s", name, address_key(a, from));
}

static enum err_code failures_of(struct store *s, const char *key, int64_t *failures, int64_t *last_s, struct err *e)
{
  TRY(store_throttle_get(s, key, failures, last_s, e));
  if (*last_s < clock_now_s() - FORGET_S)
    *failures = 0;
  return ERR_NONE;
}

static enum err_code wait_for(struct store *s, const char *key, int64_t *wait_s, struct err *e)
{
  int64_t failures, last_s;
  TRY(failures_of(s, key, &failures, &last_s, e));
  int64_t wait = auth_throttle_wait_s(failures), left_s = last_s + wait - clock_now_s();
  if (left_s > wait) /* the clock was set back */
    left_s = wait;
  if (left_s > *wait_s)
    *wait_s = left_s;
  return ERR_NONE;
}

static enum err_code add_failure(struct store *s, const char *key, struct err *e)
{
  int64_t failures, last_s;
  pthread_mutex_lock(&counting);
  enum err_code rc = failures_of(s, key, &failures, &last_s, e);
  if (!rc)
    rc = store_throttle_set(s, key, failures + 1, clock_now_s(), e);
  pthread_mutex_unlock(&counting);
  return rc;
}

static enum err_code is_known(struct store *s, const char *key, bool *known, struct err *e)
{
  int64_t there, until_s;
  TRY(store_throttle_get(s, key, &there, &until_s, e));
  *known = there && until_s > clock_now_s();
  return ERR_NONE;
}

enum err_code auth_throttle_check(struct store *s, const char *name, const char *from, int64_t *retry_after_s,
                                  struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  int64_t wait_s = 0;
  bool known = false;
  *retry_after_s = 0;
  TRY(wait_for(s, address_key(&a, from), &wait_s, e));
  if (name)
    TRY(is_known(s, known_key(&a, name, from), &known, e));
  if (name && !known)
    TRY(wait_for(s, name_key(&a, name), &wait_s, e));
  if (wait_s <= 0)
    return ERR_NONE;
  *retry_after_s = wait_s;
  return err_set(e, ERR_THROTTLED, "Too many wrong attempts: try again in %lld second%s", (long long)wait_s,
                 wait_s == 1 ? "" : "s");
}

enum err_code auth_throttle_failed(struct store *s, const char *name, const char *from, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  TRY(add_failure(s, address_key(&a, from), e));
  return name ? add_failure(s, name_key(&a, name), e) : ERR_NONE;
}

/* The account's count ends. The address's stays, or somebody with an account of his own would clear it between guesses
 * at other people's; it is forgotten after a day without failures. */
enum err_code auth_throttle_passed(struct store *s, const char *name, const char *from, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  int64_t failures, last_s;
  TRY(failures_of(s, name_key(&a, name), &failures, &last_s, e));
  if (failures)
    TRY(store_throttle_set(s, name_key(&a, name), 0, 0, e));
  return store_throttle_set(s, known_key(&a, name, from), 1, clock_now_s() + KNOWN_S, e);
}
