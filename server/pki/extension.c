#include "pki/extension.h"

#include <string.h>

#include "pki/san.h"

static bool parse_constraints(struct der in, struct x509 *x)
{
  struct der seq, content;
  x->has_constraints = true;
  if (!der_take(&in, DER_SEQUENCE, &seq) || in.len)
    return false;
  if (der_take(&seq, DER_BOOLEAN, &content) && !der_boolean(content, &x->ca))
    return false;
  if (der_take(&seq, DER_INTEGER, &content) && !der_small_integer(content, &x->path_len))
    return false;
  return seq.len == 0;
}

/* BIT STRING whose first bit is the highest of its first octet */
static bool parse_key_usage(struct der in, struct x509 *x)
{
  struct der bits;
  x->has_key_usage = true;
  if (!der_take(&in, DER_BIT_STRING, &bits) || in.len || bits.len == 0 || bits.p[0] > 7)
    return false;
  for (unsigned bit = 0; bit < 16; bit++)
    if (bits.len > 1 + bit / 8 && bits.p[1 + bit / 8] & 0x80 >> bit % 8)
      x->key_usage |= (uint16_t)(1u << bit);
  return true;
}

static bool parse_ext_usage(struct der in, struct x509 *x)
{
  x->has_ext_usage = true;
  if (!der_take(&in, DER_SEQUENCE, &x->ext_usage) || in.len || x->ext_usage.len == 0)
    return false;
  struct der rest = x->ext_usage, id;
  char oid[OID_TEXT_SIZE];
  while (der_take(&rest, DER_OID, &id))
    if (!oid_text(id, oid))
      return false;
  return rest.len == 0;
}

static bool parse_san(struct der in, struct x509 *x)
{
  x->has_san = true;
  return der_take(&in, DER_SEQUENCE, &x->san) && in.len == 0 && san_valid(x->san);
}

static bool parse_ski(struct der in, struct x509 *x)
{
  x->has_ski = true;
  return der_take(&in, DER_OCTET_STRING, &x->ski) && in.len == 0;
}

static bool parse_aki(struct der in, struct x509 *x)
{
  struct der seq;
  if (!der_take(&in, DER_SEQUENCE, &seq) || in.len)
    return false;
  x->has_aki = der_take(&seq, DER_CONTEXT(0), &x->aki);
  uint8_t tag;
  struct der content;
  while (seq.len)
    if (!der_next(&seq, &tag, &content, NULL))
      return false;
  return true;
}

static const struct {
  const char *oid, *name;
  bool (*parse)(struct der, struct x509 *);
} known[] = {
  { "2.5.29.14", "subjectKeyIdentifier", parse_ski }, { "2.5.29.15", "keyUsage", parse_key_usage },
  { "2.5.29.17", "subjectAltName", parse_san },       { "2.5.29.19", "basicConstraints", parse_constraints },
  { "2.5.29.35", "authorityKeyIdentifier", parse_aki }, { "2.5.29.37", "extendedKeyUsage", parse_ext_usage },
};

static enum err_code parse_value(const char *oid, struct der value, struct x509 *out, struct err *e)
{
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (strcmp(known[i].oid, oid) == 0 && !known[i].parse(value, out))
      return err_set(e, ERR_INVALID, "its extension %s cannot be read", known[i].name);
  return ERR_NONE;
}

/* RFC 5280, 4.2: no extension twice. OpenSSL does not use such a certificate. */
static enum err_code check_once(struct der list, struct err *e)
{
  struct der seen[64], extension;
  size_t count = 0;
  while (der_take(&list, DER_SEQUENCE, &extension)) {
    struct der id;
    if (!der_take(&extension, DER_OID, &id))
      break;
    for (size_t i = 0; i < count; i++)
      if (der_equal(seen[i], id))
        return err_set(e, ERR_INVALID, "it has the same extension twice");
    if (count == COUNT_OF(seen))
      return err_set(e, ERR_INVALID, "it has more than %zu extensions", COUNT_OF(seen));
    seen[count++] = id;
  }
  return ERR_NONE;
}

enum err_code extensions_parse(struct der list, struct x509 *out, struct err *e)
{
  TRY(check_once(list, e));
  while (list.len) {
    struct der extension, id, content, value;
    char oid[OID_TEXT_SIZE];
    bool critical;
    if (!der_take(&list, DER_SEQUENCE, &extension) || !der_take(&extension, DER_OID, &id) || !oid_text(id, oid) ||
        (der_take(&extension, DER_BOOLEAN, &content) && !der_boolean(content, &critical)) ||
        !der_take(&extension, DER_OCTET_STRING, &value) || extension.len)
      return err_set(e, ERR_INVALID, "its list of extensions cannot be read");
    TRY(parse_value(oid, value, out, e));
  }
  return ERR_NONE;
}

void extension_key_usage_names(const struct x509 *x, struct arena *a, struct str_list *out)
{
  static const char *const names[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
                                       "dataEncipherment", "keyAgreement",   "keyCertSign",
                                       "cRLSign",          "encipherOnly",   "decipherOnly" };
  for (size_t i = 0; i < COUNT_OF(names); i++)
    if (x->key_usage & 1u << i)
      str_list_add(a, out, names[i]);
}

void extension_ext_usage_names(const struct x509 *x, struct arena *a, struct str_list *out)
{
  struct der rest = x->ext_usage, id;
  char oid[OID_TEXT_SIZE];
  while (der_take(&rest, DER_OID, &id) && oid_text(id, oid)) {
    const char *name = oid_purpose(oid);
    str_list_add(a, out, name ? name : oid);
  }
}
