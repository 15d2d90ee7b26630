#include "crypt/crypt.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "base/str.h"

static void digest(gnutls_digest_algorithm_t algorithm, const void *data, size_t len, uint8_t *out)
{
  if (gnutls_hash_fast(algorithm, len ? data : "", len, out))
    abort();
}

void crypt_sha256(const void *data, size_t len, uint8_t out[CRYPT_SHA256_SIZE])
{
  digest(GNUTLS_DIG_SHA256, data, len, out);
}

void crypt_sha1(const void *data, size_t len, uint8_t out[CRYPT_SHA1_SIZE])
{
  digest(GNUTLS_DIG_SHA1, data, len, out);
}

char *crypt_sha256_hex(struct arena *a, const void *data, size_t len, char sep)
{
  uint8_t hash[CRYPT_SHA256_SIZE];
  crypt_sha256(data, len, hash);
  return hex_format(a, hash, sizeof hash, sep);
}

bool crypt_equal(const void *a, const void *b, size_t len)
{
  return gnutls_memcmp(a, b, len) == 0;
}
