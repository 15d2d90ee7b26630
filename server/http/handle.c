#include "http/handle.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "http/router.h"

static const struct json_field *field_find(const struct json_shape *shape, const char *name, unsigned flag)
{
  for (const struct json_field *f = shape ? shape->fields : NULL; f && f->kind != JSON_END; f++)
    if (f->flags & flag && strcmp(f->name, name) == 0)
      return f;
  return NULL;
}

static enum err_code read_path(struct request *r, struct err *e)
{
  for (size_t i = 0; i < r->route->segment_count; i++) {
    if (!r->route->parameter[i])
      continue;
    const struct json_field *f = field_find(r->row->in, r->route->segment[i], JSON_IN_PATH);
    if (!f)
      return err_set(e, ERR_INTERNAL, "%s takes no {%s}", r->row->name, r->route->segment[i]);
    TRY(json_read_text(f, r->target.segment[i], &r->arena, r->in, e));
  }
  return ERR_NONE;
}

static enum err_code read_query(struct request *r, struct err *e)
{
  for (size_t i = 0; i < r->target.pair_count; i++) {
    const struct target_pair *pair = &r->target.pair[i];
    const struct json_field *f = field_find(r->row->in, pair->name, JSON_IN_QUERY);
    if (!f)
      return err_field(e, pair->name, "There is no parameter \"%.60s\" here.", pair->name);
    if (f->kind != JSON_STRINGS)
      for (size_t j = 0; j < i; j++)
        if (strcmp(r->target.pair[j].name, pair->name) == 0)
          return err_field(e, pair->name, "The parameter \"%s\" is given twice.", pair->name);
    TRY(json_read_text(f, pair->value, &r->arena, r->in, e));
  }
  return ERR_NONE;
}

enum err_code handle_read_input(struct request *r, struct err *e)
{
  static const struct json_field no_fields[] = { { .kind = JSON_END } };
  static const struct json_shape nothing = { "Nothing", 1, no_fields };
  const struct json_shape *shape = r->row->in ? r->row->in : &nothing;
  r->in = arena_alloc(&r->arena, shape->size);
  json_set_presets(shape, r->in);
  if (r->body.len)
    TRY(json_read(shape, r->body.data, r->body.len, &r->arena, r->in, e));
  buf_free(&r->body);
  TRY(read_query(r, e));
  TRY(read_path(r, e));
  return json_check_required(shape, r->in, e);
}

static void write_reply(struct request *r)
{
  if (r->row->flags & CONTRACT_RAW) {
    r->reply = r->raw;
    r->raw = (struct buf)BUF_INIT;
  } else if (r->row->out) {
    atomic_size_t *size = &r->server->reply_size[r->row->id];
    buf_reserve(&r->reply, *size + *size / 8);
    json_write(r->row->out, r->out, &r->reply);
    buf_char(&r->reply, '\n');
    *size = r->reply.len;
  }
}

static enum err_code check_reply(struct request *r, struct err *e)
{
  if (!r->server->config.check_replies || !r->row->out || r->row->flags & CONTRACT_RAW)
    return ERR_NONE;
  if (json_conforms(r->row->out, r->reply.data, r->reply.len, e) == ERR_NONE)
    return ERR_NONE;
  struct err off = *e;
  return err_set(e, ERR_INTERNAL, "the reply of %s is not as its row says: %s", r->row->name, off.text);
}

void handle_run(struct request *r)
{
  const struct contract_row *row = r->row;
  if (row->out)
    r->out = arena_alloc(&r->arena, row->out->size);
  r->call.raw = &r->raw;
  http_handler *handler = r->server->config.handlers[row->id];
  enum err_code rc = handler(&r->call, r->in, r->out, &r->error);
  if (rc == ERR_NONE) {
    r->error.code = ERR_NONE; /* what the handler tried and forgave does not count */
    if (!(row->flags & CONTRACT_STREAM))
      write_reply(r);
    rc = check_reply(r, &r->error);
  }
  r->error.code = rc;
  if (row->flags & CONTRACT_WRITE)
    r->server->config.hooks.audit(&r->call, rc ? &r->error : NULL);
}

void handle_audit_refusal(struct request *r)
{
  if (r->row && r->row->flags & CONTRACT_WRITE && r->call.who.role != ROLE_NONE)
    r->server->config.hooks.audit(&r->call, &r->error);
}

/* Texts are cut to the size of struct err, perhaps within a character. */
static const char *whole_characters(struct arena *a, const char *text)
{
  size_t len = strlen(text);
  while (len && !utf8_valid(text, len))
    len--;
  return arena_strndup(a, text, len);
}

void handle_write_error(const struct err *error, const char *request_id, struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct error_body body = {
    .code = err_code_name(error->code),
    .message = whole_characters(&a, error->text),
    .field = error->field[0] ? whole_characters(&a, error->field) : NULL,
    .request = request_id,
  };
  struct error_reply reply = { &body };
  json_write(&shape_error_reply, &reply, out);
  buf_char(out, '\n');
}

const char *handle_etag(struct request *r)
{
  const struct http_config *c = &r->server->config;
  return arena_printf(&r->arena, "\"%s-%" PRIx64 "-%" PRIx64 "\"", r->server->start_tag,
                      c->hooks.generation(c->user), (uint64_t)(clock_now_s() / 60));
}
