/* Tables and blocks of lines for people. Columns are aligned by what a terminal shows, not by bytes. */
#ifndef OPSD_CLI_TABLE_H
#define OPSD_CLI_TABLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "cli/command.h"

/* Columns that s takes on a terminal. */
size_t text_width(const char *s);
/* s with everything a terminal would act upon replaced by "?"; no newline gets through. */
void text_add(struct buf *out, const char *s);

/* The field's value for people: "-" for nothing, times as "2026-11-22 14:50 UTC", yes and no. */
const char *text_of_field(struct arena *a, const struct json_field *f, const void *in);

/* `list` is a LIST_OF(T) whose T the shape describes. The headings alone when it is empty. */
void table_print(const struct json_shape *shape, const struct cli_column *columns, const void *list, struct buf *out);

/* One "heading: value" a line, values aligned as behind a heading of `width` or more; what is null or empty
 * is left out. */
void lines_print(const struct json_shape *shape, const struct cli_column *lines, size_t width, const void *in,
                 struct buf *out);

#endif
