#include "pki/x509.h"

#include <assert.h>
#include <string.h>

#include "pki/extension.h"
#include "pki/name.h"

static enum err_code broken(struct err *e, const char *part)
{
  return err_set(e, ERR_INVALID, "its %s cannot be read: it is not what RFC 5280 allows there", part);
}

/* AlgorithmIdentifier; parameters may be missing. */
static bool take_algorithm(struct der *in, char oid[OID_TEXT_SIZE], struct der *params)
{
  struct der seq, id;
  if (!der_take(in, DER_SEQUENCE, &seq) || !der_take(&seq, DER_OID, &id) || !oid_text(id, oid))
    return false;
  *params = seq;
  uint8_t tag;
  struct der content;
  return seq.len == 0 || (der_next(&seq, &tag, &content, NULL) && seq.len == 0);
}

static enum err_code parse_version(struct der *tbs, struct x509 *x, struct err *e)
{
  struct der explicit_tag, integer;
  x->version = 1;
  if (!der_take(tbs, DER_CONTEXT_CONSTRUCTED(0), &explicit_tag))
    return ERR_NONE;
  int64_t v;
  if (!der_take(&explicit_tag, DER_INTEGER, &integer) || explicit_tag.len || !der_small_integer(integer, &v))
    return broken(e, "version");
  if (v > 2)
    return err_set(e, ERR_INVALID, "its version number is %lld: only versions 1 to 3 exist", (long long)v + 1);
  x->version = v + 1;
  return ERR_NONE;
}

static enum err_code parse_validity(struct der *tbs, struct x509 *x, struct err *e)
{
  struct der seq, from, until;
  uint8_t from_tag, until_tag;
  if (!der_take(tbs, DER_SEQUENCE, &seq) || !der_next(&seq, &from_tag, &from, NULL) ||
      !der_next(&seq, &until_tag, &until, NULL) || seq.len || !der_time(from_tag, from, &x->not_before_s) ||
      !der_time(until_tag, until, &x->not_after_s))
    return broken(e, "validity");
  return ERR_NONE;
}

static enum err_code parse_key(struct der *tbs, struct x509 *x, struct err *e)
{
  struct der seq, bits;
  if (!der_take_whole(tbs, DER_SEQUENCE, &seq, &x->spki) || !take_algorithm(&seq, x->key_oid, &x->key_params) ||
      !der_take(&seq, DER_BIT_STRING, &bits) || seq.len || !der_octet_bits(bits, &x->key_bits))
    return broken(e, "public key");
  return ERR_NONE;
}

static enum err_code parse_name(struct der *tbs, const char *part, struct der *out, struct err *e)
{
  return der_take(tbs, DER_SEQUENCE, out) && name_valid(*out) ? ERR_NONE : broken(e, part);
}

static enum err_code parse_tbs(struct der tbs, struct x509 *x, struct err *e)
{
  struct der unique_id, explicit_tag, extensions;
  TRY(parse_version(&tbs, x, e));
  if (!der_take(&tbs, DER_INTEGER, &x->serial) || x->serial.len == 0)
    return broken(e, "serial number");
  if (!take_algorithm(&tbs, x->signature_oid, &x->signature_params))
    return broken(e, "signature algorithm");
  TRY(parse_name(&tbs, "issuer", &x->issuer, e));
  TRY(parse_validity(&tbs, x, e));
  TRY(parse_name(&tbs, "subject", &x->subject, e));
  TRY(parse_key(&tbs, x, e));
  der_take(&tbs, DER_CONTEXT(1), &unique_id);
  der_take(&tbs, DER_CONTEXT(2), &unique_id);
  if (der_take(&tbs, DER_CONTEXT_CONSTRUCTED(3), &explicit_tag)) {
    if (!der_take(&explicit_tag, DER_SEQUENCE, &extensions) || explicit_tag.len)
      return broken(e, "list of extensions");
    TRY(extensions_parse(extensions, x, e));
  }
  return tbs.len ? broken(e, "end") : ERR_NONE;
}

enum err_code x509_parse(const uint8_t *bytes, size_t len, struct x509 *out, struct err *e)
{
  struct x509 x = { .path_len = -1 };
  struct der in = { bytes, len }, certificate, tbs, signature, params;
  char outer_oid[OID_TEXT_SIZE];
  if (!der_take(&in, DER_SEQUENCE, &certificate))
    return err_set(e, ERR_INVALID, "it is no certificate, or was cut short: its outermost DER value cannot be read");
  if (in.len)
    return err_set(e, ERR_INVALID, "%zu bytes follow behind its end", in.len);
  if (!der_take(&certificate, DER_SEQUENCE, &tbs))
    return err_set(e, ERR_INVALID, "it is DER, but no certificate");
  TRY(parse_tbs(tbs, &x, e));
  if (!take_algorithm(&certificate, outer_oid, &params) || !der_take(&certificate, DER_BIT_STRING, &signature) ||
      certificate.len)
    return broken(e, "signature");
  if (strcmp(outer_oid, x.signature_oid) != 0 || !der_equal(params, x.signature_params))
    return err_set(e, ERR_INVALID, "it names two different signature algorithms");
  *out = x;
  return ERR_NONE;
}

