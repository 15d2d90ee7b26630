/* A pool of worker threads for what must not run inside a request's thread: key
 * generation, password hashing, SSH, probes. Jobs start in order; there is no cancelling,
 * so every job bounds itself with a deadline. */
#ifndef OPSD_BASE_POOL_H
#define OPSD_BASE_POOL_H

#include <stddef.h>

struct pool;

/* At most `threads` at once; they are started when needed and end after a while of idling. */
struct pool *pool_new(const char *name, size_t threads);

/* Queues fn(arg). Never fails; arg belongs to the job. */
void pool_run(struct pool *p, void (*fn)(void *arg), void *arg);

/* Runs fn(item i of base, each `size` bytes) for all i, side by side, and returns when all are
 * done. Safe to call from a worker of the same pool: the caller works too. */
void pool_each(struct pool *p, void *base, size_t count, size_t size, void (*fn)(void *item));

/* Waits for queued and running jobs, then frees. */
void pool_free(struct pool *p);

#endif
