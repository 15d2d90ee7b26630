/* CONTRACT_SLOW: the handler runs on the pool while its connection is suspended. */
#ifndef OPSD_HTTP_SLOW_H
#define OPSD_HTTP_SLOW_H

#include "http/server.h"

/* Suspends the connection and queues the handler; libmicrohttpd comes back to the request when it is
 * REQUEST_ANSWERED, or detached. ERR_UNAVAILABLE in the last phase of stopping. */
enum err_code slow_start(struct request *r, struct err *e);

/* http_stop's patience is at its end: nothing is suspended any more, and who waits is answered without its handler. */
void slow_detach_all(struct http_server *s);

#endif
