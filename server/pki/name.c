#include "pki/name.h"

#include <string.h>

#include "pki/oid.h"

/* Decodes the characters of a value one by one, whatever its type. */
struct reader {
  struct der rest;
  uint8_t tag;
};

enum unit { UNIT_CHARACTER, UNIT_BYTE /* no character: show it in hex */, UNIT_SURROGATE, UNIT_NO_CHARACTER };

static bool is_surrogate(uint32_t c) { return c >= 0xd800 && c <= 0xdfff; }

static enum unit next_utf8(struct der *in, uint32_t *c)
{
  static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
  uint8_t first = *in->p++;
  in->len--;
  *c = first;
  if (first < 0x80)
    return UNIT_CHARACTER;
  size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || in->len < more)
    return UNIT_BYTE;
  uint32_t v = first & (0x3fu >> more);
  for (size_t i = 0; i < more; i++) {
    if ((in->p[i] & 0xc0) != 0x80)
      return UNIT_BYTE;
    v = v << 6 | (in->p[i] & 0x3f);
  }
  if (v < least[more] || v > 0x10ffff || is_surrogate(v))
    return UNIT_BYTE;
  *in = (struct der){ in->p + more, in->len - more };
  *c = v;
  return UNIT_CHARACTER;
}

static uint32_t take(struct der *in, size_t n)
{
  uint32_t v = 0;
  for (size_t i = 0; i < n; i++)
    v = v << 8 | in->p[i];
  *in = (struct der){ in->p + n, in->len - n };
  return v;
}

static enum unit next_bmp(struct der *in, uint32_t *c)
{
  *c = take(in, 2);
  if (!is_surrogate(*c))
    return UNIT_CHARACTER;
  struct der ahead = *in;
  uint32_t low = *c < 0xdc00 && ahead.len >= 2 ? take(&ahead, 2) : 0;
  if (low < 0xdc00 || low > 0xdfff)
    return UNIT_SURROGATE;
  *in = ahead;
  *c = 0x10000 + ((*c & 0x3ff) << 10 | (low & 0x3ff));
  return UNIT_CHARACTER;
}

static enum unit next_unit(struct reader *r, uint32_t *c)
{
  switch (r->tag) {
  case DER_UTF8:
    return next_utf8(&r->rest, c);
  case DER_BMP:
    return next_bmp(&r->rest, c);
  case DER_UNIVERSAL:
    *c = take(&r->rest, 4);
    return *c > 0x10ffff || is_surrogate(*c) ? UNIT_NO_CHARACTER : UNIT_CHARACTER;
  default:
    *c = take(&r->rest, 1);
    return UNIT_CHARACTER;
  }
}

static void add_utf8(struct buf *b, uint32_t c)
{
  if (c < 0x80) {
    buf_char(b, (char)c);
    return;
  }
  int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  buf_char(b, (char)((0xff00 >> (more + 1) & 0xff) | c >> 6 * more));
  while (more--)
    buf_char(b, (char)(0x80 | (c >> 6 * more & 0x3f)));
}

static void add_unit(struct buf *b, enum unit unit, uint32_t c)
{
  if (unit == UNIT_SURROGATE)
    buf_printf(b, "\\U%04X", (unsigned)c);
  else if (unit == UNIT_NO_CHARACTER)
    buf_printf(b, "\\W%08X", (unsigned)c);
  else if (unit == UNIT_BYTE || c < 0x20 || c == 0x7f)
    buf_printf(b, "\\%02X", (unsigned)c);
  else
    add_utf8(b, c);
}

/* The characters that RFC 2253 escapes; OpenSSL quotes the whole value instead. Of a value of one character it
 * looks at the end alone, so a lone # stays bare. */
static bool wants_quotes(uint32_t c, bool first, bool last)
{
  if (c == ',' || c == '+' || c == '<' || c == '>' || c == ';')
    return true;
  return (c == ' ' && (first || last)) || (c == '#' && first && !last);
}

