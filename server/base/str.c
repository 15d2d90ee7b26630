#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

bool str_eq(const char *a, const char *b)
{
  return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_starts(const char *s, const char *prefix)
{
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
  size_t n = strlen(s), m = strlen(suffix);
  return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool utf8_valid(const char *s, size_t len)
{
  const unsigned char *p = (const unsigned char *)s, *end = p + len;
  while (p < end) {
    unsigned c = *p++;
    if (c == 0)
      return false;
    if (c < 0x80)
      continue;
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4 || end - p < more)
      return false;
    uint32_t v = c & (0x3fu >> more);
    for (int i = 0; i < more; i++, p++) {
      if ((*p & 0xc0) != 0x80)
        return false;
      v = v << 6 | (*p & 0x3f);
    }
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    if (v < least[more] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
      return false;
  }
  return true;
}

void str_list_add(struct arena *a, struct str_list *l, const char *s)
{
  /* capacity is the next power of two from 4 on: grow when count reaches one */
  if (l->count == 0 || (l->count >= 4 && (l->count & (l->count - 1)) == 0)) {
    size_t cap = l->count ? l->count * 2 : 4;
    const char **item = arena_alloc_n(a, cap, sizeof *item);
    if (l->count)
      memcpy(item, l->item, l->count * sizeof *item);
    l->item = item;
  }
  l->item[l->count++] = arena_strdup(a, s);
}

bool str_list_has(const struct str_list *l, const char *s)
{
  for (size_t i = 0; i < l->count; i++)
    if (strcmp(l->item[i], s) == 0)
      return true;
  return false;
}

char *str_list_join(struct arena *a, const struct str_list *l, const char *sep)
{
  AUTO_BUF struct buf b = BUF_INIT;
  for (size_t i = 0; i < l->count; i++) {
    if (i)
      buf_str(&b, sep);
    buf_str(&b, l->item[i]);
  }
  return arena_strndup(a, buf_cstr(&b), b.len);
}

char *hex_format(struct arena *a, const uint8_t *data, size_t len, char sep)
{
  static const char digits[] = "0123456789abcdef";
  char *out = arena_alloc(a, len * 3 + 1), *p = out;
  for (size_t i = 0; i < len; i++) {
    if (i && sep)
      *p++ = sep;
    *p++ = digits[data[i] >> 4];
    *p++ = digits[data[i] & 15];
  }
  return out;
}

bool int_parse(const char *s, int64_t min, int64_t max, int64_t *out)
{
  if (!s || !(*s == '-' || (*s >= '0' && *s <= '9')))
    return false;
  char *end;
  errno = 0;
  long long v = strtoll(s, &end, 10);
  if (errno || *end || end == s || v < min || v > max)
    return false;
  *out = v;
  return true;
}

char *sh_quote(struct arena *a, const char *s)
{
  AUTO_BUF struct buf b = BUF_INIT;
  buf_char(&b, '\'');
  for (; *s; s++) {
    if (*s == '\'')
      buf_str(&b, "'\\''");
    else
      buf_char(&b, *s);
  }
  buf_char(&b, '\'');
  return arena_strndup(a, b.data, b.len);
}
