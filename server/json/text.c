/* Values that came as text: path, query, command line. */
#include "json/inner.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static enum err_code read_int(const struct json_field *f, const struct json_place *at, const char *value, int64_t *out,
                              struct err *e)
{
  int64_t n;
  if (!int_parse(value, INT64_MIN, INT64_MAX, &n))
    return json_refuse(at, e, "must be a whole number");
  TRY(json_check_int(f, at, n, e));
  *out = n;
  return ERR_NONE;
}

static enum err_code read_bool(const struct json_place *at, const char *value, bool *out, struct err *e)
{
  bool yes = str_eq(value, "true") || str_eq(value, "1");
  if (!yes && !str_eq(value, "false") && !str_eq(value, "0"))
    return json_refuse(at, e, "must be true or false");
  *out = yes;
  return ERR_NONE;
}

static enum err_code read_item(const struct json_field *f, const struct json_place *up, const char *item,
                               struct arena *a, struct str_list *out, struct err *e)
{
  struct json_place at = { up, NULL, out->count };
  if ((int64_t)out->count >= (f->max ? f->max : JSON_LIST_MAX))
    return json_refuse(up, e, "must not have more than %" PRId64 " items", f->max ? f->max : JSON_LIST_MAX);
  TRY(json_check_string(f, &at, item, strlen(item), e));
  if (f->names)
    TRY(json_check_word(f, &at, item, &item, e));
  str_list_add(a, out, item);
  return ERR_NONE;
}

static enum err_code read_list(const struct json_field *f, const struct json_place *at, const char *value,
                               struct arena *a, struct str_list *out, struct err *e)
{
  for (const char *p = value;;) {
    size_t n = strcspn(p, ",");
    TRY(read_item(f, at, arena_strndup(a, p, n), a, out, e));
    if (p[n] == '\0')
      return ERR_NONE;
    p += n + 1;
  }
}

enum err_code json_read_text(const struct json_field *f, const char *value, struct arena *a, void *out, struct err *e)
{
  struct json_place at = { NULL, f->name, 0 };
  void *to = json_at(out, f);
  switch (f->kind) {
  case JSON_STRING:
  case JSON_SECRET:
    TRY(json_check_string(f, &at, value, strlen(value), e));
    *(const char **)to = arena_strdup(a, value);
    return ERR_NONE;
  case JSON_ENUM: return json_check_word(f, &at, value, to, e);
  case JSON_INT: return read_int(f, &at, value, to, e);
  case JSON_BOOL: return read_bool(&at, value, to, e);
  case JSON_STRINGS: return read_list(f, &at, value, a, to, e);
  case JSON_TIME:
    if (!clock_parse(value, to))
      return json_refuse(&at, e, "must be a time like 2026-01-31T12:00:00Z");
    return ERR_NONE;
  case JSON_OBJECT:
  case JSON_OBJECTS:
  case JSON_END: break;
  }
  assert(!"an object cannot come as text");
  return err_set(e, ERR_INTERNAL, "%s cannot come as text", f->name);
}
