/* The shapes that the rows use, each once. */
#ifndef OPSD_CONTRACT_SHAPE_SET_H
#define OPSD_CONTRACT_SHAPE_SET_H

#include "contract/contract.h"

enum { SHAPE_SET_MAX = 256 };
struct shape_set {
  struct shape_use {
    const struct json_shape *shape;
    enum json_use use;
  } item[SHAPE_SET_MAX];
  size_t count;
};

/* In the order of the rows, nested shapes before those that hold them; the error reply last. */
void shape_set_fill(struct shape_set *set);

bool contract_has_body(const struct contract_row *r);  /* any field that is neither in path nor query */
const char *contract_place(const struct json_field *f); /* "path", "query" or "body" */

#endif
