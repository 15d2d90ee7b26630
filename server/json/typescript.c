#include "json/inner.h"

static void add_words(const struct json_field *f, struct buf *out)
{
  for (size_t i = 0; f->names[i]; i++)
    buf_printf(out, "%s\"%s\"", i ? " | " : "", f->names[i]);
}

static void add_list(const struct json_field *f, struct buf *out)
{
  if (f->kind == JSON_OBJECTS) {
    buf_printf(out, "%s[]", f->shape->name);
  } else if (f->names) {
    buf_char(out, '(');
    add_words(f, out);
    buf_str(out, ")[]");
  } else {
    buf_str(out, "string[]");
  }
}

static void add_type(const struct json_field *f, struct buf *out)
{
  switch (f->kind) {
  case JSON_STRING:
  case JSON_SECRET:
  case JSON_TIME: buf_str(out, "string"); break;
  case JSON_ENUM: add_words(f, out); break;
  case JSON_INT: buf_str(out, "number"); break;
  case JSON_BOOL: buf_str(out, "boolean"); break;
  case JSON_STRINGS:
  case JSON_OBJECTS: add_list(f, out); break;
  case JSON_OBJECT: buf_str(out, f->shape->name); break;
  case JSON_END: break;
  }
}

void json_describe_typescript(const struct json_shape *shape, enum json_use use, struct buf *out)
{
  buf_printf(out, "export interface %s {\n", shape->name);
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    bool optional = use == JSON_REQUEST && !(f->flags & JSON_REQUIRED);
    if (f->doc)
      buf_printf(out, "  /** %s */\n", f->doc);
    buf_printf(out, "  %s%s: ", f->name, optional ? "?" : "");
    add_type(f, out);
    buf_str(out, (f->flags & JSON_NULLABLE) || optional ? " | null;\n" : ";\n");
  }
  buf_str(out, "}\n");
}
