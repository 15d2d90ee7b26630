/* The packets that a client sends after the greeting. Inside wire only.
 * MySQL Internals, "Protocol::HandshakeResponse41". */
#ifndef OPSD_WIRE_LOGIN_H
#define OPSD_WIRE_LOGIN_H

#include <stdint.h>

#include "wire/io.h"

enum {
  WIRE_CLIENT_LONG_PASSWORD = 0x1,
  WIRE_CLIENT_PROTOCOL_41 = 0x200,
  WIRE_CLIENT_SSL = 0x800,
  WIRE_CLIENT_SECURE_CONNECTION = 0x8000,
  WIRE_CLIENT_PLUGIN_AUTH = 0x80000,
};

/* Packet 1: asks the server to speak TLS from here on. */
enum err_code wire_login_request_tls(struct wire_stream *s, uint32_t server_capabilities, uint8_t charset,
                                     struct err *e);

/* Ends a conversation the orderly way: a login as "opsd-probe" without a password, which is refused. A connection that
 * is dropped before its login counts toward max_connect_errors, after which a server blocks the host; a refused login
 * does not count. Takes a second at most; how it ends does not matter. */
void wire_login_finish(struct wire_stream *s, uint32_t server_capabilities, uint8_t charset, uint8_t sequence,
                       bool tls);

#endif
