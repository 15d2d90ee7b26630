#include "store/inside.h"

enum err_code store_setting_get(struct store *s, const char *name, struct arena *a, const char **value, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_SETTING_GET, DB_ARGS(db_t(name)), &r, e));
  *value = r.there ? db_str(&r, a) : NULL;
  return ERR_NONE;
}

enum err_code store_setting_set(struct store *s, const char *name, const char *value, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  if (value)
    TRY(db_run(c, SQL_SETTING_SET, DB_ARGS(db_t(name), db_t(value)), e));
  else
    TRY(db_run(c, SQL_SETTING_DELETE, DB_ARGS(db_t(name)), e));
  return store_commit(s, &c, e);
}

enum err_code store_secret_get(struct store *s, const char *name, struct buf *out, bool *found, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_SECRET_GET, DB_ARGS(db_t(name)), &r, e));
  if (r.there)
    TRY(store_unseal(s, SEALED_SECRET, &r, out, e));
  *found = r.there;
  return ERR_NONE;
}

/* The row comes first, since its id goes into the seal. */
static enum err_code secret_put(struct store *s, struct db_conn *c, const char *name, const void *data, size_t len,
                                struct err *e)
{
  int64_t id;
  TRY(db_number(c, SQL_SECRET_GET, DB_ARGS(db_t(name)), 0, &id, e));
  if (!id) {
    TRY(db_run(c, SQL_SECRET_INSERT, DB_ARGS(db_t(name)), e));
    id = db_last_id(c);
  }
  AUTO_BUF struct buf sealed = BUF_INIT;
  crypt_seal(&s->key, SEALED_SECRET, id, data, len, &sealed);
  return db_run(c, SQL_SECRET_UPDATE, DB_ARGS(db_i(id), db_b(sealed.data, sealed.len)), e);
}

enum err_code store_secret_set(struct store *s, const char *name, const void *data, size_t len, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  if (data)
    TRY(secret_put(s, c, name, data, len, e));
  else
    TRY(db_run(c, SQL_SECRET_DELETE, DB_ARGS(db_t(name)), e));
  return store_commit(s, &c, e);
}
