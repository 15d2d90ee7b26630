#include "remote/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/clock.h"

int poll_until(struct pollfd *fds, int count, int64_t deadline_ms)
{
  for (;;) {
    int64_t left = deadline_ms - clock_monotonic_ms();
    int n = poll(fds, (nfds_t)count, left > 0 ? (int)(left < 3600000 ? left : 3600000) : 0);
    if (n >= 0 || errno != EINTR)
      return n;
  }
}

/* 0, or the errno of the failure */
static int finish(int fd, const struct sockaddr *to, socklen_t len, int64_t deadline_ms)
{
  if (connect(fd, to, len) == 0)
    return 0;
  if (errno != EINPROGRESS && errno != EAGAIN)
    return errno;
  struct pollfd p = { .fd = fd, .events = POLLOUT };
  if (poll_until(&p, 1, deadline_ms) <= 0)
    return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) ? errno : error;
}

static void free_addresses(struct addrinfo **list)
{
  if (*list)
    freeaddrinfo(*list);
}

enum err_code connect_tcp(const char *host, int port, int64_t deadline_ms, int *fd_out, struct err *e)
{
  CLEANUP(free_addresses) struct addrinfo *list = NULL;
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
  char service[16];
  snprintf(service, sizeof service, "%d", port);
  int rc = getaddrinfo(host, service, &hints, &list);
  if (rc == EAI_NONAME || rc == EAI_ADDRFAMILY ||
      rc == EAI_NODATA) { /* AI_ADDRCONFIG hides 127.0.0.1 from a host without network */
    hints.ai_flags = 0;
    rc = getaddrinfo(host, service, &hints, &list);
  }
  if (rc)
    return err_set(e, ERR_UNREACHABLE, "The host name %s cannot be resolved: %s", host, gai_strerror(rc));
  int error = ECONNREFUSED;
  for (struct addrinfo *at = list; at; at = at->ai_next) {
    AUTO_CLOSE int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    error = fd < 0 ? errno : finish(fd, at->ai_addr, at->ai_addrlen, deadline_ms);
    if (error)
      continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    *fd_out = take_fd(fd);
    return ERR_NONE;
  }
  return err_errno(e, error == ETIMEDOUT ? ERR_TIMEOUT : ERR_UNREACHABLE, error, "No connection to %s port %d", host,
                   port);
}

enum err_code connect_unix(const char *path, int64_t deadline_ms, int *fd_out, struct err *e)
{
  struct sockaddr_un to = { .sun_family = AF_UNIX };
  if (strlen(path) >= sizeof to.sun_path)
    return err_set(e, ERR_INVALID, "The socket's path %s is longer than %zu bytes", path, sizeof to.sun_path - 1);
  strcpy(to.sun_path, path);
  AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int error = fd < 0 ? errno : finish(fd, (struct sockaddr *)&to, sizeof to, deadline_ms);
  if (error)
    return err_errno(e, ERR_UNREACHABLE, error, "No connection to the socket %s", path);
  *fd_out = take_fd(fd);
  return ERR_NONE;
}
