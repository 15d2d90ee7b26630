#include "http/tls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "crypt/crypt.h"

enum { CHAIN_MAX = 16 };

struct credentials {
  atomic_uint refs;
  gnutls_pcert_st chain[CHAIN_MAX];
  unsigned chain_len;
  gnutls_privkey_t key;
  gnutls_datum_t ticket_key;
};

struct tls {
  pthread_mutex_t mutex;
  struct credentials *current; /* NULL before the first certificate */
};

static void credentials_unref(struct credentials **cp)
{
  struct credentials *c = *cp;
  *cp = NULL;
  if (!c || atomic_fetch_sub(&c->refs, 1) != 1)
    return;
  for (unsigned i = 0; i < c->chain_len; i++)
    gnutls_pcert_deinit(&c->chain[i]);
  gnutls_privkey_deinit(c->key);
  if (c->ticket_key.data)
    explicit_bzero(c->ticket_key.data, c->ticket_key.size);
  gnutls_free(c->ticket_key.data);
  free(c);
}

struct tls *tls_new(void)
{
  struct tls *t = calloc(1, sizeof *t);
  if (!t)
    abort();
  pthread_mutex_init(&t->mutex, NULL);
  return t;
}

void tls_free(struct tls *t)
{
  if (!t)
    return;
  credentials_unref(&t->current);
  pthread_mutex_destroy(&t->mutex);
  free(t);
}

static enum err_code key_id(gnutls_pubkey_t pub, unsigned char id[32], struct err *e)
{
  size_t size = 32;
  int rc = gnutls_pubkey_get_key_id(pub, GNUTLS_KEYID_USE_SHA256, id, &size);
  return rc ? err_set(e, ERR_INTERNAL, "cannot take the digest of a public key: %s", gnutls_strerror(rc)) : ERR_NONE;
}

static void pubkey_deinit(gnutls_pubkey_t *k) { gnutls_pubkey_deinit(*k); }

/* A pair that does not fit would fail each handshake with a message that helps nobody. */
static enum err_code check_pair(const struct credentials *c, struct err *e)
{
  CLEANUP(pubkey_deinit) gnutls_pubkey_t pub = NULL;
  unsigned char of_key[32], of_certificate[32];
  gnutls_pubkey_init(&pub);
  int rc = gnutls_pubkey_import_privkey(pub, c->key, 0, 0);
  if (rc)
    return err_set(e, ERR_INVALID, "The private key cannot be used: %s", gnutls_strerror(rc));
  TRY(key_id(pub, of_key, e));
  TRY(key_id(c->chain[0].pubkey, of_certificate, e));
  if (!crypt_equal(of_key, of_certificate, sizeof of_key))
    return err_set(e, ERR_INVALID, "The private key does not belong to the certificate.");
  return ERR_NONE;
}

static enum err_code credentials_load(struct credentials *c, const char *chain_pem, const char *key_pem, struct err *e)
{
  gnutls_datum_t chain = { (void *)chain_pem, (unsigned)strlen(chain_pem) };
  gnutls_datum_t key = { (void *)key_pem, (unsigned)strlen(key_pem) };
  unsigned count = CHAIN_MAX;
  int rc = gnutls_pcert_list_import_x509_raw(c->chain, &count, &chain, GNUTLS_X509_FMT_PEM, 0);
  if (rc < 0)
    return err_set(e, ERR_INVALID, "The certificate cannot be read: %s", gnutls_strerror(rc));
  c->chain_len = count;
  rc = gnutls_privkey_import_x509_raw(c->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (rc)
    return err_set(e, ERR_INVALID, "The private key cannot be read: %s", gnutls_strerror(rc));
  TRY(check_pair(c, e));
  rc = gnutls_session_ticket_key_generate(&c->ticket_key);
  return rc ? err_set(e, ERR_INTERNAL, "cannot make a ticket key: %s", gnutls_strerror(rc)) : ERR_NONE;
}

enum err_code tls_set_certificate(struct tls *t, const char *chain_pem, const char *key_pem, struct err *e)
{
  CLEANUP(credentials_unref) struct credentials *c = calloc(1, sizeof *c);
  if (!c)
    abort();
  c->refs = 1;
  if (gnutls_privkey_init(&c->key))
    abort();
  TRY(credentials_load(c, chain_pem, key_pem, e));
  pthread_mutex_lock(&t->mutex);
  struct credentials *was = t->current;
  t->current = take_ptr(c);
  pthread_mutex_unlock(&t->mutex);
  credentials_unref(&was);
  return ERR_NONE;
}

/* The credentials of this moment, for the whole handshake; after a HelloRetryRequest those from before it. */
static int take_credentials(struct tls_connection *c, gnutls_session_t session)
{
  if (c->served)
    return 0;
  pthread_mutex_lock(&c->tls->mutex);
  c->served = c->tls->current;
  if (c->served)
    atomic_fetch_add(&c->served->refs, 1);
  pthread_mutex_unlock(&c->tls->mutex);
  return c->served ? gnutls_session_ticket_enable_server(session, &c->served->ticket_key)
                   : GNUTLS_E_NO_CERTIFICATE_FOUND;
}

static int on_handshake_message(gnutls_session_t session, unsigned type, unsigned after, unsigned incoming,
                                const gnutls_datum_t *msg)
{
  (void)msg;
  if (type == GNUTLS_HANDSHAKE_CLIENT_HELLO && incoming && !after)
    return take_credentials(gnutls_session_get_ptr(session), session);
  if (type == GNUTLS_HANDSHAKE_FINISHED && after) {
    int one = 1;
    setsockopt(gnutls_transport_get_int(session), IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
  }
  return 0;
}

void tls_connection_start(struct tls_connection *c, struct tls *t, gnutls_session_t session)
{
  c->tls = t;
  gnutls_session_set_ptr(session, c);
  gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, on_handshake_message);
}

void tls_connection_end(struct tls_connection *c) { credentials_unref(&c->served); }

int tls_retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **certs,
                 unsigned *cert_count, gnutls_ocsp_data_st **ocsp, unsigned *ocsp_count, gnutls_privkey_t *key,
                 unsigned *flags)
{
  (void)info;
  struct tls_connection *c = gnutls_session_get_ptr(session);
  if (!c->served)
    return -1;
  *certs = c->served->chain;
  *cert_count = c->served->chain_len;
  *ocsp = NULL;
  *ocsp_count = 0;
  *key = c->served->key;
  *flags = 0; /* stays ours */
  return 0;
}
