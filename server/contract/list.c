#include "contract/shape_set.h"

#include <inttypes.h>

static const char *kind_name(enum json_kind kind)
{
  switch (kind) {
  case JSON_STRING: return "string";
  case JSON_SECRET: return "secret";
  case JSON_ENUM: return "enum";
  case JSON_INT: return "int";
  case JSON_TIME: return "time";
  case JSON_BOOL: return "bool";
  case JSON_STRINGS: return "strings";
  case JSON_OBJECT: return "object";
  case JSON_OBJECTS: return "objects";
  case JSON_END: break;
  }
  return NULL;
}

static void add_words(const struct json_field *f, struct buf *out)
{
  buf_str(out, ",\"words\":[");
  for (size_t i = 0; f->names[i]; i++) {
    if (i)
      buf_char(out, ',');
    json_write_string(out, f->names[i]);
  }
  buf_char(out, ']');
}

static void add_field(const struct json_field *f, struct buf *out)
{
  buf_printf(out,
             "{\"name\":\"%s\",\"kind\":\"%s\",\"place\":\"%s\",\"required\":%s,\"min\":%" PRId64 ",\"max\":%" PRId64,
             f->name, kind_name(f->kind), contract_place(f),
             f->flags & JSON_REQUIRED ? "true" : "false", f->min, f->max);
  if (f->names)
    add_words(f, out);
  buf_char(out, '}');
}

static void add_flags(unsigned flags, struct buf *out)
{
  static const struct { unsigned bit; const char *name; } names[] = {
    { CONTRACT_WRITE, "write" },   { CONTRACT_OPEN, "open" }, { CONTRACT_SLOW, "slow" },
    { CONTRACT_STREAM, "stream" }, { CONTRACT_RAW, "raw" },   { CONTRACT_CACHED, "cached" },
    { CONTRACT_LOCAL, "local" },
  };
  bool any = false;
  buf_str(out, ",\"flags\":[");
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    if (!(flags & names[i].bit))
      continue;
    buf_printf(out, "%s\"%s\"", any ? "," : "", names[i].name);
    any = true;
  }
  buf_char(out, ']');
}

static void add_row(const struct contract_row *r, struct buf *out)
{
  buf_printf(out, "{\"name\":\"%s\",\"command\":", r->name);
  json_write_string(out, r->command);
  buf_printf(out, ",\"method\":\"%s\",\"path\":\"%s\",\"role\":\"%s\"", r->method, r->path, role_word(r->role));
  add_flags(r->flags, out);
  buf_printf(out, ",\"body_max\":%zu,\"status\":%d,\"out\":", r->body_max, r->status);
  json_write_string(out, r->out ? r->out->name : NULL);
  buf_str(out, ",\"in\":[");
  for (const struct json_field *f = r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++) {
    if (f != r->in->fields)
      buf_char(out, ',');
    add_field(f, out);
  }
  buf_str(out, "]}");
}

void contract_list(struct buf *out)
{
  buf_str(out, "{\"operations\":[");
  for (size_t i = 0; i < contract_row_count; i++) {
    if (i)
      buf_str(out, ",\n");
    add_row(&contract_rows[i], out);
  }
  buf_str(out, "]}\n");
}
