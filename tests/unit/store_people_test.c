/* store: settings, users, sessions, tokens, audit, throttle, the generation. */
#include "store_fixture.h"

#include <sqlite3.h>

#include "base/str.h"
#include "store/inside.h"

static void settings(void **state)
{
  struct fixture *f = *state;
  const char *value;
  FINE(store_setting_get(f->store, "https_port", &f->arena, &value, &f->err));
  assert_null(value);
  FINE(store_setting_set(f->store, "https_port", "9001", &f->err));
  FINE(store_setting_set(f->store, "https_port", "9443", &f->err));
  fixture_reopen(f);
  FINE(store_setting_get(f->store, "https_port", &f->arena, &value, &f->err));
  assert_string_equal(value, "9443");
  FINE(store_setting_set(f->store, "https_port", NULL, &f->err));
  FINE(store_setting_get(f->store, "https_port", &f->arena, &value, &f->err));
  assert_null(value);
}

static void secrets(void **state)
{
  struct fixture *f = *state;
  AUTO_BUF struct buf out = BUF_INIT;
  bool found = true;
  FINE(store_secret_get(f->store, "console_key", &out, &found, &f->err));
  assert_false(found);
  FINE(store_secret_set(f->store, "console_key", "a\0b", 3, &f->err));
  FINE(store_secret_set(f->store, "other", "x", 1, &f->err));
  FINE(store_secret_set(f->store, "console_key", "new\0one", 7, &f->err));
  fixture_reopen(f);
  FINE(store_secret_get(f->store, "console_key", &out, &found, &f->err));
  assert_true(found);
  assert_int_equal(out.len, 7);
  assert_memory_equal(out.data, "new\0one", 7);
  FINE(store_secret_set(f->store, "console_key", NULL, 0, &f->err));
  FINE(store_secret_get(f->store, "console_key", &out, &found, &f->err));
  assert_false(found);
}

static struct user add_user(struct fixture *f, const char *name, const char *role)
{
  struct user u;
  FINE(store_user_add(f->store, name, role, "hash of it", &f->arena, &u, &f->err));
  return u;
}

static void users(void **state)
{
  struct fixture *f = *state;
  struct user u, back;
  const char *hash;
  FINE(store_setting_set(f->store, STORE_SETUP_DIGEST, "d", &f->err));
  FINE(store_user_first_admin(f->store, "ann", "h1", &f->arena, &u, &f->err));
  assert_string_equal(u.name, "ann");
  assert_string_equal(u.role, "admin");
  assert_true(u.id > 0 && u.created_s == NOW && u.last_seen_s == TIME_NONE);
  const char *setup;
  FINE(store_setting_get(f->store, STORE_SETUP_DIGEST, &f->arena, &setup, &f->err));
  assert_null(setup);
  REFUSED(store_user_first_admin(f->store, "bob", "h2", &f->arena, &u, &f->err), ERR_GONE, "already", "");
  add_user(f, "bob", "viewer");
  REFUSED(store_user_add(f->store, "bob", "viewer", "h", &f->arena, &u, &f->err), ERR_CONFLICT, "user bob already",
          "name");
  FINE(store_user_get(f->store, "bob", &f->arena, &back, &hash, &f->err));
  assert_string_equal(hash, "hash of it");
  REFUSED(store_user_get(f->store, "BOB", &f->arena, &back, &hash, &f->err), ERR_NOT_FOUND, "BOB", "");
  int64_t admins, all;
  FINE(store_user_count(f->store, &admins, &all, &f->err));
  assert_int_equal(admins, 1);
  assert_int_equal(all, 2);
  REFUSED(store_user_set_role(f->store, "ann", "viewer", &f->err), ERR_CONFLICT, "last administrator", "");
  REFUSED(store_user_delete(f->store, "ann", &f->err), ERR_CONFLICT, "last administrator", "");
  FINE(store_user_set_role(f->store, "ann", "admin", &f->err));
  FINE(store_user_set_role(f->store, "bob", "admin", &f->err));
  FINE(store_user_set_role(f->store, "ann", "viewer", &f->err));
  FINE(store_user_delete(f->store, "ann", &f->err));
  REFUSED(store_user_delete(f->store, "ann", &f->err), ERR_NOT_FOUND, "ann", "");
  REFUSED(store_user_set_role(f->store, "ann", "viewer", &f->err), ERR_NOT_FOUND, "ann", "");
  REFUSED(store_user_set_password(f->store, "ann", "h", NULL, &f->err), ERR_NOT_FOUND, "ann", "");
}

