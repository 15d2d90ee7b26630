#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "db/inside.h"

/* Stands in the file's header (PRAGMA application_id), so that another program's database is not taken for ours. */
enum { APPLICATION_ID = 0x6f707364 }; /* "opsd" */

static enum err_code pragma_get(struct db_conn *c, const char *sql, int64_t *out, struct err *e)
{
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(c->sqlite, sql, -1, &st, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_step(st);
  if (rc == SQLITE_ROW)
    *out = sqlite3_column_int64(st, 0);
  enum err_code code = rc == SQLITE_ROW ? ERR_NONE : db_error(c->sqlite, c->db->path, rc, e);
  sqlite3_finalize(st);
  return code;
}

__attribute__((format(printf, 3, 4)))
static enum err_code exec_arena(struct db_conn *c, struct err *e, const char *fmt, ...)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  va_list ap;
  va_start(ap, fmt);
  const char *sql = arena_vprintf(&a, fmt, ap);
  va_end(ap);
  return db_exec(c, sql, e);
}

/* VACUUM INTO a file that is empty and private already, then the final name: a copy that is there is whole. */
static enum err_code back_up(struct db_conn *c, size_t version, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *path = arena_printf(&a, "%s.before-v%zu", c->db->path, version);
  const char *unfinished = arena_printf(&a, "%s.unfinished", path);
  unlink(unfinished);
  AUTO_CLOSE int fd = open(unfinished, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return err_errno(e, ERR_IO, errno, "Cannot make %s, the copy to keep before the upgrade", unfinished);
  char *statement = sqlite3_mprintf("VACUUM INTO %Q", unfinished);
  enum err_code rc = db_exec(c, statement, e);
  sqlite3_free(statement);
  if (!rc && (fsync(fd) || rename(unfinished, path)))
    rc = err_errno(e, ERR_IO, errno, "Cannot keep the copy %s", path);
  if (rc) {
    unlink(unfinished);
    err_context(e, "The database was not upgraded, since it could not be copied first");
    return rc;
  }
  log_info("the database as it was is kept in %s", path);
  return ERR_NONE;
}

static enum err_code foreign_keys_hold(struct db_conn *c, struct err *e)
{
  int64_t broken = 0;
  TRY(pragma_get(c, "SELECT count(*) FROM pragma_foreign_key_check", &broken, e));
  return broken ? err_set(e, ERR_INTERNAL, "%lld rows would point to nothing", (long long)broken) : ERR_NONE;
}

static enum err_code migrate_one(struct db_conn *c, size_t version, struct err *e)
{
  const struct db_text *m = &c->db->schema->migration[version - 1];
  TRY(db_exec(c, "BEGIN IMMEDIATE", e));
  enum err_code rc = db_exec(c, m->sql, e);
  if (!rc)
    rc = foreign_keys_hold(c, e);
  if (!rc)
    rc = exec_arena(c, e, "PRAGMA application_id=%d; PRAGMA user_version=%zu; COMMIT", APPLICATION_ID, version);
  if (!rc)
    return ERR_NONE;
  if (!sqlite3_get_autocommit(c->sqlite))
    db_exec(c, "ROLLBACK", NULL);
  err_context(e, "The database stays as it was: its upgrade \"%s\" failed", m->name);
  return rc;
}

static enum err_code ours(struct db_conn *c, int64_t version, struct err *e)
{
  int64_t id = 0, tables = 0;
  TRY(pragma_get(c, "PRAGMA application_id", &id, e));
  TRY(pragma_get(c, "SELECT count(*) FROM sqlite_schema", &tables, e));
  bool fresh = version == 0 && id == 0 && tables == 0;
  if (!fresh && id != APPLICATION_ID)
    return err_set(e, ERR_REFUSED, "%s is not a database of opsd: move it away, or name another state folder",
                   c->db->path);
  if (version > (int64_t)c->db->schema->migrations)
    return err_set(e, ERR_REFUSED,
                   "%s was written by a newer opsd (its format is %lld, this one knows up to %zu): install that opsd "
                   "again, or go back to the copy that it kept beside the database",
                   c->db->path, (long long)version, c->db->schema->migrations);
  return ERR_NONE;
}

enum err_code db_migrate(struct db_conn *c, struct err *e)
{
  int64_t version = 0;
  size_t newest = c->db->schema->migrations;
  TRY(pragma_get(c, "PRAGMA user_version", &version, e));
  TRY(ours(c, version, e));
  if (version == (int64_t)newest)
    return ERR_NONE;
  if (version > 0)
    TRY(back_up(c, newest, e));
  /* Off while tables may be rebuilt; each migration is checked as a whole before it is committed. */
  TRY(db_exec(c, "PRAGMA foreign_keys=OFF", e));
  for (size_t v = (size_t)version + 1; v <= newest; v++)
    TRY(migrate_one(c, v, e));
  return db_exec(c, "PRAGMA foreign_keys=ON", e);
}
