/* The endpoints. One row says all there is to say about one of them but its handler: the
 * dispatcher (http) does all policy from it, api binds a handler to its id, cli takes its
 * arguments from it, OpenAPI, the TypeScript types and the tests' list are printed from it.
 * A row without a role does not start. */
#ifndef OPSD_CONTRACT_CONTRACT_H
#define OPSD_CONTRACT_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "json/json.h"
#include "model/word.h"

#include "contract/operation.h" /* enum operation { OP_… }, one per row */

enum contract_flag {
  CONTRACT_WRITE = 1,   /* changes something: CSRF rules, one audit row */
  CONTRACT_OPEN = 2,    /* needs nobody signed in: /healthz, signing in, the setup */
  CONTRACT_SLOW = 4,    /* runs on the thread pool while the connection is suspended */
  CONTRACT_STREAM = 8,  /* answers text/event-stream */
  CONTRACT_RAW = 16,    /* the handler writes the body itself (openapi.json, PEM) */
  CONTRACT_CACHED = 32, /* carries the state's generation as ETag; a match is a 304 without a handler */
  CONTRACT_LOCAL = 64,  /* only over the local socket (stop, restart): never from the network */
};

struct contract_row {
  enum operation id;
  const char *name;     /* "certImport": OpenAPI's operationId, the audit's operation */
  const char *command;  /* "cert-import"; NULL when the command line has none */
  const char *method;   /* "GET", "POST", "PUT", "PATCH", "DELETE" */
  const char *path;     /* "/api/v1/certificates/{id}" */
  enum role role;       /* least role; ROLE_NONE only with CONTRACT_OPEN */
  unsigned flags;
  size_t body_max;      /* bytes; 0: no body is taken */
  int status;           /* of a success: 200, 201, 202, 204 */
  const struct json_shape *in;  /* path, query and body fields; NULL: none */
  const struct json_shape *out; /* reply; NULL: 204 or RAW or STREAM */
  const char *summary;  /* one sentence */
};

extern const struct contract_row contract_rows[]; /* in the order of enum operation */
extern const size_t contract_row_count;

const struct contract_row *contract_find(const char *name); /* by name or command; NULL */

/* The whole OpenAPI 3.1 document; version is opsd's. */
void contract_openapi(const char *version, struct buf *out);

/* All shapes that rows use, each once, as TypeScript interfaces, and one
 * `export interface Operations { certImport: { method, path, in, out } … }`. */
void contract_typescript(struct buf *out);

/* {"operations":[{"name","command","method","path","role","flags":[…],"body_max","status","in":[fields…]}…]}
 * for the tests' matrix. */
void contract_list(struct buf *out);

/* The error reply: {"error":{"code","message","field","request"}}. */
extern const struct json_shape shape_error_reply;
struct error_body {
  const char *code, *message, *field, *request;
};
struct error_reply {
  struct error_body *error;
};

#endif
