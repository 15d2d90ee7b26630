#include "wire/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/str.h"
#include "crypt/crypt.h"

struct door {
  int listener, inside, stop[2]; /* stop: a pipe, closed to end the thread */
  int port;
  int64_t deadline_ms;
  char source[DOOR_SOURCE_SIZE];
  pthread_t thread;
};

static bool came_from(const struct door *d, const struct sockaddr_in *peer)
{
  char text[DOOR_SOURCE_SIZE];
  return inet_ntop(AF_INET, &peer->sin_addr, text, sizeof text) && str_eq(text, d->source);
}

/* -1: nobody came in time, or the door is being closed. */
static int let_in(struct door *d)
{
  for (;;) {
    int64_t left = d->deadline_ms - clock_monotonic_ms();
    struct pollfd p[] = { { d->listener, POLLIN, 0 }, { d->stop[0], POLLIN, 0 } };
    if (left <= 0 || poll(p, COUNT_OF(p), (int)left) <= 0 || p[1].revents)
      return -1;
    struct sockaddr_in peer = { 0 };
    socklen_t size = sizeof peer;
    AUTO_CLOSE int fd = accept4(d->listener, (struct sockaddr *)&peer, &size, SOCK_CLOEXEC);
    if (fd >= 0 && came_from(d, &peer))
      return take_fd(fd);
  }
}

static bool send_all(int fd, const char *data, size_t len)
{
  while (len) {
    ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      struct pollfd p = { fd, POLLOUT, 0 };
      poll(&p, 1, -1);
      continue;
    }
    if (n <= 0)
      return false;
    data += n;
    len -= (size_t)n;
  }
  return true;
}

/* False at the end of the stream or when the other side is gone. */
static bool carry(int from, int to)
{
  char data[16384];
  ssize_t n = recv(from, data, sizeof data, MSG_DONTWAIT);
  if (n < 0)
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return n > 0 && send_all(to, data, (size_t)n);
}

static void *door_thread(void *arg)
{
  struct door *d = arg;
  AUTO_CLOSE int outside = let_in(d);
  close(take_fd(d->listener));
  while (outside >= 0) {
    struct pollfd p[] = { { outside, POLLIN, 0 }, { d->inside, POLLIN, 0 }, { d->stop[0], POLLIN, 0 } };
    if (poll(p, COUNT_OF(p), -1) < 0 && errno != EINTR)
      break;
    if (p[2].revents || (p[0].revents && !carry(outside, d->inside)) || (p[1].revents && !carry(d->inside, outside)))
      break;
  }
  shutdown(d->inside, SHUT_RDWR);
  return NULL;
}

static enum err_code listen_loopback(struct door *d, struct err *e)
{
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof at;
  d->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (d->listener < 0 || bind(d->listener, (struct sockaddr *)&at, sizeof at) || listen(d->listener, 4) ||
      getsockname(d->listener, (struct sockaddr *)&at, &size))
    return err_errno(e, ERR_IO, errno, "a private socket for a database session cannot be made");
  d->port = ntohs(at.sin_port);
  uint8_t r[3];
  crypt_random(r, sizeof r);
  snprintf(d->source, sizeof d->source, "127.%d.%d.%d", r[0], r[1], 1 + r[2] % 254);
  return ERR_NONE;
}

enum err_code door_open(int fd, int timeout_ms, struct door **out, struct err *e)
{
  struct door *d = calloc(1, sizeof *d);
  if (!d)
    abort();
  *d = (struct door){ -1, fd, { -1, -1 }, .deadline_ms = clock_monotonic_ms() + timeout_ms };
  enum err_code rc = listen_loopback(d, e);
  if (!rc && pipe2(d->stop, O_CLOEXEC))
    rc = err_errno(e, ERR_IO, errno, "a pipe cannot be made");
  if (!rc && pthread_create(&d->thread, NULL, door_thread, d))
    rc = err_set(e, ERR_IO, "a thread cannot be started");
  if (rc) {
    cleanup_close(&d->stop[0]);
    cleanup_close(&d->stop[1]);
    cleanup_close(&d->listener);
    close(fd);
    free(d);
    return rc;
  }
  *out = d;
  return ERR_NONE;
}

int door_port(const struct door *d) { return d->port; }
const char *door_source(const struct door *d) { return d->source; }

void door_close(struct door *d)
{
  if (!d)
    return;
  close(d->stop[1]);
  pthread_join(d->thread, NULL);
  cleanup_close(&d->listener);
  close(d->stop[0]);
  close(d->inside);
  free(d);
}
