/* A real server on this machine: asked with an account and through its client program, found among the processes; and
 * rollouts of option edits over its real files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "fleet_kit.h"
#include "lab.h"

static struct lab_db db;

static const char *options_text(struct arena *a)
{
  return arena_printf(a, "# kept\n[mysqld]\ndatadir=%s/data\nsocket=%s/sock\n", db.folder, db.folder);
}

static struct node_health health_of(struct kit *k, const struct node *n, struct arena *a)
{
  AUTO_REMOTE struct remote *r = NULL;
  struct optfile options;
  struct node_health h;
  struct err e = { 0 };
  if (fleet_reach(k->fleet, n, a, &r, &e) || fleet_options(r, n, NULL, a, &options, &e))
    fail_msg("%s", e.text);
  fleet_health(k->fleet, n, r, &options, a, &h);
  return h;
}

static void an_account_asks_over_the_network(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb", .db_user = "opsd" }, "s3cret");
  struct node n = kit_node(&k, "n", db.host, options_text(&a), &a);
  struct node_health h = health_of(&k, &n, &a);
  assert_true(h.answers && h.well && h.asked);
  assert_in_range(h.uptime_s, 0, 3600);
  kit_remove(&k);
}

static void a_refused_account_leaves_the_greeting(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb", .db_user = "opsd" }, "wr0ng");
  struct node n = kit_node(&k, "n", db.host, options_text(&a), &a);
  struct node_health h = health_of(&k, &n, &a);
  assert_true(h.answers && h.well);
  assert_false(h.asked);
  assert_non_null(strstr(h.says, "Access denied"));
  assert_null(strstr(h.says, "wr0ng"));
  kit_remove(&k);
}

static void without_an_account_the_client_program_asks(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  struct node n = kit_node(&k, "n", db.host, options_text(&a), &a);
  struct node_health h = health_of(&k, &n, &a);
  assert_true(h.answers && h.well && h.asked);
  AUTO_REMOTE struct remote *r = NULL;
  AUTO_WIRE_SQL struct wire_sql *sql = NULL;
  struct optfile options;
  struct wire_rows rows;
  struct err e = { 0 };
  assert_int_equal(fleet_reach(k.fleet, &n, &a, &r, &e), ERR_NONE);
  assert_int_equal(fleet_options(r, &n, NULL, &a, &options, &e), ERR_NONE);
  assert_int_equal(fleet_sql(k.fleet, &n, r, &options, &a, &sql, &e), ERR_NONE);
  assert_int_equal(wire_sql_query(sql, "SELECT 'a\\tb\\nc\\\\', NULL, '' UNION ALL SELECT 1, 2, 3", &a, &rows, &e),
                   ERR_NONE);
  assert_int_equal(rows.rows, 2);
  assert_int_equal(rows.columns, 3);
  assert_string_equal(rows.cell[0], "a\tb\nc\\");
  assert_null(rows.cell[1]);
  assert_string_equal(rows.cell[2], "");
  assert_string_equal(rows.cell[5], "3");
  assert_int_equal(wire_sql_query(sql, "SELECT nonsense", &a, &rows, &e), ERR_REMOTE);
  assert_non_null(strstr(e.text, "Unknown column"));
  assert_int_equal(wire_sql_query(sql, "DO 1", &a, &rows, &e), ERR_NONE);
  assert_int_equal(rows.rows, 0);
  kit_remove(&k);
}

static void the_process_is_found_by_its_folder(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  struct node n = kit_node(&k, "n", db.host, options_text(&a), &a);
  struct node other = kit_node(&k, "other", db.host, "[mysqld]\ndatadir=/\n", &a);
  const struct node *const both[] = { &n, &other };
  for (int i = 0; i < 2; i++) {
    AUTO_REMOTE struct remote *r = NULL;
    struct optfile options;
    struct node_process p;
    assert_int_equal(fleet_reach(k.fleet, both[i], &a, &r, NULL), ERR_NONE);
    assert_int_equal(fleet_options(r, both[i], NULL, &a, &options, NULL), ERR_NONE);
    assert_int_equal(fleet_process(r, both[i], &options, &a, &p, NULL), ERR_NONE);
    assert_true(p.visible);
    assert_int_equal(p.pid, i ? 0 : db.pid);
  }
  kit_remove(&k);
}

static struct rollout ended(struct kit *k, int64_t id, struct arena *a)
{
  int64_t deadline_ms = clock_monotonic_ms() + LAB_TIMEOUT_MS;
  for (;;) {
    struct rollout r;
    const char *order;
    assert_int_equal(store_rollout_get(k->store, id, a, &r, &order, NULL), ERR_NONE);
    if (str_eq(r.state, "done") || str_eq(r.state, "failed"))
      return r;
    assert_true(clock_monotonic_ms() < deadline_ms);
    nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
  }
}

static struct rollout set(struct kit *k, struct node *n, const char *key, const char *value, struct arena *a)
{
  const node_list nodes = { n, 1 };
  int64_t id = 0;
  const char *title;
  struct err e = { 0 };
  if (fleet_config_set(k->fleet, &nodes, NULL, key, value, !value, "ada", a, &id, &title, &e))
    fail_msg("%s", e.text);
  return ended(k, id, a);
}

static const char *file_of(struct kit *k, const char *path, struct arena *a)
{
  AUTO_BUF struct buf b = BUF_INIT;
  assert_int_equal(file_read(arena_printf(a, "%s/%s", k->folder, path), 1 << 20, &b, NULL), ERR_NONE);
  return arena_strndup(a, buf_cstr(&b), b.len);
}

static void an_option_is_set_once_and_stays(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  const char *text = options_text(&a);
  struct node n = kit_node(&k, "n", db.host, text, &a);
  struct rollout r = set(&k, &n, "ssl_cert", "./certs/x.pem", &a);
  assert_string_equal(r.state, "done");
  assert_non_null(strstr(r.steps.item[0].detail, "is not there yet"));
  const char *now = file_of(&k, "n/my.cnf", &a);
  assert_string_equal(now, arena_printf(&a, "%sssl_cert=./certs/x.pem\n", text));
  assert_string_equal(file_of(&k, arena_printf(&a, "n/certs/.opsd/my.cnf.rollout-%lld-%lld", (long long)r.id,
                      (long long)r.steps.item[0].id), &a), text);
  r = set(&k, &n, "ssl-cert", "./certs/x.pem", &a);
  assert_string_equal(r.state, "done");
  assert_non_null(strstr(r.steps.item[0].detail, "already"));
  assert_string_equal(file_of(&k, "n/my.cnf", &a), now);
  r = set(&k, &n, "ssl_cert", NULL, &a);
  assert_string_equal(r.state, "done");
  assert_string_equal(file_of(&k, "n/my.cnf", &a), text);
  kit_remove(&k);
}

static void an_option_is_edited_where_it_is_set(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  const char *text = arena_printf(&a, "%s!includedir %s/n/conf.d\n", options_text(&a), k.folder);
  struct node n = kit_node(&k, "n", db.host, text, &a);
  kit_sh(&k, "mkdir n/conf.d");
  kit_write(&k, "n", "conf.d/50-tls.cnf", "[mysqld]\nssl-cert=/old.pem # mine\n");
  struct rollout r = set(&k, &n, "ssl_cert", "/new.pem", &a);
  assert_string_equal(r.state, "done");
  assert_string_equal(file_of(&k, "n/my.cnf", &a), text);
  assert_string_equal(file_of(&k, "n/conf.d/50-tls.cnf", &a), "[mysqld]\nssl-cert=/new.pem # mine\n");
  kit_remove(&k);
}

static void an_option_that_would_not_count_is_not_written(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  const char *text = arena_printf(&a, "%s[mariadb]\nssl_cert=/other.pem\n", options_text(&a));
  struct node n = kit_node(&k, "n", db.host, text, &a);
  struct rollout r = set(&k, &n, "ssl_cert", "/new.pem", &a);
  assert_string_equal(r.state, "failed");
  assert_non_null(strstr(r.error, "[mariadb]"));
  assert_non_null(strstr(r.error, "line 6"));
  assert_string_equal(file_of(&k, "n/my.cnf", &a), text);
  kit_remove(&k);
}

static void a_secret_is_in_no_journal(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf left = BUF_INIT;
  struct kit k;
  bool found;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  struct node n = kit_node(&k, "n", db.host, options_text(&a), &a);
  struct rollout r = set(&k, &n, "wsrep_sst_auth", "sst:hush-hush", &a);
  assert_string_equal(r.state, "done");
  assert_non_null(strstr(file_of(&k, "n/my.cnf", &a), "sst:hush-hush"));
  assert_null(strstr(r.steps.item[0].detail, "hush"));
  kit_sh(&k, "! grep -rq hush state");
  int64_t deadline_ms = clock_monotonic_ms() + LAB_TIMEOUT_MS;
  do
    assert_int_equal(store_secret_get(k.store, order_secret_name(r.id, &a), &left, &found, NULL), ERR_NONE);
  while (found && clock_monotonic_ms() < deadline_ms);
  assert_false(found);
  kit_remove(&k);
}

static void a_stopped_server_does_not_answer(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct kit k;
  kit_make(&k, &(struct cluster){ .name = "c", .flavour = "mariadb" }, NULL);
  struct node n = kit_node(&k, "n", db.host, options_text(&a), &a);
  lab_db_stop(&db);
  struct node_health h = health_of(&k, &n, &a);
  assert_false(h.answers || h.well || h.asked);
  assert_non_null(strstr(h.says, "refused"));
  kit_remove(&k);
}

static int make(void **state)
{
  (void)state;
  static const char *const options[] = { "--init-file=accounts.sql", NULL };
  lab_db_make(&db);
  lab_sh(&db, "echo \"CREATE USER IF NOT EXISTS 'opsd'@'%%' IDENTIFIED BY 's3cret';\" >data/accounts.sql");
  lab_db_start(&db, options);
  return 0;
}

static int remove_all(void **state)
{
  (void)state;
  lab_db_remove(&db);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_account_asks_over_the_network),
    cmocka_unit_test(a_refused_account_leaves_the_greeting),
    cmocka_unit_test(without_an_account_the_client_program_asks),
    cmocka_unit_test(the_process_is_found_by_its_folder),
    cmocka_unit_test(an_option_is_set_once_and_stays),
    cmocka_unit_test(an_option_is_edited_where_it_is_set),
    cmocka_unit_test(an_option_that_would_not_count_is_not_written),
    cmocka_unit_test(a_secret_is_in_no_journal),
    cmocka_unit_test(a_stopped_server_does_not_answer),
  };
  return cmocka_run_group_tests_name("fleet_server", tests, make, remove_all);
}
