/* JSON as tables of fields. A shape says which members an object has, of what type, within
 * which bounds, and where in a C struct each of them lies. The same table reads a request
 * into a struct, writes a reply from one, checks either, and describes itself as JSON
 * Schema (OpenAPI 3.1) and as TypeScript. What no table names, no handler ever sees.
 *
 * C types by kind:
 *   JSON_STRING, JSON_ENUM, JSON_SECRET  const char *     (NULL = absent or null)
 *   JSON_INT                             int64_t
 *   JSON_TIME                            int64_t          seconds UTC; RFC 3339 outside; TIME_NONE = null
 *   JSON_BOOL                            bool
 *   JSON_STRINGS                         struct str_list
 *   JSON_OBJECT                          T *              (NULL = absent or null)
 *   JSON_OBJECTS                         struct { T *item; size_t count; }   (LIST_OF)
 */
#ifndef OPSD_JSON_JSON_H
#define OPSD_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

enum json_kind {
  JSON_END = 0,
  JSON_STRING,
  JSON_SECRET, /* read as a string; writing one is a bug and asserts */
  JSON_ENUM,
  JSON_INT,
  JSON_TIME,
  JSON_BOOL,
  JSON_STRINGS,
  JSON_OBJECT,
  JSON_OBJECTS,
};

enum json_flag {
  JSON_REQUIRED = 1,  /* a request must have it, and not empty */
  JSON_NULLABLE = 2,  /* a reply may hold null there */
  JSON_IN_PATH = 4,   /* request: comes from {name} in the path */
  JSON_IN_QUERY = 8,  /* request: comes from ?name= */
  JSON_MULTILINE = 16, /* request: newlines and tabs are allowed (PEM); otherwise no control characters are */
  JSON_FILE = 32,     /* command line: the value is a file whose content is sent */
};

struct json_shape;
struct json_field {
  const char *name;               /* lower_snake_case */
  enum json_kind kind;
  unsigned flags;
  size_t offset;
  int64_t min, max;               /* INT: bounds (0,0 = none). Strings: bytes; lists: items; max 0 = 4096 */
  const char *const *names;       /* ENUM, or STRINGS of fixed words: the words, ended by NULL */
  const struct json_shape *shape; /* OBJECT, OBJECTS */
  int64_t preset;                 /* INT: the value when a request leaves it out */
  const char *doc;                /* one sentence for OpenAPI and --help */
};

struct json_shape {
  const char *name;  /* schema name, UpperCamelCase */
  size_t size;       /* sizeof the struct */
  const struct json_field *fields; /* ended by JSON_END */
};

/* Reads an object of `shape` from text into *out (shape->size bytes, zeroed by the caller).
 * Strings are copied into the arena. Unknown member, duplicate, wrong type, out of bounds,
 * bad UTF-8, control character, deeper than 16: refused with the field's name
 * ("nodes[2].name" for nested ones); not JSON at all: ERR_MALFORMED with line and column.
 * null is the same as leaving a member out. Fields with IN_PATH or IN_QUERY are not members of the body. */
enum err_code json_read(const struct json_shape *shape, const char *text, size_t len, struct arena *a, void *out,
                        struct err *e);

/* The same for what a daemon answered, which may be newer than we are: unknown members are passed
 * over, bounds and words are not checked, missing members stay empty. Sets the presets itself. */
enum err_code json_read_reply(const struct json_shape *shape, const char *text, size_t len, struct arena *a, void *out,
                              struct err *e);

/* One value that came as text (path, query, command line) into its field; the same checks. `out` is
 * the whole struct. STRINGS: adds to the list, "a,b" adds both. BOOL: true, false, 1, 0. */
enum err_code json_read_text(const struct json_field *f, const char *value, struct arena *a, void *out, struct err *e);

/* After all sources were read: the required ones are there and not empty, in nested objects too.
 * A required INT is missing while it has its preset (0 where the field names none). */
enum err_code json_check_required(const struct json_shape *shape, const void *in, struct err *e);

/* Before reading: writes the presets into *out; TIMEs become TIME_NONE. */
void json_set_presets(const struct json_shape *shape, void *out);

/* Writes the object. Never fails: the strings are valid UTF-8 (asserted in debug builds,
 * replaced by U+FFFD otherwise). */
void json_write(const struct json_shape *shape, const void *in, struct buf *out);
void json_write_string(struct buf *out, const char *s); /* quoted and escaped; NULL writes null */

/* The body of a request, for whoever sends one: the members that are set (lists with items, numbers
 * that are not their preset, true), secrets too; nothing that belongs into path or query. */
void json_write_request(const struct json_shape *shape, const void *in, struct buf *out);

/* Tests and the type generator: reply text against its shape; e says what is off. */
enum err_code json_conforms(const struct json_shape *shape, const char *text, size_t len, struct err *e);

/* Members of a request are optional unless REQUIRED; those of a reply are always there. */
enum json_use { JSON_REQUEST, JSON_REPLY };

/* {"type":"object",…} of JSON Schema 2020-12; nested shapes as $ref "#/components/schemas/NAME".
 * Of a request the members of the body alone. */
void json_describe(const struct json_shape *shape, enum json_use use, struct buf *out);
/* The schema of one value, as a parameter in path or query has it. */
void json_describe_field(const struct json_field *f, struct buf *out);
/* "export interface NAME { … }"; of a request with the fields of path and query. */
void json_describe_typescript(const struct json_shape *shape, enum json_use use, struct buf *out);

/* Once, before the first parse: jansson allocates memory that is wiped when freed. */
void json_init(void);

#endif
