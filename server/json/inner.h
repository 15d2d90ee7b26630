/* What the files of this room share; no other room includes it. */
#ifndef OPSD_JSON_INNER_H
#define OPSD_JSON_INNER_H

#include "json/json.h"
#include "json/tree.h"

enum { JSON_STRING_MAX = 4096, JSON_LIST_MAX = 4096 };

/* Where in the body we are; printed only when something is refused. */
struct json_place {
  const struct json_place *up;
  const char *name;  /* NULL for an item of a list */
  size_t index;
};

/* A LIST_OF(T) whose T only the shape knows. */
struct json_items {
  char *item;
  size_t count;
};

static inline void *json_at(void *base, const struct json_field *f) { return (char *)base + f->offset; }
static inline const void *json_at_const(const void *base, const struct json_field *f)
{
  return (const char *)base + f->offset;
}

/* Comes from the path or the query and is no member of a body. */
static inline bool json_outside_body(const struct json_field *f) { return f->flags & (JSON_IN_PATH | JSON_IN_QUERY); }

/* ERR_INVALID; the text begins with the field's name: "nodes[2].name must …". */
enum err_code json_refuse(const struct json_place *at, struct err *e, const char *fmt, ...)
  __attribute__((format(printf, 3, 4)));

/* One string, one number, one word against its field. */
enum err_code json_check_string(const struct json_field *f, const struct json_place *at, const char *s, size_t len,
                                struct err *e);
enum err_code json_check_int(const struct json_field *f, const struct json_place *at, int64_t value, struct err *e);
enum err_code json_check_word(const struct json_field *f, const struct json_place *at, const char *s, const char **word,
                              struct err *e);

const struct json_field *json_find_field(const struct json_shape *shape, const char *name);

#endif
