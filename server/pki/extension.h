/* The extensions that opsd shows and judges (RFC 5280, section 4.2). Others are passed over: whether an unknown
 * critical one stops a server is for libcrypto to say. */
#ifndef OPSD_PKI_EXTENSION_H
#define OPSD_PKI_EXTENSION_H

#include "pki/x509.h"

/* Fills the second half of out. A known extension that is malformed, or one that occurs twice, is refused. */
enum err_code extensions_parse(struct der list, struct x509 *out, struct err *e);

/* RFC 5280's names: "digitalSignature", "serverAuth" or the dotted number. */
void extension_key_usage_names(const struct x509 *x, struct arena *a, struct str_list *out);
void extension_ext_usage_names(const struct x509 *x, struct arena *a, struct str_list *out);

#endif
