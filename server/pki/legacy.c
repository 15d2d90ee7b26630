#include "pki/legacy.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <string.h>

#include "crypt/crypt.h"

enum { MD5_SIZE = 16, SALT_SIZE = 8, IV_MAX = 16 };

static const struct cipher {
  const char *name;
  gnutls_cipher_algorithm_t id;
  size_t key_size, block_size;
} ciphers[] = {
  { "DES-EDE3-CBC", GNUTLS_CIPHER_3DES_CBC, 24, 8 },
  { "AES-128-CBC", GNUTLS_CIPHER_AES_128_CBC, 16, 16 },
  { "AES-192-CBC", GNUTLS_CIPHER_AES_192_CBC, 24, 16 },
  { "AES-256-CBC", GNUTLS_CIPHER_AES_256_CBC, 32, 16 },
};

static const char type_header[] = "Proc-Type: 4,ENCRYPTED\n", info_header[] = "DEK-Info: ";

bool legacy_is_encrypted(const struct buf *text) { return text->len && strstr(text->data, type_header) != NULL; }

static const struct cipher *find_cipher(const char *name, size_t len)
{
  for (size_t i = 0; i < COUNT_OF(ciphers); i++)
    if (strlen(ciphers[i].name) == len && memcmp(ciphers[i].name, name, len) == 0)
      return &ciphers[i];
  return NULL;
}

static int hex_digit(char c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

static bool parse_iv(const char *hex, size_t len, size_t size, uint8_t out[IV_MAX])
{
  if (len != size * 2)
    return false;
  for (size_t i = 0; i < size; i++) {
    int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0)
      return false;
    out[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

/* EVP_BytesToKey with MD5 and one round: D1 = MD5(password salt), D2 = MD5(D1 password salt) … */
static bool derive(const char *password, const uint8_t *salt, size_t key_size, struct buf *key)
{
  uint8_t digest[MD5_SIZE];
  bool done = true;
  for (size_t used = 0; key->len < key_size && done; used = sizeof digest) {
    AUTO_BUF struct buf input = BUF_INIT;
    buf_add(&input, digest, used);
    buf_str(&input, password);
    buf_add(&input, salt, SALT_SIZE);
    done = gnutls_hash_fast(GNUTLS_DIG_MD5, input.data, input.len, digest) == 0;
    buf_add(key, digest, key_size - key->len < MD5_SIZE ? key_size - key->len : MD5_SIZE);
  }
  explicit_bzero(digest, sizeof digest);
  return done;
}

static bool decrypt(const struct cipher *c, const char *password, uint8_t iv[IV_MAX], struct buf *data)
{
  AUTO_BUF struct buf key = BUF_INIT;
  gnutls_cipher_hd_t handle;
  if (!derive(password, iv, c->key_size, &key))
    return false;
  gnutls_datum_t key_datum = { (unsigned char *)key.data, (unsigned)key.len },
                 iv_datum = { iv, (unsigned)c->block_size };
  if (gnutls_cipher_init(&handle, c->id, &key_datum, &iv_datum))
    return false;
  bool done = gnutls_cipher_decrypt(handle, data->data, data->len) == 0;
  gnutls_cipher_deinit(handle);
  return done;
}

/* PKCS#7: n octets of the value n, at least one. */
static bool strip_padding(size_t block_size, struct buf *data)
{
  uint8_t n = (uint8_t)data->data[data->len - 1];
  if (n == 0 || n > block_size)
    return false;
  for (size_t i = 1; i <= n; i++)
    if ((uint8_t)data->data[data->len - i] != n)
      return false;
  data->len -= n;
  return true;
}

/* What follows the blank line, without the END line. */
static bool decode_body(const char *headers, struct buf *out)
{
  const char *body = strstr(headers, "\n\n"), *end = body ? strstr(body, "\n-----END") : NULL;
  AUTO_BUF struct buf text = BUF_INIT;
  if (!end)
    return false;
  for (const char *p = body; p < end; p++)
    if (*p != '\n')
      buf_char(&text, *p);
  return crypt_base64_decode(buf_cstr(&text), out, NULL) == ERR_NONE;
}

enum legacy_result legacy_open(const struct buf *text, const char *password, struct buf *out)
{
  const char *info = strstr(text->data, info_header);
  if (!info || strlen(text->data) != text->len)
    return LEGACY_DAMAGED;
  info += sizeof info_header - 1;
  size_t name_len = strcspn(info, ",\n"), iv_at = name_len + (info[name_len] == ',');
  const struct cipher *c = find_cipher(info, name_len);
  if (!c)
    return LEGACY_UNKNOWN;
  uint8_t iv[IV_MAX];
  AUTO_BUF struct buf data = BUF_INIT;
  if (!parse_iv(info + iv_at, strcspn(info + iv_at, "\n"), c->block_size, iv) || !decode_body(info, &data) ||
      data.len == 0 || data.len % c->block_size)
    return LEGACY_DAMAGED;
  if (!decrypt(c, password, iv, &data) || !strip_padding(c->block_size, &data))
    return LEGACY_PASSWORD;
  buf_add(out, data.data, data.len);
  return LEGACY_OPENED;
}
