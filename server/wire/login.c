#include "wire/login.h"

#include "base/buf.h"
#include "base/clock.h"

enum { FINISH_MS = 1000, MAX_PACKET = 1 << 24, UTF8_GENERAL_CI = 33, ROUNDS = 4 };
enum { PACKET_OK = 0x00, PACKET_SWITCH = 0xfe, COM_QUIT = 0x01 };

static void add_le32(struct buf *b, uint32_t v)
{
  for (int i = 0; i < 4; i++, v >>= 8)
    buf_char(b, (char)(v & 0xff));
}

/* The 32 bytes with which both the SSLRequest and the login begin. */
static void add_prefix(struct buf *b, uint32_t flags, uint8_t charset)
{
  static const char filler[23];
  add_le32(b, flags);
  add_le32(b, MAX_PACKET);
  buf_char(b, (char)(charset ? charset : UTF8_GENERAL_CI));
  buf_add(b, filler, sizeof filler);
}

static uint32_t client_flags(uint32_t server)
{
  const uint32_t wanted = WIRE_CLIENT_LONG_PASSWORD | WIRE_CLIENT_SECURE_CONNECTION | WIRE_CLIENT_PLUGIN_AUTH;
  return WIRE_CLIENT_PROTOCOL_41 | (server & wanted);
}

enum err_code wire_login_request_tls(struct wire_stream *s, uint32_t server_capabilities, uint8_t charset,
                                     struct err *e)
{
  AUTO_BUF struct buf b = BUF_INIT;
  add_prefix(&b, client_flags(server_capabilities) | WIRE_CLIENT_SSL, charset);
  return wire_packet_write(s, 1, b.data, b.len, e);
}

static enum err_code send_login(struct wire_stream *s, uint32_t server, uint8_t charset, uint8_t sequence, bool tls)
{
  static const char user[] = "opsd-probe", plugin[] = "mysql_native_password";
  AUTO_BUF struct buf b = BUF_INIT;
  uint32_t flags = client_flags(server) | (tls ? WIRE_CLIENT_SSL : 0);
  add_prefix(&b, flags, charset);
  buf_add(&b, user, sizeof user);
  buf_char(&b, 0); /* an empty answer to the scramble */
  if (flags & WIRE_CLIENT_PLUGIN_AUTH)
    buf_add(&b, plugin, sizeof plugin);
  return wire_packet_write(s, sequence, b.data, b.len, NULL);
}

void wire_login_finish(struct wire_stream *s, uint32_t server_capabilities, uint8_t charset, uint8_t sequence, bool tls)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  int64_t deadline_ms = clock_monotonic_ms() + FINISH_MS;
  if (deadline_ms < s->deadline_ms)
    s->deadline_ms = deadline_ms;
  if (send_login(s, server_capabilities, charset, sequence, tls))
    return;
  for (int round = 0; round < ROUNDS; round++) { /* the server may want another plugin's answer: that is empty too */
    const uint8_t *payload;
    size_t len;
    if (wire_packet_read(s, &a, &sequence, &payload, &len, NULL))
      return;
    const char quit = COM_QUIT;
    if (payload[0] == PACKET_OK)
      wire_packet_write(s, 0, &quit, 1, NULL);
    if (payload[0] != PACKET_SWITCH || wire_packet_write(s, (uint8_t)(sequence + 1), "", 0, NULL))
      return;
  }
}
