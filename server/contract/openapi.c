#include "contract/shape_set.h"

#include <ctype.h>
#include <string.h>

static const char security_schemes[] =
  "\"securitySchemes\":{"
  "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-opsd\","
  "\"description\":\"What POST /api/v1/session sets. Every write also needs the header X-Opsd-CSRF: 1 and a matching"
  " Origin.\"},"
  "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"An API token: opsd token-add.\"}}";

static void add_member(struct buf *out, const char *name, const char *value)
{
  buf_printf(out, ",\"%s\":", name);
  json_write_string(out, value);
}

static void add_parameter(const struct json_field *f, struct buf *out)
{
  buf_printf(out, "{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s", f->name, contract_place(f),
             f->flags & JSON_REQUIRED ? "true" : "false");
  if (f->kind == JSON_STRINGS)
    buf_str(out, ",\"style\":\"form\",\"explode\":false");
  buf_str(out, ",\"schema\":");
  json_describe_field(f, out);
  buf_char(out, '}');
}

static void add_parameters(const struct json_shape *in, struct buf *out)
{
  bool any = false;
  for (const struct json_field *f = in->fields; f->kind != JSON_END; f++) {
    if (!(f->flags & (JSON_IN_PATH | JSON_IN_QUERY)))
      continue;
    buf_str(out, any ? "," : ",\"parameters\":[");
    add_parameter(f, out);
    any = true;
  }
  if (any)
    buf_char(out, ']');
}

static bool body_needed(const struct json_shape *in)
{
  for (const struct json_field *f = in->fields; f->kind != JSON_END; f++)
    if ((f->flags & JSON_REQUIRED) && !(f->flags & (JSON_IN_PATH | JSON_IN_QUERY)))
      return true;
  return false;
}

static void add_content(const struct json_shape *shape, struct buf *out)
{
  buf_printf(out, "\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}}",
             shape->name);
}

static void add_responses(const struct contract_row *r, struct buf *out)
{
  buf_printf(out, ",\"responses\":{\"%d\":{\"description\":\"%s\"", r->status,
             r->status == 202 ? "Accepted; the work goes on." : "Done.");
  if (r->out) {
    buf_char(out, ',');
    add_content(r->out, out);
  } else if (r->flags & CONTRACT_STREAM) {
    buf_str(out, ",\"content\":{\"text/event-stream\":{\"schema\":{\"type\":\"string\"}}}");
  } else if (r->flags & CONTRACT_RAW) {
    buf_str(out, ",\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"}}}");
  }
  buf_str(out, "},\"default\":{\"$ref\":\"#/components/responses/Error\"}}");
}

/* "certificates" of /api/v1/certificates/{id}: what documentation groups by. */
static void add_tag(const char *path, struct buf *out)
{
  static const char prefix[] = "/api/v1/";
  const char *start = strncmp(path, prefix, sizeof prefix - 1) == 0 ? path + sizeof prefix - 1 : path + 1;
  buf_printf(out, "\"tags\":[\"%.*s\"]", (int)strcspn(start, "/"), start);
}

static void add_operation(const struct contract_row *r, struct buf *out)
{
  buf_char(out, '"');
  for (const char *m = r->method; *m; m++)
    buf_char(out, (char)tolower((unsigned char)*m));
  buf_str(out, "\":{");
  add_tag(r->path, out);
  add_member(out, "operationId", r->name);
  add_member(out, "summary", r->summary);
  if (r->in)
    add_parameters(r->in, out);
  if (contract_has_body(r)) {
    buf_printf(out, ",\"requestBody\":{\"required\":%s,", body_needed(r->in) ? "true" : "false");
    add_content(r->in, out);
    buf_char(out, '}');
  }
  add_responses(r, out);
  if (r->flags & CONTRACT_OPEN)
    buf_str(out, ",\"security\":[]");
  add_member(out, "x-opsd-role", role_word(r->role));
  if (r->command)
    add_member(out, "x-opsd-command", r->command);
  if (r->flags & CONTRACT_LOCAL)
    buf_str(out, ",\"x-opsd-local\":true");
  buf_char(out, '}');
}

static bool is_first_of_path(size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (strcmp(contract_rows[k].path, contract_rows[i].path) == 0)
      return false;
  return true;
}

static void add_path(size_t first, struct buf *out)
{
  json_write_string(out, contract_rows[first].path);
  buf_str(out, ":{");
  for (size_t i = first; i < contract_row_count; i++) {
    if (strcmp(contract_rows[i].path, contract_rows[first].path) != 0)
      continue;
    if (i > first)
      buf_char(out, ',');
    add_operation(&contract_rows[i], out);
  }
  buf_char(out, '}');
}

/* What a request has in its path and query alone is described there, as parameters. */
static bool is_in_bodies(const struct shape_use *used)
{
  if (used->use == JSON_REPLY)
    return true;
  for (size_t i = 0; i < contract_row_count; i++)
    if (contract_rows[i].in == used->shape)
      return contract_has_body(&contract_rows[i]);
  return true;
}

static void add_schemas(struct buf *out)
{
  struct shape_set set;
  shape_set_fill(&set);
  buf_str(out, "\"schemas\":{");
  bool any = false;
  for (size_t i = 0; i < set.count; i++) {
    if (!is_in_bodies(&set.item[i]))
      continue;
    buf_printf(out, "%s\"%s\":", any ? "," : "", set.item[i].shape->name);
    json_describe(set.item[i].shape, set.item[i].use, out);
    any = true;
  }
  buf_char(out, '}');
}

void contract_openapi(const char *version, struct buf *out)
{
  buf_str(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"opsd\","
               "\"description\":\"TLS for database clusters that speak the MySQL protocol.\"");
  add_member(out, "version", version);
  buf_str(out, "},\"servers\":[{\"url\":\"/\"}],\"security\":[{\"session\":[]},{\"token\":[]}],\"paths\":{");
  for (size_t i = 0; i < contract_row_count; i++) {
    if (!is_first_of_path(i))
      continue;
    if (i)
      buf_char(out, ',');
    add_path(i, out);
  }
  buf_str(out, "},\"components\":{");
  add_schemas(out);
  buf_str(out, ",\"responses\":{\"Error\":{\"description\":\"Refused or failed.\",");
  add_content(&shape_error_reply, out);
  buf_printf(out, "}},%s}}\n", security_schemes);
}
