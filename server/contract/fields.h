/* Short names for the fields of shapes, so that a shape reads as a table. A file defines S as the
 * struct's tag before each table; no header includes this one. */
#ifndef OPSD_CONTRACT_FIELDS_H
#define OPSD_CONTRACT_FIELDS_H

#include <stddef.h>

#include "json/json.h"

#define AT(member) .offset = offsetof(struct S, member)
#define END_OF_FIELDS { .kind = JSON_END }

/* Defines shape_NAME of struct TAG; the fields follow the schema's name. */
#define SHAPE_OF(name, tag, schema, ...)                                                  \
  const struct json_shape shape_##name = {                                                \
    schema, sizeof(struct tag), (const struct json_field[]){ __VA_ARGS__, END_OF_FIELDS } \
  }
#define SHAPE(tag, schema, ...) SHAPE_OF(tag, tag, schema, __VA_ARGS__)
#define LOCAL_SHAPE(tag, schema, ...) static SHAPE(tag, schema, __VA_ARGS__)

#endif
