/* Small things about strings, and the two list types that rooms share. */
#ifndef OPSD_BASE_STR_H
#define OPSD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define LIST_OF(T) struct { T *item; size_t count; }

struct str_list {
  const char **item;
  size_t count;
};

bool str_eq(const char *a, const char *b);          /* NULL equals NULL alone */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/* True for well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, no NUL within len). */
bool utf8_valid(const char *s, size_t len);

/* Appends a copy of s to the list; amortised growth inside the arena. */
void str_list_add(struct arena *a, struct str_list *l, const char *s);
bool str_list_has(const struct str_list *l, const char *s);

/* "a, b and c" for sentences. */
char *str_list_join(struct arena *a, const struct str_list *l, const char *sep);

/* Lower-case hex, colon-separated where sep is ':' ('\0' for none). */
char *hex_format(struct arena *a, const uint8_t *data, size_t len, char sep);

/* Parses a decimal integer that fills the whole string. */
bool int_parse(const char *s, int64_t min, int64_t max, int64_t *out);

/* s in single quotes as POSIX sh reads it back; NULs cannot occur. */
char *sh_quote(struct arena *a, const char *s);

#endif
