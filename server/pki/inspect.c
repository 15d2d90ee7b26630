#include <string.h>

#include "crypt/crypt.h"
#include "pki/extension.h"
#include "base/clock.h"
#include "pki/inspect.h"
#include "pki/libcrypto.h"
#include "pki/name.h"
#include "pki/pki.h"
#include "pki/san.h"
#include "pki/x509.h"

/* Rounded down, so that it is negative from the first second after not_after on. */
int64_t inspect_days_left(int64_t not_after_s, int64_t now_s)
{
  int64_t left = not_after_s - now_s, days = left / 86400;
  return left % 86400 < 0 ? days - 1 : days;
}

static const char *kind_of(const struct libcrypto_view *v)
{
  if (v->ca)
    return v->self_signed ? "root" : "intermediate";
  return v->self_signed ? "self-signed" : "leaf";
}

static const char *hex_or_null(struct arena *a, bool has, struct der id)
{
  return has ? hex_format(a, id.p, id.len, ':') : NULL;
}

static void fill_card(const struct pki_cert *c, const struct x509 *x, int64_t now_s, struct arena *a,
                      struct chain_card *out)
{
  struct libcrypto_view view;
  struct x509_key key;
  const char *signature_name;
  libcrypto_look(c, a, &view);
  x509_key_describe(x, a, &key);
  *out = (struct chain_card){
    .subject = name_text(a, x->subject),
    .issuer = name_text(a, x->issuer),
    .common_name = name_common(a, x->subject),
    .kind = kind_of(&view),
    .not_after_s = x->not_after_s,
    .days_left = inspect_days_left(x->not_after_s, now_s),
    .key_type = key.type,
    .key_bits = key.bits,
    .curve = key.curve,
    .ski = hex_or_null(a, x->has_ski, x->ski),
    .aki = hex_or_null(a, x->has_aki, x->aki),
    .sha256 = c->sha256,
    .source = "file",
  };
  x509_signature_describe(x, a, &signature_name, &out->signature);
}

static void fill_row(const struct chain_card *card, const struct x509 *x, struct certificate *out)
{
  *out = (struct certificate){
    .kind = card->kind,
    .subject = card->subject,
    .issuer = card->issuer,
    .common_name = card->common_name,
    .not_before_s = x->not_before_s,
    .not_after_s = x->not_after_s,
    .days_left = card->days_left,
    .key_type = card->key_type,
    .key_bits = card->key_bits,
    .curve = card->curve,
    .sha256 = card->sha256,
  };
}

static void fill_san(struct der names, size_t max, struct arena *a, struct certificate_detail *out)
{
  int kind;
  struct der content;
  while (san_next(&names, &kind, &content))
    if ((size_t)out->san_count++ < max)
      str_list_add(a, &out->san, san_text(a, kind, content));
}

static void fill_digests(const struct pki_cert *c, const struct x509 *x, struct arena *a,
                         struct certificate_detail *out)
{
  uint8_t sha1[CRYPT_SHA1_SIZE], pin[CRYPT_SHA256_SIZE];
  crypt_sha1(c->der, c->der_len, sha1);
  crypt_sha256(x->spki.p, x->spki.len, pin);
  out->sha1 = hex_format(a, sha1, sizeof sha1, ':');
  out->pin = crypt_base64(a, pin, sizeof pin);
}

static void fill_leaf(const struct pki_cert *c, const struct x509 *x, size_t san_max, struct arena *a,
                      struct certificate_detail *out)
{
  const char *digest;
  out->version = x->version;
  out->serial = x509_serial_text(a, x->serial);
  x509_signature_describe(x, a, &out->signature, &digest);
  fill_san(x->san, san_max, a, out);
  extension_key_usage_names(x, a, &out->key_usage);
  extension_ext_usage_names(x, a, &out->ext_usage);
  out->row.created_s = TIME_NONE; /* in no inventory, as far as the file knows */
  out->is_ca = strcmp(out->row.kind, "root") == 0 || strcmp(out->row.kind, "intermediate") == 0;
  out->path_len = x->path_len;
  out->ski = out->chain.item[0].ski;
  out->aki = out->chain.item[0].aki;
  fill_digests(c, x, a, out);
}

enum err_code pki_inspect(const struct pki_chain *c, int64_t now_s, size_t san_max, struct arena *a,
                          struct certificate_detail *out, struct err *e)
{
  if (c->count == 0)
    return err_set(e, ERR_INTERNAL, "There is no certificate to inspect");
  *out = (struct certificate_detail){ 0 };
  out->chain.item = arena_alloc_n(a, c->count, sizeof *out->chain.item);
  out->chain.count = c->count;
  for (size_t i = 0; i < c->count; i++) {
    struct x509 x = x509_of(&c->item[i]);
    fill_card(&c->item[i], &x, now_s, a, &out->chain.item[i]);
    if (i > 0)
      continue;
    fill_row(&out->chain.item[0], &x, &out->row);
    fill_leaf(&c->item[0], &x, san_max, a, out);
  }
  const char *last = out->chain.item[c->count - 1].kind;
  out->chain_complete = strcmp(last, "root") == 0 || strcmp(last, "self-signed") == 0;
  out->pem = pki_chain_pem(a, c, 0);
  return ERR_NONE;
}
