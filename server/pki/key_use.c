#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "pki/key.h"
#include "pki/pki.h"
#include "pki/x509.h"

/* The numbers of a public key: n and e, or x and y. */
struct numbers {
  gnutls_datum_t one, two;
  gnutls_ecc_curve_t curve;
};

static void free_numbers(struct numbers *n)
{
  gnutls_free(n->one.data);
  gnutls_free(n->two.data);
}

static bool export_numbers(gnutls_pubkey_t key, int algorithm, struct numbers *out)
{
  *out = (struct numbers){ 0 };
  if (algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS)
    return gnutls_pubkey_export_rsa_raw2(key, &out->one, &out->two, GNUTLS_EXPORT_FLAG_NO_LZ) == 0;
  return gnutls_pubkey_export_ecc_raw2(key, &out->curve, &out->one, &out->two, GNUTLS_EXPORT_FLAG_NO_LZ) == 0;
}

static bool same_datum(gnutls_datum_t a, gnutls_datum_t b)
{
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* The numbers and not their encoding, as OpenSSL's X509_check_private_key does: parameters may be spelled differently. RSA and
 * RSA-PSS are different kinds to it even where the numbers agree. */
static bool same_key(gnutls_pubkey_t a, gnutls_pubkey_t b)
{
  int algorithm = gnutls_pubkey_get_pk_algorithm(a, NULL);
  if (algorithm != gnutls_pubkey_get_pk_algorithm(b, NULL))
    return false;
  CLEANUP(free_numbers) struct numbers left = { 0 };
  CLEANUP(free_numbers) struct numbers right = { 0 };
  return export_numbers(a, algorithm, &left) && export_numbers(b, algorithm, &right) && left.curve == right.curve &&
         same_datum(left.one, right.one) && same_datum(left.two, right.two);
}

bool pki_key_fits(const struct pki_key *k, const struct pki_cert *leaf)
{
  struct x509 x = x509_of(leaf);
  gnutls_datum_t spki = { (unsigned char *)x.spki.p, (unsigned)x.spki.len };
  gnutls_pubkey_t of_leaf;
  if (gnutls_pubkey_init(&of_leaf))
    abort(); /* out of memory */
  bool fits = gnutls_pubkey_import(of_leaf, &spki, GNUTLS_X509_FMT_DER) == 0 && same_key(k->public, of_leaf);
  gnutls_pubkey_deinit(of_leaf);
  return fits;
}

static const char *curve_name(gnutls_pubkey_t key)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  gnutls_pubkey_export_ecc_raw2(key, &curve, NULL, NULL, 0);
  return curve == GNUTLS_ECC_CURVE_SECP256R1 ? "P-256" : curve == GNUTLS_ECC_CURVE_SECP384R1 ? "P-384" : "P-521";
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
    *curve = curve_name(k->public);
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
  gnutls_datum_t pem = { 0 };
  int rc = gnutls_x509_privkey_export2(k->private, GNUTLS_X509_FMT_PEM, &pem);
  return add_secret(rc, &pem, out, e);
}
