#include "crypt/crypt.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *crypt_base64(struct arena *a, const void *data, size_t len)
{
  const uint8_t *p = data;
  char *out = arena_alloc(a, (len + 2) / 3 * 4 + 1), *to = out;
  for (; len > 0; p += 3, to += 4) {
    size_t n = len < 3 ? len : 3;
    uint32_t v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
    to[0] = alphabet[v >> 18];
    to[1] = alphabet[v >> 12 & 63];
    to[2] = n > 1 ? alphabet[v >> 6 & 63] : '=';
    to[3] = n > 2 ? alphabet[v & 63] : '=';
    len -= n;
  }
  return out;
}

/* -1 when c is no digit */
static int digit(char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four digits; padding is allowed only where it ends the text, and the bits it drops must be zero (RFC 4648, 3.5). */
static bool decode_group(const char *in, bool last, struct buf *out)
{
  int n = !last || in[3] != '=' ? 3 : in[2] != '=' ? 2 : 1;
  uint32_t v = 0;
  for (int i = 0; i < 4; i++) {
    int d = i <= n ? digit(in[i]) : 0;
    if (d < 0)
      return false;
    v = v << 6 | (uint32_t)d;
  }
  uint8_t bytes[3] = { (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
  buf_add(out, bytes, (size_t)n);
  bool exact = (n > 1 || bytes[1] == 0) && (n > 2 || bytes[2] == 0);
  explicit_bzero(bytes, sizeof bytes);
  return exact;
}

enum err_code crypt_base64_decode(const char *text, struct buf *out, struct err *e)
{
  size_t len = strlen(text);
  if (len % 4)
    return err_set(e, ERR_INVALID, "Base64 text has %zu characters, which is no multiple of four: some are missing",
                   len);
  buf_reserve(out, len / 4 * 3);
  for (size_t i = 0; i < len; i += 4)
    if (!decode_group(text + i, i + 4 == len, out))
      return err_set(e, ERR_INVALID, "Base64 text is wrong at character %zu or the three after it", i + 1);
  return ERR_NONE;
}
