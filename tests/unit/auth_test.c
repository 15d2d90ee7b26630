/* auth: passwords, sessions, tokens, throttle, setup. */
#include "store_fixture.h"

#include <time.h>

#include "auth/inside.h"
#include "base/str.h"

#define PASSWORD "correct horse battery"
#define HERE "192.0.2.1"
#define THERE "192.0.2.99"
enum { WHOLE_S = 12 * 3600, IDLE_S = 3600 };

struct sign_in { const char *cookie; struct principal who; int64_t expires_s, retry_after_s; };

static enum err_code sign_in(struct fixture *f, const char *name, const char *password, const char *from,
                             struct sign_in *in)
{
  *in = (struct sign_in){ 0 };
  f->err = (struct err){ 0 };
  return auth_sign_in(f->store, name, password, from, &f->arena, &in->cookie, &in->who, &in->expires_s,
                      &in->retry_after_s, &f->err);
}

static struct user add_user(struct fixture *f, const char *name, const char *role)
{
  const char *hash;
  struct user u;
  FINE(auth_password_hash(name, PASSWORD, &f->arena, &hash, &f->err));
  FINE(store_user_add(f->store, name, role, hash, &f->arena, &u, &f->err));
  return u;
}

static void passwords_have_rules(void **state)
{
  struct fixture *f = *state;
  char longest[AUTH_PASSWORD_MAX + 2];
  const char *hash;
  memset(longest, 'x', sizeof longest);
  longest[AUTH_PASSWORD_MAX + 1] = '\0';
  REFUSED(auth_password_hash("ann", longest, &f->arena, &hash, &f->err), ERR_INVALID, "too long", "password");
  longest[AUTH_PASSWORD_MAX] = '\0';
  FINE(auth_password_hash("ann", longest, &f->arena, &hash, &f->err));
  assert_true(auth_password_fits(longest, hash));
  longest[AUTH_PASSWORD_MAX - 1] = 'y';
  assert_false(auth_password_fits(longest, hash));
  REFUSED(auth_password_hash("ann", "123456789", &f->arena, &hash, &f->err), ERR_INVALID, "at least 10", "password");
  REFUSED(auth_password_hash("ann", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", &f->arena, &hash, &f->err), ERR_INVALID,
          "too short", "password");
  REFUSED(auth_password_hash("ann", NULL, &f->arena, &hash, &f->err), ERR_INVALID, "too short", "password");
  REFUSED(auth_password_hash("Margareta.O", "margareta.o", &f->arena, &hash, &f->err), ERR_INVALID, "the name",
          "password");
}

static void hashes_are_salted_yescrypt(void **state)
{
  struct fixture *f = *state;
  const char *one, *two;
  FINE(auth_password_hash("ann", PASSWORD, &f->arena, &one, &f->err));
  FINE(auth_password_hash("ann", PASSWORD, &f->arena, &two, &f->err));
  assert_true(str_starts(one, "$y$jAT$"));
  assert_string_not_equal(one, two);
  assert_true(auth_password_fits(PASSWORD, one) && auth_password_fits(PASSWORD, two));
  assert_false(auth_password_fits(PASSWORD " ", one));
  assert_false(auth_password_fits("", one));
  assert_false(auth_password_fits(PASSWORD, NULL));
  assert_false(auth_password_fits("*0", "*0"));
  assert_false(auth_password_fits("", ""));
}

static void signing_in(void **state)
{
  struct fixture *f = *state;
  struct user ann = add_user(f, "ann", "operator");
  struct sign_in in;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  assert_int_equal(in.who.role, ROLE_OPERATOR);
  assert_string_equal(in.who.name, "ann");
  assert_int_equal(in.who.user_id, ann.id);
  assert_true(in.who.by_session && in.expires_s == NOW + WHOLE_S);
  const char *base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  assert_true(strlen(in.cookie) >= 43 && strspn(in.cookie, base64url) == strlen(in.cookie));
  assert_null(strstr(in.who.session, in.cookie));
  struct session_row row;
  FINE(store_session_get(f->store, in.who.session, NOW, &f->arena, &row, &f->err));
  /* only its digest is kept */
  assert_int_equal(store_session_get(f->store, in.cookie, NOW, &f->arena, &row, &f->err), ERR_NOT_FOUND);
  struct principal who;
  int64_t expires_s;
  FINE(auth_by_cookie(f->store, in.cookie, true, &f->arena, &who, &expires_s, &f->err));
  assert_int_equal(who.role, ROLE_OPERATOR);
  assert_string_equal(who.session, in.who.session);
  assert_true(expires_s == in.expires_s);
  FINE(auth_sign_out(f->store, &who, &f->err));
  FINE(auth_by_cookie(f->store, in.cookie, true, &f->arena, &who, &expires_s, &f->err));
  assert_int_equal(who.role, ROLE_NONE);
  assert_null(who.name);
  const char *strange[] = { "", "x", "'; --", in.who.session };
  for (size_t i = 0; i < COUNT_OF(strange); i++) {
    FINE(auth_by_cookie(f->store, strange[i], true, &f->arena, &who, &expires_s, &f->err));
    assert_int_equal(who.role, ROLE_NONE);
  }
}

static void wrong_is_wrong_in_the_same_words(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct sign_in in;
  char said[1024];
  assert_int_equal(sign_in(f, "ann", PASSWORD "x", HERE, &in), ERR_UNAUTHENTICATED);
  snprintf(said, sizeof said, "%s", f->err.text);
  assert_int_equal(sign_in(f, "nobody", PASSWORD, HERE, &in), ERR_UNAUTHENTICATED);
  assert_string_equal(f->err.text, said);
  assert_int_equal(sign_in(f, "ann", "", HERE, &in), ERR_UNAUTHENTICATED);
  assert_int_equal(sign_in(f, "ann", NULL, HERE, &in), ERR_UNAUTHENTICATED);
  assert_null(in.cookie);
}

static int64_t cpu_us(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Not a stopwatch, but work done: the unknown name must cost a hash as well. */
static void an_unknown_name_costs_as_much(void **state)
{
  struct fixture *f = *state;
  const char *hash;
  FINE(auth_password_hash("ann", PASSWORD, &f->arena, &hash, &f->err));
  int64_t a = cpu_us();
  auth_password_fits("wrong password", hash);
  int64_t b = cpu_us();
  auth_password_fits("wrong password", NULL);
  int64_t known = b - a, unknown = cpu_us() - b;
  assert_true(unknown > known / 3 && unknown < known * 3);
}

static void sessions_end(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct sign_in idle, busy;
  struct principal who;
  int64_t expires_s;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &idle), ERR_NONE);
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &busy), ERR_NONE);
  for (int64_t t = 0; t < WHOLE_S; t += 1800) {
    fixture_now_s = NOW + t;
    FINE(auth_by_cookie(f->store, busy.cookie, true, &f->arena, &who, &expires_s, &f->err));
    assert_int_equal(who.role, ROLE_ADMIN);
    if (t == 3600) {
      FINE(auth_by_cookie(f->store, idle.cookie, true, &f->arena, &who, &expires_s, &f->err));
      assert_int_equal(who.role, ROLE_NONE);
      struct session_row row; /* and is gone */
      assert_int_equal(store_session_get(f->store, idle.who.session, NOW, &f->arena, &row, &f->err), ERR_NOT_FOUND);
    }
  }
  fixture_now_s = NOW + WHOLE_S;
  FINE(auth_by_cookie(f->store, busy.cookie, true, &f->arena, &who, &expires_s, &f->err));
  assert_int_equal(who.role, ROLE_NONE);
}

