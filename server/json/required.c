#include "json/inner.h"

static enum err_code check_object(const struct json_shape *shape, const struct json_place *up, const void *in,
                                  struct err *e);

static bool is_empty(const struct json_field *f, const void *value)
{
  switch (f->kind) {
  case JSON_STRING:
  case JSON_SECRET:
  case JSON_ENUM: return !*(const char *const *)value || !**(const char *const *)value;
  case JSON_INT: return *(const int64_t *)value == f->preset;
  case JSON_TIME: return *(const int64_t *)value == TIME_NONE;
  case JSON_STRINGS: return ((const struct str_list *)value)->count == 0;
  case JSON_OBJECT: return !*(const void *const *)value;
  case JSON_OBJECTS: return ((const struct json_items *)value)->count == 0;
  case JSON_BOOL:
  case JSON_END: break;
  }
  return false;
}

static enum err_code check_nested(const struct json_field *f, const struct json_place *at, const void *value,
                                  struct err *e)
{
  if (f->kind == JSON_OBJECT && *(const void *const *)value)
    return check_object(f->shape, at, *(const void *const *)value, e);
  if (f->kind != JSON_OBJECTS)
    return ERR_NONE;
  const struct json_items *list = value;
  for (size_t i = 0; i < list->count; i++) {
    struct json_place item = { at, NULL, i };
    TRY(check_object(f->shape, &item, list->item + i * f->shape->size, e));
  }
  return ERR_NONE;
}

static enum err_code check_object(const struct json_shape *shape, const struct json_place *up, const void *in,
                                  struct err *e)
{
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    struct json_place at = { up, f->name, 0 };
    const void *value = json_at_const(in, f);
    if ((f->flags & JSON_REQUIRED) && is_empty(f, value))
      return json_refuse(&at, e, "is missing");
    TRY(check_nested(f, &at, value, e));
  }
  return ERR_NONE;
}

enum err_code json_check_required(const struct json_shape *shape, const void *in, struct err *e)
{
  return check_object(shape, NULL, in, e);
}
