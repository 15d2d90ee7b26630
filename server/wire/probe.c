#include "base/clock.h"
#include "wire/io.h"
#include "wire/login.h"
#include "wire/tls.h"
#include "wire/wire.h"

enum { AFTER_GREETING = 1, AFTER_TLS_REQUEST = 2 };

static enum err_code read_greeting(struct wire_stream *s, struct arena *a, struct wire_greeting_info *out,
                                   struct err *e)
{
  uint8_t sequence;
  const uint8_t *payload;
  size_t len;
  TRY(wire_packet_read(s, a, &sequence, &payload, &len, e));
  return wire_greeting_parse(payload, len, a, out, e);
}

static enum err_code probe(int fd, const char *server_name, int64_t deadline_ms, struct arena *a, struct probe *out,
                           struct err *e)
{
  struct wire_stream plain = wire_stream_plain(&fd, deadline_ms);
  struct wire_greeting_info greeting;
  TRY(read_greeting(&plain, a, &greeting, e));
  out->server_version = greeting.version;
  if (!(greeting.capabilities & WIRE_CLIENT_SSL)) {
    out->state = "plaintext";
    wire_login_finish(&plain, greeting.capabilities, greeting.charset, AFTER_GREETING, false);
    return ERR_NONE;
  }
  TRY(wire_login_request_tls(&plain, greeting.capabilities, greeting.charset, e));
  AUTO_WIRE_TLS struct wire_tls *tls = NULL;
  TRY(wire_tls_start(fd, server_name, deadline_ms, &tls, e));
  wire_tls_describe(tls, out->at_s, a, out);
  out->state = "tls";
  struct wire_stream sealed = wire_tls_stream(tls, deadline_ms);
  wire_login_finish(&sealed, greeting.capabilities, greeting.charset, AFTER_TLS_REQUEST, true);
  return ERR_NONE;
}

void wire_probe(int fd, const char *server_name, int timeout_ms, struct arena *a, struct probe *out)
{
  AUTO_CLOSE int own = fd;
  struct err e = { 0 };
  *out = (struct probe){ .channel = "client", .state = "failed", .at_s = clock_now_s(), .not_after_s = TIME_NONE };
  if (probe(own, server_name, clock_monotonic_ms() + timeout_ms, a, out, &e))
    out->error = arena_strdup(a, e.text);
}

enum err_code wire_greeting(int fd, int timeout_ms, struct arena *a, const char **version, struct err *e)
{
  AUTO_CLOSE int own = fd;
  struct wire_stream s = wire_stream_plain(&own, clock_monotonic_ms() + timeout_ms);
  struct wire_greeting_info greeting;
  TRY(read_greeting(&s, a, &greeting, e));
  wire_login_finish(&s, greeting.capabilities, greeting.charset, AFTER_GREETING, false);
  *version = greeting.version;
  return ERR_NONE;
}
