#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pki/key.h"
#include "pki/legacy.h"
#include "pki/pem.h"
#include "pki/pki.h"
#include "pki/x509.h"

enum {
  KEY_PEM_MAX = 64 << 10,     /* RSA of 16,384 bits takes 13 KB */
  ITERATIONS_MAX = 2000000,  /* of PBKDF2: a second or two; more would only keep the console busy */
};

/* What is read, and the names that errors use. */
struct source {
  const struct pem_block *block;
  struct buf text; /* the block alone, with plain newlines */
  const char *password, *field;
  char password_field[64];
};

static void source_cleanup(struct source *s) { buf_free(&s->text); }

static bool is_encrypted(const struct source *s)
{
  if (strcmp(s->block->label, "ENCRYPTED PRIVATE KEY") == 0)
    return true;
  return legacy_is_encrypted(&s->text);
}

static enum err_code refuse_scheme(const struct source *s, const char *why, struct err *e)
{
  return err_field(e, s->field,
                   "The private key is encrypted in a way that opsd does not read (%s): write it anew with openssl "
                   "pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out FILE.new",
                   why);
}

/* PKCS#8: does GnuTLS know the scheme, and is the work bearable? */
static enum err_code check_scheme(const struct source *s, struct err *e)
{
  gnutls_datum_t data = { (unsigned char *)s->text.data, (unsigned)s->text.len };
  unsigned schema, cipher, salt_len, iterations = 0;
  char *oid = NULL;
  int rc = gnutls_pkcs8_info(&data, GNUTLS_X509_FMT_PEM, &schema, &cipher, NULL, &salt_len, &iterations, &oid);
  gnutls_free(oid);
  if (rc < 0 && rc != GNUTLS_E_SHORT_MEMORY_BUFFER)
    return refuse_scheme(s, gnutls_strerror(rc), e);
  if (iterations > ITERATIONS_MAX)
    return err_field(e, s->field, "The private key asks for %u rounds of password hashing; more than %d are not done",
                     iterations, ITERATIONS_MAX);
  return ERR_NONE;
}

static enum err_code refuse_password(const struct source *s, struct err *e)
{
  return err_field(e, s->password_field, "The password does not open the private key");
}

static enum err_code import_pkcs8(const struct source *s, gnutls_x509_privkey_t key, struct err *e)
{
  gnutls_datum_t data = { (unsigned char *)s->text.data, (unsigned)s->text.len };
  TRY(check_scheme(s, e));
  int rc = gnutls_x509_privkey_import_pkcs8(key, &data, GNUTLS_X509_FMT_PEM, s->password, 0);
  if (rc == GNUTLS_E_UNKNOWN_CIPHER_TYPE || rc == GNUTLS_E_INVALID_REQUEST)
    return refuse_scheme(s, gnutls_strerror(rc), e);
  return rc < 0 ? refuse_password(s, e) : ERR_NONE;
}

static enum err_code import_legacy(const struct source *s, gnutls_x509_privkey_t key, struct err *e)
{
  AUTO_BUF struct buf der = BUF_INIT;
  switch (legacy_open(&s->text, s->password, &der)) {
  case LEGACY_UNKNOWN:
    return refuse_scheme(s, "its DEK-Info names another cipher than AES-CBC or triple DES", e);
  case LEGACY_DAMAGED:
    return err_field(e, s->field,
                     "The encrypted private key (line %zu) is damaged: its headers or its Base64 text are cut",
                     s->block->line);
  case LEGACY_PASSWORD:
    return refuse_password(s, e);
  case LEGACY_OPENED:
    break;
  }
  /* one wrong password in 256 leaves a padding that looks right */
  gnutls_datum_t data = { (unsigned char *)buf_cstr(&der), (unsigned)der.len };
  return gnutls_x509_privkey_import(key, &data, GNUTLS_X509_FMT_DER) < 0 ? refuse_password(s, e) : ERR_NONE;
}

static enum err_code import_encrypted(const struct source *s, gnutls_x509_privkey_t key, struct err *e)
{
  if (!s->password || !*s->password)
    return err_field(e, s->password_field,
                     "The private key is encrypted: give its password too (on the command line with "
                     "--key-password-file)");
  if (strcmp(s->block->label, "ENCRYPTED PRIVATE KEY") == 0)
    return import_pkcs8(s, key, e);
  return import_legacy(s, key, e);
}

static enum err_code import_plain(const struct source *s, gnutls_x509_privkey_t key, struct err *e)
{
  gnutls_datum_t data = { (unsigned char *)s->text.data, (unsigned)s->text.len };
  int rc = strcmp(s->block->label, "PRIVATE KEY") == 0
             ? gnutls_x509_privkey_import_pkcs8(key, &data, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN)
             : gnutls_x509_privkey_import(key, &data, GNUTLS_X509_FMT_PEM);
  if (rc < 0)
    return err_field(
      e, s->field,
      "The private key (%s, line %zu) cannot be read (%s). If it is an EC key without its public part, as "
      "Java writes it, write it anew with openssl ec -in FILE -out FILE.new",
      s->block->label, s->block->line, gnutls_strerror(rc));
  return ERR_NONE;
}

