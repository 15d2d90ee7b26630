#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "pki/key.h"
#include "pki/libcrypto.h"
#include "pki/pki.h"
#include "pki/sec1.h"

bool pki_key_fits(const struct pki_key *k, const struct pki_cert *leaf)
{
  gnutls_datum_t spki = { 0 };
  if (gnutls_pubkey_export2(k->public, GNUTLS_X509_FMT_DER, &spki))
    return false;
  bool fits = libcrypto_has_key(leaf, spki.data, spki.size);
  gnutls_free(spki.data);
  return fits;
}

/* GnuTLS says 528 bits for P-521: it counts octets */
static const char *describe_curve(gnutls_pubkey_t key, int64_t *bits)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  gnutls_pubkey_export_ecc_raw2(key, &curve, NULL, NULL, 0);
  *bits = curve == GNUTLS_ECC_CURVE_SECP256R1 ? 256 : curve == GNUTLS_ECC_CURVE_SECP384R1 ? 384 : 521;
  return *bits == 256 ? "P-256" : *bits == 384 ? "P-384" : "P-521";
}

void pki_key_describe(const struct pki_key *k, struct arena *a, const char **type, int64_t *bits, const char **curve)
{
  (void)a;
  unsigned found = 0;
  int algorithm = gnutls_pubkey_get_pk_algorithm(k->public, &found);
  *bits = found;
  *curve = NULL;
  switch (algorithm) {
  case GNUTLS_PK_EDDSA_ED25519:
    *type = "Ed25519";
    *bits = 256;
    break;
  case GNUTLS_PK_EDDSA_ED448:
    *type = "Ed448";
    *bits = 456;
    break;
  case GNUTLS_PK_ECDSA:
    *type = "EC";
    *curve = describe_curve(k->public, bits);
    break;
  default:
    *type = algorithm == GNUTLS_PK_RSA_PSS ? "RSA-PSS" : "RSA";
  }
}

static enum err_code add_secret(int rc, gnutls_datum_t *pem, struct buf *out, struct err *e)
{
  if (rc < 0)
    return err_set(e, ERR_INTERNAL, "The private key cannot be written as PEM: %s", gnutls_strerror(rc));
  buf_add(out, pem->data, pem->size);
  gnutls_memset(pem->data, 0, pem->size);
  gnutls_free(pem->data);
  return ERR_NONE;
}

enum err_code pki_key_pem(const struct pki_key *k, struct buf *out, struct err *e)
{
  gnutls_datum_t pem = { 0 };
  int rc = gnutls_x509_privkey_export2_pkcs8(k->private, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
  return add_secret(rc, &pem, out, e);
}

enum err_code pki_key_pem_traditional(const struct pki_key *k, struct buf *out, struct err *e)
{
  int algorithm = gnutls_pubkey_get_pk_algorithm(k->public, NULL);
  if (algorithm != GNUTLS_PK_RSA && algorithm != GNUTLS_PK_ECDSA)
    return err_set(e, ERR_REFUSED, "%s keys have no traditional form: PKCS#8 is the only one",
                   gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm));
  if (algorithm == GNUTLS_PK_ECDSA)
    return sec1_pem(k, out, e);
  gnutls_datum_t pem = { 0 };
  int rc = gnutls_x509_privkey_export2(k->private, GNUTLS_X509_FMT_PEM, &pem);
  return add_secret(rc, &pem, out, e);
}
