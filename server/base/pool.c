#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

enum { IDLE_S = 10 };

struct job {
  struct job *next;
  void (*fn)(void *arg);
  void *arg;
};

struct pool {
  const char *name;
  size_t most, running, idle;
  struct job *first, **last;
  bool closing;
  pthread_mutex_t mutex;
  pthread_cond_t work, ended;
};

struct pool *pool_new(const char *name, size_t threads)
{
  struct pool *p = calloc(1, sizeof *p);
  if (!p)
    abort();
  p->name = name;
  p->most = threads;
  p->last = &p->first;
  pthread_mutex_init(&p->mutex, NULL);
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&p->work, &attr);
  pthread_cond_init(&p->ended, NULL);
  pthread_condattr_destroy(&attr);
  return p;
}

/* With the mutex held: the next job, or NULL when this worker should end. */
static struct job *job_next(struct pool *p)
{
  while (!p->first) {
    if (p->closing)
      return NULL;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += IDLE_S;
    p->idle++;
    int rc = pthread_cond_timedwait(&p->work, &p->mutex, &until);
    p->idle--;
    if (rc && !p->first)
      return NULL;
  }
  struct job *job = p->first;
  p->first = job->next;
  if (!p->first)
    p->last = &p->first;
  return job;
}

static void *worker(void *arg)
{
  struct pool *p = arg;
  pthread_setname_np(pthread_self(), p->name);
  pthread_mutex_lock(&p->mutex);
  for (struct job *job; (job = job_next(p));) {
    pthread_mutex_unlock(&p->mutex);
    job->fn(job->arg);
    free(job);
    pthread_mutex_lock(&p->mutex);
  }
  p->running--;
  pthread_cond_broadcast(&p->ended);
  pthread_mutex_unlock(&p->mutex);
  return NULL;
}

void pool_run(struct pool *p, void (*fn)(void *arg), void *arg)
{
  struct job *job = malloc(sizeof *job);
  if (!job)
    abort();
  *job = (struct job){ NULL, fn, arg };
  pthread_mutex_lock(&p->mutex);
  *p->last = job;
  p->last = &job->next;
  pthread_t thread;
  if (p->idle == 0 && p->running < p->most) {
    p->running++;
    if (pthread_create(&thread, NULL, worker, p)) {
      p->running--;
      if (p->running == 0)
        abort(); /* nobody would ever run it */
    } else {
      pthread_detach(thread);
    }
  }
  pthread_cond_signal(&p->work);
  pthread_mutex_unlock(&p->mutex);
}

struct each {
  char *base;
  size_t count, size, next, done;
  void (*fn)(void *item);
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  size_t refs;
};

static void each_unref(struct each *w) /* with the mutex held */
{
  bool last = --w->refs == 0;
  pthread_mutex_unlock(&w->mutex);
  if (!last)
    return;
  pthread_mutex_destroy(&w->mutex);
  pthread_cond_destroy(&w->changed);
  free(w);
}

static void each_work(struct each *w) /* with the mutex held */
{
  while (w->next < w->count) {
    size_t i = w->next++;
    pthread_mutex_unlock(&w->mutex);
    w->fn(w->base + i * w->size);
    pthread_mutex_lock(&w->mutex);
    w->done++;
  }
  pthread_cond_broadcast(&w->changed);
}

static void each_helper(void *arg)
{
  struct each *w = arg;
  pthread_mutex_lock(&w->mutex);
  each_work(w);
  each_unref(w);
}

void pool_each(struct pool *p, void *base, size_t count, size_t size, void (*fn)(void *item))
{
  /* on the heap and counted: a helper that is still queued when all is done must find it */
  struct each *w = calloc(1, sizeof *w);
  if (!w)
    abort();
  *w = (struct each){ .base = base, .count = count, .size = size, .fn = fn, .refs = 1 };
  pthread_mutex_init(&w->mutex, NULL);
  pthread_cond_init(&w->changed, NULL);
  size_t helpers = count > 1 ? count - 1 : 0;
  if (helpers > p->most)
    helpers = p->most;
  w->refs += helpers;
  for (size_t i = 0; i < helpers; i++)
    pool_run(p, each_helper, w);
  pthread_mutex_lock(&w->mutex);
  each_work(w);
  while (w->done < w->count)
    pthread_cond_wait(&w->changed, &w->mutex);
  each_unref(w);
}

void pool_free(struct pool *p)
{
  if (!p)
    return;
  pthread_mutex_lock(&p->mutex);
  p->closing = true;
  pthread_cond_broadcast(&p->work);
  while (p->running)
    pthread_cond_wait(&p->ended, &p->mutex);
  pthread_mutex_unlock(&p->mutex);
  pthread_mutex_destroy(&p->mutex);
  pthread_cond_destroy(&p->work);
  pthread_cond_destroy(&p->ended);
  free(p);
}