static void users_in_pages(void **state)
{
  struct fixture *f = *state;
  for (int i = 0; i < 5; i++)
    add_user(f, arena_printf(&f->arena, "u%d", (i * 2) % 5), "viewer");
  user_list l;
  const char *next = NULL;
  int n = 0;
  do {
    FINE(store_user_list(f->store, NULL, 2, next, &f->arena, &l, &next, &f->err));
    for (size_t i = 0; i < l.count; i++)
      assert_string_equal(l.item[i].name, arena_printf(&f->arena, "u%d", n++));
  } while (next);
  assert_int_equal(n, 5);
  FINE(store_user_list(f->store, "3", 2, NULL, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 1);
}

static bool session_lives(struct fixture *f, const char *digest)
{
  struct session_row row;
  enum err_code rc = store_session_get(f->store, digest, fixture_now_s, &f->arena, &row, &f->err);
  assert_true(rc == ERR_NONE || rc == ERR_NOT_FOUND);
  return !rc;
}

static void sessions(void **state)
{
  struct fixture *f = *state;
  struct user ann = add_user(f, "ann", "admin"), bob = add_user(f, "bob", "operator");
  FINE(store_session_add(f->store, "s1", ann.id, NOW + 1000, &f->err));
  FINE(store_session_add(f->store, "s2", bob.id, NOW + 1000, &f->err));
  FINE(store_session_add(f->store, "s3", bob.id, NOW + 5000, &f->err));
  struct session_row row;
  FINE(store_session_get(f->store, "s2", NOW, &f->arena, &row, &f->err));
  assert_int_equal(row.user_id, bob.id);
  assert_string_equal(row.user, "bob");
  assert_int_equal(row.role, ROLE_OPERATOR);
  assert_true(row.created_s == NOW && row.seen_s == NOW && row.expires_s == NOW + 1000);
  FINE(store_session_touch(f->store, "s2", NOW + 60, &f->err));
  FINE(store_session_get(f->store, "s2", NOW, &f->arena, &row, &f->err));
  assert_true(row.seen_s == NOW + 60);
  struct user u;
  const char *hash;
  FINE(store_user_get(f->store, "bob", &f->arena, &u, &hash, &f->err));
  assert_true(u.last_seen_s == NOW + 60);
  FINE(store_user_set_password(f->store, "bob", "new hash", "s2", &f->err));
  assert_true(session_lives(f, "s2"));
  assert_false(session_lives(f, "s3"));
  assert_true(session_lives(f, "s1"));
  FINE(store_user_set_role(f->store, "bob", "viewer", &f->err));
  assert_false(session_lives(f, "s2"));
  FINE(store_session_add(f->store, "s4", bob.id, NOW + 1000, &f->err));
  FINE(store_session_end(f->store, "s4", &f->err));
  assert_false(session_lives(f, "s4"));
  FINE(store_session_add(f->store, "s5", bob.id, NOW + 1000, &f->err));
  FINE(store_user_delete(f->store, "bob", &f->err));
  assert_false(session_lives(f, "s5"));
  fixture_now_s += 1000;
  assert_false(session_lives(f, "s1")); /* over, to the second */
}

static int64_t rows_of(struct fixture *f, const char *sql)
{
  char path[128];
  sqlite3 *db;
  sqlite3_stmt *st;
  snprintf(path, sizeof path, "%s/opsd.db", f->folder);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
  int rc = sqlite3_step(st);
  int64_t v = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : rc == SQLITE_DONE ? 0 : -1;
  sqlite3_finalize(st);
  sqlite3_close(db);
  return v;
}

static void ended_sessions_are_swept(void **state)
{
  struct fixture *f = *state;
  struct user u = add_user(f, "ann", "admin");
  FINE(store_session_add(f->store, "expired", u.id, NOW + 10, &f->err));
  FINE(store_session_add(f->store, "idle", u.id, NOW + 9000, &f->err));
  FINE(store_session_add(f->store, "good", u.id, NOW + 9000, &f->err));
  FINE(store_session_touch(f->store, "good", NOW + 60, &f->err));
  FINE(store_session_sweep(f->store, NOW + 100, 100, &f->err));
  assert_int_equal(rows_of(f, "SELECT count(*) FROM sessions"), 1);
  assert_int_equal(rows_of(f, "SELECT count(*) FROM sessions WHERE digest = 'good'"), 1);
}

static void tokens(void **state)
{
  struct fixture *f = *state;
  struct token t, back;
  FINE(store_token_add(f->store, "ci", "operator", "digest1", "ann", NOW + DAY, &f->arena, &t, &f->err));
  assert_string_equal(t.name, "ci");
  assert_string_equal(t.created_by, "ann");
  assert_true(t.expires_s == NOW + DAY && t.last_used_s == TIME_NONE);
  REFUSED(store_token_add(f->store, "ci", "viewer", "digest2", "ann", TIME_NONE, &f->arena, &t, &f->err), ERR_CONFLICT,
          "token ci", "name");
  FINE(store_token_get(f->store, "digest1", NOW + DAY - 1, &f->arena, &back, &f->err));
  assert_string_equal(back.role, "operator");
  REFUSED(store_token_get(f->store, "digest1", NOW + DAY, &f->arena, &back, &f->err), ERR_UNAUTHENTICATED, "expired",
          "");
  REFUSED(store_token_get(f->store, "nothing", NOW, &f->arena, &back, &f->err), ERR_UNAUTHENTICATED, "not known", "");
  FINE(store_token_touch(f->store, t.id, NOW + 7, &f->err));
  FINE(store_token_get(f->store, "digest1", NOW, &f->arena, &back, &f->err));
  assert_true(back.last_used_s == NOW + 7);
  for (int i = 0; i < 4; i++)
    FINE(store_token_add(f->store, arena_printf(&f->arena, "t%d", i), "viewer", arena_printf(&f->arena, "d%d", i),
                         "ann", TIME_NONE, &f->arena, &t, &f->err));
  FINE(store_token_get(f->store, "d0", INT64_MAX, &f->arena, &back, &f->err)); /* never expires */
  token_list l;
  const char *next = NULL;
  size_t n = 0;
  do {
    FINE(store_token_list(f->store, 2, next, &f->arena, &l, &next, &f->err));
    n += l.count;
  } while (next);
  assert_int_equal(n, 5);
  FINE(store_token_delete(f->store, 1, &f->err));
  REFUSED(store_token_get(f->store, "digest1", NOW, &f->arena, &back, &f->err), ERR_UNAUTHENTICATED, "not known", "");
  REFUSED(store_token_delete(f->store, 1, &f->err), ERR_NOT_FOUND, "1", "");
}

static void add_audit(struct fixture *f, const char *who, const char *operation, const char *detail)
{
  struct audit_row r = { .at_s = NOW, .who = who, .from = "10.1.2.3", .operation = operation, .target = "node db-1",
                         .result = "ok",
                         .detail = detail };
  FINE(store_audit_add(f->store, &r, &f->err));
}

static size_t audited(struct fixture *f, const char *q, const char *who, const char *operation)
{
  audit_list l;
  const char *next = NULL;
  size_t n = 0;
  int64_t last = INT64_MAX;
  do {
    FINE(store_audit_list(f->store, q, who, operation, 3, next, &f->arena, &l, &next, &f->err));
    for (size_t i = 0; i < l.count; i++, n++) {
      assert_true(l.item[i].id < last);
      last = l.item[i].id;
    }
  } while (next);
  return n;
}

static void audit(void **state)
{
  struct fixture *f = *state;
  assert_int_equal(audited(f, NULL, NULL, NULL), 0);
  for (int i = 0; i < 10; i++)
    add_audit(f, i % 2 ? "ann" : "bob", i % 5 ? "certImport" : "nodePush", i == 4 ? "the rare one" : NULL);
  assert_int_equal(audited(f, NULL, NULL, NULL), 10);
  assert_int_equal(audited(f, NULL, "ann", NULL), 5);
  assert_int_equal(audited(f, NULL, NULL, "nodePush"), 2);
  assert_int_equal(audited(f, NULL, "ann", "nodePush"), 1);
  assert_int_equal(audited(f, "rare", NULL, NULL), 1);
  assert_int_equal(audited(f, "DB-1", "bob", NULL), 5);
  assert_int_equal(audited(f, "%", NULL, NULL), 0);
  audit_list l;
  const char *next;
  FINE(store_audit_list(f->store, NULL, NULL, NULL, 1, NULL, &f->arena, &l, &next, &f->err));
  assert_string_equal(l.item[0].who, "ann");
  assert_string_equal(l.item[0].from, "10.1.2.3");
  assert_string_equal(l.item[0].operation, "certImport");
  assert_string_equal(l.item[0].target, "node db-1");
  assert_string_equal(l.item[0].result, "ok");
  assert_null(l.item[0].detail);
  assert_true(l.item[0].at_s == NOW);
  REFUSED(store_audit_list(f->store, NULL, NULL, NULL, 1, "?", &f->arena, &l, &next, &f->err), ERR_INVALID, "after",
          "after");
}

static void audit_rows_stay_as_they_are(void **state)
{
  struct fixture *f = *state;
  add_audit(f, "ann", "certImport", "first");
  assert_int_equal(rows_of(f, "DELETE FROM audit"), -1);
  assert_int_equal(rows_of(f, "UPDATE audit SET who = 'nobody'"), -1);
  assert_int_equal(rows_of(f, "SELECT count(*) FROM audit WHERE who = 'ann'"), 1);
}

static void a_search_in_audit_is_bounded_and_goes_on(void **state)
{
  struct fixture *f = *state;
  AUTO_CONN struct db_conn *c = NULL;
  FINE(db_write(f->store->db, &c, &f->err));
  for (int i = 0; i < STORE_AUDIT_WINDOW + 50; i++) {
    struct audit_row r = { .at_s = NOW, .who = "w", .from = "local", .operation = "o", .result = "ok",
                           .detail = i ? NULL : "oldest" };
    FINE(audit_insert(c, &r, &f->err));
  }
  FINE(db_commit(&c, &f->err));
  audit_list l;
  const char *next = NULL;
  FINE(store_audit_list(f->store, "oldest", NULL, NULL, 100, NULL, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 0);
  assert_non_null(next);
  FINE(store_audit_list(f->store, "oldest", NULL, NULL, 100, next, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 1);
  assert_null(next);
}

static void throttle(void **state)
{
  struct fixture *f = *state;
  int64_t failures, last_s;
  FINE(store_throttle_get(f->store, "name:ann", &failures, &last_s, &f->err));
  assert_int_equal(failures, 0);
  FINE(store_throttle_set(f->store, "name:ann", 4, NOW, &f->err));
  fixture_reopen(f);
  FINE(store_throttle_get(f->store, "name:ann", &failures, &last_s, &f->err));
  assert_int_equal(failures, 4);
  assert_true(last_s == NOW);
  FINE(store_throttle_set(f->store, "name:bob", 1, NOW, &f->err));
  FINE(store_throttle_set(f->store, "name:bob", 0, NOW, &f->err));
  assert_int_equal(rows_of(f, "SELECT count(*) FROM throttle"), 1);
  fixture_now_s += DAY + 1;
  FINE(store_throttle_set(f->store, "name:eve", 1, fixture_now_s, &f->err));
  assert_int_equal(rows_of(f, "SELECT count(*) FROM throttle"), 1); /* a day later ann's is forgotten */
}

static void heard(void *ctx, uint64_t generation) { *(uint64_t *)ctx = generation; }

static void the_generation_rises_with_what_shows(void **state)
{
  struct fixture *f = *state;
  uint64_t told = 0, g = store_generation(f->store);
  store_listen(f->store, heard, &told);
  assert_true(g >> 32 && g < UINT64_C(1) << 53);
  FINE(store_setting_set(f->store, "a", "b", &f->err));
  assert_true(store_generation(f->store) == g + 1 && told == g + 1);
  struct user u = add_user(f, "ann", "admin");
  assert_true(store_generation(f->store) == g + 2 && told == g + 2);
  struct token t;
  FINE(store_token_add(f->store, "t", "viewer", "d", "ann", TIME_NONE, &f->arena, &t, &f->err));
  g = store_generation(f->store);
  FINE(store_session_add(f->store, "s", u.id, NOW + 100, &f->err));
  FINE(store_session_touch(f->store, "s", NOW, &f->err));
  FINE(store_token_touch(f->store, t.id, NOW, &f->err));
  FINE(store_throttle_set(f->store, "k", 1, NOW, &f->err));
  FINE(store_session_sweep(f->store, NOW, 1, &f->err));
  FINE(store_session_end(f->store, "s", &f->err));
  REFUSED(store_user_delete(f->store, "nobody", &f->err), ERR_NOT_FOUND, "nobody", "");
  assert_true(store_generation(f->store) == g && told == g);
  store_listen(f->store, NULL, NULL);
  FINE(store_setting_set(f->store, "a", "c", &f->err));
  assert_true(told == g && store_generation(f->store) == g + 1);
  bool differs = false; /* by chance two runs in a million may begin alike, three hardly */
  for (int run = 0; run < 2; run++) {
    fixture_reopen(f);
    differs = differs || store_generation(f->store) >> 32 != g >> 32;
  }
  assert_true(differs);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(settings),
    TEST(secrets),
    TEST(users),
    TEST(users_in_pages),
    TEST(sessions),
    TEST(ended_sessions_are_swept),
    TEST(tokens),
    TEST(audit),
    TEST(audit_rows_stay_as_they_are),
    TEST(a_search_in_audit_is_bounded_and_goes_on),
    TEST(throttle),
    TEST(the_generation_rises_with_what_shows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
