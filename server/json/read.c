#include "json/inner.h"

#include <inttypes.h>
#include <string.h>

/* A request is read strictly. A reply may come from a newer daemon: what we do not know
 * there is passed over, and what is not there stays empty. */
struct reader {
  struct arena *a;
  struct err *e;
  bool strict;
};

static enum err_code read_object(const struct reader *r, const struct json_shape *shape, const struct json_place *at,
                                 struct json_t *j, void *out);

static enum err_code read_string(const struct reader *r, const struct json_field *f, const struct json_place *at,
                                 struct json_t *j, const char **out)
{
  if (tree_kind(j) != TREE_STRING)
    return json_refuse(at, r->e, "must be a string");
  size_t len;
  const char *s = tree_text(j, &len);
  if (r->strict)
    TRY(json_check_string(f, at, s, len, r->e));
  if (r->strict && f->names)
    return json_check_word(f, at, s, out, r->e);
  *out = arena_strndup(r->a, s, len);
  return ERR_NONE;
}

static enum err_code read_int(const struct reader *r, const struct json_field *f, const struct json_place *at,
                              struct json_t *j, int64_t *out)
{
  if (tree_kind(j) != TREE_INT)
    return json_refuse(at, r->e, "must be a whole number");
  int64_t n = tree_int(j);
  if (r->strict)
    TRY(json_check_int(f, at, n, r->e));
  *out = n;
  return ERR_NONE;
}

static enum err_code read_time(const struct reader *r, const struct json_place *at, struct json_t *j, int64_t *out)
{
  size_t len;
  if (tree_kind(j) != TREE_STRING || !clock_parse(tree_text(j, &len), out))
    return json_refuse(at, r->e, "must be a time like 2026-01-31T12:00:00Z");
  return ERR_NONE;
}

static enum err_code read_bool(const struct reader *r, const struct json_place *at, struct json_t *j, bool *out)
{
  if (tree_kind(j) != TREE_TRUE && tree_kind(j) != TREE_FALSE)
    return json_refuse(at, r->e, "must be true or false");
  *out = tree_kind(j) == TREE_TRUE;
  return ERR_NONE;
}

static enum err_code check_list(const struct reader *r, const struct json_field *f, const struct json_place *at,
                                struct json_t *j)
{
  if (tree_kind(j) != TREE_LIST)
    return json_refuse(at, r->e, "must be a list");
  int64_t count = (int64_t)tree_count(j), max = f->max ? f->max : JSON_LIST_MAX;
  if (r->strict && count < f->min)
    return json_refuse(at, r->e, "must have at least %" PRId64 " items", f->min);
  if (r->strict && count > max)
    return json_refuse(at, r->e, "must not have more than %" PRId64 " items", max);
  return ERR_NONE;
}

static enum err_code read_strings(const struct reader *r, const struct json_field *f, const struct json_place *at,
                                  struct json_t *j, struct str_list *out)
{
  TRY(check_list(r, f, at, j));
  for (size_t i = 0; i < tree_count(j); i++) {
    struct json_place item = { at, NULL, i };
    const char *s;
    TRY(read_string(r, f, &item, tree_item(j, i), &s));
    str_list_add(r->a, out, s);
  }
  return ERR_NONE;
}

static enum err_code read_objects(const struct reader *r, const struct json_field *f, const struct json_place *at,
                                  struct json_t *j, struct json_items *out)
{
  TRY(check_list(r, f, at, j));
  struct json_items list = { arena_alloc_n(r->a, tree_count(j), f->shape->size), tree_count(j) };
  for (size_t i = 0; i < list.count; i++) {
    struct json_place item = { at, NULL, i };
    char *one = list.item + i * f->shape->size;
    json_set_presets(f->shape, one);
    TRY(read_object(r, f->shape, &item, tree_item(j, i), one));
  }
  *out = list;
  return ERR_NONE;
}

static enum err_code read_nested(const struct reader *r, const struct json_field *f, const struct json_place *at,
                                 struct json_t *j, void **out)
{
  void *nested = arena_alloc(r->a, f->shape->size);
  json_set_presets(f->shape, nested);
  TRY(read_object(r, f->shape, at, j, nested));
  *out = nested;
  return ERR_NONE;
}

static enum err_code read_field(const struct reader *r, const struct json_field *f, const struct json_place *at,
                                struct json_t *j, void *out)
{
  void *to = json_at(out, f);
  if (tree_kind(j) == TREE_NULL) /* the same as leaving it out */
    return ERR_NONE;
  switch (f->kind) {
  case JSON_STRING:
  case JSON_SECRET:
  case JSON_ENUM: return read_string(r, f, at, j, to);
  case JSON_INT: return read_int(r, f, at, j, to);
  case JSON_TIME: return read_time(r, at, j, to);
  case JSON_BOOL: return read_bool(r, at, j, to);
  case JSON_STRINGS: return read_strings(r, f, at, j, to);
  case JSON_OBJECT: return read_nested(r, f, at, j, to);
  case JSON_OBJECTS: return read_objects(r, f, at, j, to);
  case JSON_END: break;
  }
  return ERR_NONE;
}

static enum err_code refuse_unknown(const struct reader *r, const struct json_place *at, const char *name)
{
  struct json_place member = { at, tree_name_is_plain(name) ? name : "(unknown)", 0 };
  return json_refuse(&member, r->e, "is not known here; leave it out");
}

static enum err_code read_object(const struct reader *r, const struct json_shape *shape, const struct json_place *at,
                                 struct json_t *j, void *out)
{
  if (tree_kind(j) != TREE_OBJECT)
    return at ? json_refuse(at, r->e, "must be an object")
              : err_set(r->e, ERR_MALFORMED, "a JSON object is wanted: {…}");
  for (void *m = tree_first(j); m; m = tree_next(j, m)) {
    const char *name = tree_name(m);
    const struct json_field *f = json_find_field(shape, name);
    bool known = f && !json_outside_body(f);
    if (!known && r->strict)
      return refuse_unknown(r, at, name);
    struct json_place member = { at, name, 0 };
    if (known)
      TRY(read_field(r, f, &member, tree_value(m), out));
  }
  return ERR_NONE;
}

void json_init(void) { tree_init(); }

void json_set_presets(const struct json_shape *shape, void *out)
{
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    if (f->kind == JSON_INT && f->preset)
      *(int64_t *)json_at(out, f) = f->preset;
    if (f->kind == JSON_TIME)
      *(int64_t *)json_at(out, f) = TIME_NONE;
  }
}

static enum err_code read_text(const struct reader *r, const struct json_shape *shape, const char *text, size_t len,
                               void *out)
{
  AUTO_TREE struct json_t *j = NULL;
  TRY(tree_parse(text, len, &j, r->e));
  return read_object(r, shape, NULL, j, out);
}

enum err_code json_read(const struct json_shape *shape, const char *text, size_t len, struct arena *a, void *out,
                        struct err *e)
{
  return read_text(&(struct reader){ a, e, true }, shape, text, len, out);
}

enum err_code json_read_reply(const struct json_shape *shape, const char *text, size_t len, struct arena *a, void *out,
                              struct err *e)
{
  json_set_presets(shape, out);
  return read_text(&(struct reader){ a, e, false }, shape, text, len, out);
}
