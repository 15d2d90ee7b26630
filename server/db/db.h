/* One SQLite database: opened, migrated, lent out. A writer holds the one write lock of the process and a transaction
 * that is rolled back unless it is committed; readers run side by side, each on its own connection and in its own
 * snapshot. Statements are known by number (a table made at build time), prepared once for each connection.
 *
 *   AUTO_CONN struct db_conn *c = NULL;
 *   TRY(db_write(d, &c, e));
 *   TRY(db_run(c, SQL_USER_INSERT, DB_ARGS(db_t(name), db_i(now_s)), e));
 *   return db_commit(&c, e);
 */
#ifndef OPSD_DB_DB_H
#define OPSD_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct db;
struct db_conn;

struct db_text { const char *name, *sql; };
struct db_schema {
  const struct db_text *migration; /* number N is at N - 1; only ever added to */
  size_t migrations;
  const struct db_text *query;
  size_t queries;
};

/* The file is made (mode 0600) or brought to the newest migration, each in a transaction of its own; before an upgrade
 * of an existing one a copy PATH.before-vN is kept. Newer than we know, or not ours: ERR_REFUSED. The schema is
 * borrowed. */
enum err_code db_open(const char *path, const struct db_schema *schema, struct db **out, struct err *e);
void db_close(struct db *d); /* all connections must have been given back; NULL is fine */

/* Waits for a connection. What one reader sees does not change until it gives the connection back. */
enum err_code db_read(struct db *d, struct db_conn **out, struct err *e);
/* Waits for the write lock and begins. */
enum err_code db_write(struct db *d, struct db_conn **out, struct err *e);
/* Commits and gives the connection back; on an error nothing was changed. */
enum err_code db_commit(struct db_conn **c, struct err *e);
/* Gives the connection back; what a writer did and did not commit is undone. */
void db_release(struct db_conn **c);
#define AUTO_CONN CLEANUP(db_release)

/* --- arguments of a statement: ?1, ?2 … in order --- */
struct db_arg {
  enum { DB_INT, DB_TEXT, DB_BLOB } type;
  int64_t number;   /* TIME_NONE becomes NULL */
  const void *data; /* NULL becomes NULL; must live until the statement ended */
  size_t len;
};
static inline struct db_arg db_i(int64_t v) { return (struct db_arg){ .type = DB_INT, .number = v }; }
static inline struct db_arg db_t(const char *s) { return (struct db_arg){ .type = DB_TEXT, .data = s }; }
static inline struct db_arg db_b(const void *data, size_t len)
{
  return (struct db_arg){ .type = DB_BLOB, .data = data, .len = len };
}
/* For ids: 0 is none. */
static inline struct db_arg db_ref(int64_t id) { return db_i(id ? id : TIME_NONE); }

struct db_args { const struct db_arg *arg; size_t count; };
#define DB_ARGS(...) \
  ((struct db_args){ (const struct db_arg[]){ __VA_ARGS__ }, \
                     sizeof((const struct db_arg[]){ __VA_ARGS__ }) / sizeof(struct db_arg) })
#define DB_NO_ARGS ((struct db_args){ NULL, 0 })

/* --- statements --- */
struct db_rows {
  void *statement;
  struct db_conn *conn;
  int column; /* the next one to be taken */
  bool there; /* a row is there */
};
#define DB_ROWS_INIT { NULL, NULL, 0, false }
void db_rows_end(struct db_rows *r);
#define AUTO_ROWS CLEANUP(db_rows_end)

/* Starts the statement; a statement cannot run twice at once on one connection. */
void db_query(struct db_conn *c, size_t query, struct db_args args, struct db_rows *out);
enum err_code db_next(struct db_rows *r, struct err *e);
/* Both: r->there says whether there is a first row. */
enum err_code db_first(struct db_conn *c, size_t query, struct db_args args, struct db_rows *r, struct err *e);
/* A statement without rows, to its end. */
enum err_code db_run(struct db_conn *c, size_t query, struct db_args args, struct err *e);
/* The first column of the first row; without a row: `otherwise`. */
enum err_code db_number(struct db_conn *c, size_t query, struct db_args args, int64_t otherwise, int64_t *out,
                        struct err *e);
int64_t db_changes(const struct db_conn *c); /* rows that the last statement changed */
int64_t db_last_id(const struct db_conn *c);

/* Columns of the row, left to right: each call takes the next. */
int64_t db_int(struct db_rows *r);                                  /* NULL: 0 */
int64_t db_time(struct db_rows *r);                                 /* NULL: TIME_NONE */
bool db_bool(struct db_rows *r);
const char *db_str(struct db_rows *r, struct arena *a);             /* NULL: NULL */
const void *db_blob(struct db_rows *r, size_t *len);                /* valid until the next row; NULL: NULL */
void db_skip(struct db_rows *r);

#endif
