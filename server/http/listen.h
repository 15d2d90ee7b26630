/* Listening sockets, and libmicrohttpd's daemons on them. */
#ifndef OPSD_HTTP_LISTEN_H
#define OPSD_HTTP_LISTEN_H

#include "http/server.h"

/* A TCP socket. address NULL: all, IPv6 and IPv4 in one where there is IPv6. port 0: a free one; *real is what it
 * became. */
enum err_code listen_tcp(const char *address, int port, int *fd, int *real, struct err *e);

/* A local socket of mode 0600; one that a dead daemon left behind is replaced. */
enum err_code listen_local(const char *path, int *fd, struct err *e);

/* Serves fd (taken) as kind. */
enum err_code listener_start(struct http_server *s, enum listener_kind kind, int fd, int port, struct err *e);

/* No new connections from now on. */
void listener_quiet(struct listener *l);
void listener_stop(struct listener *l);

#endif
