#include "store/inside.h"

static void token_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct token *t = item;
  t->id = db_int(r);
  t->name = db_str(r, a);
  t->role = db_str(r, a);
  t->created_by = db_str(r, a);
  t->created_s = db_int(r);
  t->expires_s = db_time(r);
  t->last_used_s = db_time(r);
}

enum err_code store_token_add(struct store *s, const char *name, const char *role, const char *digest, const char *by,
                              int64_t expires_s, struct arena *a, struct token *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  int64_t taken, now_s = clock_now_s();
  TRY(db_number(c, SQL_TOKEN_ID, DB_ARGS(db_t(name)), 0, &taken, e));
  if (taken)
    return store_conflict(e, "name", "There is a token %s already: delete it, or choose another name", name);
  TRY(db_run(c, SQL_TOKEN_INSERT,
             DB_ARGS(db_t(name), db_t(role), db_t(digest), db_t(by), db_i(now_s), db_i(expires_s)), e));
  struct token t = { db_last_id(c), arena_strdup(a, name), arena_strdup(a, role), arena_strdup(a, by), now_s,
                     expires_s, TIME_NONE };
  TRY(store_commit(s, &c, e));
  *out = t;
  return ERR_NONE;
}

enum err_code store_token_get(struct store *s, const char *digest, int64_t now_s, struct arena *a, struct token *out,
                              struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_TOKEN_GET, DB_ARGS(db_t(digest)), &r, e));
  if (!r.there)
    return err_set(e, ERR_UNAUTHENTICATED, "This token is not known here: it was deleted, or it is of another opsd");
  struct token t;
  token_row(&r, 0, a, &t);
  if (t.expires_s != TIME_NONE && t.expires_s <= now_s)
    return err_set(e, ERR_UNAUTHENTICATED, "The token %s has expired: make a new one", t.name);
  *out = t;
  return ERR_NONE;
}

enum err_code store_token_touch(struct store *s, int64_t id, int64_t now_s, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_TOKEN_SEEN, DB_ARGS(db_i(id), db_i(now_s)), e));
  return db_commit(&c, e);
}

enum err_code store_token_list(struct store *s, int64_t limit, const char *after, struct arena *a, token_list *out,
                               const char **next, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  struct cursor at = { .id = INT64_MAX };
  TRY(cursor_parse(a, "token", after, &at, e));
  TRY(db_read(s->db, &c, e));
  limit = store_page_limit(limit);
  db_query(c, SQL_TOKEN_LIST, DB_ARGS(db_i(at.id), db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct token), token_row, 0, a, &p, e));
  *out = (token_list){ p.item, p.count };
  *next = p.more ? cursor_format(a, "token", &(struct cursor){ .id = out->item[p.count - 1].id }) : NULL;
  return ERR_NONE;
}

enum err_code store_token_delete(struct store *s, int64_t id, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_TOKEN_DELETE, DB_ARGS(db_i(id)), e));
  if (!db_changes(c))
    return err_set(e, ERR_NOT_FOUND, "There is no token %lld", (long long)id);
  return store_commit(s, &c, e);
}
