/* A shape with every kind, for the tests of the json room. */
#ifndef OPSD_TESTS_JSON_SHAPES_H
#define OPSD_TESTS_JSON_SHAPES_H

#include <stddef.h>

#include "json/json.h"

struct part {
  const char *name;
  int64_t size, at_s;
};

struct whole {
  int64_t id;
  const char *q, *name, *pem, *key, *colour;
  int64_t count, port, at_s;
  bool on;
  struct str_list tags, colours;
  struct part *part;
  LIST_OF(struct part) parts;
};

static const char *const colour_words[] = { "red", "green", "blue", NULL };

static const struct json_field part_fields[] = {
  { "name", JSON_STRING, JSON_REQUIRED, offsetof(struct part, name), .doc = "Name." },
  { "size", JSON_INT, 0, offsetof(struct part, size), .preset = 7 },
  { "at", JSON_TIME, JSON_NULLABLE, offsetof(struct part, at_s) },
  { .kind = JSON_END },
};
static const struct json_shape shape_part = { "Part", sizeof(struct part), part_fields };

#define WHOLE_WITHOUT_KEY                                                                                        \
  { "name", JSON_STRING, JSON_REQUIRED, offsetof(struct whole, name), 2, 8, .doc = "Its \"name\"." },            \
  { "pem", JSON_STRING, JSON_MULTILINE | JSON_NULLABLE, offsetof(struct whole, pem), 0, 100 },                   \
  { "colour", JSON_ENUM, JSON_NULLABLE, offsetof(struct whole, colour), .names = colour_words },                 \
  { "count", JSON_INT, 0, offsetof(struct whole, count), .preset = 5 },                                          \
  { "port", JSON_INT, 0, offsetof(struct whole, port), 1, 65535, .preset = 1 },                                  \
  { "at", JSON_TIME, JSON_NULLABLE, offsetof(struct whole, at_s) },                                              \
  { "on", JSON_BOOL, 0, offsetof(struct whole, on) },                                                            \
  { "tags", JSON_STRINGS, 0, offsetof(struct whole, tags), 1, 3 },                                               \
  { "colours", JSON_STRINGS, 0, offsetof(struct whole, colours), .names = colour_words },                        \
  { "part", JSON_OBJECT, JSON_NULLABLE, offsetof(struct whole, part), .shape = &shape_part },                    \
  { "parts", JSON_OBJECTS, 0, offsetof(struct whole, parts), .max = 2, .shape = &shape_part }

static const struct json_field whole_fields[] = {
  { "id", JSON_INT, JSON_REQUIRED | JSON_IN_PATH, offsetof(struct whole, id), 1, INT64_MAX },
  { "q", JSON_STRING, JSON_IN_QUERY, offsetof(struct whole, q) },
  { "key", JSON_SECRET, JSON_MULTILINE, offsetof(struct whole, key), 0, 100 },
  WHOLE_WITHOUT_KEY,
  { .kind = JSON_END },
};
static const struct json_shape shape_whole __attribute__((unused)) = { "Whole", sizeof(struct whole), whole_fields };

/* The same as a reply. */
static const struct json_field shown_fields[] = { WHOLE_WITHOUT_KEY, { .kind = JSON_END } };
static const struct json_shape shape_shown __attribute__((unused)) = { "Shown", sizeof(struct whole), shown_fields };

#endif
