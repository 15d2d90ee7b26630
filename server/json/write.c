#include "json/inner.h"

#include <assert.h>
#include <string.h>

/* Length of the well-formed sequence at s, 0 when there is none. */
static size_t sequence_at(const char *s, size_t len)
{
  unsigned char c = (unsigned char)*s;
  size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  return n <= len && utf8_valid(s, n) ? n : 0;
}

static void write_char(struct buf *out, char c)
{
  switch (c) {
  case '"': buf_str(out, "\\\""); break;
  case '\\': buf_str(out, "\\\\"); break;
  case '\n': buf_str(out, "\\n"); break;
  case '\r': buf_str(out, "\\r"); break;
  case '\t': buf_str(out, "\\t"); break;
  default: buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
  }
}

static bool is_plain(char c) { return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f && c != '"' && c != '\\'; }

void json_write_string(struct buf *out, const char *s)
{
  if (!s) {
    buf_str(out, "null");
    return;
  }
  buf_char(out, '"');
  for (size_t left = strlen(s); left;) {
    size_t plain = 0;
    while (plain < left && is_plain(s[plain]))
      plain++;
    buf_add(out, s, plain);
    s += plain, left -= plain;
    if (!left)
      break;
    size_t n = (unsigned char)*s < 0x80 ? 1 : sequence_at(s, left);
    assert(n && "strings are UTF-8");
    if (n == 1)
      write_char(out, *s);
    else if (n)
      buf_add(out, s, n);
    else
      buf_str(out, "\xef\xbf\xbd");
    n = n ? n : 1;
    s += n, left -= n;
  }
  buf_char(out, '"');
}

struct writer {
  struct buf *out;
  bool request;
};

static void write_object(const struct writer *w, const struct json_shape *shape, const void *in);

static void write_strings(struct buf *out, const struct str_list *list)
{
  buf_char(out, '[');
  for (size_t i = 0; i < list->count; i++) {
    if (i)
      buf_char(out, ',');
    json_write_string(out, list->item[i]);
  }
  buf_char(out, ']');
}

static void write_objects(const struct writer *w, const struct json_shape *shape, const struct json_items *list)
{
  buf_char(w->out, '[');
  for (size_t i = 0; i < list->count; i++) {
    if (i)
      buf_char(w->out, ',');
    write_object(w, shape, list->item + i * shape->size);
  }
  buf_char(w->out, ']');
}

/* Not buf_printf: numbers and members' names are most of a list, and it takes half of the time then. */
static void write_int(struct buf *out, int64_t value)
{
  char text[24], *at = text + sizeof text;
  uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
  do
    *--at = (char)('0' + left % 10);
  while (left /= 10);
  if (value < 0)
    *--at = '-';
  buf_add(out, at, (size_t)(text + sizeof text - at));
}

static void write_name(struct buf *out, const char *name, bool first)
{
  buf_str(out, first ? "\"" : ",\"");
  buf_str(out, name);
  buf_add(out, "\":", 2);
}

static void write_time(struct buf *out, int64_t at_s)
{
  if (at_s == TIME_NONE) {
    buf_str(out, "null");
    return;
  }
  char text[CLOCK_RFC3339_SIZE];
  clock_format(at_s, text);
  buf_char(out, '"');
  buf_str(out, text);
  buf_char(out, '"');
}

static void write_value(const struct writer *w, const struct json_field *f, const void *value)
{
  struct buf *out = w->out;
  switch (f->kind) {
  case JSON_SECRET:
    assert(w->request && "a secret never goes out in a reply");
    json_write_string(out, w->request ? *(const char *const *)value : NULL);
    return;
  case JSON_STRING:
  case JSON_ENUM: json_write_string(out, *(const char *const *)value); return;
  case JSON_INT: write_int(out, *(const int64_t *)value); return;
  case JSON_TIME: write_time(out, *(const int64_t *)value); return;
  case JSON_BOOL: buf_str(out, *(const bool *)value ? "true" : "false"); return;
  case JSON_STRINGS: write_strings(out, value); return;
  case JSON_OBJECT:
    if (*(const void *const *)value)
      write_object(w, f->shape, *(const void *const *)value);
    else
      buf_str(out, "null");
    return;
  case JSON_OBJECTS: write_objects(w, f->shape, value); return;
  case JSON_END: return;
  }
}

/* In a request: whether the member says anything that leaving it out does not. */
static bool is_set(const struct json_field *f, const void *value)
{
  switch (f->kind) {
  case JSON_INT: return *(const int64_t *)value != f->preset;
  case JSON_TIME: return *(const int64_t *)value != TIME_NONE;
  case JSON_BOOL: return *(const bool *)value;
  case JSON_STRINGS: return ((const struct str_list *)value)->count > 0;
  case JSON_OBJECTS: return ((const struct json_items *)value)->count > 0;
  default: return *(const void *const *)value != NULL;
  }
}

static void write_object(const struct writer *w, const struct json_shape *shape, const void *in)
{
  bool first = true;
  buf_char(w->out, '{');
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    const void *value = json_at_const(in, f);
    if (w->request && (json_outside_body(f) || !is_set(f, value)))
      continue;
    write_name(w->out, f->name, first);
    write_value(w, f, value);
    first = false;
  }
  buf_char(w->out, '}');
}

void json_write(const struct json_shape *shape, const void *in, struct buf *out)
{
  write_object(&(struct writer){ out, false }, shape, in);
}

void json_write_request(const struct json_shape *shape, const void *in, struct buf *out)
{
  write_object(&(struct writer){ out, true }, shape, in);
}