static void a_session_is_touched_once_a_minute(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct sign_in in;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  const struct { int at_s, seen_s; } cases[] = { { 59, 0 }, { 60, 60 }, { 119, 60 }, { 121, 121 } };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct principal who;
    struct session_row row;
    int64_t expires_s;
    fixture_now_s = NOW + cases[i].at_s;
    FINE(auth_by_cookie(f->store, in.cookie, true, &f->arena, &who, &expires_s, &f->err));
    FINE(store_session_get(f->store, in.who.session, NOW, &f->arena, &row, &f->err));
    assert_true(row.seen_s == NOW + cases[i].seen_s);
  }
}

static void sessions_last_as_long_as_told(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct auth_session_limits was = auth_session_limits;
  auth_session_limits = (struct auth_session_limits){ 500, 100 };
  struct sign_in in;
  enum err_code rc = sign_in(f, "ann", PASSWORD, HERE, &in);
  fixture_now_s += 100;
  struct principal who = { .role = ROLE_ADMIN };
  int64_t expires_s;
  enum err_code again = auth_by_cookie(f->store, in.cookie, true, &f->arena, &who, &expires_s, &f->err);
  auth_session_limits = was;
  assert_int_equal(rc, ERR_NONE);
  assert_true(in.expires_s == NOW + 500);
  assert_int_equal(again, ERR_NONE);
  assert_int_equal(who.role, ROLE_NONE);
}

