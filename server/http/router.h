/* Paths to rows of the contract. */
#ifndef OPSD_HTTP_ROUTER_H
#define OPSD_HTTP_ROUTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "contract/contract.h"
#include "http/target.h"

/* A row's path, taken apart: "nodes" is literal, "{ref}" is a parameter. */
struct route {
  const struct contract_row *row;
  const char *segment[TARGET_SEGMENTS_MAX]; /* a parameter's name without its braces */
  bool parameter[TARGET_SEGMENTS_MAX];
  size_t segment_count;
};

/* Once, at the first start: takes all rows apart. Rows that cannot be served (no role and not open, two of
 * a method that one path could match) are bugs: asserted. */
void router_init(void);

/* The row for method (HEAD counts as GET) and path. ERR_NOT_FOUND: no row has that path. ERR_METHOD: some have, and
 * allow (64 bytes) lists their methods for the Allow header. */
enum err_code router_find(const char *method, const struct target *t, const struct route **out, char *allow,
                          struct err *e);

#endif
