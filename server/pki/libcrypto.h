/* What verify.c asks of libcrypto for the other files of this room. The servers use OpenSSL, so what is an authority,
 * what is self-signed, what is fit for a purpose and what verifies is for OpenSSL to say, and is never re-told. */
#ifndef OPSD_PKI_LIBCRYPTO_H
#define OPSD_PKI_LIBCRYPTO_H

#include "pki/pki.h"

/* NULL when libcrypto takes the DER as a certificate, all of it; else its reason ("illegal characters"). */
const char *libcrypto_refuses(const struct pki_cert *c);

struct libcrypto_view {
  bool self_signed; /* subject is issuer, identifiers agree, and its own key verifies the signature */
  bool ca;          /* may stand in the middle or at the end of a chain; a self-signed version 1 certificate may */
  bool for_server, for_client; /* purposes sslserver and sslclient; as an authority where ca */
  const char *unknown_critical; /* the dotted number of the first critical extension that it does not know, or NULL */
};
void libcrypto_look(const struct pki_cert *c, struct arena *a, struct libcrypto_view *out);

/* May a server present it (purpose sslserver), whatever else it is? */
bool libcrypto_serves(const struct pki_cert *c);

/* Is the certificate's public key the one of this SubjectPublicKeyInfo? As X509_check_private_key compares: the
 * numbers, not their encoding (a compressed point is the same point), and RSA is another kind than RSA-PSS. */
bool libcrypto_has_key(const struct pki_cert *c, const uint8_t *spki, size_t len);

enum libcrypto_link {
  LINK_HOLDS,
  LINK_NAME,      /* the subject is not the other's issuer */
  LINK_IDENTIFIER, /* the name is, the key identifier or serial number is not */
  LINK_USAGE,     /* the key usage of the issuer forbids to sign certificates */
  LINK_SIGNATURE, /* the names agree, but another key of the same name signed */
};
enum libcrypto_link libcrypto_issued(const struct pki_cert *issuer, const struct pki_cert *subject);

/* X509_verify_cert over c's first certificate, the others at hand as untrusted. The purpose is not asked for when
 * usage is NULL, the time not when at_s is TIME_NONE. */
enum err_code libcrypto_verify(const struct pki_chain *c, const struct pki_chain *anchors, const char *usage,
                               int64_t at_s, struct arena *a, struct pki_verdict *out, struct err *e);

/* X509_V_ERR_… of OpenSSL, for the findings; held to the library's own numbers in verify.c. */
enum {
  VERDICT_SIGNATURE_FAILURE = 7,
  VERDICT_EE_KEY_TOO_SMALL = 66,
  VERDICT_CA_KEY_TOO_SMALL = 67,
  VERDICT_CA_MD_TOO_WEAK = 68,
};

#endif
