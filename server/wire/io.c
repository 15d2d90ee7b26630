#include "wire/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

enum err_code wire_wait(int fd, short events, int64_t deadline_ms, struct err *e)
{
  for (;;) {
    int64_t left = deadline_ms - clock_monotonic_ms();
    if (left <= 0)
      return err_set(e, ERR_TIMEOUT, "it did not answer in time");
    struct pollfd p = { fd, events, 0 };
    int rc = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
    if (rc > 0)
      return ERR_NONE;
    if (rc < 0 && errno != EINTR)
      return err_errno(e, ERR_IO, errno, "waiting for a socket failed");
  }
}

static enum err_code plain_read(struct wire_stream *s, void *data, size_t len, struct err *e)
{
  int fd = *(int *)s->ctx;
  for (size_t got = 0; got < len;) {
    ssize_t n = recv(fd, (char *)data + got, len - got, 0);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0)
      return err_set(e, ERR_REMOTE, "it closed the connection");
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      TRY(wire_wait(fd, POLLIN, s->deadline_ms, e));
    else if (errno != EINTR)
      return err_errno(e, ERR_REMOTE, errno, "the connection broke");
  }
  return ERR_NONE;
}

static enum err_code plain_write(struct wire_stream *s, const void *data, size_t len, struct err *e)
{
  int fd = *(int *)s->ctx;
  for (size_t sent = 0; sent < len;) {
    ssize_t n = send(fd, (const char *)data + sent, len - sent, MSG_NOSIGNAL);
    if (n >= 0)
      sent += (size_t)n;
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      TRY(wire_wait(fd, POLLOUT, s->deadline_ms, e));
    else if (errno != EINTR)
      return err_errno(e, ERR_REMOTE, errno, "the connection broke");
  }
  return ERR_NONE;
}

struct wire_stream wire_stream_plain(int *fd, int64_t deadline_ms)
{
  fcntl(*fd, F_SETFL, fcntl(*fd, F_GETFL) | O_NONBLOCK);
  return (struct wire_stream){ fd, deadline_ms, plain_read, plain_write };
}

enum err_code wire_packet_read(struct wire_stream *s, struct arena *a, uint8_t *sequence, const uint8_t **payload,
                               size_t *len, struct err *e)
{
  uint8_t head[WIRE_PACKET_HEADER];
  TRY(s->read(s, head, sizeof head, e));
  size_t n = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
  if (n == 0 || n > WIRE_PACKET_MAX)
    return err_set(e, ERR_REMOTE, "what answers there does not speak the MySQL protocol");
  uint8_t *data = arena_alloc(a, n);
  TRY(s->read(s, data, n, e));
  *sequence = head[3];
  *payload = data;
  *len = n;
  return ERR_NONE;
}

enum err_code wire_packet_write(struct wire_stream *s, uint8_t sequence, const void *payload, size_t len, struct err *e)
{
  uint8_t head[WIRE_PACKET_HEADER] = { len & 0xff, len >> 8 & 0xff, len >> 16 & 0xff, sequence };
  AUTO_BUF struct buf b = BUF_INIT; /* one segment: some servers look for both at once */
  buf_add(&b, head, sizeof head);
  buf_add(&b, payload, len);
  return s->write(s, b.data, b.len, e);
}

char *wire_clean_text(struct arena *a, const uint8_t *text, size_t len)
{
  char *out = arena_strndup(a, (const char *)text, len);
  bool utf8 = utf8_valid(out, len);
  for (size_t i = 0; i < len; i++) {
    uint8_t c = (uint8_t)out[i];
    if (c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8))
      out[i] = '?';
  }
  return out;
}

const char *wire_error_text(const uint8_t *payload, size_t len, struct arena *a)
{
  unsigned code = len >= 3 ? payload[1] | (unsigned)payload[2] << 8 : 0;
  size_t at = len < 3 ? len : 3;
  if (len >= at + 6 && payload[at] == '#') /* the SQL state, which only some send before the login */
    at += 6;
  return arena_printf(a, "%s (error %u)", wire_clean_text(a, payload + at, len - at), code);
}
