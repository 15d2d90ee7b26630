/* An arena: memory that lives and dies together, mostly with one request or one rollout
 * step. Everything that a request parses, loads or builds is taken from its arena, so
 * there is one owner and one free. Freeing wipes all of it, so a secret in a request's
 * body is gone with the request. Never returns NULL: out of memory aborts. Not for use
 * from two threads at once. */
#ifndef OPSD_BASE_ARENA_H
#define OPSD_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/cleanup.h"

struct arena {
  struct arena_block *head;
};

#define ARENA_INIT { NULL }

/* Zeroed, aligned for any type. size 0 is allowed. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_alloc_n(struct arena *a, size_t count, size_t size); /* overflow aborts */
char *arena_strdup(struct arena *a, const char *s);              /* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t len); /* adds a NUL */
void *arena_memdup(struct arena *a, const void *data, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Wipes and frees all; the arena can be used again. */
void arena_free(struct arena *a);
#define AUTO_ARENA CLEANUP(arena_free)

#endif
