#include "store/inside.h"

enum err_code store_session_add(struct store *s, const char *digest, int64_t user_id, int64_t expires_s, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  int64_t now_s = clock_now_s();
  TRY(db_run(c, SQL_SESSION_INSERT, DB_ARGS(db_t(digest), db_i(user_id), db_i(now_s), db_i(expires_s)), e));
  TRY(db_run(c, SQL_USER_SEEN, DB_ARGS(db_t(digest), db_i(now_s)), e));
  return db_commit(&c, e);
}

enum err_code store_session_get(struct store *s, const char *digest, int64_t now_s, struct arena *a,
                                struct session_row *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_SESSION_GET, DB_ARGS(db_t(digest), db_i(now_s)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "The session has ended: sign in again");
  out->user_id = db_int(&r);
  out->user = db_str(&r, a);
  out->role = role_from_word(db_str(&r, a));
  out->created_s = db_int(&r);
  out->seen_s = db_int(&r);
  out->expires_s = db_int(&r);
  return ERR_NONE;
}

enum err_code store_session_touch(struct store *s, const char *digest, int64_t now_s, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_SESSION_SEEN, DB_ARGS(db_t(digest), db_i(now_s)), e));
  TRY(db_run(c, SQL_USER_SEEN, DB_ARGS(db_t(digest), db_i(now_s)), e));
  return db_commit(&c, e);
}

enum err_code store_session_end(struct store *s, const char *digest, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_SESSION_DELETE, DB_ARGS(db_t(digest)), e));
  return db_commit(&c, e);
}

enum err_code store_session_sweep(struct store *s, int64_t now_s, int64_t idle_s, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_SESSION_SWEEP, DB_ARGS(db_i(now_s), db_i(now_s - idle_s)), e));
  return db_commit(&c, e);
}
