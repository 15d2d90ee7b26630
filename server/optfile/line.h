/* One line of an option file, as the servers' reader takes it: mysys/my_default.c (MariaDB) and
 * my_default.cc (MySQL, Percona), which agree in all that is here. Inside this room only.
 *
 * - A "line" is what fgets() brings into their buffer: at most 4094 bytes with the line end. What is longer
 *   is cut, and its rest is read as the next line, even the rest of a comment.
 * - A NUL ends what is seen of a line.
 * - Blanks are those of latin1: space, \t \v \f \r and 0xA0, so the last byte of a UTF-8 "à" is a blank.
 * - "#" ends a line anywhere outside quotes, with or without a blank before it; ";" only begins one.
 * - "!include FILE" has no comments, and the reader drops its last byte in the belief that it is a line
 *   end: on a file's last line without one the path loses a letter. Unknown directives are passed over.
 * - "[name]": what follows the bracket is ignored, blanks before it too. Names of groups are compared
 *   without regard to case, as latin1.
 * - A value loses one pair of equal quotes around it; then \n \t \r \b \s \" \' \\ are replaced, with or
 *   without quotes; another backslash stays. */
#ifndef OPSD_OPTFILE_LINE_H
#define OPSD_OPTFILE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { OPTLINE_MAX = 4094 }; /* bytes with the line end */

enum optline_kind {
  OPTLINE_NOTHING, /* blank, a comment, a directive that no server knows */
  OPTLINE_GROUP,
  OPTLINE_OPTION,
  OPTLINE_INCLUDE,
  OPTLINE_INCLUDE_FOLDER,
  OPTLINE_BAD_GROUP,   /* "[" without "]": the reader stops */
  OPTLINE_BAD_INCLUDE, /* nothing behind it: the reader stops */
};

struct optline {
  enum optline_kind kind;
  const char *text; /* the line, indentation and line end with it */
  size_t len;
  const char *name; /* of a group or option; path of a directive. Points into text, as value does */
  size_t name_len;
  const char *value; /* NULL without "="; raw: quotes and escapes still there */
  size_t value_len;
  bool cut; /* longer than the servers' buffer: the rest is the next line */
};

/* The line at *at, which moves behind it; false at the end. */
bool optline_next(const char *text, size_t len, size_t *at, struct optline *out);

/* Refuses a line at which servers stop reading. grouped: a group was seen before. path may be NULL. */
enum err_code optline_check(const struct optline *l, bool grouped, const char *path, int line, struct err *e);

bool optline_is_blank(char c);

/* The value that a server gets to see. */
char *optline_decode(struct arena *a, const char *raw, size_t len);

/* The shortest way to write value so that optline_decode, and the search for a comment's "#", give it back. */
char *optline_encode(struct arena *a, const char *value);

bool optline_same_group(const char *a, size_t a_len, const char *b, size_t b_len);

/* name behind a "loose-" (or "loose_"), if it has one. */
const char *optline_plain_name(const char *name);

#endif
