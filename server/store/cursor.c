#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/inside.h"

/* Base64url without padding (RFC 4648, 5): the text goes into URLs as it is. */
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *encode(struct arena *a, const char *data, size_t len)
{
  char *out = arena_alloc(a, len * 4 / 3 + 3), *p = out;
  uint32_t bits = 0;
  int held = 0;
  for (size_t i = 0; i < len; i++) {
    bits = bits << 8 | (unsigned char)data[i];
    for (held += 8; held >= 6; held -= 6)
      *p++ = digits[bits >> (held - 6) & 63];
  }
  if (held)
    *p = digits[bits << (6 - held) & 63];
  return out;
}

static char *decode(struct arena *a, const char *text)
{
  char *out = arena_alloc(a, strlen(text) + 1), *p = out;
  uint32_t bits = 0;
  int held = 0;
  for (; *text; text++) {
    const char *digit = strchr(digits, *text);
    if (!digit)
      return NULL;
    bits = bits << 6 | (uint32_t)(digit - digits);
    held += 6;
    if (held >= 8) {
      held -= 8;
      *p++ = (char)(bits >> held & 255);
    }
  }
  return out;
}

/* "list:number:id:text" */
const char *cursor_format(struct arena *a, const char *list, const struct cursor *c)
{
  const char *plain = arena_printf(a, "%s:%lld:%lld:%s", list, (long long)c->number, (long long)c->id,
                                   c->text ? c->text : "");
  return encode(a, plain, strlen(plain));
}

static bool take_int(char **p, int64_t *out)
{
  char *end = strchr(*p, ':');
  if (!end)
    return false;
  *end = '\0';
  bool fine = int_parse(*p, INT64_MIN + 1, INT64_MAX, out);
  *p = end + 1;
  return fine;
}

enum err_code cursor_parse(struct arena *a, const char *list, const char *after, struct cursor *out, struct err *e)
{
  if (!after)
    return ERR_NONE;
  char *p = decode(a, after);
  size_t len = strlen(list);
  struct cursor c;
  bool fine = p && strncmp(p, list, len) == 0 && p[len] == ':';
  if (fine) {
    p += len + 1;
    fine = take_int(&p, &c.number) && take_int(&p, &c.id) && utf8_valid(p, strlen(p));
  }
  if (!fine)
    return err_field(e, "after", "\"after\" is not what this list gave as \"next\": begin at the first page");
  c.text = p;
  *out = c;
  return ERR_NONE;
}
