#include <stdlib.h>
#include <string.h>

#include "db/inside.h"

/* synchronous=FULL: what was answered as done survives a power cut. secure_delete: the sealed key of a deleted
 * certificate is overwritten. trusted_schema=OFF and cell_size_check: a file made by somebody else cannot run
 * functions of ours or lead us out of a page. Caches are small, since the kernel's lies behind them. */
static const char settings_of_all[] =
  "PRAGMA synchronous=FULL;"
  "PRAGMA foreign_keys=ON;"
  "PRAGMA trusted_schema=OFF;"
  "PRAGMA secure_delete=ON;"
  "PRAGMA cell_size_check=ON;"
  "PRAGMA mmap_size=0;"
  "PRAGMA temp_store=MEMORY;";
static const char settings_of_writer[] =
  "PRAGMA cache_size=-768;"
  "PRAGMA journal_mode=WAL;"
  "PRAGMA journal_size_limit=4194304;";
static const char settings_of_reader[] =
  "PRAGMA cache_size=-320;"
  "PRAGMA query_only=ON;";

enum err_code db_exec(struct db_conn *c, const char *sql, struct err *e)
{
  int rc = sqlite3_exec(c->sqlite, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK ? ERR_NONE : db_error(c->sqlite, c->db->path, rc, e);
}

static enum err_code configure(struct db_conn *c, struct err *e)
{
  sqlite3_extended_result_codes(c->sqlite, 1);
  sqlite3_busy_timeout(c->sqlite, DB_BUSY_MS);
  sqlite3_db_config(c->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(c->sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config(c->sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  TRY(db_exec(c, settings_of_all, e));
  return db_exec(c, c->writer ? settings_of_writer : settings_of_reader, e);
}

enum err_code db_conn_open(struct db *d, bool writer, struct db_conn **out, struct err *e)
{
  struct db_conn *c = calloc(1, sizeof *c);
  if (!c || !(c->statement = calloc(d->schema->queries + 1, sizeof *c->statement)))
    abort();
  c->db = d;
  c->writer = writer;
  /* NOMUTEX: a connection is lent to one thread at a time */
  int rc = sqlite3_open_v2(d->path, &c->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  enum err_code code = rc == SQLITE_OK ? configure(c, e) : db_error(c->sqlite, d->path, rc, e);
  if (code) {
    db_conn_close(c);
    return code;
  }
  *out = c;
  return ERR_NONE;
}

void db_conn_close(struct db_conn *c)
{
  if (!c)
    return;
  for (size_t i = 0; i < c->db->schema->queries; i++)
    sqlite3_finalize(c->statement[i]);
  sqlite3_close(c->sqlite);
  free(c->statement);
  free(c);
}
