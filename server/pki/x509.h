/* One certificate taken apart (RFC 5280, section 4.1): spans into its DER, nothing copied. A certificate that cannot be
 * taken apart completely (the extensions that opsd shows included) is refused here, so that what reads a struct x509
 * cannot fail. */
#ifndef OPSD_PKI_X509_H
#define OPSD_PKI_X509_H

#include "base/arena.h"
#include "base/err.h"
#include "pki/der.h"
#include "pki/oid.h"
#include "pki/pki.h"

struct x509 {
  int64_t version; /* 1, 2 or 3 */
  struct der serial;
  struct der issuer, subject; /* RDNSequence, without the outer tag */
  int64_t not_before_s, not_after_s;
  struct der spki; /* the whole SubjectPublicKeyInfo */
  struct der key_params, key_bits;
  char key_oid[OID_TEXT_SIZE];
  char signature_oid[OID_TEXT_SIZE];
  struct der signature_params;

  bool has_constraints, ca;
  int64_t path_len; /* -1: none */
  bool has_key_usage;
  uint16_t key_usage;     /* bit 0 (digitalSignature) is 1 << 0 */
  bool has_ext_usage;
  struct der ext_usage;   /* the OIDs, one after the other */
  bool has_san;
  struct der san;         /* the GeneralNames, one after the other */
  bool has_ski, has_aki;
  struct der ski, aki;    /* key identifiers; aki is there only when the extension holds one */
};

/* Errors: ERR_INVALID without a field, "its validity cannot be read …": the caller puts the certificate before it. */
enum err_code x509_parse(const uint8_t *bytes, size_t len, struct x509 *out, struct err *e);

/* Of a certificate that pki_chain_read took; cannot fail. */
struct x509 x509_of(const struct pki_cert *c);

/* Colon-separated lower-case hex, with "-" in front of a negative one's magnitude. */
char *x509_serial_text(struct arena *a, struct der serial);

struct x509_key {
  const char *type; /* "RSA", "EC" … or the algorithm's number */
  const char *curve; /* NULL unless EC; "explicit" when its parameters are spelled out */
  int64_t bits;
};
void x509_key_describe(const struct x509 *x, struct arena *a, struct x509_key *out);

/* Name ("sha256WithRSAEncryption") and digest ("SHA-256") of the signature; RSA-PSS tells the digest in its parameters.
 */
void x509_signature_describe(const struct x509 *x, struct arena *a, const char **name, const char **digest);

/* How a sentence calls it: its CN, else its subject, else "without a name"; quoted. */
const char *x509_label(const struct x509 *x, struct arena *a);

#endif