static void an_open_stream_is_no_use(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct sign_in in;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  for (int64_t t = 0; t <= IDLE_S; t += 600) {
    struct principal who;
    int64_t expires_s;
    fixture_now_s = NOW + t;
    FINE(auth_by_cookie(f->store, in.cookie, false, &f->arena, &who, &expires_s, &f->err));
    assert_int_equal(who.role, t < IDLE_S ? ROLE_ADMIN : ROLE_NONE);
  }
}

static void waits_grow_and_are_bounded(void **state)
{
  (void)state;
  for (int i = 0; i < 5; i++)
    assert_int_equal(auth_throttle_wait_s(i), 0);
  assert_int_equal(auth_throttle_wait_s(5), 1);
  assert_int_equal(auth_throttle_wait_s(8), 8);
  assert_int_equal(auth_throttle_wait_s(14), 512);
  assert_int_equal(auth_throttle_wait_s(15), 900);
  assert_int_equal(auth_throttle_wait_s(INT64_MAX), 900);
}

static void fail_times(struct fixture *f, const char *name, const char *from, int times)
{
  for (int i = 0; i < times; i++)
    FINE(auth_throttle_failed(f->store, name, from, &f->err));
}

static void guessing_is_slowed_down(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct sign_in in;
  for (int i = 0; i < 5; i++)
    assert_int_equal(sign_in(f, "ann", "wrong password", HERE, &in), ERR_UNAUTHENTICATED);
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_THROTTLED);
  assert_int_equal(in.retry_after_s, 1);
  assert_non_null(strstr(f->err.text, "in 1 second"));
  assert_int_equal(sign_in(f, "bob", PASSWORD, HERE, &in), ERR_THROTTLED); /* the address */
  assert_int_equal(sign_in(f, "ann", PASSWORD, THERE, &in), ERR_THROTTLED); /* the account */
  assert_int_equal(sign_in(f, "bob", PASSWORD, THERE, &in), ERR_UNAUTHENTICATED); /* neither */
  fixture_reopen(f); /* it survives a restart */
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_THROTTLED);
  fixture_now_s += 1;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  fixture_now_s += DAY + 1;
  /* forgotten: the first of five again */
  assert_int_equal(sign_in(f, "ann", "wrong password", HERE, &in), ERR_UNAUTHENTICATED);
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
}

static void knocking_does_not_lock_an_account(void **state)
{
  struct fixture *f = *state;
  add_user(f, "ann", "admin");
  struct sign_in in;
  fail_times(f, "ann", THERE, 1000);
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_THROTTLED);
  assert_int_equal(in.retry_after_s, 900);
  for (int t = 0; t < 900; t += 10) { /* refused attempts do not prolong the wait */
    fixture_now_s = NOW + t;
    assert_int_equal(sign_in(f, "ann", "guess number x", THERE, &in), ERR_THROTTLED);
  }
  fixture_now_s = NOW + 900;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  fail_times(f, "ann", THERE, 1000); /* and from here she is known now */
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  fail_times(f, "ann", THERE, 1000);
  assert_int_equal(sign_in(f, "ann", PASSWORD, "192.0.2.2", &in), ERR_THROTTLED);
}

static void an_account_of_ones_own_does_not_clear_the_address(void **state)
{
  struct fixture *f = *state;
  add_user(f, "eve", "viewer");
  struct sign_in in;
  fail_times(f, "ann", HERE, 4);
  assert_int_equal(sign_in(f, "eve", PASSWORD, HERE, &in), ERR_NONE);
  fail_times(f, "bob", HERE, 1);
  assert_int_equal(sign_in(f, "eve", PASSWORD, HERE, &in), ERR_THROTTLED);
}

