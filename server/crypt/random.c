#include "crypt/crypt.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

void crypt_random(void *out, size_t len)
{
  if (gnutls_rnd(GNUTLS_RND_KEY, out, len))
    abort();
}

char *crypt_random_token(struct arena *a, size_t bytes)
{
  uint8_t *raw = arena_alloc(a, bytes);
  crypt_random(raw, bytes);
  char *text = crypt_base64(a, raw, bytes), *p = text;
  for (; *p && *p != '='; p++)
    if (*p == '+')
      *p = '-';
    else if (*p == '/')
      *p = '_';
  *p = '\0';
  return text;
}
