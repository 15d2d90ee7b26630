#include "base/str.h"
#include "store/inside.h"

static bool under_way(const char *state)
{
  return str_eq(state, "queued") || str_eq(state, "running") || str_eq(state, "paused") || str_eq(state, "interrupted");
}

/* The unique index would refuse a second one; this says which one is the first. */
static enum err_code none_under_way(struct db_conn *c, int64_t cluster_id, int64_t but_for, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_ROLLOUT_UNDER_WAY, DB_ARGS(db_i(cluster_id)), &r, e));
  struct rollout o = { 0 };
  if (r.there)
    rollout_row(&r, 0, &a, &o);
  if (!r.there || o.id == but_for)
    return ERR_NONE;
  return err_set(e, ERR_CONFLICT, "Rollout %lld by %s (\"%s\") of cluster %s is %s: one at a time", (long long)o.id,
                 o.by, o.title, o.cluster, o.state);
}

static enum err_code put_rollout(struct db_conn *c, const struct rollout_new *n, int64_t *id, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_CLUSTER_NAME, DB_ARGS(db_i(n->cluster_id)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no cluster %lld", (long long)n->cluster_id);
  TRY(none_under_way(c, n->cluster_id, 0, e));
  TRY(db_run(c, SQL_ROLLOUT_INSERT,
             DB_ARGS(db_i(n->cluster_id), db_t(db_str(&r, &a)), db_t(n->kind), db_t(n->title), db_t(n->by),
                     db_i(clock_now_s()), db_ref(n->cert_id), db_ref(n->ca_id)), e));
  *id = db_last_id(c);
  if (n->order)
    TRY(db_run(c, SQL_ROLLOUT_ORDER_INSERT, DB_ARGS(db_i(*id), db_t(n->order)), e));
  for (size_t i = 0; i < n->steps.count; i++) {
    const struct rollout_step *step = &n->steps.item[i];
    TRY(db_run(c, SQL_ROLLOUT_STEP_INSERT,
               DB_ARGS(db_i(*id), db_ref(step->node_id), db_t(step->action), db_t(step->title)), e));
  }
  return ERR_NONE;
}

enum err_code store_rollout_add(struct store *s, const struct rollout_new *n, int64_t *id, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  int64_t added;
  TRY(put_rollout(c, n, &added, e));
  TRY(store_commit(s, &c, e));
  *id = added;
  return ERR_NONE;
}

static enum err_code may_become(struct db_conn *c, int64_t id, const char *state, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_ROLLOUT_GET, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no rollout %lld", (long long)id);
  struct rollout o = { 0 };
  rollout_row(&r, 0, &a, &o);
  if (str_eq(o.state, "done") && !str_eq(state, "done"))
    return err_set(e, ERR_CONFLICT, "Rollout %lld is done already", (long long)id);
  if (str_eq(o.state, "running") && str_eq(state, "running"))
    return err_set(e, ERR_CONFLICT, "Rollout %lld is running already", (long long)id);
  return under_way(state) ? none_under_way(c, o.cluster_id, id, e) : ERR_NONE;
}

enum err_code store_rollout_set_state(struct store *s, int64_t id, const char *state, const char *error, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(may_become(c, id, state, e));
  bool ended = !under_way(state), running = str_eq(state, "running");
  TRY(db_run(c, SQL_ROLLOUT_SET_STATE,
             DB_ARGS(db_i(id), db_t(state), db_t(running ? NULL : error), db_i(ended ? clock_now_s() : TIME_NONE)), e));
  return store_commit(s, &c, e);
}

enum err_code store_rollout_step(struct store *s, int64_t step_id, const char *state, const char *detail, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_ROLLOUT_STEP_SET, DB_ARGS(db_i(step_id), db_t(state), db_t(detail), db_i(clock_now_ms())), e));
  if (!db_changes(c))
    return err_set(e, ERR_NOT_FOUND, "There is no step %lld", (long long)step_id);
  return store_commit(s, &c, e);
}

enum err_code store_rollout_interrupt_all(struct store *s, int64_t *count, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, SQL_ROLLOUT_INTERRUPT, DB_NO_ARGS, e));
  int64_t interrupted = db_changes(c);
  TRY(db_run(c, SQL_ROLLOUT_STEPS_INTERRUPT, DB_NO_ARGS, e));
  TRY(store_commit(s, &c, e));
  *count = interrupted;
  return ERR_NONE;
}
