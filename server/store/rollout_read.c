#include "base/str.h"
#include "store/inside.h"

void rollout_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct rollout *o = item;
  o->id = db_int(r);
  o->cluster_id = db_int(r);
  o->cluster = db_str(r, a);
  o->kind = db_str(r, a);
  o->title = db_str(r, a);
  o->state = db_str(r, a);
  o->error = db_str(r, a);
  o->by = db_str(r, a);
  o->created_s = db_int(r);
  o->ended_s = db_time(r);
  o->steps_done = db_int(r);
  o->steps_total = db_int(r);
}

static void step_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct rollout_step *s = item;
  s->id = db_int(r);
  s->node_id = db_int(r);
  s->node = db_str(r, a);
  s->action = db_str(r, a);
  s->title = db_str(r, a);
  s->state = db_str(r, a);
  s->detail = db_str(r, a);
  s->started_ms = db_int(r);
  s->ended_ms = db_int(r);
}

static enum err_code load_steps(struct db_conn *c, int64_t id, struct arena *a, rollout_step_list *out, struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  db_query(c, SQL_ROLLOUT_STEPS, DB_ARGS(db_i(id)), &r);
  struct page p;
  TRY(store_page(&r, INT64_MAX, sizeof(struct rollout_step), step_row, 0, a, &p, e));
  *out = (rollout_step_list){ p.item, p.count };
  return ERR_NONE;
}

static enum err_code load_order(struct db_conn *c, int64_t id, struct arena *a, const char **order, struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_ROLLOUT_ORDER, DB_ARGS(db_i(id)), &r, e));
  *order = r.there ? db_str(&r, a) : NULL;
  return ERR_NONE;
}

enum err_code store_rollout_get(struct store *s, int64_t id, struct arena *a, struct rollout *out, const char **order,
                                struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_ROLLOUT_GET, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no rollout %lld", (long long)id);
  struct rollout o = { 0 };
  rollout_row(&r, 0, a, &o);
  TRY(load_steps(c, id, a, &o.steps, e));
  if (order)
    TRY(load_order(c, id, a, order, e));
  *out = o;
  return ERR_NONE;
}

enum err_code store_rollout_list(struct store *s, const char *cluster, const char *state, int64_t limit,
                                 const char *after,
                                 struct arena *a, rollout_list *out, const char **next, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  struct cursor at = { .id = INT64_MAX };
  TRY(cursor_parse(a, "rollout", after, &at, e));
  TRY(db_read(s->db, &c, e));
  limit = store_page_limit(limit);
  db_query(c, cluster ? SQL_ROLLOUT_LIST_CLUSTER : state ? SQL_ROLLOUT_LIST_STATE : SQL_ROLLOUT_LIST,
           DB_ARGS(db_i(at.id), db_t(cluster), db_t(state), db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct rollout), rollout_row, 0, a, &p, e));
  *out = (rollout_list){ p.item, p.count };
  *next = p.more ? cursor_format(a, "rollout", &(struct cursor){ .id = out->item[p.count - 1].id }) : NULL;
  return ERR_NONE;
}
