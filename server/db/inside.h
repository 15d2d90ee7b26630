/* What the files of this room share. */
#ifndef OPSD_DB_INSIDE_H
#define OPSD_DB_INSIDE_H

#include <pthread.h>
#include <sqlite3.h>

#include "db/db.h"

/* A page of a list is read in well under a millisecond: more readers than cores would only wait for each other. */
enum { DB_READERS = 4, DB_BUSY_MS = 3000 };

struct db_conn {
  struct db *db;
  sqlite3 *sqlite;
  sqlite3_stmt **statement; /* by number; NULL until first used */
  bool writer;
  struct db_conn *next;     /* in the list of idle readers */
};

struct db {
  char *path;
  const struct db_schema *schema;
  struct db_conn *writer;
  pthread_mutex_t write_lock;
  pthread_mutex_t lock;      /* over what follows */
  pthread_cond_t given_back;
  struct db_conn *idle;      /* the last given back first, so that its cache is warm */
  size_t readers;            /* open ones */
};

/* Says in a sentence what SQLite's last error on this connection means for whoever runs opsd. */
enum err_code db_error(sqlite3 *sqlite, const char *path, int rc, struct err *e);

enum err_code db_conn_open(struct db *d, bool writer, struct db_conn **out, struct err *e);
void db_conn_close(struct db_conn *c);
enum err_code db_exec(struct db_conn *c, const char *sql, struct err *e);
enum err_code db_migrate(struct db_conn *c, struct err *e);

#endif
