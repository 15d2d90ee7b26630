/* JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
#include "json/inner.h"

#include <inttypes.h>

static void add_words(const struct json_field *f, bool with_null, struct buf *out)
{
  buf_str(out, ",\"enum\":[");
  for (size_t i = 0; f->names[i]; i++) {
    if (i)
      buf_char(out, ',');
    json_write_string(out, f->names[i]);
  }
  buf_str(out, with_null ? ",null]" : "]");
}

static void add_type(const char *type, bool nullable, struct buf *out)
{
  buf_printf(out, nullable ? "\"type\":[\"%s\",\"null\"]" : "\"type\":\"%s\"", type);
}

static void add_string(const struct json_field *f, bool nullable, struct buf *out)
{
  int64_t min = f->min > 0 ? f->min : (f->flags & JSON_REQUIRED) ? 1 : 0;
  add_type("string", nullable, out);
  if (f->names)
    add_words(f, nullable, out);
  else if (min)
    buf_printf(out, ",\"minLength\":%" PRId64, min);
  if (f->max)
    buf_printf(out, ",\"maxLength\":%" PRId64, f->max);
  if (f->kind == JSON_SECRET)
    buf_str(out, ",\"writeOnly\":true");
}

static void add_int(const struct json_field *f, bool nullable, struct buf *out)
{
  add_type("integer", nullable, out);
  buf_str(out, ",\"format\":\"int64\"");
  if (f->min || f->max)
    buf_printf(out, ",\"minimum\":%" PRId64, f->min);
  if ((f->min || f->max) && f->max != INT64_MAX)
    buf_printf(out, ",\"maximum\":%" PRId64, f->max);
  if (f->preset)
    buf_printf(out, ",\"default\":%" PRId64, f->preset);
}

static void add_list(const struct json_field *f, struct buf *out)
{
  buf_str(out, "\"type\":\"array\",\"items\":{");
  if (f->kind == JSON_OBJECTS)
    buf_printf(out, "\"$ref\":\"#/components/schemas/%s\"", f->shape->name);
  else
    buf_str(out, "\"type\":\"string\"");
  if (f->kind == JSON_STRINGS && f->names)
    add_words(f, false, out);
  buf_char(out, '}');
  if (f->min)
    buf_printf(out, ",\"minItems\":%" PRId64, f->min);
  if (f->max)
    buf_printf(out, ",\"maxItems\":%" PRId64, f->max);
}

static void add_reference(const struct json_field *f, bool nullable, struct buf *out)
{
  buf_printf(out, nullable ? "\"anyOf\":[{\"$ref\":\"#/components/schemas/%s\"},{\"type\":\"null\"}]"
                           : "\"$ref\":\"#/components/schemas/%s\"", f->shape->name);
}

static void add_value(const struct json_field *f, struct buf *out)
{
  bool nullable = f->flags & JSON_NULLABLE;
  switch (f->kind) {
  case JSON_STRING:
  case JSON_SECRET:
  case JSON_ENUM: add_string(f, nullable, out); break;
  case JSON_INT: add_int(f, nullable, out); break;
  case JSON_BOOL: add_type("boolean", nullable, out); break;
  case JSON_STRINGS:
  case JSON_OBJECTS: add_list(f, out); break;
  case JSON_OBJECT: add_reference(f, nullable, out); break;
  case JSON_TIME:
    add_type("string", nullable, out);
    buf_str(out, ",\"format\":\"date-time\"");
    break;
  case JSON_END: break;
  }
}

void json_describe_field(const struct json_field *f, struct buf *out)
{
  buf_char(out, '{');
  add_value(f, out);
  if (f->doc) {
    buf_str(out, ",\"description\":");
    json_write_string(out, f->doc);
  }
  buf_char(out, '}');
}

static bool must_be_there(const struct json_field *f, enum json_use use)
{
  return use == JSON_REPLY || (f->flags & JSON_REQUIRED);
}

static void add_required(const struct json_shape *shape, enum json_use use, struct buf *out)
{
  bool any = false;
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    if (json_outside_body(f) || !must_be_there(f, use))
      continue;
    buf_printf(out, "%s\"%s\"", any ? "," : ",\"required\":[", f->name);
    any = true;
  }
  if (any)
    buf_char(out, ']');
}

void json_describe(const struct json_shape *shape, enum json_use use, struct buf *out)
{
  bool any = false;
  buf_str(out, "{\"type\":\"object\",\"properties\":{");
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    if (json_outside_body(f))
      continue;
    buf_printf(out, "%s\"%s\":", any ? "," : "", f->name);
    json_describe_field(f, out);
    any = true;
  }
  buf_char(out, '}');
  add_required(shape, use, out);
  buf_str(out, use == JSON_REQUEST ? ",\"additionalProperties\":false}" : "}");
}
