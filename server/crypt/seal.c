#include "crypt/crypt.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, SALT_SIZE = 16, NONCE_SIZE = 12, TAG_SIZE = 16, HEAD_SIZE = 1 + SALT_SIZE + NONCE_SIZE };

/* One key a value: with a fresh salt no nonce can repeat under the same key. */
static gnutls_aead_cipher_hd_t cipher_for(const struct master_key *k, const uint8_t salt[SALT_SIZE])
{
  static const char purpose[] = "opsd sealed value 1";
  uint8_t extracted[CRYPT_SHA256_SIZE], derived[CRYPT_KEY_SIZE];
  gnutls_datum_t master = { (uint8_t *)k->bytes, CRYPT_KEY_SIZE }, with = { (uint8_t *)salt, SALT_SIZE };
  gnutls_datum_t pseudo_random = { extracted, sizeof extracted }, info = { (uint8_t *)purpose, sizeof purpose - 1 };
  gnutls_datum_t key = { derived, sizeof derived };
  gnutls_aead_cipher_hd_t cipher;
  if (gnutls_hkdf_extract(GNUTLS_MAC_SHA256, &master, &with, extracted) ||
      gnutls_hkdf_expand(GNUTLS_MAC_SHA256, &pseudo_random, &info, derived, sizeof derived) ||
      gnutls_aead_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_GCM, &key))
    abort();
  explicit_bzero(extracted, sizeof extracted);
  explicit_bzero(derived, sizeof derived);
  return cipher;
}

/* The version, the kind with its NUL (so that no kind is another's beginning) and the row in network order. */
static void add_context(struct buf *b, uint8_t version, const char *kind, int64_t row_id)
{
  buf_add(b, &version, 1);
  buf_add(b, kind, strlen(kind) + 1);
  for (int shift = 56; shift >= 0; shift -= 8)
    buf_char(b, (char)((uint64_t)row_id >> shift));
}

void crypt_seal(const struct master_key *k, const char *kind, int64_t row_id, const void *text, size_t len,
                struct buf *out)
{
  uint8_t head[HEAD_SIZE] = { VERSION };
  crypt_random(head + 1, HEAD_SIZE - 1);
  AUTO_BUF struct buf context = BUF_INIT;
  add_context(&context, VERSION, kind, row_id);
  buf_add(out, head, sizeof head);
  buf_reserve(out, len + TAG_SIZE);
  size_t room = len + TAG_SIZE;
  gnutls_aead_cipher_hd_t cipher = cipher_for(k, head + 1);
  if (gnutls_aead_cipher_encrypt(cipher, head + 1 + SALT_SIZE, NONCE_SIZE, context.data, context.len, TAG_SIZE,
                                 len ? text : "", len, out->data + out->len, &room))
    abort();
  gnutls_aead_cipher_deinit(cipher);
  out->len += room;
  out->data[out->len] = '\0';
}

static enum err_code refuse(const char *kind, int64_t row_id, struct err *e)
{
  return err_set(
    e, ERR_INTERNAL,
    "The sealed %s of row %lld does not open: the database was changed from outside, or the master key is not the one "
    "that it was sealed with; restore both from the same backup",
    kind, (long long)row_id);
}

enum err_code crypt_open(const struct master_key *k, const char *kind, int64_t row_id, const void *sealed, size_t len,
                         struct buf *out, struct err *e)
{
  const uint8_t *head = sealed;
  if (len < HEAD_SIZE + TAG_SIZE || head[0] != VERSION)
    return refuse(kind, row_id, e);
  AUTO_BUF struct buf context = BUF_INIT;
  add_context(&context, head[0], kind, row_id);
  size_t room = len - HEAD_SIZE - TAG_SIZE;
  buf_reserve(out, room);
  gnutls_aead_cipher_hd_t cipher = cipher_for(k, head + 1);
  int rc = gnutls_aead_cipher_decrypt(cipher, head + 1 + SALT_SIZE, NONCE_SIZE, context.data, context.len, TAG_SIZE,
                                      head + HEAD_SIZE, len - HEAD_SIZE, out->data + out->len, &room);
  gnutls_aead_cipher_deinit(cipher);
  if (rc) {
    /* GCM writes the text before it has judged the tag */
    explicit_bzero(out->data + out->len, len - HEAD_SIZE - TAG_SIZE);
    return refuse(kind, row_id, e);
  }
  out->len += room;
  out->data[out->len] = '\0';
  return ERR_NONE;
}
