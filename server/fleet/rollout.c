#include <string.h>

#include "base/log.h"
#include "fleet/inside.h"

struct rollout_job {
  struct fleet *f;
  int64_t id;
};

static const struct {
  const char *kind, *action;
  step_fn fn;
} steps[] = {
  { "push", "check", step_check },
  { "push", "install", step_install },
  { "push", "probe", step_probe },
  { "config", "option", step_option },
  { "restart", "restart", step_restart },
  { "restart", "follow", step_follow },
  { "restart", "probe", step_probe },
};

static step_fn step_find(const char *kind, const char *action)
{
  for (size_t i = 0; i < COUNT_OF(steps); i++)
    if (str_eq(steps[i].kind, kind) && str_eq(steps[i].action, action))
      return steps[i].fn;
  return NULL;
}

static void tell(struct fleet *f, int64_t id)
{
  if (f->config.on_rollout)
    f->config.on_rollout(f->config.ctx, id);
}

static bool is_stopping(struct fleet *f)
{
  pthread_mutex_lock(&f->mutex);
  bool stopping = f->stopping;
  pthread_mutex_unlock(&f->mutex);
  return stopping;
}

void fleet_step_say(struct step_run *s, const char *detail)
{
  struct err e = { 0 };
  if (str_eq(detail, s->detail))
    return;
  s->detail = arena_strdup(s->a, detail);
  if (store_rollout_step(s->f->config.store, s->step->id, "running", detail, &e))
    log_warning("rollout %lld: %s", (long long)s->rollout->id, e.text);
  tell(s->f, s->rollout->id);
}

/* A step that failed and is tried again is another one for the node, which remembers how a name ended. */
static char *attempt_name(int64_t rollout, struct arena *a)
{
  return arena_printf(a, "rollout-%lld-attempt", (long long)rollout);
}

static enum err_code step_name(struct step_run *s, struct err *e)
{
  const char *attempt = NULL;
  TRY(store_setting_get(s->f->config.store, attempt_name(s->rollout->id, s->a), s->a, &attempt, e));
  s->name = arena_printf(s->a, "rollout-%lld-%lld%s%s", (long long)s->rollout->id, (long long)s->step->id,
                         attempt ? "-" : "", attempt ? attempt : "");
  return ERR_NONE;
}

static enum err_code step_do(struct step_run *s, struct err *e)
{
  step_fn fn = step_find(s->rollout->kind, s->step->action);
  if (!fn)
    return err_set(e, ERR_INTERNAL, "this opsd does not know the step \"%s\" of a %s", s->step->action,
                   s->rollout->kind);
  TRY(step_name(s, e));
  TRY(store_node_get(s->f->config.store, arena_printf(s->a, "%lld", (long long)s->step->node_id), clock_now_s(), s->a,
                     &s->node, e));
  return fn(s, e);
}

/* Runs one step between its two journal entries. */
static enum err_code step_run(struct fleet *f, const struct rollout *r, const struct order *o,
                              const struct rollout_step *step, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct step_run s = { .f = f, .rollout = r, .order = o, .step = step, .a = &a };
  TRY(store_rollout_step(f->config.store, step->id, "running", NULL, e));
  tell(f, r->id);
  enum err_code rc = step_do(&s, e);
  const char *state = !rc ? "done" : rc == ERR_UNAVAILABLE ? "waiting" : "failed";
  struct err later = { 0 };
  enum err_code journal = store_rollout_step(f->config.store, step->id, state, rc ? e->text : s.detail, &later);
  tell(f, r->id);
  if (!journal)
    return rc;
  if (!rc && e)
    *e = later;
  return rc ? rc : journal;
}

static enum err_code rollout_load(struct fleet *f, int64_t id, struct arena *a, struct rollout *r, struct order *o,
                                  struct err *e)
{
  const char *text;
  TRY(store_rollout_get(f->config.store, id, a, r, &text, e));
  order_parse(text, a, o);
  if (!o->secret)
    return ERR_NONE;
  AUTO_BUF struct buf value = BUF_INIT;
  bool found;
  TRY(store_secret_get(f->config.store, order_secret_name(id, a), &value, &found, e));
  if (!found)
    return err_set(e, ERR_CONFLICT, "the value that rollout %lld was to set is gone: order it again", (long long)id);
  o->value = arena_strndup(a, buf_cstr(&value), value.len);
  return ERR_NONE;
}

static enum err_code rollout_steps(struct fleet *f, int64_t id, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct rollout r;
  struct order o;
  TRY(rollout_load(f, id, &a, &r, &o, e));
  for (size_t i = 0; i < r.steps.count; i++) {
    const struct rollout_step *step = &r.steps.item[i];
    if (str_eq(step->state, "done") || str_eq(step->state, "skipped"))
      continue;
    if (is_stopping(f))
      return err_set(e, ERR_UNAVAILABLE, "opsd was stopped");
    enum err_code rc = step_run(f, &r, &o, step, e);
    if (rc && rc != ERR_UNAVAILABLE && e && !str_starts(e->text, step->node))
      err_context(e, "%s", step->node);
    if (rc)
      return rc;
  }
  return ERR_NONE;
}