static void an_ipv6_network_is_one_address(void **state)
{
  struct fixture *f = *state;
  int64_t retry_after_s;
  for (int i = 0; i < 6; i++)
    FINE(auth_throttle_failed(f->store, NULL, arena_printf(&f->arena, "2001:db8:0:1::%x", i + 1), &f->err));
  assert_int_equal(auth_throttle_check(f->store, NULL, "2001:db8:0:1:ffff::1", &retry_after_s, &f->err), ERR_THROTTLED);
  FINE(auth_throttle_check(f->store, NULL, "2001:db8:0:2::1", &retry_after_s, &f->err));
  FINE(auth_throttle_check(f->store, NULL, "local", &retry_after_s, &f->err));
}

static void a_clock_set_back_does_not_prolong(void **state)
{
  struct fixture *f = *state;
  int64_t retry_after_s;
  fail_times(f, NULL, HERE, 6);
  fixture_now_s = NOW - 100000;
  assert_int_equal(auth_throttle_check(f->store, NULL, HERE, &retry_after_s, &f->err), ERR_THROTTLED);
  assert_int_equal(retry_after_s, 2);
}

static void the_current_password(void **state)
{
  struct fixture *f = *state;
  int64_t retry_after_s;
  add_user(f, "ann", "admin");
  FINE(auth_check_password(f->store, "ann", PASSWORD, HERE, &f->arena, &retry_after_s, &f->err));
  for (int i = 0; i < 5; i++)
    REFUSED(auth_check_password(f->store, "ann", i ? "wrong password" : NULL, HERE, &f->arena, &retry_after_s,
                                &f->err), ERR_INVALID, "wrong",
            "current");
  REFUSED(auth_check_password(f->store, "ann", PASSWORD, HERE, &f->arena, &retry_after_s, &f->err), ERR_THROTTLED,
          "try again", "");
  assert_int_equal(retry_after_s, 1);
}

static void tokens(void **state)
{
  struct fixture *f = *state;
  struct token t;
  const char *value;
  struct principal who;
  FINE(auth_token_make(f->store, "ci", "operator", 2, "ann", &f->arena, &t, &value, &f->err));
  assert_true(str_starts(value, "opsd_") && strlen(value) == 5 + 43);
  assert_true(t.expires_s == NOW + 2 * DAY);
  FINE(auth_by_token(f->store, value, &f->arena, &who, &f->err));
  assert_int_equal(who.role, ROLE_OPERATOR);
  assert_string_equal(who.name, "token:ci");
  assert_false(who.by_session);
  assert_int_equal(who.user_id, 0);
  assert_null(who.session);
  token_list l;
  const char *next;
  fixture_now_s += 30; /* too soon to be written again */
  FINE(auth_by_token(f->store, value, &f->arena, &who, &f->err));
  FINE(store_token_list(f->store, 10, NULL, &f->arena, &l, &next, &f->err));
  assert_true(l.item[0].last_used_s == NOW);
  fixture_now_s += 40;
  FINE(auth_by_token(f->store, value, &f->arena, &who, &f->err));
  FINE(store_token_list(f->store, 10, NULL, &f->arena, &l, &next, &f->err));
  assert_true(l.item[0].last_used_s == NOW + 70);
  fixture_now_s = NOW + 2 * DAY;
  REFUSED(auth_by_token(f->store, value, &f->arena, &who, &f->err), ERR_UNAUTHENTICATED, "token ci has expired", "");
  REFUSED(auth_by_token(f->store, "opsd_nonsense", &f->arena, &who, &f->err), ERR_UNAUTHENTICATED, "not known", "");
  REFUSED(auth_by_token(f->store, "", &f->arena, &who, &f->err), ERR_UNAUTHENTICATED, "not known", "");
  REFUSED(auth_token_make(f->store, "x", "emperor", 2, "ann", &f->arena, &t, &value, &f->err), ERR_INVALID, "emperor",
          "role");
  REFUSED(auth_token_make(f->store, "x", NULL, 2, "ann", &f->arena, &t, &value, &f->err), ERR_INVALID, "role", "role");
  REFUSED(auth_token_make(f->store, "x", "viewer", -1, "ann", &f->arena, &t, &value, &f->err), ERR_INVALID, "days",
          "days");
  REFUSED(auth_token_make(f->store, "x", "viewer", INT64_MAX, "ann", &f->arena, &t, &value, &f->err), ERR_INVALID,
          "days", "days");
  FINE(auth_token_make(f->store, "x", "viewer", 0, "ann", &f->arena, &t, &value, &f->err));
  assert_true(t.expires_s == TIME_NONE);
}

