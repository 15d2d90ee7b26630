/* ECPrivateKey (RFC 5915, "BEGIN EC PRIVATE KEY"). GnuTLS leaves the curve out when the key came as PKCS#8, and then
 * OpenSSL cannot read it: so this room writes it. */
#ifndef OPSD_PKI_SEC1_H
#define OPSD_PKI_SEC1_H

#include "pki/key.h"

enum err_code sec1_pem(const struct pki_key *k, struct buf *out, struct err *e);

#endif
