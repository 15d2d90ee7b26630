/* Private keys: PEM text as it came, or (when it begins like DER) the DER of a key, in the block that the last byte
 * chooses. What is read must be written so that it is read again. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "crypt/crypt.h"
#include "pki/pki.h"

static void check_written(const struct buf *pem)
{
  AUTO_PKI_KEY struct pki_key *again = NULL;
  struct err e = { 0 };
  assert(pki_key_read(pem->data, pem->len, NULL, "key", &again, &e) == ERR_NONE);
}

static void check_key(const struct pki_key *k)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf pkcs8 = BUF_INIT, traditional = BUF_INIT;
  struct err e = { 0 };
  const char *type, *curve;
  int64_t bits;
  pki_key_describe(k, &a, &type, &bits, &curve);
  assert(type && bits > 0);
  assert(pki_key_pem(k, &pkcs8, &e) == ERR_NONE);
  check_written(&pkcs8);
  if (!pki_key_pem_traditional(k, &traditional, &e))
    check_written(&traditional);
}

static void read_with(const char *pem, size_t len, const char *password)
{
  AUTO_PKI_KEY struct pki_key *k = NULL;
  struct err e = { 0 };
  if (pki_key_read(pem, len, password, "key", &k, &e))
    assert(!k && e.text[0]);
  else
    check_key(k);
}

static const char *wrap(struct arena *a, const uint8_t *der, size_t len)
{
  static const char *const labels[] = { "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" };
  const char *label = labels[der[len - 1] % 4], *text = crypt_base64(a, der, len);
  return arena_printf(a, "-----BEGIN %s-----\n%s\n-----END %s-----\n", label, text, label);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *pem = (const char *)data;
  if (len && data[0] == 0x30) {
    pem = wrap(&a, data, len);
    len = strlen(pem);
  }
  read_with(pem, len, NULL);
  read_with(pem, len, "gehe1m");
  return 0;
}
