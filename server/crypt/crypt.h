/* Digests, randomness, sealing. GnuTLS does the work. */
#ifndef OPSD_CRYPT_CRYPT_H
#define OPSD_CRYPT_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { CRYPT_SHA1_SIZE = 20, CRYPT_SHA256_SIZE = 32, CRYPT_KEY_SIZE = 32 };

void crypt_sha256(const void *data, size_t len, uint8_t out[CRYPT_SHA256_SIZE]);
void crypt_sha1(const void *data, size_t len, uint8_t out[CRYPT_SHA1_SIZE]);
char *crypt_sha256_hex(struct arena *a, const void *data, size_t len, char sep); /* lower case */

void crypt_random(void *out, size_t len);          /* never fails: aborts instead */
char *crypt_random_token(struct arena *a, size_t bytes); /* base64url without padding */
bool crypt_equal(const void *a, const void *b, size_t len); /* constant time */

char *crypt_base64(struct arena *a, const void *data, size_t len);
enum err_code crypt_base64_decode(const char *text, struct buf *out, struct err *e);

/* The master key: 32 random bytes in a file of mode 0600, made at first use. */
struct master_key { uint8_t bytes[CRYPT_KEY_SIZE]; };
/* may_create false (there are sealed rows already): a missing file is an error that says
 * what is lost. A file that others may read is refused. */
enum err_code master_key_load(const char *path, bool may_create, struct master_key *out, struct err *e);
void master_key_wipe(struct master_key *k);

/* AES-256-GCM under a key derived (HKDF-SHA-256) from the master key and a random salt, so that no
 * nonce ever meets the same key twice. `kind` and `row_id` are associated data: a sealed value
 * moved to another row does not open. Format: version byte, salt(16), nonce(12), text, tag(16). */
void crypt_seal(const struct master_key *k, const char *kind, int64_t row_id, const void *text, size_t len,
                struct buf *out);
enum err_code crypt_open(const struct master_key *k, const char *kind, int64_t row_id, const void *sealed, size_t len,
                         struct buf *out, struct err *e);

#endif
