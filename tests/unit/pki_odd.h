/* Certificates that no command makes: DER put together byte by byte around a real public key, with a signature that
 * nobody looks at. */
#ifndef OPSD_TESTS_PKI_ODD_H
#define OPSD_TESTS_PKI_ODD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

void odd_tlv(struct buf *out, uint8_t tag, const void *data, size_t len);
void odd_oid(struct buf *out, const char *dotted); /* with its tag */
/* One AttributeTypeAndValue. */
void odd_attribute(struct buf *out, const char *oid, uint8_t tag, const void *value, size_t len);
/* One RDN of one attribute. */
void odd_rdn(struct buf *name, const char *oid, uint8_t tag, const void *value, size_t len);
void odd_extension(struct buf *list, const char *oid, bool critical, const void *value, size_t len);

struct odd {
  int version;              /* 0: no version field */
  const char *serial;       /* content octets */
  size_t serial_len;        /* 0: 01 */
  struct buf name;          /* RDNSequence content; subject and issuer */
  uint8_t time_tag[2];      /* 0: UTCTime */
  const char *time[2];      /* NULL: 2020 and 2040 */
  struct buf extensions;    /* content of the list */
};
/* Writes NAME into the folder of pki_material. */
void odd_write(const char *name, struct odd *o);

#endif
