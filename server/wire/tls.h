/* TLS as a client that looks and does not trust. Inside wire only. */
#ifndef OPSD_WIRE_TLS_H
#define OPSD_WIRE_TLS_H

#include "base/cleanup.h"
#include "model/fleet.h"
#include "wire/io.h"

struct wire_tls;

/* Handshake over a non-blocking socket that stays the caller's. Whatever the server sends is accepted, old protocols
 * and weak keys too: a probe that could not see them could not report them. server_name: for SNI, left out when it
 * is an IP address (RFC 6066, section 3). Failure: ERR_REMOTE or ERR_TIMEOUT with GnuTLS's reason. */
enum err_code wire_tls_start(int fd, const char *server_name, int64_t deadline_ms, struct wire_tls **out,
                             struct err *e);
void wire_tls_free(struct wire_tls *t);
static inline void wire_tls_cleanup(struct wire_tls **t) { wire_tls_free(*t); }
#define AUTO_WIRE_TLS CLEANUP(wire_tls_cleanup)

struct wire_stream wire_tls_stream(struct wire_tls *t, int64_t deadline_ms);

/* Fills protocol, cipher, client_cert_asked and all that is about the certificates. What cannot be read of a
 * certificate stays NULL: it was served nevertheless. */
void wire_tls_describe(struct wire_tls *t, int64_t now_s, struct arena *a, struct probe *out);

#endif
