#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/crypt.h"
#include "pki/key.h"
#include "pki/pki.h"

enum { SERIAL_SIZE = 16, COMMON_NAME_MAX = 64 /* RFC 5280, ub-common-name */ };

static enum err_code failed(int rc, struct err *e)
{
  return rc < 0 ? err_set(e, ERR_INTERNAL, "The console's certificate cannot be made: %s", gnutls_strerror(rc))
                : ERR_NONE;
}

static enum err_code set_serial(gnutls_x509_crt_t crt, struct err *e)
{
  uint8_t serial[SERIAL_SIZE];
  crypt_random(serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and always of the same length */
  return failed(gnutls_x509_crt_set_serial(crt, serial, sizeof serial), e);
}

static enum err_code set_name(gnutls_x509_crt_t crt, const char *common_name, struct err *e)
{
  /* a longer host name stands among the SANs alone, which is where browsers look */
  size_t len = strlen(common_name);
  if (len == 0 || len > COMMON_NAME_MAX)
    return failed(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, "opsd", 4), e);
  return failed(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, common_name, (unsigned)len), e);
}

static bool is_host_name(const char *name)
{
  size_t len = strlen(name);
  return len > 0 && len < 254 &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*") == len;
}

static enum err_code add_san(gnutls_x509_crt_t crt, const char *name, struct err *e)
{
  uint8_t address[16];
  unsigned len = inet_pton(AF_INET, name, address) == 1 ? 4 : inet_pton(AF_INET6, name, address) == 1 ? 16 : 0;
  if (len)
    return failed(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address, len, GNUTLS_FSAN_APPEND), e);
  if (!is_host_name(name))
    return err_field(e, "names",
                     "\"%s\" is neither an IP address nor a host name: international names must be in their xn-- form",
                     name);
  return failed(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
                                                     GNUTLS_FSAN_APPEND), e);
}

static enum err_code set_extensions(gnutls_x509_crt_t crt, const struct str_list *names, struct err *e)
{
  for (size_t i = 0; i < names->count; i++)
    TRY(add_san(crt, names->item[i], e));
  TRY(failed(gnutls_x509_crt_set_basic_constraints(crt, 0, -1), e));
  TRY(failed(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE), e));
  TRY(failed(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0), e));
  uint8_t id[CRYPT_SHA1_SIZE];
  size_t id_len = sizeof id;
  TRY(failed(gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA1, id, &id_len), e));
  return failed(gnutls_x509_crt_set_subject_key_id(crt, id, id_len), e);
}

static enum err_code build(gnutls_x509_crt_t crt, const struct pki_key *k, const char *common_name,
                           const struct str_list *names, int64_t now_s, int days, struct err *e)
{
  TRY(failed(gnutls_x509_crt_set_version(crt, 3), e));
  TRY(failed(gnutls_x509_crt_set_key(crt, k->private), e));
  TRY(set_serial(crt, e));
  /* an hour back: clocks of the machines that look at it may be late */
  TRY(failed(gnutls_x509_crt_set_activation_time(crt, (time_t)now_s - 3600), e));
  TRY(failed(gnutls_x509_crt_set_expiration_time(crt, (time_t)now_s + (time_t)days * 86400), e));
  TRY(set_name(crt, common_name, e));
  TRY(set_extensions(crt, names, e));
  return failed(gnutls_x509_crt_sign2(crt, crt, k->private, GNUTLS_DIG_SHA256, 0), e);
}

static void free_crt(gnutls_x509_crt_t *crt) { gnutls_x509_crt_deinit(*crt); }

enum err_code pki_self_signed(const char *common_name, const struct str_list *names, int64_t now_s, int days,
                              struct buf *cert_pem, struct buf *key_pem, struct err *e)
{
  AUTO_PKI_KEY struct pki_key *k = key_new();
  CLEANUP(free_crt) gnutls_x509_crt_t crt = NULL;
  if (gnutls_x509_crt_init(&crt))
    abort(); /* out of memory */
  TRY(failed(gnutls_x509_privkey_generate(k->private, GNUTLS_PK_ECDSA,
                                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), e));
  TRY(build(crt, k, common_name, names, now_s, days, e));
  gnutls_datum_t pem = { 0 };
  TRY(failed(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem), e));
  enum err_code rc = pki_key_pem(k, key_pem, e);
  if (!rc)
    buf_add(cert_pem, pem.data, pem.size);
  gnutls_free(pem.data);
  return rc;
}
