/* A TCP or unix connection with a deadline. Inside this room only. */
#ifndef OPSD_REMOTE_CONNECT_H
#define OPSD_REMOTE_CONNECT_H

#include <stdint.h>

#include "base/err.h"

/* The first address that answers; TCP_NODELAY is set, the socket is non-blocking. ERR_UNREACHABLE or ERR_TIMEOUT. */
enum err_code connect_tcp(const char *host, int port, int64_t deadline_ms, int *fd, struct err *e);
enum err_code connect_unix(const char *path, int64_t deadline_ms, int *fd, struct err *e);

/* poll() of one descriptor until the deadline; false when that has passed. */
struct pollfd;
int poll_until(struct pollfd *fds, int count, int64_t deadline_ms);

#endif
