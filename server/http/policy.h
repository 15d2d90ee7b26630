/* All that stands before a handler and needs the head alone, in this order: a readable request, 404, 405, 401,
 * 403 (role, local socket, CSRF), 413 by Content-Length, 415. */
#ifndef OPSD_HTTP_POLICY_H
#define OPSD_HTTP_POLICY_H

#include "http/server.h"

/* Collects what matters of the head into r->head and r->call. */
void policy_read_head(struct request *r);

/* Finds r->row or r->asset and says whether it may be asked for. */
enum err_code policy_check(struct request *r, const char *method, struct err *e);

/* Whether a Host header can be one: no spaces, no slash, nothing that ends up elsewhere. */
bool policy_host_valid(const char *host);

#endif
