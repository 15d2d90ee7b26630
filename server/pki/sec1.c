#include "pki/sec1.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "pki/der.h"
#include "pki/pem.h"

struct curve {
  gnutls_ecc_curve_t id;
  size_t size;         /* of a coordinate and of the secret */
  const char *oid;     /* with its tag and length */
  size_t oid_len;
};

static const struct curve curves[] = {
  { GNUTLS_ECC_CURVE_SECP256R1, 32, "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 10 },
  { GNUTLS_ECC_CURVE_SECP384R1, 48, "\x06\x05\x2b\x81\x04\x00\x22", 7 },
  { GNUTLS_ECC_CURVE_SECP521R1, 66, "\x06\x05\x2b\x81\x04\x00\x23", 7 },
};

struct parts {
  gnutls_ecc_curve_t curve;
  gnutls_datum_t x, y, secret;
};

static void free_parts(struct parts *p)
{
  if (p->secret.data)
    gnutls_memset(p->secret.data, 0, p->secret.size);
  gnutls_free(p->x.data);
  gnutls_free(p->y.data);
  gnutls_free(p->secret.data);
}

static void add_tlv(struct buf *out, uint8_t tag, const void *data, size_t len)
{
  buf_char(out, (char)tag);
  if (len >= 0x80)
    buf_char(out, (char)0x81); /* nothing here is longer than 255 */
  buf_char(out, (char)len);
  buf_add(out, data, len);
}

/* The number in exactly `size` octets. */
static void add_number(struct buf *out, gnutls_datum_t n, size_t size)
{
  while (n.size > size && n.data[0] == 0) {
    n.data++;
    n.size--;
  }
  for (size_t i = n.size; i < size; i++)
    buf_char(out, 0);
  buf_add(out, n.data, n.size);
}

static void build(struct buf *out, const struct curve *curve, const struct parts *p)
{
  AUTO_BUF struct buf secret = BUF_INIT, point = BUF_INIT, bits = BUF_INIT, body = BUF_INIT;
  add_number(&secret, p->secret, curve->size);
  buf_add(&point, "\0\x04", 2); /* no unused bits; both coordinates follow */
  add_number(&point, p->x, curve->size);
  add_number(&point, p->y, curve->size);
  add_tlv(&bits, DER_BIT_STRING, point.data, point.len);
  add_tlv(&body, DER_INTEGER, "\x01", 1);
  add_tlv(&body, DER_OCTET_STRING, secret.data, secret.len);
  add_tlv(&body, DER_CONTEXT_CONSTRUCTED(0), curve->oid, curve->oid_len);
  add_tlv(&body, DER_CONTEXT_CONSTRUCTED(1), bits.data, bits.len);
  add_tlv(out, DER_SEQUENCE, body.data, body.len);
}

enum err_code sec1_pem(const struct pki_key *k, struct buf *out, struct err *e)
{
  CLEANUP(free_parts) struct parts p = { 0 };
  int rc = gnutls_x509_privkey_export_ecc_raw(k->private, &p.curve, &p.x, &p.y, &p.secret);
  if (rc < 0)
    return err_set(e, ERR_INTERNAL, "The private key cannot be written as PEM: %s", gnutls_strerror(rc));
  for (size_t i = 0; i < COUNT_OF(curves); i++)
    if (curves[i].id == p.curve) {
      AUTO_BUF struct buf der = BUF_INIT;
      build(&der, &curves[i], &p);
      pem_write(out, "EC PRIVATE KEY", der.data, der.len);
      return ERR_NONE;
    }
  return err_set(e, ERR_INTERNAL, "The private key is on a curve that opsd does not write");
}
