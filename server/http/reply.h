/* What leaves: headers, cookies, bodies. */
#ifndef OPSD_HTTP_REPLY_H
#define OPSD_HTTP_REPLY_H

#include "http/server.h"

/* Headers that say what a browser may do with a response. A page may load its own parts; an API reply is data, and may
 * do nothing at all. hsts: Strict-Transport-Security too. */
void reply_page_headers(struct MHD_Response *response, const struct http_server *s, bool hsts);
void reply_data_headers(struct MHD_Response *response, const struct http_server *s, bool hsts);

/* The reply to r: its error if it has one, else its row's. For use in the connection's own thread. */
enum MHD_Result reply_send(struct request *r);

/* 503 to a request whose handler still runs: touches nothing that the handler may. */
enum MHD_Result reply_send_given_up(struct request *r);

/* 304 with the ETag, 200 with an open stream. */
enum MHD_Result reply_send_not_modified(struct request *r, const char *etag);
enum MHD_Result reply_send_stream(struct request *r);

/* In the middle of a chunked body libmicrohttpd takes no response: writes the error by itself. The connection must be
 * closed then. */
void reply_send_raw_error(struct request *r);

#endif
