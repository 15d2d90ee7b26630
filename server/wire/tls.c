#include "wire/tls.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "crypt/crypt.h"
#include "pki/pki.h"

static const char priorities[] =
  "LEGACY:+VERS-TLS-ALL:+CIPHER-ALL:+3DES-CBC:+ARCFOUR-128:+MAC-ALL:+MD5:+DHE-DSS:+SIGN-ALL:%COMPAT";
enum { DH_BITS_LEAST = 512 };

struct wire_tls {
  int fd;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
};

void wire_tls_free(struct wire_tls *t)
{
  if (!t)
    return;
  if (t->session)
    gnutls_deinit(t->session);
  if (t->credentials)
    gnutls_certificate_free_credentials(t->credentials);
  free(t);
}

static bool is_dns_name(const char *name)
{
  struct in6_addr ip;
  return name && *name && inet_pton(AF_INET, name, &ip) != 1 && inet_pton(AF_INET6, name, &ip) != 1;
}

static enum err_code session_make(struct wire_tls *t, const char *server_name, struct err *e)
{
  int rc = gnutls_certificate_allocate_credentials(&t->credentials);
  if (!rc)
    rc = gnutls_init(&t->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  if (!rc)
    rc = gnutls_priority_set_direct(t->session, priorities, NULL);
  if (!rc)
    rc = gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->credentials);
  if (!rc && is_dns_name(server_name))
    rc = gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, server_name, strlen(server_name));
  if (rc)
    return err_set(e, ERR_INTERNAL, "TLS cannot be set up: %s", gnutls_strerror(rc));
  gnutls_dh_set_prime_bits(t->session, DH_BITS_LEAST);
  gnutls_handshake_set_max_packet_length(t->session, PKI_DER_MAX);
  gnutls_transport_set_int(t->session, t->fd);
  return ERR_NONE;
}

/* After an interrupted call: waits for what GnuTLS wants. */
static enum err_code wait_more(struct wire_tls *t, int64_t deadline_ms, struct err *e)
{
  return wire_wait(t->fd, gnutls_record_get_direction(t->session) ? POLLOUT : POLLIN, deadline_ms, e);
}

static enum err_code handshake(struct wire_tls *t, int64_t deadline_ms, struct err *e)
{
  for (;;) {
    int rc = gnutls_handshake(t->session);
    if (rc == GNUTLS_E_SUCCESS)
      return ERR_NONE;
    if (rc == GNUTLS_E_AGAIN)
      TRY(wait_more(t, deadline_ms, e));
    else if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
      return err_set(e, ERR_REMOTE, "the server ended the TLS handshake with the alert \"%s\"",
                     gnutls_alert_get_name(gnutls_alert_get(t->session)));
    else if (gnutls_error_is_fatal(rc))
      return err_set(e, ERR_REMOTE, "the TLS handshake failed: %s", gnutls_strerror(rc));
    if (clock_monotonic_ms() > deadline_ms)
      return err_set(e, ERR_TIMEOUT, "the TLS handshake did not end in time");
  }
}

enum err_code wire_tls_start(int fd, const char *server_name, int64_t deadline_ms, struct wire_tls **out, struct err *e)
{
  AUTO_WIRE_TLS struct wire_tls *t = calloc(1, sizeof *t);
  if (!t)
    abort();
  t->fd = fd;
  TRY(session_make(t, server_name, e));
  TRY(handshake(t, deadline_ms, e));
  *out = take_ptr(t);
  return ERR_NONE;
}

static enum err_code tls_read(struct wire_stream *s, void *data, size_t len, struct err *e)
{
  struct wire_tls *t = s->ctx;
  for (size_t got = 0; got < len;) {
    ssize_t n = gnutls_record_recv(t->session, (char *)data + got, len - got);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0)
      return err_set(e, ERR_REMOTE, "it closed the connection");
    else if (n == GNUTLS_E_AGAIN)
      TRY(wait_more(t, s->deadline_ms, e));
    else if (gnutls_error_is_fatal((int)n))
      return err_set(e, ERR_REMOTE, "the connection broke: %s", gnutls_strerror((int)n));
  }
  return ERR_NONE;
}

static enum err_code tls_write(struct wire_stream *s, const void *data, size_t len, struct err *e)
{
  struct wire_tls *t = s->ctx;
  for (size_t sent = 0; sent < len;) {
    ssize_t n = gnutls_record_send(t->session, (const char *)data + sent, len - sent);
    if (n >= 0)
      sent += (size_t)n;
    else if (n == GNUTLS_E_AGAIN)
      TRY(wait_more(t, s->deadline_ms, e));
    else if (gnutls_error_is_fatal((int)n))
      return err_set(e, ERR_REMOTE, "the connection broke: %s", gnutls_strerror((int)n));
  }
  return ERR_NONE;
}

struct wire_stream wire_tls_stream(struct wire_tls *t, int64_t deadline_ms)
{
  return (struct wire_stream){ t, deadline_ms, tls_read, tls_write };
}

static struct pki_chain chain_as_sent(struct wire_tls *t, struct arena *a)
{
  unsigned count = 0;
  const gnutls_datum_t *list = gnutls_certificate_get_peers(t->session, &count);
  struct pki_chain c = { arena_alloc_n(a, count, sizeof *c.item), count };
  for (unsigned i = 0; i < count; i++) {
    c.item[i].der = arena_memdup(a, list[i].data, list[i].size);
    c.item[i].der_len = list[i].size;
    c.item[i].sha256 = crypt_sha256_hex(a, list[i].data, list[i].size, ':');
  }
  return c;
}

void wire_tls_describe(struct wire_tls *t, int64_t now_s, struct arena *a, struct probe *out)
{
  out->protocol = arena_strdup(a, gnutls_protocol_get_name(gnutls_protocol_get_version(t->session)));
  out->cipher = arena_strdup(a, gnutls_ciphersuite_get(t->session));
  out->client_cert_asked = gnutls_certificate_client_get_request_status(t->session) != 0;
  struct pki_chain chain = chain_as_sent(t, a);
  out->chain_length = (int64_t)chain.count;
  out->not_after_s = TIME_NONE;
  if (!chain.count)
    return;
  out->sha256 = chain.item[0].sha256;
  out->chain_pem = pki_chain_pem(a, &chain, 0);
  struct certificate_detail d = { 0 };
  struct pki_chain leaf = { chain.item, 1 };
  if (pki_inspect(&leaf, now_s, 0, a, &d, NULL))
    return;
  out->subject = d.row.subject;
  out->issuer = d.row.issuer;
  out->not_after_s = d.row.not_after_s;
  out->days_left = d.row.days_left;
}
