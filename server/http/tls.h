/* The served certificate. What a handshake needs is counted by reference: a swap gives the
 * next handshake the new pair, while those in flight keep the one they began with. */
#ifndef OPSD_HTTP_TLS_H
#define OPSD_HTTP_TLS_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "base/err.h"

struct tls;
struct credentials;

/* TLS 1.2 and 1.3, AEAD alone, forward secrecy alone. AES-128 before ChaCha20 before AES-256 and X25519 before P-256
 * are the cheap order; the larger curves are there for keys on them, which TLS 1.2 serves only if they are allowed. */
#define TLS_PRIORITY \
  "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AES-128-GCM:+CHACHA20-POLY1305:+AES-256-GCM:+AEAD:+ECDHE-ECDSA:+ECDHE-RSA:" \
  "+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:" \
  "+SIGN-ECDSA-SHA512:+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SECP521R1-SHA512:" \
  "+SIGN-EDDSA-ED25519:+SIGN-RSA-PSS-SHA256:+SIGN-RSA-PSS-SHA384:+SIGN-RSA-PSS-SHA512:+SIGN-RSA-PSS-RSAE-SHA256:" \
  "+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512:" \
  "+CTYPE-X509:+COMP-NULL:%SERVER_PRECEDENCE"

struct tls *tls_new(void);
void tls_free(struct tls *t);

/* The pair in PEM, leaf first. A new key for session tickets comes with it. */
enum err_code tls_set_certificate(struct tls *t, const char *chain_pem, const char *key_pem, struct err *e);

/* One connection's part of it. */
struct tls_connection {
  struct tls *tls;
  struct credentials *served; /* what its handshake began with; NULL before */
};

/* At the start of a connection: hooks into the handshake. When the ClientHello comes it takes the credentials of that
 * moment and the key for session tickets that belongs to them; at the end it turns off the delayed acknowledgement for
 * which clients without TCP_NODELAY would wait 41 ms. c must live until tls_connection_end. */
void tls_connection_start(struct tls_connection *c, struct tls *t, gnutls_session_t session);
void tls_connection_end(struct tls_connection *c);

/* For MHD_OPTION_HTTPS_CERT_CALLBACK2. */
int tls_retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **certs,
                 unsigned *cert_count, gnutls_ocsp_data_st **ocsp, unsigned *ocsp_count, gnutls_privkey_t *key,
                 unsigned *flags);

#endif
