#include "http/target.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

static int hex_value(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at text[0] stands for; -1 when it is none. */
static int escape_value(const char *text, size_t len)
{
  if (len < 3)
    return -1;
  int high = hex_value(text[1]), low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static enum err_code decode(const char *text, size_t len, bool plus, struct arena *a, const char **out, struct err *e)
{
  char *plain = arena_alloc(a, len + 1);
  size_t n = 0;
  for (size_t i = 0; i < len; i++) {
    int c = (unsigned char)text[i];
    if (c == '%') {
      c = escape_value(text + i, len - i);
      if (c < 0)
        return err_set(e, ERR_MALFORMED, "The address has a %% that two hexadecimal digits do not follow.");
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    if (c < 0x20 || c == 0x7f)
      return err_set(e, ERR_MALFORMED, "The address has a control character.");
    plain[n++] = (char)c;
  }
  if (!utf8_valid(plain, n))
    return err_set(e, ERR_MALFORMED, "The address is not UTF-8.");
  *out = plain;
  return ERR_NONE;
}

static enum err_code parse_path(const char *text, size_t len, struct arena *a, struct target *out, struct err *e)
{
  if (len == 0 || text[0] != '/')
    return err_set(e, ERR_MALFORMED, "The address must begin with a slash.");
  const char *end = text + len;
  for (const char *p = text + 1; p <= end;) {
    const char *slash = memchr(p, '/', (size_t)(end - p));
    size_t n = slash ? (size_t)(slash - p) : (size_t)(end - p);
    if (out->segment_count == TARGET_SEGMENTS_MAX)
      return err_set(e, ERR_MALFORMED, "The address has more than %d parts.", TARGET_SEGMENTS_MAX);
    const char **segment = &out->segment[out->segment_count++];
    TRY(decode(p, n, false, a, segment, e));
    if (strcmp(*segment, ".") == 0 || strcmp(*segment, "..") == 0)
      return err_set(e, ERR_MALFORMED, "The address has \"%s\" as a part.", *segment);
    p += n + 1;
  }
  return ERR_NONE;
}

static enum err_code parse_query(const char *text, struct arena *a, struct target *out, struct err *e)
{
  if (!*text)
    return ERR_NONE;
  size_t most = 1;
  for (const char *p = text; *p; p++)
    most += *p == '&';
  if (most > TARGET_PAIRS_MAX)
    return err_set(e, ERR_MALFORMED, "The address has more than %d parameters.", TARGET_PAIRS_MAX);
  out->pair = arena_alloc_n(a, most, sizeof *out->pair);
  for (const char *p = text; *p;) {
    size_t n = strcspn(p, "&"), name = strcspn(p, "&=");
    struct target_pair *pair = &out->pair[out->pair_count];
    TRY(decode(p, name, true, a, &pair->name, e));
    size_t value = name + (name < n);
    TRY(decode(p + value, n - value, true, a, &pair->value, e));
    out->pair_count += n > 0; /* "a=1&&b=2": nothing between is nothing */
    p += n + (p[n] == '&');
  }
  return ERR_NONE;
}

enum err_code target_parse(const char *text, struct arena *a, struct target *out, struct err *e)
{
  *out = (struct target){ 0 };
  size_t path = strcspn(text, "?");
  TRY(parse_path(text, path, a, out, e));
  return text[path] ? parse_query(text + path + 1, a, out, e) : ERR_NONE;
}
