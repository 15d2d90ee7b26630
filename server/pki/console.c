#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/clock.h"
#include "pki/inspect.h"
#include "pki/key.h"
#include "pki/libcrypto.h"
#include "pki/pki.h"
#include "pki/x509.h"

enum err_code pki_check_pair(const struct pki_chain *c, const struct pki_key *k, struct err *e)
{
  if (pki_key_fits(k, &c->item[0]))
    return ERR_NONE;
  AUTO_ARENA struct arena a = ARENA_INIT;
  for (size_t i = 1; i < c->count; i++)
    if (pki_key_fits(k, &c->item[i]))
      return err_field(e, "certificate",
                       "The private key belongs to certificate %zu of the file, not to the first: put the "
                       "certificate that it belongs to first",
                       i + 1);
  struct x509 x = x509_of(&c->item[0]);
  struct x509_key of_leaf;
  const char *type, *curve;
  int64_t bits;
  x509_key_describe(&x, &a, &of_leaf);
  pki_key_describe(k, &a, &type, &bits, &curve);
  return err_field(e, "key",
                   "The private key (%s %s) does not belong to the certificate %s (%s %s): take the key that it was "
                   "requested with",
                   type, curve ? curve : arena_printf(&a, "%lld", (long long)bits), x509_label(&x, &a), of_leaf.type,
                   of_leaf.curve ? of_leaf.curve : arena_printf(&a, "%lld", (long long)of_leaf.bits));
}

static enum err_code check_validity(const struct x509 *x, int64_t now_s, struct err *e)
{
  char at[CLOCK_RFC3339_SIZE], now[CLOCK_RFC3339_SIZE];
  clock_format(now_s, now);
  if (now_s < x->not_before_s) {
    clock_format(x->not_before_s, at);
    return err_field(e, "certificate",
                     "The certificate is not valid before %s, and it is %s now: wait, or set this machine's "
                     "clock",
                     at, now);
  }
  if (now_s <= x->not_after_s)
    return ERR_NONE;
  clock_format(x->not_after_s, at);
  return err_field(e, "certificate", "The certificate expired on %s: renew it", at);
}

/* Tried with Chromium: Ed25519, Ed448, P-521 and RSA-PSS keys end in ERR_SSL_VERSION_OR_CIPHER_MISMATCH. */
static enum err_code check_browsers(const struct pki_cert *leaf, const struct x509 *x, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct x509_key key;
  x509_key_describe(x, &a, &key);
  const char *type = key.curve ? key.curve : key.type;
  bool opens = strcmp(key.type, "RSA") == 0 || strcmp(type, "P-256") == 0 || strcmp(type, "P-384") == 0;
  if (!opens)
    return err_field(e, "certificate",
                     "Browsers cannot open a site whose key is %s: use RSA, P-256 or P-384, or --force when only "
                     "the command line and scripts connect",
                     type);
  if (strcmp(key.type, "RSA") == 0 && key.bits < 2048)
    return err_field(e, "certificate",
                     "The RSA key has %lld bits, and browsers and TLS libraries want 2048: make a new one, or "
                     "use --force",
                     (long long)key.bits);
  if (!libcrypto_serves(leaf))
    return err_field(e, "certificate",
                     "The certificate may not be used by a server: its %s; have it issued with serverAuth, or "
                     "use --force",
                     x->has_ext_usage ? "extended key usage has no serverAuth" : "key usage forbids it");
  return ERR_NONE;
}

static void free_list(gnutls_certificate_credentials_t *c)
{
  gnutls_certificate_free_credentials(*c);
}

/* The proof: GnuTLS, which serves the console, takes the pair. */
static enum err_code check_servable(const struct pki_chain *c, const struct pki_key *k, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf key = BUF_INIT;
  CLEANUP(free_list) gnutls_certificate_credentials_t credentials = NULL;
  TRY(pki_key_pem(k, &key, e));
  TRY(gnutls_certificate_allocate_credentials(&credentials) ? err_set(e, ERR_INTERNAL, "GnuTLS has no memory left")
                                                            : ERR_NONE);
  char *pem = pki_chain_pem(&a, c, 0);
  gnutls_datum_t cert_datum = { (unsigned char *)pem, (unsigned)strlen(pem) };
  gnutls_datum_t key_datum = { (unsigned char *)key.data, (unsigned)key.len };
  int rc = gnutls_certificate_set_x509_key_mem(credentials, &cert_datum, &key_datum, GNUTLS_X509_FMT_PEM);
  if (rc < 0)
    return err_field(e, "certificate", "GnuTLS, which serves the console, cannot use the certificate: %s",
                     gnutls_strerror(rc));
  return ERR_NONE;
}

enum err_code pki_check_console_pair(const struct pki_chain *c, const struct pki_key *k, bool force, int64_t now_s,
                                     struct err *e)
{
  if (c->count == 0)
    return err_field(e, "certificate", "There is no certificate");
  struct x509 x = x509_of(&c->item[0]);
  TRY(pki_chain_check_order(c, "certificate", e));
  TRY(pki_check_pair(c, k, e));
  TRY(check_validity(&x, now_s, e));
  if (!force)
    TRY(check_browsers(&c->item[0], &x, e));
  return check_servable(c, k, e);
}
