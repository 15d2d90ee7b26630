/* From a whole request to what its reply will say. */
#ifndef OPSD_HTTP_HANDLE_H
#define OPSD_HTTP_HANDLE_H

#include "http/server.h"

/* Fills r->in from body, query and path, in that order, and checks it. */
enum err_code handle_read_input(struct request *r, struct err *e);

/* Runs the row's handler and writes the audit's row. What there is to say is then in r->error or r->reply.
 * In any thread, one at a time. */
void handle_run(struct request *r);

/* A write that was refused before its handler: the audit's row. */
void handle_audit_refusal(struct request *r);

/* An error reply as JSON. */
void handle_write_error(const struct err *error, const char *request_id, struct buf *out);

/* The ETag of CONTRACT_CACHED rows, quoted, in the arena. It holds the minute too, since replies tell of days left and
 * of what has expired. */
const char *handle_etag(struct request *r);

#endif
