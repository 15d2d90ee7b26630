#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_reserve(struct buf *b, size_t more)
{
  if (more > SIZE_MAX / 4 || b->len > SIZE_MAX / 4)
    abort();
  size_t want = b->len + more + 1;
  if (want <= b->cap)
    return;
  size_t cap = b->cap ? b->cap : 256;
  while (cap < want)
    cap *= 2;
  /* not realloc: it may leave a copy behind that nobody wipes */
  char *data = malloc(cap);
  if (!data)
    abort();
  if (b->data) {
    memcpy(data, b->data, b->len);
    explicit_bzero(b->data, b->len);
    free(b->data);
  }
  data[b->len] = '\0';
  b->data = data;
  b->cap = cap;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
  if (len >= b->cap - b->len) /* what is written in small pieces mostly fits; cap is 0 while len is */
    buf_reserve(b, len);
  if (len)
    memcpy(b->data + b->len, data, len);
  b->len += len;
  b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s) { buf_add(b, s, strlen(s)); }
void buf_char(struct buf *b, char c) { buf_add(b, &c, 1); }

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
  va_list again;
  va_copy(again, ap);
  int len = vsnprintf(NULL, 0, fmt, ap);
  if (len < 0)
    abort();
  buf_reserve(b, (size_t)len);
  vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
  va_end(again);
  b->len += (size_t)len;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(b, fmt, ap);
  va_end(ap);
}

void buf_clear(struct buf *b)
{
  if (b->data)
    explicit_bzero(b->data, b->cap);
  b->len = 0;
}

void buf_free(struct buf *b)
{
  buf_clear(b);
  free(b->data);
  *b = (struct buf)BUF_INIT;
}

const char *buf_cstr(const struct buf *b) { return b->data ? b->data : ""; }

char *buf_take(struct buf *b)
{
  buf_reserve(b, 0);
  char *data = b->data;
  *b = (struct buf)BUF_INIT;
  return data;
}
