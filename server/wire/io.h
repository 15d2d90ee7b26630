/* Bytes over a socket with a deadline, and the packets of the MySQL protocol: 3 bytes of length, 1 of
 * sequence, the payload. Inside wire only. A deadline is an instant of clock_monotonic_ms. */
#ifndef OPSD_WIRE_IO_H
#define OPSD_WIRE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { WIRE_PACKET_HEADER = 4, WIRE_PACKET_MAX = 16384 };

/* poll(2) for POLLIN or POLLOUT until the deadline: ERR_TIMEOUT when it passes. */
enum err_code wire_wait(int fd, short events, int64_t deadline_ms, struct err *e);

/* A stream of bytes: the socket itself, or TLS over it. Both functions move exactly len bytes or fail. */
struct wire_stream {
  void *ctx;
  int64_t deadline_ms;
  enum err_code (*read)(struct wire_stream *s, void *data, size_t len, struct err *e);
  enum err_code (*write)(struct wire_stream *s, const void *data, size_t len, struct err *e);
};

/* Over a plain socket, which is made non-blocking; *fd must outlive the stream. */
struct wire_stream wire_stream_plain(int *fd, int64_t deadline_ms);

/* One packet; longer than WIRE_PACKET_MAX: ERR_REMOTE. *payload lies in the arena. */
enum err_code wire_packet_read(struct wire_stream *s, struct arena *a, uint8_t *sequence, const uint8_t **payload,
                               size_t *len, struct err *e);
enum err_code wire_packet_write(struct wire_stream *s, uint8_t sequence, const void *payload, size_t len,
                                struct err *e);

/* What a server says in an error packet (0xff), as one printable sentence: "Too many connections (error 1040)". */
const char *wire_error_text(const uint8_t *payload, size_t len, struct arena *a);
/* Text from outside: what is not printable UTF-8 becomes "?". */
char *wire_clean_text(struct arena *a, const uint8_t *text, size_t len);

#endif