/* What TLS servers use; GnuTLS would read more (DSA, GOST, small curves). */
static enum err_code check_algorithm(const struct source *s, const struct pki_key *k, struct err *e)
{
  unsigned bits;
  int algorithm = gnutls_pubkey_get_pk_algorithm(k->public, &bits);
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  switch (algorithm) {
  case GNUTLS_PK_RSA: case GNUTLS_PK_RSA_PSS: case GNUTLS_PK_EDDSA_ED25519: case GNUTLS_PK_EDDSA_ED448:
    return ERR_NONE;
  case GNUTLS_PK_ECDSA:
    gnutls_pubkey_export_ecc_raw2(k->public, &curve, NULL, NULL, 0);
    if (curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_SECP384R1 ||
        curve == GNUTLS_ECC_CURVE_SECP521R1)
      return ERR_NONE;
    return err_field(e, s->field, "The private key is on the curve %s: only P-256, P-384 and P-521 are used in TLS",
                     gnutls_ecc_curve_get_name(curve));
  default:
    return err_field(e, s->field, "%s private keys are not used: RSA, ECDSA and Ed25519 are",
                     gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm));
  }
}

static bool derive_public(struct pki_key *k)
{
  gnutls_privkey_t wrapper;
  if (gnutls_privkey_init(&wrapper))
    abort();
  bool done = gnutls_privkey_import_x509(wrapper, k->private, 0) == 0 &&
              gnutls_pubkey_import_privkey(k->public, wrapper, 0, 0) == 0;
  gnutls_privkey_deinit(wrapper);
  return done;
}

static enum err_code import_key(const struct source *s, struct pki_key *k, struct err *e)
{
  TRY(is_encrypted(s) ? import_encrypted(s, k->private, e) : import_plain(s, k->private, e));
  if (!derive_public(k) || gnutls_x509_privkey_verify_params(k->private))
    return err_field(e, s->field, "The private key is damaged: its numbers do not belong together");
  return check_algorithm(s, k, e);
}

static enum err_code refuse_block(const struct pem_block *b, const char *field, struct err *e)
{
  if (strcmp(b->label, "OPENSSH PRIVATE KEY") == 0)
    return err_field(e, field, "It is a key in the form of OpenSSH: convert it with ssh-keygen -p -m PKCS8 -f FILE");
  if (strcmp(b->label, "DSA PRIVATE KEY") == 0)
    return err_field(e, field, "DSA private keys are not used: RSA, ECDSA and Ed25519 are");
  return err_field(e, field, "It holds no private key, but a %s (line %zu)", b->label, b->line);
}

static bool is_key(const struct pem_block *b)
{
  static const char *const labels[] = { "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" };
  for (size_t i = 0; i < COUNT_OF(labels); i++)
    if (strcmp(labels[i], b->label) == 0)
      return true;
  return false;
}

static enum err_code find_key(const char *pem, size_t len, const char *field, struct pem_block *out, struct err *e)
{
  struct pem_reader r = PEM_READER(pem, len, field);
  struct pem_block b, other = { 0 };
  bool found;
  *out = (struct pem_block){ 0 };
  for (;;) {
    TRY(pem_next(&r, &b, &found, e));
    if (!found)
      break;
    if (!is_key(&b))
      other = b;
    else if (out->number)
      return err_field(e, field, "It holds two private keys (lines %zu and %zu): leave one of them out", out->line,
                       b.line);
    else
      *out = b;
  }
  if (out->number)
    return ERR_NONE;
  return other.number ? refuse_block(&other, field, e) : pem_explain_none(pem, len, field, "pkey", e);
}

enum err_code pki_key_read(const char *pem, size_t len, const char *password, const char *field, struct pki_key **out,
                           struct err *e)
{
  struct pem_block block;
  if (len > KEY_PEM_MAX)
    return err_field(e, field, "It has %zu bytes: no private key is larger than %d", len, KEY_PEM_MAX);
  TRY(find_key(pem, len, field, &block, e));
  CLEANUP(source_cleanup) struct source s = { .block = &block, .password = password, .field = field };
  snprintf(s.password_field, sizeof s.password_field, "%s_password", field);
  pem_copy(&block, &s.text);
  AUTO_PKI_KEY struct pki_key *k = key_new();
  TRY(import_key(&s, k, e));
  *out = take_ptr(k);
  return ERR_NONE;
}

struct pki_key *key_new(void)
{
  struct pki_key *k = calloc(1, sizeof *k);
  if (!k || gnutls_x509_privkey_init(&k->private) || gnutls_pubkey_init(&k->public))
    abort(); /* out of memory */
  return k;
}

void pki_key_free(struct pki_key *k)
{
  if (!k)
    return;
  gnutls_x509_privkey_deinit(k->private); /* wipes */
  gnutls_pubkey_deinit(k->public);
  free(k);
}
