#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pki/libcrypto.h"
#include "pki/name.h"
#include "pki/pki.h"
#include "pki/read.h"
#include "pki/x509.h"

_Static_assert(VERDICT_SIGNATURE_FAILURE == X509_V_ERR_CERT_SIGNATURE_FAILURE, "");
_Static_assert(VERDICT_EE_KEY_TOO_SMALL == X509_V_ERR_EE_KEY_TOO_SMALL, "");
_Static_assert(VERDICT_CA_KEY_TOO_SMALL == X509_V_ERR_CA_KEY_TOO_SMALL, "");
_Static_assert(VERDICT_CA_MD_TOO_WEAK == X509_V_ERR_CA_MD_TOO_WEAK, "");

/* Debian's servers run at OpenSSL's security level 2 (CipherString = DEFAULT@SECLEVEL=2 in its openssl.cnf). */
enum { SECURITY_LEVEL = 2 };

static void free_x509(X509 **x) { X509_free(*x); }
static void free_store(X509_STORE **s) { X509_STORE_free(*s); }
static void free_context(X509_STORE_CTX **c) { X509_STORE_CTX_free(*c); }
static void free_stack(STACK_OF(X509) **s) { sk_X509_pop_free(*s, X509_free); }

static X509 *load(const struct pki_cert *c)
{
  const unsigned char *p = c->der;
  ERR_clear_error();
  X509 *x = d2i_X509(NULL, &p, (long)c->der_len);
  if (x && p == c->der + c->der_len)
    return x;
  X509_free(x);
  return NULL;
}

const char *libcrypto_refuses(const struct pki_cert *c)
{
  CLEANUP(free_x509) X509 *x = load(c);
  const char *reason = x ? NULL : ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return x ? NULL : reason ? reason : "no reason given";
}

static const char *unknown_critical(X509 *x, struct arena *a)
{
  for (int i = 0; i < X509_get_ext_count(x); i++) {
    X509_EXTENSION *ext = X509_get_ext(x, i);
    if (!X509_EXTENSION_get_critical(ext) || X509_supported_extension(ext))
      continue;
    char oid[128];
    OBJ_obj2txt(oid, sizeof oid, X509_EXTENSION_get_object(ext), 1);
    return arena_strdup(a, oid);
  }
  return NULL;
}

void libcrypto_look(const struct pki_cert *c, struct arena *a, struct libcrypto_view *out)
{
  *out = (struct libcrypto_view){ 0 };
  CLEANUP(free_x509) X509 *x = load(c);
  if (!x)
    return;
  out->self_signed = X509_self_signed(x, 1) == 1;
  /* 3: of version 1 and of the same subject and issuer, which OpenSSL takes for a root without looking at the signature
   */
  int ca = X509_check_ca(x);
  out->ca = ca == 3 ? out->self_signed : ca > 0;
  out->for_server = X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, out->ca) > 0;
  out->for_client = X509_check_purpose(x, X509_PURPOSE_SSL_CLIENT, out->ca) > 0;
  out->unknown_critical = unknown_critical(x, a);
  ERR_clear_error();
}

bool pki_is_self_signed(const struct pki_cert *c)
{
  CLEANUP(free_x509) X509 *x = load(c);
  bool is = x && X509_self_signed(x, 1) == 1;
  ERR_clear_error();
  return is;
}

bool libcrypto_serves(const struct pki_cert *c)
{
  CLEANUP(free_x509) X509 *x = load(c);
  bool serves = x && X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0) > 0;
  ERR_clear_error();
  return serves;
}

bool libcrypto_has_key(const struct pki_cert *c, const uint8_t *spki, size_t len)
{
  CLEANUP(free_x509) X509 *x = load(c);
  EVP_PKEY *key = d2i_PUBKEY(NULL, &spki, (long)len), *own = x ? X509_get0_pubkey(x) : NULL;
  bool same = key && own && EVP_PKEY_eq(key, own) == 1;
  EVP_PKEY_free(key);
  ERR_clear_error();
  return same;
}

static enum libcrypto_link judge_link(X509 *issuer, X509 *subject)
{
  switch (X509_check_issued(issuer, subject)) {
  case X509_V_OK:
    break;
  case X509_V_ERR_SUBJECT_ISSUER_MISMATCH:
    return LINK_NAME;
  case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    return LINK_USAGE;
  default:
    return LINK_IDENTIFIER;
  }
  EVP_PKEY *key = X509_get0_pubkey(issuer);
  return key && X509_verify(subject, key) == 1 ? LINK_HOLDS : LINK_SIGNATURE;
}

