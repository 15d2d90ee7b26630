/* Encrypted keys as OpenSSL wrote them before PKCS#8 (RFC 1421 headers): "Proc-Type: 4,ENCRYPTED", "DEK-Info:
 * AES-256-CBC,<IV in hex>", a blank line, Base64. GnuTLS's own reader of this form aborts the program when the length
 * is no multiple of the cipher's block, so the decryption is done here. */
#ifndef OPSD_PKI_LEGACY_H
#define OPSD_PKI_LEGACY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

enum legacy_result {
  LEGACY_OPENED,
  LEGACY_UNKNOWN,  /* the cipher */
  LEGACY_DAMAGED,  /* headers or Base64 */
  LEGACY_PASSWORD, /* the padding is wrong: so is the password */
};

/* text: the block with its BEGIN and END lines, plain newlines. The key's DER is appended to out. */
enum legacy_result legacy_open(const struct buf *text, const char *password, struct buf *out);

bool legacy_is_encrypted(const struct buf *text);

#endif
