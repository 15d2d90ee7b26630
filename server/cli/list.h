/* Commands that list: all pages, as a table, as ids or as the API's JSON. */
#ifndef OPSD_CLI_LIST_H
#define OPSD_CLI_LIST_H

#include "cli/run.h"

/* Fetches page after page (or --limit items) and prints them. */
int list_run(struct cli *c, void *in);

/* The value of the field, alone on a line; "token.id" of an object in it. */
void list_print_id(const struct json_shape *shape, const char *field, const void *in, struct buf *out);

#endif
