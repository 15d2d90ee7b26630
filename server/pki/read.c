#include "pki/read.h"

#include <string.h>

#include "crypt/crypt.h"
#include "pki/libcrypto.h"
#include "pki/pem.h"
#include "pki/x509.h"

static enum err_code refuse_block(const struct pem_block *b, const char *field, struct err *e)
{
  if (strcmp(b->label, "TRUSTED CERTIFICATE") == 0)
    return err_field(e, field,
                     "Block %zu (line %zu) is a TRUSTED CERTIFICATE, which only OpenSSL reads: convert it with openssl "
                     "x509 -in FILE -out FILE.pem",
                     b->number, b->line);
  if (strstr(b->label, "PRIVATE KEY"))
    return err_field(e, field,
                     "Block %zu (line %zu) is a %s: only certificates belong here, the key goes into its own field",
                     b->number, b->line, b->label);
  if (strstr(b->label, "CERTIFICATE REQUEST"))
    return err_field(e, field, "Block %zu (line %zu) is a %s: an authority must sign it first", b->number, b->line,
                     b->label);
  if (strstr(b->label, "PKCS7") || strcmp(b->label, "CMS") == 0)
    return err_field(e, field,
                     "Block %zu (line %zu) is %s: take the certificates out with openssl pkcs7 -print_certs -in FILE",
                     b->number, b->line, b->label);
  return err_field(e, field, "Block %zu (line %zu) is a %s: only certificates belong here", b->number, b->line,
                   b->label);
}

static enum err_code check_certificate(const struct pki_cert *c, const struct pem_block *b, const char *field,
                                       struct err *e)
{
  struct x509 x;
  struct err why = { 0 };
  if (c->der_len > PKI_DER_MAX)
    return err_field(e, field, "Certificate %zu (line %zu) has %zu bytes; more than %d are not taken", b->number,
                     b->line, c->der_len, PKI_DER_MAX);
  if (x509_parse(c->der, c->der_len, &x, &why))
    return err_field(e, field, "Certificate %zu (line %zu) is refused: %s", b->number, b->line, why.text);
  const char *refused = libcrypto_refuses(c);
  if (refused)
    return err_field(e, field,
                     "Certificate %zu (line %zu) is refused: OpenSSL, which the servers use, cannot read it (%s)",
                     b->number, b->line, refused);
  return ERR_NONE;
}

static enum err_code add_block(const struct pem_reader *r, const struct pem_block *b, struct arena *a,
                               struct pki_chain *c, struct err *e)
{
  if (strcmp(b->label, "CERTIFICATE") != 0 && strcmp(b->label, "X509 CERTIFICATE") != 0)
    return refuse_block(b, r->field, e);
  AUTO_BUF struct buf der = BUF_INIT;
  TRY(pem_decode(r, b, &der, e));
  struct pki_cert cert = { (const uint8_t *)buf_cstr(&der), der.len, NULL };
  TRY(check_certificate(&cert, b, r->field, e));
  cert.der = arena_memdup(a, cert.der, cert.der_len);
  cert.sha256 = crypt_sha256_hex(a, cert.der, cert.der_len, ':');
  c->item[c->count++] = cert;
  return ERR_NONE;
}

enum err_code read_certificates(const char *pem, size_t len, size_t max, const char *field, struct arena *a,
                                struct pki_chain *out, struct err *e)
{
  if (len > PKI_PEM_MAX)
    return err_field(e, field, "It has %zu bytes; more than %d are not taken", len, PKI_PEM_MAX);
  struct pem_reader r = PEM_READER(pem, len, field);
  struct pki_chain c = { arena_alloc_n(a, max, sizeof *c.item), 0 };
  for (;;) {
    struct pem_block b;
    bool found;
    TRY(pem_next(&r, &b, &found, e));
    if (!found)
      break;
    if (c.count == max)
      return err_field(e, field, "It holds more than %zu certificates", max);
    TRY(add_block(&r, &b, a, &c, e));
  }
  if (c.count == 0)
    return pem_explain_none(pem, len, field, "x509", e);
  *out = c;
  return ERR_NONE;
}

enum err_code pki_chain_read(const char *pem, size_t len, const char *field, struct arena *a, struct pki_chain *out,
                             struct err *e)
{
  return read_certificates(pem, len, PKI_CHAIN_MAX, field, a, out, e);
}

char *pki_chain_pem(struct arena *a, const struct pki_chain *c, size_t from)
{
  AUTO_BUF struct buf b = BUF_INIT;
  for (size_t i = from; i < c->count; i++)
    pem_write(&b, "CERTIFICATE", c->item[i].der, c->item[i].der_len);
  return arena_strndup(a, buf_cstr(&b), b.len);
}
