#include <string.h>

#include "base/str.h"
#include "store/inside.h"

static void user_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct user *u = item;
  u->id = db_int(r);
  u->name = db_str(r, a);
  u->role = db_str(r, a);
  u->created_s = db_int(r);
  u->last_seen_s = db_time(r);
}

/* hash may be NULL when it is not wanted. */
static enum err_code load(struct db_conn *c, const char *name, struct arena *a, struct user *out, const char **hash,
                          struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_USER_GET, DB_ARGS(db_t(name)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no user %s", name);
  user_row(&r, 0, a, out);
  if (hash)
    *hash = db_str(&r, a);
  return ERR_NONE;
}

static enum err_code counts(struct db_conn *c, int64_t *admins, int64_t *all, struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_USER_COUNTS, DB_NO_ARGS, &r, e));
  *admins = db_int(&r);
  *all = db_int(&r);
  return ERR_NONE;
}

static enum err_code insert(struct db_conn *c, const char *name, const char *role, const char *hash, struct arena *a,
                            struct user *out, struct err *e)
{
  struct user taken;
  if (!load(c, name, a, &taken, NULL, NULL))
    return store_conflict(e, "name", "There is a user %s already", name);
  TRY(db_run(c, SQL_USER_INSERT, DB_ARGS(db_t(name), db_t(role), db_t(hash), db_i(clock_now_s())), e));
  return load(c, name, a, out, NULL, e);
}

enum err_code store_user_add(struct store *s, const char *name, const char *role, const char *hash, struct arena *a,
                             struct user *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(insert(c, name, role, hash, a, out, e));
  return store_commit(s, &c, e);
}

enum err_code store_user_first_admin(struct store *s, const char *name, const char *hash, struct arena *a,
                                     struct user *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  int64_t admins, all;
  TRY(db_write(s->db, &c, e));
  TRY(counts(c, &admins, &all, e));
  if (all)
    return err_set(e, ERR_GONE, "There is an administrator already: sign in");
  TRY(insert(c, name, "admin", hash, a, out, e));
  TRY(db_run(c, SQL_SETTING_DELETE, DB_ARGS(db_t(STORE_SETUP_DIGEST)), e));
  return store_commit(s, &c, e);
}

enum err_code store_user_get(struct store *s, const char *name, struct arena *a, struct user *out, const char **hash,
                             struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_read(s->db, &c, e));
  return load(c, name, a, out, hash, e);
}

enum err_code store_user_list(struct store *s, const char *q, int64_t limit, const char *after, struct arena *a,
                              user_list *out, const char **next, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  struct cursor at = { .text = "" };
  TRY(cursor_parse(a, "user", after, &at, e));
  TRY(db_read(s->db, &c, e));
  limit = store_page_limit(limit);
  struct search search = search_of(a, q);
  db_query(c, SQL_USER_LIST, DB_ARGS(db_t(at.text), db_t(search.like), db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct user), user_row, 0, a, &p, e));
  *out = (user_list){ p.item, p.count };
  *next = p.more ? cursor_format(a, "user", &(struct cursor){ .text = out->item[p.count - 1].name }) : NULL;
  return ERR_NONE;
}

enum err_code store_user_count(struct store *s, int64_t *admins, int64_t *all, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_read(s->db, &c, e));
  return counts(c, admins, all, e);
}

static enum err_code not_the_last(struct db_conn *c, const struct user *u, struct err *e)
{
  int64_t admins, all;
  TRY(counts(c, &admins, &all, e));
  if (admins > 1 || !str_eq(u->role, "admin"))
    return ERR_NONE;
  return err_set(e, ERR_CONFLICT, "%s is the last administrator: make another one first", u->name);
}

enum err_code store_user_set_role(struct store *s, const char *name, const char *role, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_CONN struct db_conn *c = NULL;
  struct user u;
  TRY(db_write(s->db, &c, e));
  TRY(load(c, name, &a, &u, NULL, e));
  if (str_eq(u.role, role))
    return ERR_NONE;
  TRY(not_the_last(c, &u, e));
  TRY(db_run(c, SQL_USER_SET_ROLE, DB_ARGS(db_i(u.id), db_t(role)), e));
  TRY(db_run(c, SQL_USER_END_SESSIONS, DB_ARGS(db_i(u.id), db_t(NULL)), e));
  return store_commit(s, &c, e);
}

enum err_code store_user_set_password(struct store *s, const char *name, const char *hash, const char *keep_session,
                                      struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_CONN struct db_conn *c = NULL;
  struct user u;
  TRY(db_write(s->db, &c, e));
  TRY(load(c, name, &a, &u, NULL, e));
  TRY(db_run(c, SQL_USER_SET_HASH, DB_ARGS(db_i(u.id), db_t(hash)), e));
  TRY(db_run(c, SQL_USER_END_SESSIONS, DB_ARGS(db_i(u.id), db_t(keep_session)), e));
  return store_commit(s, &c, e);
}

enum err_code store_user_delete(struct store *s, const char *name, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_CONN struct db_conn *c = NULL;
  struct user u;
  TRY(db_write(s->db, &c, e));
  TRY(load(c, name, &a, &u, NULL, e));
  TRY(not_the_last(c, &u, e));
  TRY(db_run(c, SQL_USER_DELETE, DB_ARGS(db_i(u.id)), e));
  return store_commit(s, &c, e);
}
