#include <string.h>

#include "base/str.h"
#include "store/inside.h"

static void cluster_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct cluster *c = item;
  c->id = db_int(r);
  c->name = db_str(r, a);
  c->flavour = db_str(r, a);
  c->db_user = db_str(r, a);
  c->has_db_password = db_bool(r);
  c->node_count = db_int(r);
  c->tls_nodes = db_int(r);
  c->plaintext_nodes = db_int(r);
  c->unknown_nodes = c->node_count - c->tls_nodes - c->plaintext_nodes;
  c->next_expiry_s = db_time(r);
  c->rollout_id = db_int(r);
  c->created_s = db_int(r);
}

static enum err_code no_such(const char *ref, struct err *e)
{
  return err_set(e, ERR_NOT_FOUND, "There is no cluster %s", ref);
}

enum err_code cluster_id_of(struct db_conn *c, const char *ref, int64_t *id, struct err *e)
{
  int64_t by_id = 0, found = 0;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  if (!store_ref_is_id(ref, &by_id)) {
    TRY(db_number(c, SQL_CLUSTER_ID, DB_ARGS(db_t(ref)), 0, &found, e));
  } else {
    TRY(db_first(c, SQL_CLUSTER_NAME, DB_ARGS(db_i(by_id)), &r, e));
    found = r.there ? by_id : 0;
  }
  if (!found)
    return no_such(ref, e);
  *id = found;
  return ERR_NONE;
}

static enum err_code put_password(struct store *s, struct db_conn *c, int64_t id, const char *password, struct err *e)
{
  AUTO_BUF struct buf sealed = BUF_INIT;
  crypt_seal(&s->key, SEALED_DB_PASSWORD, id, password, strlen(password), &sealed);
  return db_run(c, SQL_CLUSTER_SECRET_INSERT, DB_ARGS(db_i(id), db_b(sealed.data, sealed.len)), e);
}

enum err_code store_cluster_add(struct store *s, const struct cluster *cluster, const char *db_password, int64_t *id,
                                struct err *e)
{
  TRY(store_check_name(cluster->name, e));
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  int64_t taken;
  TRY(db_number(c, SQL_CLUSTER_ID, DB_ARGS(db_t(cluster->name)), 0, &taken, e));
  if (taken)
    return store_conflict(e, "name", "There is a cluster %s already", cluster->name);
  TRY(db_run(c, SQL_CLUSTER_INSERT,
             DB_ARGS(db_t(cluster->name), db_t(cluster->flavour), db_t(cluster->db_user), db_i(clock_now_s())), e));
  int64_t added = db_last_id(c);
  if (db_password)
    TRY(put_password(s, c, added, db_password, e));
  TRY(store_commit(s, &c, e));
  *id = added;
  return ERR_NONE;
}

enum err_code store_cluster_get(struct store *s, const char *ref, int64_t now_s, struct arena *a, struct cluster *out,
                                struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  int64_t id;
  TRY(db_read(s->db, &c, e));
  if (store_ref_is_id(ref, &id))
    TRY(db_first(c, SQL_CLUSTER_BY_ID, DB_ARGS(db_i(id)), &r, e));
  else
    TRY(db_first(c, SQL_CLUSTER_BY_NAME, DB_ARGS(db_t(ref)), &r, e));
  if (!r.there)
    return no_such(ref, e);
  cluster_row(&r, now_s, a, out);
  return ERR_NONE;
}

enum err_code store_cluster_list(struct store *s, const char *q, int64_t limit, const char *after, int64_t now_s,
                                 struct arena *a, cluster_list *out, const char **next, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  struct cursor at = { .text = "" };
  TRY(cursor_parse(a, "cluster", after, &at, e));
  TRY(db_read(s->db, &c, e));
  limit = store_page_limit(limit);
  struct search search = search_of(a, q);
  db_query(c, SQL_CLUSTER_LIST, DB_ARGS(db_t(at.text), db_t(search.like), db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct cluster), cluster_row, now_s, a, &p, e));
  *out = (cluster_list){ p.item, p.count };
  *next = p.more ? cursor_format(a, "cluster", &(struct cursor){ .text = out->item[p.count - 1].name }) : NULL;
  return ERR_NONE;
}

enum err_code store_cluster_db_password(struct store *s, int64_t id, struct buf *out, bool *found, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_CLUSTER_SECRET, DB_ARGS(db_i(id)), &r, e));
  if (r.there)
    TRY(store_unseal(s, SEALED_DB_PASSWORD, &r, out, e));
  *found = r.there;
  return ERR_NONE;
}

static enum err_code check_empty(struct db_conn *c, int64_t id, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_CLUSTER_NAME, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no cluster %lld", (long long)id);
  const char *name = db_str(&r, &a);
  int64_t nodes;
  TRY(db_number(c, SQL_CLUSTER_NODE_COUNT, DB_ARGS(db_i(id)), 0, &nodes, e));
  if (!nodes)
    return ERR_NONE;
  return err_set(e, ERR_CONFLICT, "Cluster %s still has %lld node%s: delete %s first", name, (long long)nodes,
                 nodes == 1 ? "" : "s", nodes == 1 ? "it" : "them");
}

enum err_code store_cluster_delete(struct store *s, int64_t id, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(check_empty(c, id, e));
  TRY(db_run(c, SQL_CLUSTER_DELETE, DB_ARGS(db_i(id)), e));
  return store_commit(s, &c, e);
}
