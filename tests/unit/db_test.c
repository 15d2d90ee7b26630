/* db: opening, migrating, transactions, and what is said when the file cannot be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/str.h"
#include "db/inside.h"

enum { INSERT, SUM, SYNC, FK, TRUSTED, SECURE, CELL, MMAP, JOURNAL, TEXT };
static const struct db_text queries[] = {
  [INSERT] = { "insert", "INSERT INTO t (v, s, b) VALUES (?1, ?2, ?3)" },
  [SUM] = { "sum", "SELECT coalesce(sum(v), 0) FROM t" },
  [SYNC] = { "sync", "PRAGMA synchronous" },
  [FK] = { "fk", "PRAGMA foreign_keys" },
  [TRUSTED] = { "trusted", "PRAGMA trusted_schema" },
  [SECURE] = { "secure", "PRAGMA secure_delete" },
  [CELL] = { "cell", "PRAGMA cell_size_check" },
  [MMAP] = { "mmap", "PRAGMA mmap_size" },
  [JOURNAL] = { "journal", "PRAGMA journal_mode" },
  [TEXT] = { "text", "SELECT v, s, b, NULL FROM t ORDER BY v" },
};
static const struct db_text migrations[] = {
  { "0001_t", "CREATE TABLE t (v INTEGER, s TEXT, b BLOB) STRICT" },
  { "0002_u", "CREATE TABLE u (v INTEGER) STRICT; INSERT INTO u SELECT v FROM t" },
  { "0003_wrong", "CREATE TABLE w (v INTEGER) STRICT; INSERT INTO nowhere VALUES (1)" },
  { "0003_dangling",
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (id)); INSERT INTO c VALUES (7)" },
};
static const struct db_schema version_1 = { migrations, 1, queries, COUNT_OF(queries) };
static const struct db_schema version_2 = { migrations, 2, queries, COUNT_OF(queries) };
static const struct db_schema version_3_wrong = { migrations, 3, queries, COUNT_OF(queries) };

struct place { char folder[64], path[96]; struct err err; };

static int setup(void **state)
{
  struct place *p = calloc(1, sizeof *p);
  snprintf(p->folder, sizeof p->folder, "/tmp/opsd-db-XXXXXX");
  assert_non_null(mkdtemp(p->folder));
  snprintf(p->path, sizeof p->path, "%s/x.db", p->folder);
  *state = p;
  return 0;
}

static int teardown(void **state)
{
  struct place *p = *state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", p->folder);
  int rc = system(command);
  free(p);
  return rc;
}

static struct db *opened(struct place *p, const struct db_schema *schema)
{
  struct db *d = NULL;
  if (db_open(p->path, schema, &d, &p->err))
    fail_msg("%s", p->err.text);
  return d;
}

static enum err_code put(struct db *d, int64_t v, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(d, &c, e));
  TRY(db_run(c, INSERT, DB_ARGS(db_i(v), db_t("s"), db_b("b", 1)), e));
  return db_commit(&c, e);
}

static int64_t number(struct db *d, size_t query)
{
  AUTO_CONN struct db_conn *c = NULL;
  int64_t v = -1;
  assert_int_equal(db_read(d, &c, NULL), ERR_NONE);
  assert_int_equal(db_number(c, query, DB_NO_ARGS, -1, &v, NULL), ERR_NONE);
  return v;
}

static int64_t outside(const char *path, const char *sql)
{
  sqlite3 *raw;
  sqlite3_stmt *st;
  assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(raw, sql, -1, &st, NULL), SQLITE_OK);
  int64_t v = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
  sqlite3_finalize(st);
  sqlite3_close(raw);
  return v;
}

static void settings_hold(void **state)
{
  struct db *d = opened(*state, &version_1);
  assert_int_equal(number(d, SYNC), 2);
  assert_int_equal(number(d, FK), 1);
  assert_int_equal(number(d, TRUSTED), 0);
  assert_int_equal(number(d, SECURE), 1);
  assert_int_equal(number(d, CELL), 1);
  assert_int_equal(number(d, MMAP), 0);
  struct db_conn *c = NULL;
  assert_int_equal(db_write(d, &c, NULL), ERR_NONE);
  for (size_t q = SYNC; q <= FK; q++) {
    int64_t v;
    assert_int_equal(db_number(c, q, DB_NO_ARGS, 0, &v, NULL), ERR_NONE);
    assert_int_equal(v, q == SYNC ? 2 : 1);
  }
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct db_rows r = DB_ROWS_INIT;
  assert_int_equal(db_first(c, JOURNAL, DB_NO_ARGS, &r, NULL), ERR_NONE);
  assert_string_equal(db_str(&r, &a), "wal");
  db_rows_end(&r);
  db_release(&c);
  db_close(d);
}

static void files_are_private(void **state)
{
  struct place *p = *state;
  mode_t was = umask(0);
  struct db *d = opened(p, &version_1);
  assert_int_equal(put(d, 1, &p->err), ERR_NONE);
  const char *ends[] = { "", "-wal", "-shm" };
  for (size_t i = 0; i < COUNT_OF(ends); i++) {
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s%s", p->path, ends[i]);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
  }
  db_close(d);
  d = opened(p, &version_2);
  db_close(d);
  char path[128];
  struct stat st;
  snprintf(path, sizeof path, "%s.before-v2", p->path);
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  umask(was);
}

static void what_is_not_committed_is_undone(void **state)
{
  struct place *p = *state;
  struct db *d = opened(p, &version_1);
  struct db_conn *c = NULL;
  assert_int_equal(db_write(d, &c, NULL), ERR_NONE);
  assert_int_equal(db_run(c, INSERT, DB_ARGS(db_i(5), db_t(NULL), db_b(NULL, 0)), NULL), ERR_NONE);
  db_release(&c);
  assert_null(c);
  assert_int_equal(number(d, SUM), 0);
  assert_int_equal(put(d, 7, NULL), ERR_NONE);
  assert_int_equal(number(d, SUM), 7);
  db_close(d);
}

static void a_reader_sees_one_moment(void **state)
{
  struct place *p = *state;
  struct db *d = opened(p, &version_1);
  struct db_conn *c = NULL;
  int64_t v;
  assert_int_equal(db_read(d, &c, NULL), ERR_NONE);
  assert_int_equal(db_number(c, SUM, DB_NO_ARGS, -1, &v, NULL), ERR_NONE);
  assert_int_equal(put(d, 3, NULL), ERR_NONE);
  assert_int_equal(db_number(c, SUM, DB_NO_ARGS, -1, &v, NULL), ERR_NONE);
  assert_int_equal(v, 0);
  db_release(&c);
  assert_int_equal(number(d, SUM), 3);
  db_close(d);
}

static void readers_cannot_write(void **state)
{
  struct db *d = opened(*state, &version_1);
  struct db_conn *c = NULL;
  struct err e = { 0 };
  assert_int_equal(db_read(d, &c, NULL), ERR_NONE);
  assert_int_equal(db_run(c, INSERT, DB_ARGS(db_i(1), db_t(""), db_t(NULL)), &e), ERR_IO);
  db_release(&c);
  db_close(d);
}

static void values_come_back(void **state)
{
  struct place *p = *state;
  struct db *d = opened(p, &version_1);
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct db_conn *c = NULL;
  assert_int_equal(db_write(d, &c, NULL), ERR_NONE);
  assert_int_equal(db_run(c, INSERT, DB_ARGS(db_i(INT64_MAX), db_t("é\n"), db_b("\0x", 2)), NULL), ERR_NONE);
  assert_int_equal(db_run(c, INSERT, DB_ARGS(db_i(TIME_NONE), db_t(NULL), db_b(NULL, 0)), NULL), ERR_NONE);
  struct db_rows r = DB_ROWS_INIT;
  size_t len;
  assert_int_equal(db_first(c, TEXT, DB_NO_ARGS, &r, NULL), ERR_NONE);
  assert_true(db_time(&r) == TIME_NONE);
  assert_null(db_str(&r, &a));
  assert_null(db_blob(&r, &len));
  assert_int_equal(db_next(&r, NULL), ERR_NONE);
  assert_true(db_int(&r) == INT64_MAX);
  assert_string_equal(db_str(&r, &a), "é\n");
  assert_memory_equal(db_blob(&r, &len), "\0x", 2);
  assert_int_equal(len, 2);
  assert_int_equal(db_int(&r), 0);
  assert_int_equal(db_next(&r, NULL), ERR_NONE);
  assert_false(r.there);
  db_rows_end(&r);
  db_release(&c);
  db_close(d);
}

static void an_upgrade_keeps_a_copy(void **state)
{
  struct place *p = *state;
  struct db *d = opened(p, &version_1);
  assert_int_equal(put(d, 11, NULL), ERR_NONE);
  db_close(d);
  char copy[128];
  snprintf(copy, sizeof copy, "%s.before-v2", p->path);
  assert_false(file_exists(copy));
  d = opened(p, &version_2);
  db_close(d);
  assert_int_equal(outside(p->path, "SELECT v FROM u"), 11);
  assert_int_equal(outside(p->path, "PRAGMA user_version"), 2);
  assert_int_equal(outside(copy, "PRAGMA user_version"), 1);
  assert_int_equal(outside(copy, "SELECT v FROM t"), 11);
  assert_int_equal(outside(copy, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'"), 0);
}

static void a_fresh_one_needs_no_copy(void **state)
{
  struct place *p = *state;
  db_close(opened(p, &version_2));
  char copy[128];
  snprintf(copy, sizeof copy, "%s.before-v2", p->path);
  assert_false(file_exists(copy));
}

static void a_newer_one_is_refused(void **state)
{
  struct place *p = *state;
  db_close(opened(p, &version_2));
  struct db *d = NULL;
  assert_int_equal(db_open(p->path, &version_1, &d, &p->err), ERR_REFUSED);
  assert_non_null(strstr(p->err.text, "newer opsd"));
  assert_null(d);
  assert_int_equal(outside(p->path, "PRAGMA user_version"), 2);
}

static void a_strange_one_is_refused(void **state)
{
  struct place *p = *state;
  sqlite3 *raw;
  assert_int_equal(sqlite3_open(p->path, &raw), SQLITE_OK);
  assert_int_equal(sqlite3_exec(raw, "CREATE TABLE mine (x)", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(raw);
  struct db *d = NULL;
  assert_int_equal(db_open(p->path, &version_1, &d, &p->err), ERR_REFUSED);
  assert_non_null(strstr(p->err.text, "not a database of opsd"));
  assert_int_equal(file_write_atomic(p->path, 0600, "this is no database at all, is it", 33, &p->err), ERR_NONE);
  assert_int_equal(db_open(p->path, &version_1, &d, &p->err), ERR_IO);
  assert_non_null(strstr(p->err.text, "damaged"));
}

static void a_failing_upgrade_changes_nothing(void **state)
{
  struct place *p = *state;
  struct db *d = opened(p, &version_1);
  assert_int_equal(put(d, 4, NULL), ERR_NONE);
  db_close(d);
  d = NULL;
  assert_int_not_equal(db_open(p->path, &version_3_wrong, &d, &p->err), ERR_NONE);
  assert_non_null(strstr(p->err.text, "0003_wrong"));
  assert_int_equal(outside(p->path, "PRAGMA user_version"), 2);
  assert_int_equal(outside(p->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'w'"), 0);
  assert_int_equal(outside(p->path, "SELECT v FROM u"), 4);
}

static void an_upgrade_may_not_leave_rows_that_point_nowhere(void **state)
{
  struct place *p = *state;
  db_close(opened(p, &version_2));
  const struct db_text three[] = { migrations[0], migrations[1], migrations[3] };
  const struct db_schema schema = { three, 3, queries, COUNT_OF(queries) };
  struct db *d = NULL;
  assert_int_equal(db_open(p->path, &schema, &d, &p->err), ERR_INTERNAL);
  assert_int_equal(outside(p->path, "PRAGMA user_version"), 2);
}

static void a_lock_of_somebody_else_is_named(void **state)
{
  struct place *p = *state;
  struct db *d = opened(p, &version_1);
  sqlite3 *raw;
  assert_int_equal(sqlite3_open(p->path, &raw), SQLITE_OK);
  assert_int_equal(sqlite3_exec(raw, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  struct db_conn *c = NULL;
  assert_int_equal(db_write(d, &c, &p->err), ERR_IO); /* at once, not in the middle */
  assert_null(c);
  assert_non_null(strstr(p->err.text, "locked by another program"));
  assert_int_equal(sqlite3_exec(raw, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(raw);
  assert_int_equal(put(d, 1, &p->err), ERR_NONE);
  db_close(d);
}

static void a_folder_that_is_not_there(void **state)
{
  struct place *p = *state;
  struct db *d = NULL;
  assert_int_equal(db_open("/nonexistent/x.db", &version_1, &d, &p->err), ERR_IO);
  assert_non_null(strstr(p->err.text, "No such file"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(settings_hold, setup, teardown),
    cmocka_unit_test_setup_teardown(files_are_private, setup, teardown),
    cmocka_unit_test_setup_teardown(what_is_not_committed_is_undone, setup, teardown),
    cmocka_unit_test_setup_teardown(a_reader_sees_one_moment, setup, teardown),
    cmocka_unit_test_setup_teardown(readers_cannot_write, setup, teardown),
    cmocka_unit_test_setup_teardown(values_come_back, setup, teardown),
    cmocka_unit_test_setup_teardown(an_upgrade_keeps_a_copy, setup, teardown),
    cmocka_unit_test_setup_teardown(a_fresh_one_needs_no_copy, setup, teardown),
    cmocka_unit_test_setup_teardown(a_newer_one_is_refused, setup, teardown),
    cmocka_unit_test_setup_teardown(a_strange_one_is_refused, setup, teardown),
    cmocka_unit_test_setup_teardown(a_failing_upgrade_changes_nothing, setup, teardown),
    cmocka_unit_test_setup_teardown(an_upgrade_may_not_leave_rows_that_point_nowhere, setup, teardown),
    cmocka_unit_test_setup_teardown(a_lock_of_somebody_else_is_named, setup, teardown),
    cmocka_unit_test_setup_teardown(a_folder_that_is_not_there, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
