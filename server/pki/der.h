/* Reading DER (X.690) without copying: a span is narrowed as values are taken from it. Strict: definite, shortest
 * lengths and one-byte tags alone; what is no DER is refused, so that nothing is shown that another
 * program would read differently. */
#ifndef OPSD_PKI_DER_H
#define OPSD_PKI_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct der {
  const uint8_t *p;
  size_t len;
};

enum {
  DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_OCTET_STRING = 0x04, DER_OID = 0x06,
  DER_UTF8 = 0x0c, DER_NUMERIC = 0x12, DER_PRINTABLE = 0x13, DER_T61 = 0x14, DER_IA5 = 0x16, DER_UTC_TIME = 0x17,
  DER_GENERALIZED_TIME = 0x18, DER_UNIVERSAL = 0x1c, DER_BMP = 0x1e, DER_SEQUENCE = 0x30, DER_SET = 0x31,
};
#define DER_CONTEXT(n) (0x80 | (n))             /* [n] IMPLICIT of something primitive */
#define DER_CONTEXT_CONSTRUCTED(n) (0xa0 | (n)) /* [n] EXPLICIT, or IMPLICIT of something constructed */

/* Takes the next value. whole (may be NULL) gets it with its tag and length. */
bool der_next(struct der *in, uint8_t *tag, struct der *content, struct der *whole);
/* Takes the next value if it has this tag; else false and nothing is taken. */
bool der_take(struct der *in, uint8_t tag, struct der *content);
bool der_take_whole(struct der *in, uint8_t tag, struct der *content, struct der *whole);

bool der_equal(struct der a, struct der b);

/* BIT STRING without unused bits: out is what follows the count. */
bool der_octet_bits(struct der content, struct der *out);
/* Non-negative INTEGER that fits. */
bool der_small_integer(struct der content, int64_t *out);
bool der_boolean(struct der content, bool *out);

/* UTCTime and GeneralizedTime in the only form that RFC 5280 (4.1.2.5) allows: seconds and Z.
 * Seconds since 1970, negative before; years 0000 to 9999. */
bool der_time(uint8_t tag, struct der content, int64_t *out_s);

#endif
