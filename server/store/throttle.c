#include "base/clock.h"
#include "store/inside.h"

/* Longer than any wait that follows from a row; guessers with many addresses leave no more rows than a day's. */
enum { FORGET_AFTER_S = 86400 };

enum err_code store_throttle_get(struct store *s, const char *key, int64_t *failures, int64_t *last_s, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_THROTTLE_GET, DB_ARGS(db_t(key)), &r, e));
  *failures = r.there ? db_int(&r) : 0;
  *last_s = r.there ? db_int(&r) : 0;
  return ERR_NONE;
}

enum err_code store_throttle_set(struct store *s, const char *key, int64_t failures, int64_t last_s, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_THROTTLE_SWEEP, DB_ARGS(db_i(clock_now_s() - FORGET_AFTER_S)), e));
  if (failures)
    TRY(db_run(c, SQL_THROTTLE_SET, DB_ARGS(db_t(key), db_i(failures), db_i(last_s)), e));
  else
    TRY(db_run(c, SQL_THROTTLE_DELETE, DB_ARGS(db_t(key)), e));
  return db_commit(&c, e);
}
