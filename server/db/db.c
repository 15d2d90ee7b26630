#include "db/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "db/inside.h"

/* SQLite would make the file with the umask's mode; its -wal and -shm take the mode of the file. */
static enum err_code make_private(const char *path, struct err *e)
{
  AUTO_CLOSE int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  return fd < 0 ? err_errno(e, ERR_IO, errno, "Cannot open the database %s", path) : ERR_NONE;
}

enum err_code db_open(const char *path, const struct db_schema *schema, struct db **out, struct err *e)
{
  TRY(make_private(path, e));
  struct db *d = calloc(1, sizeof *d);
  if (!d || !(d->path = strdup(path)))
    abort();
  d->schema = schema;
  pthread_mutex_init(&d->write_lock, NULL);
  pthread_mutex_init(&d->lock, NULL);
  pthread_cond_init(&d->given_back, NULL);
  enum err_code rc = db_conn_open(d, true, &d->writer, e);
  if (!rc)
    rc = db_migrate(d->writer, e);
  if (rc) {
    db_close(d);
    return rc;
  }
  *out = d;
  return ERR_NONE;
}

void db_close(struct db *d)
{
  if (!d)
    return;
  for (struct db_conn *c = d->idle; c;) {
    struct db_conn *next = c->next;
    db_conn_close(c);
    c = next;
    d->readers--;
  }
  assert(d->readers == 0);
  db_conn_close(d->writer); /* the last one: SQLite folds the -wal file into the database */
  pthread_cond_destroy(&d->given_back);
  pthread_mutex_destroy(&d->lock);
  pthread_mutex_destroy(&d->write_lock);
  free(d->path);
  free(d);
}

/* An idle reader, or NULL with the right to open one more. */
static struct db_conn *take_reader(struct db *d)
{
  pthread_mutex_lock(&d->lock);
  while (!d->idle && d->readers == DB_READERS)
    pthread_cond_wait(&d->given_back, &d->lock);
  struct db_conn *c = d->idle;
  if (c)
    d->idle = c->next;
  else
    d->readers++;
  pthread_mutex_unlock(&d->lock);
  return c;
}

static void give_reader(struct db *d, struct db_conn *c)
{
  pthread_mutex_lock(&d->lock);
  if (c) {
    c->next = d->idle;
    d->idle = c;
  } else {
    d->readers--;
  }
  pthread_cond_signal(&d->given_back);
  pthread_mutex_unlock(&d->lock);
}

enum err_code db_read(struct db *d, struct db_conn **out, struct err *e)
{
  struct db_conn *c = take_reader(d);
  enum err_code rc = c ? ERR_NONE : db_conn_open(d, false, &c, e);
  if (!rc)
    rc = db_exec(c, "BEGIN", e);
  if (rc) {
    give_reader(d, c);
    return rc;
  }
  *out = c;
  return ERR_NONE;
}

enum err_code db_write(struct db *d, struct db_conn **out, struct err *e)
{
  pthread_mutex_lock(&d->write_lock);
  enum err_code rc = db_exec(d->writer, "BEGIN IMMEDIATE", e);
  if (rc) {
    pthread_mutex_unlock(&d->write_lock);
    return rc;
  }
  *out = d->writer;
  return ERR_NONE;
}

enum err_code db_commit(struct db_conn **c, struct err *e)
{
  assert((*c)->writer);
  enum err_code rc = db_exec(*c, "COMMIT", e);
  db_release(c); /* after an error it rolls back */
  return rc;
}

void db_release(struct db_conn **cp)
{
  struct db_conn *c = *cp;
  if (!c)
    return;
  *cp = NULL;
  if (!sqlite3_get_autocommit(c->sqlite))
    db_exec(c, "ROLLBACK", NULL);
  if (c->writer)
    pthread_mutex_unlock(&c->db->write_lock);
  else
    give_reader(c->db, c);
}