enum libcrypto_link libcrypto_issued(const struct pki_cert *issuer, const struct pki_cert *subject)
{
  CLEANUP(free_x509) X509 *upper = load(issuer);
  CLEANUP(free_x509) X509 *lower = load(subject);
  enum libcrypto_link link = upper && lower ? judge_link(upper, lower) : LINK_NAME;
  ERR_clear_error();
  return link;
}

static X509_STORE *store_of(const struct pki_chain *anchors)
{
  X509_STORE *store = X509_STORE_new();
  for (size_t i = 0; store && i < anchors->count; i++) {
    CLEANUP(free_x509) X509 *x = load(&anchors->item[i]);
    if (x)
      X509_STORE_add_cert(store, x);
  }
  return store;
}

static STACK_OF(X509) *stack_of(const struct pki_chain *c)
{
  STACK_OF(X509) *stack = sk_X509_new_null();
  for (size_t i = 1; stack && i < c->count; i++) {
    X509 *x = load(&c->item[i]);
    if (x && !sk_X509_push(stack, x))
      X509_free(x);
  }
  return stack;
}

static void set_parameters(X509_STORE_CTX *context, const char *usage, int64_t at_s)
{
  X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
  if (at_s == TIME_NONE)
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);
  else
    X509_VERIFY_PARAM_set_time(param, (time_t)at_s);
  if (usage)
    X509_VERIFY_PARAM_set_purpose(param,
                                  strcmp(usage, "client") == 0 ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER);
}

static const char *subject_of(X509 *x, struct arena *a)
{
  unsigned char *der = NULL;
  int len = x ? i2d_X509_NAME(X509_get_subject_name(x), &der) : -1;
  if (len < 0)
    return NULL;
  struct der in = { der, (size_t)len }, name;
  const char *text = der_take(&in, DER_SEQUENCE, &name) ? name_text(a, name) : NULL;
  OPENSSL_free(der);
  return text;
}

static void fill_verdict(X509_STORE_CTX *context, bool ok, struct arena *a, struct pki_verdict *out)
{
  int code = X509_STORE_CTX_get_error(context);
  /* libcrypto may fail without an error of its own: never call that fine */
  if (!ok && code == X509_V_OK)
    code = X509_V_ERR_UNSPECIFIED;
  *out = (struct pki_verdict){ .ok = ok, .code = ok ? X509_V_OK : code };
  out->reason = X509_verify_cert_error_string(out->code);
  out->depth = ok ? 0 : X509_STORE_CTX_get_error_depth(context);
  out->subject = subject_of(ok ? X509_STORE_CTX_get0_cert(context) : X509_STORE_CTX_get_current_cert(context), a);
}

enum err_code libcrypto_verify(const struct pki_chain *c, const struct pki_chain *anchors, const char *usage,
                               int64_t at_s, struct arena *a, struct pki_verdict *out, struct err *e)
{
  CLEANUP(free_x509) X509 *leaf = load(&c->item[0]);
  CLEANUP(free_store) X509_STORE *store = store_of(anchors);
  CLEANUP(free_stack) STACK_OF(X509) *untrusted = stack_of(c);
  CLEANUP(free_context) X509_STORE_CTX *context = X509_STORE_CTX_new();
  if (!store || !untrusted || !context)
    abort(); /* out of memory */
  if (!leaf || !X509_STORE_CTX_init(context, store, leaf, untrusted)) {
    ERR_clear_error();
    return err_set(e, ERR_INTERNAL, "libcrypto cannot start to verify the certificate");
  }
  set_parameters(context, usage, at_s);
  fill_verdict(context, X509_verify_cert(context) == 1, a, out);
  ERR_clear_error();
  return ERR_NONE;
}

enum err_code pki_verify(const char *leaf_and_chain_pem, const char *anchors_pem, const char *usage, int64_t at_s,
                         struct arena *a, struct pki_verdict *out, struct err *e)
{
  struct pki_chain chain, anchors;
  TRY(pki_chain_read(leaf_and_chain_pem, strlen(leaf_and_chain_pem), "certificate", a, &chain, e));
  TRY(read_certificates(anchors_pem, strlen(anchors_pem), READ_ANCHORS_MAX, "ca", a, &anchors, e));
  return libcrypto_verify(&chain, &anchors, usage, at_s, a, out, e);
}
