#include "fleet/fleet.h"

#include <errno.h>
#include <time.h>

#include "base/log.h"
#include "fleet/inside.h"

static struct timespec after(int ms)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_sec += ms / 1000;
  t.tv_nsec += (long)(ms % 1000) * 1000000;
  if (t.tv_nsec >= 1000000000) {
    t.tv_sec++;
    t.tv_nsec -= 1000000000;
  }
  return t;
}

enum err_code fleet_new(const struct fleet_config *c, struct fleet **out, struct err *e)
{
  int64_t cut = 0;
  TRY(store_rollout_interrupt_all(c->store, &cut, e));
  if (cut)
    log_info("%lld rollouts were under way when opsd ended: each goes on with rollout-resume", (long long)cut);
  struct fleet *f = calloc(1, sizeof *f);
  if (!f)
    abort();
  f->config = *c;
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_mutex_init(&f->mutex, NULL);
  pthread_cond_init(&f->changed, &attr);
  pthread_condattr_destroy(&attr);
  *out = f;
  return ERR_NONE;
}

enum err_code fleet_pause(struct fleet *f, int ms, struct err *e)
{
  struct timespec until = after(ms);
  pthread_mutex_lock(&f->mutex);
  while (!f->stopping && pthread_cond_timedwait(&f->changed, &f->mutex, &until) != ETIMEDOUT)
    ;
  bool stopping = f->stopping;
  pthread_mutex_unlock(&f->mutex);
  return stopping ? err_set(e, ERR_UNAVAILABLE, "opsd is stopping") : ERR_NONE;
}

void fleet_free(struct fleet *f, int timeout_ms)
{
  if (!f)
    return;
  struct timespec until = after(timeout_ms);
  pthread_mutex_lock(&f->mutex);
  f->stopping = true;
  pthread_cond_broadcast(&f->changed);
  while (f->working && pthread_cond_timedwait(&f->changed, &f->mutex, &until) != ETIMEDOUT)
    ;
  int working = f->working;
  pthread_mutex_unlock(&f->mutex);
  if (working) { /* the step on the node lives on by itself; the next start finds the rollout cut */
    log_warning("%d rollouts are in the middle of a step while opsd ends", working);
    return;
  }
  pthread_mutex_destroy(&f->mutex);
  pthread_cond_destroy(&f->changed);
  free(f);
}
