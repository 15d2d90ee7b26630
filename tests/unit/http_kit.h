/* For the tests of http: a server on free ports with toy handlers bound to real rows, and a client
 * that says exactly the bytes it is told to. */
#ifndef OPSD_TESTS_HTTP_KIT_H
#define OPSD_TESTS_HTTP_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gnutls/gnutls.h>

#include "http/http.h"

/* What the toy handlers and hooks saw and do, in the server's threads; reset by kit_start. The texts are read after a
 * reply that was made from them. */
struct kit {
  struct http_server *server;
  struct pool *pool;
  int https, http;
  char folder[64], socket_path[80];
  _Atomic uint64_t generation;
  _Atomic bool sessions_end; /* authenticate knows no cookie any more */
  _Atomic int authenticated; /* how often it was asked, */
  _Atomic int rechecked;     /* by heartbeats */
  _Atomic int audited;
  char audit_last[160];    /* "certImport invalid", "stop ok" */
  char from_last[64];
  _Atomic int handled;
  _Atomic int slow_ms;       /* the slow handler waits this long, */
  _Atomic bool slow_hold;    /* or until this is false */
};
extern struct kit kit;

/* c may be NULL; ports, pool, handlers and hooks are filled in. The server has a certificate for "first". */
void kit_start(const struct http_config *c);
void kit_stop(void);

/* A new self-signed pair for name, in static storage until the next call. key: "ecdsa", "ecdsa384", "ecdsa521", "rsa",
 * "ed25519". */
void kit_pair(const char *name, const char *key, const char **chain_pem, const char **key_pem);
void kit_serve(const char *name, const char *key, bool self_signed);

/* Waits until *cond becomes true (deadline 10 s, then fails). */
#define kit_wait(cond) do { int64_t end_ = kit_deadline(); while (!(cond)) kit_step(end_, #cond); } while (0)
int64_t kit_deadline(void);
void kit_step(int64_t deadline, const char *what);

struct peer {
  int fd;
  gnutls_session_t tls;
  gnutls_certificate_credentials_t credentials;
  char name[64];           /* common name of the certificate that was served; "" when resumed */
  bool resumed;
  struct buf got;          /* what was read and not yet taken */
  bool ended;              /* by the server */
};

enum { PEER_PLAIN = 1, PEER_IPV6 = 2, PEER_TLS12 = 4, PEER_NO_HANDSHAKE = 8 };
void peer_open(struct peer *p, int port, unsigned flags);
void peer_open_local(struct peer *p, const char *path);
/* The same with a session to be resumed (gnutls_session_get_data2), which may be NULL; false when it fails. */
bool peer_open_session(struct peer *p, int port, unsigned flags, const gnutls_datum_t *session);
void peer_close(struct peer *p);
void peer_send(struct peer *p, const char *data, size_t len);
void peer_say(struct peer *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

struct answer {
  int status;
  char head[4096];
  char body[65536];
  size_t body_len;
};
/* Reads one whole response (Content-Length, or chunked); false when the server closed before it was whole. */
bool peer_read(struct peer *p, struct answer *a);
bool peer_read_head(struct peer *p, struct answer *a);
/* Reads until text was seen in the stream; false at the end or after ten seconds. */
bool peer_read_until(struct peer *p, const char *text);
/* True when the server closes within ms. */
bool peer_ends(struct peer *p, int ms);
/* "" when it is not there; static storage */
const char *answer_header(const struct answer *a, const char *name);

/* A whole exchange on a connection of its own, to the HTTPS port: `head` is further header lines. */
void ask(struct answer *a, const char *method, const char *path, const char *head, const char *body);

#define ADMIN "Authorization: Bearer admin\r\n"
#define VIEWER "Authorization: Bearer viewer\r\n"
#define JSON "Content-Type: application/json\r\n"

#endif
