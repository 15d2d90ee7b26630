/* A growing byte buffer, always ended by a NUL that does not count. Growth and free wipe
 * what they leave behind, so a buffer may hold a secret. Out of memory aborts. */
#ifndef OPSD_BASE_BUF_H
#define OPSD_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/cleanup.h"

struct buf {
  char *data; /* NULL while nothing was added */
  size_t len;
  size_t cap;
};

#define BUF_INIT { NULL, 0, 0 }

void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void buf_clear(struct buf *b);       /* wipes, keeps the memory */
void buf_free(struct buf *b);        /* wipes and frees */
const char *buf_cstr(const struct buf *b); /* "" when empty */
char *buf_take(struct buf *b);       /* gives the data (never NULL) to the caller; free() it */

#define AUTO_BUF CLEANUP(buf_free)

#endif
