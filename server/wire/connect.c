#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "wire/io.h"
#include "wire/wire.h"

static void addrinfo_cleanup(struct addrinfo **list)
{
  if (*list)
    freeaddrinfo(*list);
}

/* One address: non-blocking connect(2), then its result when the socket can be written to. */
static enum err_code connect_one(const struct addrinfo *to, int64_t deadline_ms, int *fd, struct err *e)
{
  AUTO_CLOSE int s = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (s < 0)
    return err_errno(e, ERR_IO, errno, "a socket could not be made");
  int on = 1, result = 0;
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(s, to->ai_addr, to->ai_addrlen) < 0) {
    if (errno != EINPROGRESS)
      return err_errno(e, ERR_UNREACHABLE, errno, "no connection");
    TRY(wire_wait(s, POLLOUT, deadline_ms, e));
    socklen_t size = sizeof result;
    getsockopt(s, SOL_SOCKET, SO_ERROR, &result, &size);
    if (result)
      return err_errno(e, ERR_UNREACHABLE, result, "no connection");
  }
  *fd = take_fd(s);
  return ERR_NONE;
}

enum err_code wire_connect(const char *host, int port, int timeout_ms, int *fd, struct err *e)
{
  int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
  char service[16];
  snprintf(service, sizeof service, "%d", port);
  const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
  CLEANUP(addrinfo_cleanup) struct addrinfo *list = NULL;
  int rc = getaddrinfo(host, service, &hints, &list);
  if (rc)
    return err_set(e, ERR_UNREACHABLE, "%s:%d: %s", host, port, gai_strerror(rc));
  enum err_code last = ERR_UNREACHABLE;
  for (struct addrinfo *to = list; to; to = to->ai_next) {
    last = connect_one(to, deadline_ms, fd, e);
    if (!last)
      return ERR_NONE;
  }
  err_context(e, "%s:%d", host, port);
  return last;
}