/* Adds the value's text; true when it must stand in quotes. */
static bool add_value(struct buf *b, uint8_t tag, struct der value, bool quotable)
{
  struct reader r = { value, tag };
  bool quotes = false;
  while (r.rest.len) {
    bool first = r.rest.p == value.p;
    uint32_t c;
    enum unit unit = next_unit(&r, &c);
    if (unit == UNIT_CHARACTER && (c == '\\' || (quotable && c == '"')))
      buf_char(b, '\\');
    quotes |= unit == UNIT_CHARACTER && wants_quotes(c, first, r.rest.len == 0);
    add_unit(b, unit, c);
  }
  return quotes;
}

static bool is_text(uint8_t tag, struct der value)
{
  switch (tag) {
  case DER_UTF8: case DER_NUMERIC: case DER_PRINTABLE: case DER_T61: case DER_IA5:
    return true;
  case DER_BMP:
    return value.len % 2 == 0;
  case DER_UNIVERSAL:
    return value.len % 4 == 0;
  default:
    return false;
  }
}

static void add_hex(struct buf *b, struct der bytes)
{
  static const char digits[] = "0123456789ABCDEF";
  buf_char(b, '#');
  for (size_t i = 0; i < bytes.len; i++) {
    buf_char(b, digits[bytes.p[i] >> 4]);
    buf_char(b, digits[bytes.p[i] & 15]);
  }
}

void name_add_plain(struct buf *b, uint8_t tag, struct der value)
{
  if (is_text(tag, value))
    add_value(b, tag, value, false);
  else
    add_hex(b, value);
}

struct attribute {
  char type[OID_TEXT_SIZE];
  uint8_t tag;
  struct der value, whole;
};

static bool take_attribute(struct der *set, struct attribute *out)
{
  struct der pair, type;
  return der_take(set, DER_SEQUENCE, &pair) && der_take(&pair, DER_OID, &type) && oid_text(type, out->type) &&
         der_next(&pair, &out->tag, &out->value, &out->whole) && pair.len == 0;
}

bool name_valid(struct der name)
{
  while (name.len) {
    struct der set;
    struct attribute at;
    if (!der_take(&name, DER_SET, &set) || set.len == 0)
      return false;
    while (set.len)
      if (!take_attribute(&set, &at))
        return false;
  }
  return true;
}

static void add_attribute(struct buf *b, const struct attribute *at)
{
  const char *type = oid_attribute(at->type);
  buf_str(b, type ? type : at->type);
  buf_str(b, " = ");
  if (!is_text(at->tag, at->value)) {
    add_hex(b, at->whole);
    return;
  }
  AUTO_BUF struct buf value = BUF_INIT;
  bool quotes = add_value(&value, at->tag, at->value, true);
  buf_str(b, quotes ? "\"" : "");
  buf_add(b, buf_cstr(&value), value.len);
  buf_str(b, quotes ? "\"" : "");
}

char *name_text(struct arena *a, struct der name)
{
  AUTO_BUF struct buf b = BUF_INIT;
  struct der set;
  while (der_take(&name, DER_SET, &set)) {
    struct attribute at;
    for (const char *separator = b.len ? ", " : ""; take_attribute(&set, &at); separator = " + ") {
      buf_str(&b, separator);
      add_attribute(&b, &at);
    }
  }
  return arena_strndup(a, buf_cstr(&b), b.len);
}

char *name_common(struct arena *a, struct der name)
{
  struct der set;
  while (der_take(&name, DER_SET, &set)) {
    struct attribute at;
    while (take_attribute(&set, &at))
      if (strcmp(at.type, "2.5.4.3") == 0) {
        AUTO_BUF struct buf b = BUF_INIT;
        name_add_plain(&b, at.tag, at.value);
        return arena_strndup(a, buf_cstr(&b), b.len);
      }
  }
  return NULL;
}
