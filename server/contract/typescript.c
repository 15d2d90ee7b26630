#include "contract/shape_set.h"

static const char *out_type(const struct contract_row *r)
{
  if (r->out)
    return r->out->name;
  return r->flags & CONTRACT_STREAM ? "never" : r->flags & CONTRACT_RAW ? "unknown" : "void";
}

static void add_operation_types(struct buf *out)
{
  buf_str(out, "/** What each operation takes and answers; a stream is read as events. */\n"
               "export interface Operations {\n");
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    buf_printf(out, "  /** %s */\n  %s: { method: \"%s\"; path: \"%s\"; in: %s; out: %s };\n", r->summary, r->name,
               r->method, r->path, r->in ? r->in->name : "Record<string, never>", out_type(r));
  }
  buf_str(out, "}\n\n");
}

static void add_query_names(const struct contract_row *r, struct buf *out)
{
  bool any = false;
  buf_char(out, '[');
  for (const struct json_field *f = r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++) {
    if (!(f->flags & JSON_IN_QUERY))
      continue;
    buf_printf(out, "%s\"%s\"", any ? ", " : "", f->name);
    any = true;
  }
  buf_char(out, ']');
}

static void add_operation_table(struct buf *out)
{
  buf_str(out,
          "/** Where each operation lives. Names in {} of `path` and those in `query` are taken out of the input; the\n"
               " * rest is the JSON body. */\n"
               "export const operations = {\n");
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    buf_printf(out, "  %s: { method: \"%s\", path: \"%s\", query: ", r->name, r->method, r->path);
    add_query_names(r, out);
    buf_printf(out, ", role: \"%s\", stream: %s },\n", role_word(r->role),
               r->flags & CONTRACT_STREAM ? "true" : "false");
  }
  buf_str(out, "} as const satisfies Record<keyof Operations, unknown>;\n");
}

void contract_typescript(struct buf *out)
{
  struct shape_set set;
  shape_set_fill(&set);
  buf_str(out, "// Printed from the endpoint table of opsd; do not edit.\n\n");
  for (size_t i = 0; i < set.count; i++) {
    json_describe_typescript(set.item[i].shape, set.item[i].use, out);
    buf_char(out, '\n');
  }
  add_operation_types(out);
  add_operation_table(out);
}
