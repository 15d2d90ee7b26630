/* crypt: digests, randomness, Base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "crypt/crypt.h"

static void test_digests_known(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  /* FIPS 180-4 examples */
  assert_string_equal(crypt_sha256_hex(&a, "abc", 3, '\0'),
                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_string_equal(crypt_sha256_hex(&a, NULL, 0, '\0'),
                      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_true(str_starts(crypt_sha256_hex(&a, "abc", 3, ':'), "ba:78:16:bf:"));
  uint8_t sha1[CRYPT_SHA1_SIZE];
  crypt_sha1("abc", 3, sha1);
  assert_string_equal(hex_format(&a, sha1, sizeof sha1, '\0'), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

static void test_equal(void **state)
{
  (void)state;
  assert_true(crypt_equal("same text", "same text", 9));
  assert_false(crypt_equal("same text", "same texT", 9));
  assert_true(crypt_equal("a", "b", 0));
}

static void test_random_differs(void **state)
{
  (void)state;
  uint8_t one[32], two[32];
  crypt_random(one, sizeof one);
  crypt_random(two, sizeof two);
  assert_memory_not_equal(one, two, sizeof one);
}

static void test_token_alphabet(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  bool seen_dash = false, seen_low = false;
  for (int i = 0; i < 200; i++) {
    char *token = crypt_random_token(&a, 32);
    assert_int_equal(strlen(token), 43);
    assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    seen_dash |= strchr(token, '-') != NULL;
    seen_low |= strchr(token, '_') != NULL;
  }
  assert_true(seen_dash && seen_low);
  assert_int_equal(strlen(crypt_random_token(&a, 1)), 2);
}

static void test_base64_known(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  /* RFC 4648, section 10 */
  static const char *const pair[][2] = {
    { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" }, { "\xff\xef\xbe", "/+++" },
  };
  for (size_t i = 0; i < COUNT_OF(pair); i++) {
    assert_string_equal(crypt_base64(&a, pair[i][0], strlen(pair[i][0])), pair[i][1]);
    AUTO_BUF struct buf b = BUF_INIT;
    struct err e = { 0 };
    assert_int_equal(crypt_base64_decode(pair[i][1], &b, &e), ERR_NONE);
    assert_string_equal(buf_cstr(&b), pair[i][0]);
    assert_int_equal(b.len, strlen(pair[i][0]));
  }
}

static void test_base64_every_byte(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  uint8_t all[256];
  for (int i = 0; i < 256; i++)
    all[i] = (uint8_t)i;
  for (size_t len = 0; len <= sizeof all; len++) {
    AUTO_BUF struct buf b = BUF_INIT;
    assert_int_equal(crypt_base64_decode(crypt_base64(&a, all, len), &b, NULL), ERR_NONE);
    assert_int_equal(b.len, len);
    assert_memory_equal(buf_cstr(&b), all, len);
  }
}

static void test_base64_refuses(void **state)
{
  (void)state;
  static const char *const bad[] = { "Z",    "Zg",    "Zg=",  "Z===", "====", "Zg==Zg==",   "Zh==", "Zm9=",
                                     "Zm 9", "Zm9\n", "Zm9-", "Zm9_", "Z=g=", "Zm\xc3\xa9", "=m9v" };
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct err e = { 0 };
    if (crypt_base64_decode(bad[i], &b, &e) != ERR_INVALID || !e.text[0])
      fail_msg("%s was taken", bad[i]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_digests_known), cmocka_unit_test(test_equal),
    cmocka_unit_test(test_random_differs), cmocka_unit_test(test_token_alphabet),
    cmocka_unit_test(test_base64_known), cmocka_unit_test(test_base64_every_byte),
    cmocka_unit_test(test_base64_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
