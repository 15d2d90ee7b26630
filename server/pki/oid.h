/* Object identifiers: as text, and by the names people know. */
#ifndef OPSD_PKI_OID_H
#define OPSD_PKI_OID_H

#include "pki/der.h"

enum { OID_BYTES_MAX = 128, OID_TEXT_SIZE = 640 };

/* "2.5.4.3"; arcs of any size. False when content is no object identifier, or longer than OID_BYTES_MAX. */
bool oid_text(struct der content, char out[OID_TEXT_SIZE]);

/* All take the text form; NULL when the identifier is not in the table. */
const char *oid_attribute(const char *oid); /* of a distinguished name, as OpenSSL shortens it: "CN" */
const char *oid_purpose(const char *oid);   /* extended key usage, RFC 5280's name: "serverAuth" */
const char *oid_curve(const char *oid, int *bits); /* "P-256", 256 */

struct oid_signature {
  const char *oid, *name; /* "sha256WithRSAEncryption", OpenSSL's long name */
  const char *digest;     /* "SHA-256"; the scheme itself for EdDSA; NULL for RSA-PSS, whose parameters tell */
};
const struct oid_signature *oid_signature(const char *oid);
const char *oid_digest(const char *oid); /* "SHA-256" */

/* "RSA", "RSA-PSS", "EC", "Ed25519", "Ed448", "DSA" */
const char *oid_key(const char *oid);

/* Digests that OpenSSL refuses at its security level 1 or 2. */
bool oid_digest_is_weak(const char *digest);

#endif
