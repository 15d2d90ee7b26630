/* crypt: sealed values and the master key's file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "crypt/crypt.h"

static struct master_key counting_key(void)
{
  struct master_key k;
  for (int i = 0; i < CRYPT_KEY_SIZE; i++)
    k.bytes[i] = (uint8_t)i;
  return k;
}

static bool opens_as(const struct master_key *k, const char *kind, int64_t row, const void *sealed, size_t len,
                     const char *text)
{
  AUTO_BUF struct buf out = BUF_INIT;
  buf_str(&out, "before ");
  struct err e = { 0 };
  enum err_code rc = crypt_open(k, kind, row, sealed, len, &out, &e);
  if (rc) {
    assert_int_equal(rc, ERR_INTERNAL);
    assert_true(e.text[0]);
    assert_string_equal(buf_cstr(&out), "before ");
    return false;
  }
  return str_starts(out.data, "before ") && strcmp(out.data + 7, text) == 0 && out.len == 7 + strlen(text);
}

static void test_seal_and_open(void **state)
{
  (void)state;
  struct master_key k = counting_key();
  static const char *const text[] = { "", "x", "-----BEGIN PRIVATE KEY-----\n" };
  for (size_t i = 0; i < COUNT_OF(text); i++) {
    AUTO_BUF struct buf sealed = BUF_INIT;
    crypt_seal(&k, "key", -3, text[i], strlen(text[i]), &sealed);
    assert_int_equal(sealed.len, 45 + strlen(text[i]));
    assert_true(opens_as(&k, "key", -3, sealed.data, sealed.len, text[i]));
  }
}

static void test_seal_never_repeats(void **state)
{
  (void)state;
  struct master_key k = counting_key();
  AUTO_BUF struct buf one = BUF_INIT, two = BUF_INIT;
  crypt_seal(&k, "key", 1, "same", 4, &one);
  crypt_seal(&k, "key", 1, "same", 4, &two);
  assert_memory_not_equal(one.data + 1, two.data + 1, 16);
  assert_memory_not_equal(one.data + 17, two.data + 17, 12);
  assert_memory_not_equal(one.data + 29, two.data + 29, 4);
}

/* Made with another implementation (Python's cryptography: HKDF and AESGCM) from master key 00..1f, salt 40..4f, nonce
 * 60..6b, kind "key", row 7: what is in a database today opens with tomorrow's opsd. */
