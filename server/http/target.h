/* The request target, "/api/v1/nodes/db%2D1?limit=5": split first, decoded afterwards, so
 * that an escaped slash is data. Strict: what two programs could read in two ways is refused. */
#ifndef OPSD_HTTP_TARGET_H
#define OPSD_HTTP_TARGET_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { TARGET_SEGMENTS_MAX = 16, TARGET_PAIRS_MAX = 64 };

struct target_pair { const char *name, *value; };
struct target {
  const char *segment[TARGET_SEGMENTS_MAX]; /* "api", "v1", "nodes", "db-1" */
  size_t segment_count;
  struct target_pair *pair;                 /* of the query, in order; + is a space */
  size_t pair_count;
};

/* ERR_MALFORMED for: no slash at the start, a bad or cut %-escape, a NUL or another control
 * character, what is not UTF-8, "." and ".." as segments, too many of anything. */
enum err_code target_parse(const char *text, struct arena *a, struct target *out, struct err *e);

#endif