static void forget_helpers(struct fleet *f, int64_t id)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  if (store_setting_set(f->config.store, attempt_name(id, &a), NULL, &e) ||
      store_secret_set(f->config.store, order_secret_name(id, &a), NULL, 0, &e))
    log_warning("rollout %lld: %s", (long long)id, e.text);
}

static void rollout_run(void *arg)
{
  struct rollout_job job = *(struct rollout_job *)arg;
  struct fleet *f = job.f;
  free(arg);
  struct err e = { 0 }, later = { 0 };
  enum err_code rc = rollout_steps(f, job.id, &e);
  const char *state = !rc ? "done" : rc == ERR_UNAVAILABLE ? "interrupted" : "failed";
  if (store_rollout_set_state(f->config.store, job.id, state, rc ? e.text : NULL, &later))
    log_error("rollout %lld is %s, and that cannot be journalled: %s", (long long)job.id, state, later.text);
  if (!rc)
    forget_helpers(f, job.id);
  if (rc && rc != ERR_UNAVAILABLE)
    log_info("rollout %lld failed: %s", (long long)job.id, e.text);
  tell(f, job.id);
  pthread_mutex_lock(&f->mutex);
  f->working--;
  pthread_cond_broadcast(&f->changed);
  pthread_mutex_unlock(&f->mutex);
}

/* Its state is running already: who set that owns it. */
static void launch(struct fleet *f, int64_t id)
{
  tell(f, id);
  struct rollout_job *job = malloc(sizeof *job);
  if (!job)
    abort();
  *job = (struct rollout_job){ f, id };
  pthread_mutex_lock(&f->mutex);
  f->working++;
  pthread_mutex_unlock(&f->mutex);
  pool_run(f->config.pool, rollout_run, job);
}

void fleet_add_step(struct rollout_new *r, struct arena *a, const struct node *n, const char *action, const char *title)
{
  struct rollout_step *more = arena_alloc_n(a, r->steps.count + 1, sizeof *more);
  if (r->steps.count)
    memcpy(more, r->steps.item, r->steps.count * sizeof *more);
  more[r->steps.count++] = (struct rollout_step){ .node_id = n->id, .node = n->name, .action = action, .title = title };
  r->steps.item = more;
}

enum err_code fleet_start(struct fleet *f, struct rollout_new *r, const struct order *o, struct arena *a, int64_t *id,
                          struct err *e)
{
  if (is_stopping(f))
    return err_set(e, ERR_UNAVAILABLE, "opsd is stopping");
  r->order = order_format(o, a);
  TRY(store_rollout_add(f->config.store, r, id, e));
  enum err_code rc = ERR_NONE;
  if (o->secret && o->value)
    rc = store_secret_set(f->config.store, order_secret_name(*id, a), o->value, strlen(o->value), e);
  if (rc) {
    store_rollout_set_state(f->config.store, *id, "failed", e ? e->text : NULL, NULL);
    return rc;
  }
  TRY(store_rollout_set_state(f->config.store, *id, "running", NULL, e));
  launch(f, *id);
  return ERR_NONE;
}

/* A server that was followed in vain has to be restarted again, whatever its command said. */
static enum err_code take_restart_back(struct fleet *f, const struct rollout *r, struct err *e)
{
  const struct rollout_step *restart = NULL;
  for (size_t i = 0; i < r->steps.count; i++) {
    const struct rollout_step *step = &r->steps.item[i];
    if (str_eq(step->action, "restart"))
      restart = step;
    if (str_eq(step->action, "follow") && str_eq(step->state, "failed") && restart)
      return store_rollout_step(f->config.store, restart->id, "waiting", NULL, e);
  }
  return ERR_NONE;
}

static enum err_code try_again(struct fleet *f, const struct rollout *r, struct arena *a, struct err *e)
{
  TRY(store_setting_set(f->config.store, attempt_name(r->id, a), arena_printf(a, "%lld", (long long)clock_now_ms()), e));
  return take_restart_back(f, r, e);
}

enum err_code fleet_resume(struct fleet *f, int64_t rollout, const char *by, struct arena *a, const char **title,
                           struct err *e)
{
  struct rollout r;
  struct order o;
  TRY(rollout_load(f, rollout, a, &r, &o, e));
  bool failed = str_eq(r.state, "failed");
  if (!failed && !str_eq(r.state, "interrupted"))
    return err_set(e, ERR_CONFLICT, "rollout %lld is %s: only an interrupted or failed one can go on",
                   (long long)rollout,
                   r.state);
  if (is_stopping(f))
    return err_set(e, ERR_UNAVAILABLE, "opsd is stopping");
  TRY(store_rollout_set_state(f->config.store, rollout, "running", NULL, e)); /* of two who ask at once one gets it */
  enum err_code rc = failed ? try_again(f, &r, a, e) : ERR_NONE;
  if (rc) {
    store_rollout_set_state(f->config.store, rollout, "failed", e ? e->text : NULL, NULL);
    return rc;
  }
  log_info("rollout %lld goes on, asked by %s", (long long)rollout, by);
  launch(f, rollout);
  *title = r.title;
  return ERR_NONE;
}
