#include "pki_odd.h"

#include <stdlib.h>
#include <string.h>

#include "crypt/crypt.h"
#include "pki/der.h"
#include "pki_material.h"

void odd_tlv(struct buf *out, uint8_t tag, const void *data, size_t len)
{
  buf_char(out, (char)tag);
  int octets = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
  if (octets)
    buf_char(out, (char)(0x80 | octets));
  for (int i = octets ? octets - 1 : 0; i >= 0; i--)
    buf_char(out, (char)(len >> 8 * i));
  buf_add(out, data, len);
}

static void wrap(struct buf *out, uint8_t tag, struct buf *content)
{
  odd_tlv(out, tag, buf_cstr(content), content->len);
  buf_free(content);
}

static void add_arc(struct buf *out, uint64_t arc)
{
  for (int shift = 63; shift >= 0; shift -= 7)
    if (shift == 0 || arc >> shift)
      buf_char(out, (char)((arc >> shift & 0x7f) | (shift ? 0x80 : 0)));
}

void odd_oid(struct buf *out, const char *dotted)
{
  struct buf content = BUF_INIT;
  char *end;
  uint64_t first = strtoull(dotted, &end, 10);
  add_arc(&content, first * 40 + strtoull(end + 1, &end, 10));
  while (*end == '.')
    add_arc(&content, strtoull(end + 1, &end, 10));
  wrap(out, DER_OID, &content);
}

void odd_attribute(struct buf *out, const char *oid, uint8_t tag, const void *value, size_t len)
{
  struct buf pair = BUF_INIT;
  odd_oid(&pair, oid);
  odd_tlv(&pair, tag, value, len);
  wrap(out, DER_SEQUENCE, &pair);
}

void odd_rdn(struct buf *name, const char *oid, uint8_t tag, const void *value, size_t len)
{
  struct buf set = BUF_INIT;
  odd_attribute(&set, oid, tag, value, len);
  wrap(name, DER_SET, &set);
}

void odd_extension(struct buf *list, const char *oid, bool critical, const void *value, size_t len)
{
  struct buf seq = BUF_INIT;
  odd_oid(&seq, oid);
  if (critical)
    odd_tlv(&seq, DER_BOOLEAN, "\xff", 1);
  odd_tlv(&seq, DER_OCTET_STRING, value, len);
  wrap(list, DER_SEQUENCE, &seq);
}

static void add_algorithm(struct buf *out)
{
  struct buf seq = BUF_INIT;
  odd_oid(&seq, "1.2.840.10045.4.3.2");
  wrap(out, DER_SEQUENCE, &seq);
}

static void add_validity(struct buf *out, const struct odd *o)
{
  struct buf seq = BUF_INIT;
  for (int i = 0; i < 2; i++) {
    const char *text = o->time[i] ? o->time[i] : i ? "400101000000Z" : "200101000000Z";
    odd_tlv(&seq, o->time_tag[i] ? o->time_tag[i] : DER_UTC_TIME, text, strlen(text));
  }
  wrap(out, DER_SEQUENCE, &seq);
}

static void add_key(struct buf *out)
{
  static struct buf spki;
  if (!spki.len) {
    char *text =
      material_output(NULL, "openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout -outform DER "
                            "2>/dev/null | openssl base64 -A");
    crypt_base64_decode(text, &spki, NULL);
  }
  buf_add(out, spki.data, spki.len);
}

static void build(struct buf *out, struct odd *o)
{
  struct buf tbs = BUF_INIT, version = BUF_INIT, certificate = BUF_INIT, list = BUF_INIT;
  if (o->version) {
    odd_tlv(&version, DER_INTEGER, &(char){ (char)(o->version - 1) }, 1);
    wrap(&tbs, DER_CONTEXT_CONSTRUCTED(0), &version);
  }
  odd_tlv(&tbs, DER_INTEGER, o->serial_len ? o->serial : "\x01", o->serial_len ? o->serial_len : 1);
  add_algorithm(&tbs);
  odd_tlv(&tbs, DER_SEQUENCE, buf_cstr(&o->name), o->name.len);
  add_validity(&tbs, o);
  odd_tlv(&tbs, DER_SEQUENCE, buf_cstr(&o->name), o->name.len);
  add_key(&tbs);
  if (o->extensions.len) {
    wrap(&list, DER_SEQUENCE, &o->extensions);
    wrap(&tbs, DER_CONTEXT_CONSTRUCTED(3), &list);
  }
  wrap(&certificate, DER_SEQUENCE, &tbs);
  add_algorithm(&certificate);
  odd_tlv(&certificate, DER_BIT_STRING, "\0\x30\x06\x02\x01\x01\x02\x01\x01", 9);
  wrap(out, DER_SEQUENCE, &certificate);
}

void odd_write(const char *name, struct odd *o)
{
  AUTO_BUF struct buf der = BUF_INIT;
  build(&der, o);
  buf_free(&o->name);
  struct pki_cert cert = { (const uint8_t *)der.data, der.len, NULL };
  const char *pem = pki_chain_pem(&material, &(struct pki_chain){ &cert, 1 }, 0);
  material_write(name, pem, strlen(pem));
}
