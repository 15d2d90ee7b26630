#include "json/inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t place_print(const struct json_place *at, char *out, size_t size)
{
  size_t n = at->up ? place_print(at->up, out, size) : 0;
  int more = at->name ? snprintf(out + n, size - n, "%s%s", n ? "." : "", at->name)
                      : snprintf(out + n, size - n, "[%zu]", at->index);
  n += (size_t)more;
  return n < size ? n : size - 1;
}

enum err_code json_refuse(const struct json_place *at, struct err *e, const char *fmt, ...)
{
  char field[64] = "", text[512];
  place_print(at, field, sizeof field);
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  return err_field(e, field, "%s %s", field, text);
}

const struct json_field *json_find_field(const struct json_shape *shape, const char *name)
{
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++)
    if (strcmp(f->name, name) == 0)
      return f;
  return NULL;
}

/* C0, DEL and, as UTF-8, C1: what a terminal or a log would act upon. */
static bool has_control(const char *s, size_t len, bool multiline)
{
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)s[i];
    if (multiline && (c == '\n' || c == '\r' || c == '\t'))
      continue;
    if (c < 0x20 || c == 0x7f)
      return true;
    if (c == 0xc2 && i + 1 < len && (unsigned char)s[i + 1] < 0xa0)
      return true;
  }
  return false;
}

enum err_code json_check_string(const struct json_field *f, const struct json_place *at, const char *s, size_t len,
                                struct err *e)
{
  /* the bounds of a list count its items; each of those is a string of the common size */
  bool item = f->kind == JSON_STRINGS;
  size_t min = item ? 1 : (size_t)f->min, max = item || f->max == 0 ? JSON_STRING_MAX : (size_t)f->max;
  if ((f->flags & JSON_REQUIRED) && min == 0)
    min = 1;
  if (len == 0 && min > 0)
    return json_refuse(at, e, "must not be empty");
  if (len < min)
    return json_refuse(at, e, "must have at least %zu characters", min);
  if (len > max)
    return json_refuse(at, e, "must not be longer than %zu bytes", max);
  if (!utf8_valid(s, len))
    return json_refuse(at, e, "must be UTF-8");
  if (has_control(s, len, f->flags & JSON_MULTILINE))
    return json_refuse(at, e, "must not hold control characters");
  return ERR_NONE;
}

enum err_code json_check_int(const struct json_field *f, const struct json_place *at, int64_t value, struct err *e)
{
  if ((f->min == 0 && f->max == 0) || (value >= f->min && value <= f->max))
    return ERR_NONE;
  if (f->max == INT64_MAX)
    return json_refuse(at, e, "must be %" PRId64 " or more", f->min);
  return json_refuse(at, e, "must be between %" PRId64 " and %" PRId64, f->min, f->max);
}

enum err_code json_check_word(const struct json_field *f, const struct json_place *at, const char *s, const char **word,
                              struct err *e)
{
  AUTO_BUF struct buf words = BUF_INIT;
  for (size_t i = 0; f->names[i]; i++) {
    if (strcmp(f->names[i], s) == 0) {
      *word = f->names[i];
      return ERR_NONE;
    }
    buf_printf(&words, "%s%s", i == 0 ? "" : f->names[i + 1] ? ", " : " or ", f->names[i]);
  }
  return json_refuse(at, e, "must be %s", buf_cstr(&words));
}
