#include <assert.h>
#include <string.h>

#include "db/inside.h"

/* A statement that does not prepare is a bug that a unit test finds, unless the file itself cannot be read: then the
 * first step would have said so as well, and the caller gets the error from db_next. */
static sqlite3_stmt *prepared(struct db_conn *c, size_t query)
{
  assert(query < c->db->schema->queries);
  sqlite3_stmt **st = &c->statement[query];
  if (!*st)
    sqlite3_prepare_v3(c->sqlite, c->db->schema->query[query].sql, -1, SQLITE_PREPARE_PERSISTENT, st, NULL);
  return *st;
}

static void bind(sqlite3_stmt *st, int index, const struct db_arg *arg)
{
  int rc;
  if (arg->type == DB_INT)
    rc = arg->number == TIME_NONE ? sqlite3_bind_null(st, index) : sqlite3_bind_int64(st, index, arg->number);
  else if (!arg->data)
    rc = sqlite3_bind_null(st, index);
  else if (arg->type == DB_TEXT)
    rc = sqlite3_bind_text(st, index, arg->data, -1, SQLITE_STATIC);
  else
    rc = sqlite3_bind_blob64(st, index, arg->data, arg->len, SQLITE_STATIC);
  assert(rc == SQLITE_OK);
  (void)rc;
}

void db_query(struct db_conn *c, size_t query, struct db_args args, struct db_rows *out)
{
  assert(!out->statement);
  sqlite3_stmt *st = prepared(c, query);
  *out = (struct db_rows){ .statement = st, .conn = c };
  if (!st)
    return;
  assert(!sqlite3_stmt_busy(st));
  assert(sqlite3_bind_parameter_count(st) == (int)args.count);
  for (size_t i = 0; i < args.count; i++)
    bind(st, (int)i + 1, &args.arg[i]);
}

enum err_code db_next(struct db_rows *r, struct err *e)
{
  int rc = r->statement ? sqlite3_step(r->statement) : sqlite3_extended_errcode(r->conn->sqlite);
  r->column = 0;
  r->there = rc == SQLITE_ROW;
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? ERR_NONE : db_error(r->conn->sqlite, r->conn->db->path, rc, e);
}

void db_rows_end(struct db_rows *r)
{
  if (r->statement) {
    sqlite3_reset(r->statement);
    sqlite3_clear_bindings(r->statement); /* they point to memory of the caller */
  }
  *r = (struct db_rows)DB_ROWS_INIT;
}

enum err_code db_first(struct db_conn *c, size_t query, struct db_args args, struct db_rows *r, struct err *e)
{
  db_query(c, query, args, r);
  return db_next(r, e);
}

enum err_code db_run(struct db_conn *c, size_t query, struct db_args args, struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  return db_first(c, query, args, &r, e);
}

enum err_code db_number(struct db_conn *c, size_t query, struct db_args args, int64_t otherwise, int64_t *out,
                        struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, query, args, &r, e));
  *out = r.there ? db_int(&r) : otherwise;
  return ERR_NONE;
}

int64_t db_changes(const struct db_conn *c) { return sqlite3_changes64(c->sqlite); }
int64_t db_last_id(const struct db_conn *c) { return sqlite3_last_insert_rowid(c->sqlite); }

int64_t db_int(struct db_rows *r) { return sqlite3_column_int64(r->statement, r->column++); }
bool db_bool(struct db_rows *r) { return db_int(r) != 0; }
void db_skip(struct db_rows *r) { r->column++; }

int64_t db_time(struct db_rows *r)
{
  bool none = sqlite3_column_type(r->statement, r->column) == SQLITE_NULL;
  int64_t v = db_int(r);
  return none ? TIME_NONE : v;
}

const char *db_str(struct db_rows *r, struct arena *a)
{
  const char *s = (const char *)sqlite3_column_text(r->statement, r->column);
  size_t len = (size_t)sqlite3_column_bytes(r->statement, r->column++);
  return s ? arena_strndup(a, s, len) : NULL;
}

const void *db_blob(struct db_rows *r, size_t *len)
{
  const void *data = sqlite3_column_blob(r->statement, r->column);
  *len = (size_t)sqlite3_column_bytes(r->statement, r->column++);
  return data;
}
