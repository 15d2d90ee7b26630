#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
  struct arena_block *next;
  size_t used;
  size_t size;
  alignas(max_align_t) unsigned char data[];
};

/* The first block is small: hundreds of open event streams each keep one for as long as they live. */
enum { BLOCK_SIZE = 1024 - (int)sizeof(struct arena_block), BLOCK_MAX = 1 << 18 };

static struct arena_block *block_new(struct arena *a, size_t want)
{
  size_t size = a->head ? a->head->size * 2 : BLOCK_SIZE;
  if (size > BLOCK_MAX)
    size = BLOCK_MAX;
  if (size < want)
    size = want;
  struct arena_block *b = malloc(sizeof *b + size);
  if (!b)
    abort();
  b->used = 0;
  b->size = size;
  b->next = a->head;
  a->head = b;
  return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
  const size_t align = alignof(max_align_t);
  if (size > SIZE_MAX / 2)
    abort();
  size = (size + align - 1) & ~(align - 1);
  struct arena_block *b = a->head;
  if (!b || b->size - b->used < size)
    b = block_new(a, size);
  void *p = b->data + b->used;
  b->used += size;
  memset(p, 0, size);
  return p;
}

void *arena_alloc_n(struct arena *a, size_t count, size_t size)
{
  size_t total;
  if (__builtin_mul_overflow(count, size, &total))
    abort();
  return arena_alloc(a, total);
}

void *arena_memdup(struct arena *a, const void *data, size_t len)
{
  void *p = arena_alloc(a, len);
  if (len)
    memcpy(p, data, len);
  return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
  char *p = arena_alloc(a, len + 1);
  if (len)
    memcpy(p, s, len);
  return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
  return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
  va_list again;
  va_copy(again, ap);
  int len = vsnprintf(NULL, 0, fmt, ap);
  if (len < 0)
    abort();
  char *p = arena_alloc(a, (size_t)len + 1);
  vsnprintf(p, (size_t)len + 1, fmt, again);
  va_end(again);
  return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  char *p = arena_vprintf(a, fmt, ap);
  va_end(ap);
  return p;
}

void arena_free(struct arena *a)
{
  while (a->head) {
    struct arena_block *b = a->head;
    a->head = b->next;
    explicit_bzero(b->data, b->used);
    free(b);
  }
}