static void the_setup(void **state)
{
  struct fixture *f = *state;
  const char *old, *value, *none = "";
  struct user u;
  int64_t wait_s;
  FINE(auth_setup_token(f->store, &f->arena, &old, &f->err));
  FINE(auth_setup_token(f->store, &f->arena, &value, &f->err));
  assert_string_not_equal(old, value);
  REFUSED(auth_setup(f->store, old, "ann", PASSWORD, HERE, &f->arena, &u, &wait_s, &f->err), ERR_FORBIDDEN,
          "not valid", "");
  REFUSED(auth_setup(f->store, NULL, "ann", PASSWORD, HERE, &f->arena, &u, &wait_s, &f->err), ERR_FORBIDDEN,
          "not valid", "");
  REFUSED(auth_setup(f->store, value, "ann", "short", HERE, &f->arena, &u, &wait_s, &f->err), ERR_INVALID, "too short",
          "password");
  fixture_reopen(f); /* the link outlives a restart, unless a new one is made */
  FINE(auth_setup(f->store, value, "ann", PASSWORD, HERE, &f->arena, &u, &wait_s, &f->err));
  assert_string_equal(u.role, "admin");
  REFUSED(auth_setup(f->store, value, "bob", PASSWORD, HERE, &f->arena, &u, &wait_s, &f->err), ERR_GONE,
          "done already", "");
  FINE(auth_setup_token(f->store, &f->arena, &none, &f->err));
  assert_null(none);
  struct sign_in in;
  assert_int_equal(sign_in(f, "ann", PASSWORD, HERE, &in), ERR_NONE);
  assert_int_equal(sign_in(f, "bob", PASSWORD, HERE, &in), ERR_UNAUTHENTICATED);
  const char *cookie;
  struct principal who;
  int64_t expires_s;
  FINE(auth_session_new(f->store, &u, &f->arena, &cookie, &expires_s, &f->err));
  FINE(auth_by_cookie(f->store, cookie, true, &f->arena, &who, &expires_s, &f->err));
  assert_string_equal(who.name, "ann");
}

static void guessing_the_setup_link(void **state)
{
  struct fixture *f = *state;
  const char *value;
  struct user u;
  int64_t wait_s;
  FINE(auth_setup_token(f->store, &f->arena, &value, &f->err));
  for (int i = 0; i < 5; i++)
    assert_int_equal(auth_setup(f->store, "guess", "ann", PASSWORD, THERE, &f->arena, &u, &wait_s, &f->err),
                     ERR_FORBIDDEN);
  REFUSED(auth_setup(f->store, "guess", "ann", PASSWORD, THERE, &f->arena, &u, &wait_s, &f->err), ERR_THROTTLED,
          "try again", "");
  assert_int_equal(wait_s, 1);
  FINE(auth_setup(f->store, value, "ann", PASSWORD, HERE, &f->arena, &u, &wait_s, &f->err));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(passwords_have_rules),
    TEST(hashes_are_salted_yescrypt),
    TEST(signing_in),
    TEST(wrong_is_wrong_in_the_same_words),
    TEST(an_unknown_name_costs_as_much),
    TEST(sessions_end),
    TEST(a_session_is_touched_once_a_minute),
    TEST(sessions_last_as_long_as_told),
    TEST(an_open_stream_is_no_use),
    TEST(waits_grow_and_are_bounded),
    TEST(guessing_is_slowed_down),
    TEST(knocking_does_not_lock_an_account),
    TEST(an_account_of_ones_own_does_not_clear_the_address),
    TEST(an_ipv6_network_is_one_address),
    TEST(a_clock_set_back_does_not_prolong),
    TEST(the_current_password),
    TEST(tokens),
    TEST(the_setup),
    TEST(guessing_the_setup_link),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
