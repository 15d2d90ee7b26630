#include "http/slow.h"

#include "http/handle.h"

static void slow_unlink(struct request *r)
{
  *r->slow_self = r->slow_next;
  if (r->slow_next)
    r->slow_next->slow_self = r->slow_self;
}

static void slow_run(void *arg)
{
  struct request *r = arg;
  struct http_server *s = r->server;
  handle_run(r);
  pthread_mutex_lock(&s->mutex);
  if (!r->detached) {
    slow_unlink(r);
    r->state = REQUEST_ANSWERED;
    MHD_resume_connection(r->mhd);
  }
  pthread_mutex_unlock(&s->mutex);
  request_unref(r);
  server_unref(s);
}

enum err_code slow_start(struct request *r, struct err *e)
{
  struct http_server *s = r->server;
  pthread_mutex_lock(&s->mutex);
  if (s->no_suspending) {
    pthread_mutex_unlock(&s->mutex);
    return err_set(e, ERR_UNAVAILABLE, "opsd is stopping.");
  }
  r->slow_next = s->slow;
  r->slow_self = &s->slow;
  if (r->slow_next)
    r->slow_next->slow_self = &r->slow_next;
  s->slow = r;
  r->state = REQUEST_RUNNING;
  atomic_fetch_add(&r->refs, 1);
  atomic_fetch_add(&s->refs, 1);
  MHD_suspend_connection(r->mhd);
  pthread_mutex_unlock(&s->mutex);
  pool_run(s->config.pool, slow_run, r);
  return ERR_NONE;
}

void slow_detach_all(struct http_server *s)
{
  pthread_mutex_lock(&s->mutex);
  s->no_suspending = true;
  while (s->slow) {
    struct request *r = s->slow;
    slow_unlink(r);
    r->detached = true;
    MHD_resume_connection(r->mhd);
  }
  pthread_mutex_unlock(&s->mutex);
}