struct x509 x509_of(const struct pki_cert *c)
{
  struct x509 x;
  enum err_code rc = x509_parse(c->der, c->der_len, &x, NULL);
  assert(rc == ERR_NONE);
  (void)rc;
  return x;
}

char *x509_serial_text(struct arena *a, struct der serial)
{
  bool negative = serial.p[0] & 0x80;
  uint8_t *magnitude = arena_memdup(a, serial.p, serial.len);
  unsigned carry = 1;
  for (size_t i = serial.len; negative && i-- > 0;) {
    carry += (uint8_t)~magnitude[i];
    magnitude[i] = (uint8_t)carry;
    carry >>= 8;
  }
  /* a leading zero octet only says that the number is not negative */
  size_t skip = !negative && serial.len > 1 && magnitude[0] == 0;
  return arena_printf(a, "%s%s", negative ? "-" : "", hex_format(a, magnitude + skip, serial.len - skip, ':'));
}

/* RSAPublicKey ::= SEQUENCE { modulus, exponent }; DSA's p and RSA's n are both the first INTEGER */
static int64_t first_integer_bits(struct der in)
{
  struct der seq, n;
  if (!der_take(&in, DER_SEQUENCE, &seq) || !der_take(&seq, DER_INTEGER, &n))
    return 0;
  while (n.len && n.p[0] == 0)
    n = (struct der){ n.p + 1, n.len - 1 };
  return n.len ? (int64_t)n.len * 8 - (__builtin_clz(n.p[0]) - 24) : 0;
}

static void describe_curve(const struct x509 *x, struct arena *a, struct x509_key *out)
{
  struct der params = x->key_params, id;
  char oid[OID_TEXT_SIZE];
  int bits = 0;
  out->curve = "explicit";
  if (der_take(&params, DER_OID, &id) && oid_text(id, oid)) {
    out->curve = oid_curve(oid, &bits);
    if (!out->curve)
      out->curve = arena_strdup(a, oid);
  }
  /* an unknown curve: an uncompressed point is 4 and two coordinates */
  out->bits = bits ? bits : (int64_t)(x->key_bits.len / 2) * 8;
}

void x509_key_describe(const struct x509 *x, struct arena *a, struct x509_key *out)
{
  const char *type = oid_key(x->key_oid);
  *out = (struct x509_key){ .type = type ? type : arena_strdup(a, x->key_oid) };
  if (!type)
    return;
  if (strcmp(type, "EC") == 0)
    describe_curve(x, a, out);
  else if (strcmp(type, "DSA") == 0)
    out->bits = first_integer_bits(x->key_params);
  else if (strncmp(type, "RSA", 3) == 0)
    out->bits = first_integer_bits(x->key_bits);
  else
    out->bits = strcmp(type, "Ed448") == 0 ? 456 : 256;
}

/* RSASSA-PSS-params (RFC 4055): [0] hash, SHA-1 when it is missing */
static const char *pss_digest(struct der params)
{
  struct der seq, explicit_tag, unused;
  char oid[OID_TEXT_SIZE];
  if (!der_take(&params, DER_SEQUENCE, &seq) || !der_take(&seq, DER_CONTEXT_CONSTRUCTED(0), &explicit_tag))
    return "SHA-1";
  if (!take_algorithm(&explicit_tag, oid, &unused))
    return NULL;
  return oid_digest(oid);
}

void x509_signature_describe(const struct x509 *x, struct arena *a, const char **name, const char **digest)
{
  const struct oid_signature *known = oid_signature(x->signature_oid);
  *name = known ? known->name : arena_strdup(a, x->signature_oid);
  *digest = known ? known->digest : *name;
  if (!*digest)
    *digest = pss_digest(x->signature_params);
  if (!*digest)
    *digest = *name;
}

const char *x509_label(const struct x509 *x, struct arena *a)
{
  const char *name = name_common(a, x->subject);
  if (!name || !*name)
    name = name_text(a, x->subject);
  return *name ? arena_printf(a, "\"%s\"", name) : "without a name";
}
