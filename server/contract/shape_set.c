#include "contract/shape_set.h"

#include <assert.h>

static void add(struct shape_set *set, const struct json_shape *shape, enum json_use use)
{
  for (size_t i = 0; i < set->count; i++)
    if (set->item[i].shape == shape)
      return;
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++)
    if (f->shape)
      add(set, f->shape, use);
  assert(set->count < SHAPE_SET_MAX);
  set->item[set->count++] = (struct shape_use){ shape, use };
}

void shape_set_fill(struct shape_set *set)
{
  set->count = 0;
  for (size_t i = 0; i < contract_row_count; i++) {
    if (contract_rows[i].in)
      add(set, contract_rows[i].in, JSON_REQUEST);
    if (contract_rows[i].out)
      add(set, contract_rows[i].out, JSON_REPLY);
  }
  add(set, &shape_error_reply, JSON_REPLY);
}

const char *contract_place(const struct json_field *f)
{
  return f->flags & JSON_IN_PATH ? "path" : f->flags & JSON_IN_QUERY ? "query" : "body";
}

bool contract_has_body(const struct contract_row *r)
{
  for (const struct json_field *f = r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++)
    if (!(f->flags & (JSON_IN_PATH | JSON_IN_QUERY)))
      return true;
  return false;
}
