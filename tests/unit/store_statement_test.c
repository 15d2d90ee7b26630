/* The named statements: each prepares, each is used, and no list of what may become long reads more rows than its page
 * needs (by SQLite's own plan; a stopwatch would be less certain). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ctype.h>
#include <dirent.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/str.h"
#include "store/sql.h"

static sqlite3 *open_empty(void)
{
  sqlite3 *db;
  assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
  for (size_t i = 0; i < sql_schema.migrations; i++) {
    char *why = NULL;
    if (sqlite3_exec(db, sql_schema.migration[i].sql, NULL, NULL, &why) != SQLITE_OK)
      fail_msg("migration %s: %s", sql_schema.migration[i].name, why);
  }
  return db;
}

static void every_statement_prepares(void **state)
{
  (void)state;
  sqlite3 *db = open_empty();
  assert_int_equal(sqlite3_exec(db, "PRAGMA trusted_schema=OFF", NULL, NULL, NULL), SQLITE_OK);
  for (size_t i = 0; i < sql_schema.queries; i++) {
    sqlite3_stmt *st = NULL;
    const char *tail = "";
    if (sqlite3_prepare_v2(db, sql_schema.query[i].sql, -1, &st, &tail) != SQLITE_OK)
      fail_msg("%s: %s", sql_schema.query[i].name, sqlite3_errmsg(db));
    if (strspn(tail, " \n;") != strlen(tail))
      fail_msg("%s: more than one statement", sql_schema.query[i].name);
    sqlite3_finalize(st);
  }
  sqlite3_close(db);
}

static void read_sources(struct buf *out)
{
  const char *srcdir = getenv("srcdir");
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *folder = arena_printf(&a, "%s/server/store", srcdir ? srcdir : ".");
  DIR *d = opendir(folder);
  assert_non_null(d);
  for (struct dirent *f; (f = readdir(d));)
    if (str_ends(f->d_name, ".c") && !str_starts(f->d_name, "sql_"))
      assert_int_equal(file_read(arena_printf(&a, "%s/%s", folder, f->d_name), 1 << 20, out, NULL), ERR_NONE);
  closedir(d);
}

static bool has_word(const char *text, const char *word)
{
  for (const char *p = text; (p = strstr(p, word)); p++) {
    char c = p[strlen(word)];
    if (!isalnum((unsigned char)c) && c != '_')
      return true;
  }
  return false;
}

static void every_statement_is_used(void **state)
{
  (void)state;
  AUTO_BUF struct buf sources = BUF_INIT;
  read_sources(&sources);
  for (size_t i = 0; i < sql_schema.queries; i++) {
    char word[80];
    int n = snprintf(word, sizeof word, "SQL_%s", sql_schema.query[i].name);
    for (int k = 4; k < n; k++)
      word[k] = (char)toupper((unsigned char)word[k]);
    if (!has_word(sources.data, word))
      fail_msg("%s is used nowhere in server/store", word);
  }
}

/* A plan's line that reads a whole table, or sorts. Searching in FTS5 shows as a scan of its virtual table; statements
 * named …_found and …_cluster sort a number of rows that their caller has bounded. */
static const char *objection(const char *name, const char *line)
{
  bool bounded = str_ends(name, "_found") || (str_starts(name, "cert_list") && str_ends(name, "_cluster"));
  if (strstr(line, "VIRTUAL TABLE INDEX") || str_starts(line, "SCAN CONSTANT ROW"))
    return NULL;
  if (str_starts(line, "SCAN") && !strstr(line, "SCAN u") && !strstr(line, "SCAN (subquery"))
    return "reads a whole table";
  if (strstr(line, "TEMP B-TREE") && !bounded)
    return "sorts";
  return strstr(line, "AUTOMATIC") ? "makes an index each time" : NULL;
}

static bool is_list(const char *name)
{
  return strstr(name, "_list") || str_ends(name, "_search_count") || str_ends(name, "_totals") || strstr(name,
                                                                                                         "_get") ||
         strstr(name, "_by_") || str_ends(name, "_uses");
}

static void lists_read_what_they_show(void **state)
{
  (void)state;
  sqlite3 *db = open_empty();
  for (size_t i = 0; i < sql_schema.queries; i++) {
    const char *name = sql_schema.query[i].name;
    if (!is_list(name))
      continue;
    char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql_schema.query[i].sql);
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
      const char *line = (const char *)sqlite3_column_text(st, 3), *why = objection(name, line);
      if (getenv("PLANS"))
        print_message("# %s: %s\n", name, line);
      if (why)
        fail_msg("%s %s: %s", name, why, line);
    }
    sqlite3_finalize(st);
    sqlite3_free(sql);
  }
  sqlite3_close(db);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_statement_prepares),
    cmocka_unit_test(every_statement_is_used),
    cmocka_unit_test(lists_read_what_they_show),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
