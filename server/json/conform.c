#include "json/inner.h"

static enum err_code conform_object(const struct json_shape *shape, const struct json_place *up, struct json_t *j,
                                    struct err *e);

static enum err_code conform_string(const struct json_field *f, const struct json_place *at, struct json_t *j,
                                    struct err *e)
{
  size_t len;
  const char *word;
  if (tree_kind(j) != TREE_STRING)
    return json_refuse(at, e, "is not a string");
  return f->names ? json_check_word(f, at, tree_text(j, &len), &word, e) : ERR_NONE;
}

static enum err_code conform_list(const struct json_field *f, const struct json_place *at, struct json_t *j,
                                  struct err *e)
{
  if (tree_kind(j) != TREE_LIST)
    return json_refuse(at, e, "is not a list");
  for (size_t i = 0; i < tree_count(j); i++) {
    struct json_place item = { at, NULL, i };
    struct json_t *one = tree_item(j, i);
    TRY(f->kind == JSON_STRINGS ? conform_string(f, &item, one, e) : conform_object(f->shape, &item, one, e));
  }
  return ERR_NONE;
}

static enum err_code conform_value(const struct json_field *f, const struct json_place *at, struct json_t *j,
                                   struct err *e)
{
  size_t len;
  int64_t at_s;
  if (tree_kind(j) == TREE_NULL && (f->flags & JSON_NULLABLE))
    return ERR_NONE;
  switch (f->kind) {
  case JSON_SECRET: return json_refuse(at, e, "is a secret");
  case JSON_STRING:
  case JSON_ENUM: return conform_string(f, at, j, e);
  case JSON_INT: return tree_kind(j) == TREE_INT ? ERR_NONE : json_refuse(at, e, "is not a whole number");
  case JSON_BOOL:
    if (tree_kind(j) != TREE_TRUE && tree_kind(j) != TREE_FALSE)
      return json_refuse(at, e, "is not true or false");
    return ERR_NONE;
  case JSON_TIME:
    if (tree_kind(j) != TREE_STRING || !clock_parse(tree_text(j, &len), &at_s))
      return json_refuse(at, e, "is not a time");
    return ERR_NONE;
  case JSON_STRINGS:
  case JSON_OBJECTS: return conform_list(f, at, j, e);
  case JSON_OBJECT: return conform_object(f->shape, at, j, e);
  case JSON_END: break;
  }
  return ERR_NONE;
}

static enum err_code conform_object(const struct json_shape *shape, const struct json_place *up, struct json_t *j,
                                    struct err *e)
{
  if (tree_kind(j) != TREE_OBJECT)
    return up ? json_refuse(up, e, "is not an object") : err_set(e, ERR_MALFORMED, "the reply is not an object");
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    struct json_place at = { up, f->name, 0 };
    struct json_t *value = tree_member(j, f->name);
    if (!value)
      return json_refuse(&at, e, "is not there");
    TRY(conform_value(f, &at, value, e));
  }
  for (void *m = tree_first(j); m; m = tree_next(j, m)) {
    struct json_place at = { up, tree_name(m), 0 };
    if (!json_find_field(shape, tree_name(m)))
      return json_refuse(&at, e, "is not in the shape %s", shape->name);
  }
  return ERR_NONE;
}

enum err_code json_conforms(const struct json_shape *shape, const char *text, size_t len, struct err *e)
{
  AUTO_TREE struct json_t *j = NULL;
  TRY(tree_parse(text, len, &j, e));
  return conform_object(shape, NULL, j, e);
}