static void test_open_known(void **state)
{
  (void)state;
  static const char hex[] =
    "01404142434445464748494a4b4c4d4e4f606162636465666768696a6b6e2d30240188335e792c9e5d0bdda0a59d97e7b2fd"
    "982e7a";
  uint8_t sealed[sizeof hex / 2];
  for (size_t i = 0; i < sizeof sealed; i++) {
    char pair[3] = { hex[2 * i], hex[2 * i + 1] };
    sealed[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  struct master_key k = counting_key();
  assert_true(opens_as(&k, "key", 7, sealed, sizeof sealed, "a secret"));
}

static void test_tampered(void **state)
{
  (void)state;
  struct master_key k = counting_key();
  AUTO_BUF struct buf sealed = BUF_INIT;
  crypt_seal(&k, "key", 7, "a secret", 8, &sealed);
  for (size_t i = 0; i < sealed.len; i++)
    for (int bit = 0; bit < 8; bit++) {
      sealed.data[i] ^= (char)(1 << bit);
      if (opens_as(&k, "key", 7, sealed.data, sealed.len, "a secret"))
        fail_msg("byte %zu bit %d changed, and it opens", i, bit);
      sealed.data[i] ^= (char)(1 << bit);
    }
  for (size_t len = 0; len < sealed.len; len++)
    assert_false(opens_as(&k, "key", 7, sealed.data, len, "a secret"));
  buf_char(&sealed, 0);
  assert_false(opens_as(&k, "key", 7, sealed.data, sealed.len, "a secret"));
  assert_true(opens_as(&k, "key", 7, sealed.data, sealed.len - 1, "a secret"));
}

static void test_moved(void **state)
{
  (void)state;
  struct master_key k = counting_key(), other = counting_key();
  other.bytes[31] ^= 1;
  AUTO_BUF struct buf sealed = BUF_INIT;
  crypt_seal(&k, "key", 7, "a secret", 8, &sealed);
  assert_false(opens_as(&k, "key", 8, sealed.data, sealed.len, "a secret"));
  assert_false(opens_as(&k, "key", 7 + (1LL << 40), sealed.data, sealed.len, "a secret"));
  assert_false(opens_as(&k, "password", 7, sealed.data, sealed.len, "a secret"));
  assert_false(opens_as(&k, "ke", 7, sealed.data, sealed.len, "a secret"));
  assert_false(opens_as(&k, "", 7, sealed.data, sealed.len, "a secret"));
  assert_false(opens_as(&other, "key", 7, sealed.data, sealed.len, "a secret"));
  assert_true(opens_as(&k, "key", 7, sealed.data, sealed.len, "a secret"));
}

/* A folder for one test, gone afterwards. */
static char folder[64], path[128];

static int make_folder(void **state)
{
  (void)state;
  strcpy(folder, "/tmp/opsd-crypt-XXXXXX");
  if (!mkdtemp(folder))
    return -1;
  snprintf(path, sizeof path, "%s/master.key", folder);
  return 0;
}

static int drop_folder(void **state)
{
  (void)state;
  rmdir(path);
  unlink(path);
  return rmdir(folder);
}

static void test_master_key_made_once(void **state)
{
  (void)state;
  struct master_key one, two, none = { 0 };
  struct err e = { 0 };
  mode_t was = umask(0);
  assert_int_equal(master_key_load(path, true, &one, &e), ERR_NONE);
  umask(was);
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0600);
  assert_int_equal(st.st_size, 32);
  assert_memory_not_equal(&one, &none, sizeof one);
  assert_int_equal(master_key_load(path, true, &two, &e), ERR_NONE);
  assert_memory_equal(&one, &two, sizeof one);
  assert_int_equal(master_key_load(path, false, &two, &e), ERR_NONE);
  master_key_wipe(&two);
  assert_memory_equal(&two, &none, sizeof two);
}

static void test_master_key_missing(void **state)
{
  (void)state;
  struct master_key k;
  struct err e = { 0 };
  assert_int_equal(master_key_load(path, false, &k, &e), ERR_IO);
  assert_non_null(strstr(e.text, path));
  assert_non_null(strstr(e.text, "private keys"));
  assert_false(file_exists(path));
}

static void assert_refused(const char *why)
{
  struct master_key k;
  struct err e = { 0 };
  assert_int_equal(master_key_load(path, true, &k, &e), ERR_REFUSED);
  if (!strstr(e.text, why))
    fail_msg("\"%s\" does not say \"%s\"", e.text, why);
}

static void test_master_key_modes(void **state)
{
  (void)state;
  struct master_key k;
  assert_int_equal(master_key_load(path, true, &k, NULL), ERR_NONE);
  static const mode_t bad[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666 };
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    assert_int_equal(chmod(path, bad[i]), 0);
    assert_refused("chmod 600");
  }
  assert_int_equal(chmod(path, 0400), 0);
  assert_int_equal(master_key_load(path, true, &k, NULL), ERR_NONE);
}

static void test_master_key_sizes(void **state)
{
  (void)state;
  char bytes[64] = { 1 };
  static const size_t bad[] = { 0, 1, 31, 33, 64 };
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    assert_int_equal(file_write_atomic(path, 0600, bytes, bad[i], NULL), ERR_NONE);
    assert_refused("instead of 32");
  }
}

static void test_master_key_owner(void **state)
{
  (void)state;
  struct master_key k;
  assert_int_equal(master_key_load(path, true, &k, NULL), ERR_NONE);
  if (geteuid() != 0 || chown(path, 12345, 12345))
    skip(); /* only root can give a file away */
  assert_refused("belongs to user 12345");
}

static void test_master_key_no_file(void **state)
{
  (void)state;
  assert_int_equal(mkdir(path, 0700), 0);
  assert_refused("not a regular file");
}

static void test_master_key_no_folder(void **state)
{
  (void)state;
  struct master_key k;
  struct err e = { 0 };
  char below[256];
  snprintf(below, sizeof below, "%s/none/master.key", folder);
  assert_int_equal(master_key_load(below, true, &k, &e), ERR_IO);
  assert_true(str_starts(e.text, "Cannot make the master key"));
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_seal_and_open), cmocka_unit_test(test_seal_never_repeats),
    cmocka_unit_test(test_open_known),    cmocka_unit_test(test_tampered),
    cmocka_unit_test(test_moved),         WITH_FOLDER(test_master_key_made_once),
    WITH_FOLDER(test_master_key_missing), WITH_FOLDER(test_master_key_modes),
    WITH_FOLDER(test_master_key_sizes),   WITH_FOLDER(test_master_key_no_file),
    WITH_FOLDER(test_master_key_no_folder),
    WITH_FOLDER(test_master_key_owner),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
