/* Distinguished names as text: what `openssl x509 -subject -issuer -nameopt oneline,-esc_msb` prints on OpenSSL 3.0,
 * byte for byte; for ASCII names this is its default form:
 *
 *   CN = db1.example.com, O = "Example, Inc.", OU = a + OU = b
 *
 * Order is the certificate's. " + " joins a multi-valued RDN. A value with , + < > ; in it, a blank at
 * its ends or a # at its start stands in double quotes; " and \ take a backslash; control characters (an embedded NUL
 * too) are \00 in hex. T61String and the other 8-bit types are read as Latin-1, BMPString and UniversalString as
 * Unicode, and all is printed as UTF-8. What is no string (BIT STRING, SEQUENCE …) is # and the hex of its DER.
 * Attribute types without a name are dotted numbers.
 *
 * OpenSSL takes no certificate whose subject or issuer has characters that do not exist. In the names within a SAN it
 * does; there bytes that are no UTF-8 are \FF, UTF-16 surrogate pairs the character meant, lone ones \UD800,
 * code points that do not exist \W00110000, and a BMPString or UniversalString of a wrong length # and hex. */
#ifndef OPSD_PKI_NAME_H
#define OPSD_PKI_NAME_H

#include "base/arena.h"
#include "base/buf.h"
#include "pki/der.h"

/* name: the content of a Name (RDNSequence). */
bool name_valid(struct der name);
char *name_text(struct arena *a, struct der name);
/* The first commonName, without quotes; NULL when there is none. */
char *name_common(struct arena *a, struct der name);

/* One string value as UTF-8, escaped (\00, \\), without quotes: for names, CNs and SANs alike. */
void name_add_plain(struct buf *b, uint8_t tag, struct der value);

#endif
