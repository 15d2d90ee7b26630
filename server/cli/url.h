#ifndef OPSD_CLI_URL_H
#define OPSD_CLI_URL_H

#include "contract/contract.h"

/* Path and query of a request, every value percent-encoded: "/api/v1/nodes?limit=1000&roles=leaf". */
void url_write(const struct contract_row *row, const void *in, struct buf *out);

/* "host" of "http://host:port/…" names this machine itself: a token may go there without TLS. */
bool url_is_loopback(const char *url);

#endif
