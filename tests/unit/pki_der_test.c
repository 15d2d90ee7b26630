/* pki: the DER reader refuses what is no DER. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "pki/der.h"
#include "pki/oid.h"

#define DER(text) ((struct der){ (const uint8_t *)(text), sizeof(text) - 1 })

static void test_values(void **state)
{
  (void)state;
  struct der in = DER("\x04\x03"
                      "abc\x05\x00"), content, whole;
  uint8_t tag;
  assert_true(der_next(&in, &tag, &content, &whole));
  assert_int_equal(tag, DER_OCTET_STRING);
  assert_true(der_equal(content, DER("abc")));
  assert_int_equal(whole.len, 5);
  assert_false(der_take(&in, DER_OCTET_STRING, &content));
  assert_true(der_take(&in, 0x05, &content));
  assert_int_equal(content.len, 0);
  assert_false(der_next(&in, &tag, &content, NULL));
}

static void test_broken_values(void **state)
{
  (void)state;
  static const struct der broken[] = {
    { (const uint8_t *)"\x04", 1 },             { (const uint8_t *)"\x04\x01", 2 },
    { (const uint8_t *)"\x04\x80\x00\x00", 4 }, /* an end that is not told */
    { (const uint8_t *)"\x04\x81\x01x", 4 },    /* a length longer than needed */
    { (const uint8_t *)"\x04\x82\x00\x81", 4 }, { (const uint8_t *)"\x04\x85\x00\x00\x00\x00\x01x", 8 },
    { (const uint8_t *)"\x04\x82\x01", 3 },     { (const uint8_t *)"\x1f\x01x", 3 }, /* a tag of more octets */
    { (const uint8_t *)"\x04\x84\xff\xff\xff\xff", 6 },
  };
  for (size_t i = 0; i < COUNT_OF(broken); i++) {
    struct der in = broken[i], content;
    uint8_t tag;
    assert_false(der_next(&in, &tag, &content, NULL));
    assert_ptr_equal(in.p, broken[i].p);
    assert_int_equal(in.len, broken[i].len);
  }
}

static void test_small_values(void **state)
{
  (void)state;
  int64_t v;
  bool b;
  struct der bits;
  assert_true(der_small_integer(DER("\x7f\xff\xff\xff\xff\xff\xff\xff"), &v) && v == INT64_MAX);
  assert_false(der_small_integer(DER("\x80"), &v));
  assert_false(der_small_integer(DER(""), &v));
  assert_false(der_small_integer(DER("\0\0\0\0\0\0\0\0\1"), &v));
  assert_true(der_boolean(DER("\xff"), &b) && b);
  assert_true(der_boolean(DER("\0"), &b) && !b);
  assert_false(der_boolean(DER("\1"), &b));
  assert_false(der_boolean(DER(""), &b));
  assert_true(der_octet_bits(DER("\0ab"), &bits) && bits.len == 2);
  assert_false(der_octet_bits(DER("\1ab"), &bits));
  assert_false(der_octet_bits(DER(""), &bits));
}

static void test_times(void **state)
{
  (void)state;
  int64_t at_s;
  assert_true(der_time(DER_UTC_TIME, DER("700101000000Z"), &at_s) && at_s == 0);
  assert_true(der_time(DER_GENERALIZED_TIME, DER("20260101000000Z"), &at_s) && at_s == 1767225600);
  assert_false(der_time(DER_GENERALIZED_TIME, DER("2x260101000000Z"), &at_s));
  assert_false(der_time(DER_GENERALIZED_TIME, DER("20250229000000Z"), &at_s));
  assert_false(der_time(DER_GENERALIZED_TIME, DER("19000229000000Z"), &at_s));
  assert_false(der_time(DER_UTC_TIME, DER("20260101000000Z"), &at_s));
  assert_false(der_time(DER_OCTET_STRING, DER("700101000000Z"), &at_s));
}

static void test_oids(void **state)
{
  (void)state;
  char text[OID_TEXT_SIZE];
  assert_true(oid_text(DER("\x55\x04\x03"), text));
  assert_string_equal(text, "2.5.4.3");
  assert_true(oid_text(DER("\x88\x37\x00"), text));
  assert_string_equal(text, "2.999.0");
  assert_false(oid_text(DER(""), text));
  assert_false(oid_text(DER("\x55\x84"), text));     /* cut off */
  assert_false(oid_text(DER("\x55\x80\x01"), text)); /* a leading zero */
  uint8_t longest[OID_BYTES_MAX + 1];
  memset(longest, 0x7f, sizeof longest);
  assert_true(oid_text((struct der){ longest, OID_BYTES_MAX }, text));
  assert_true(strlen(text) < OID_TEXT_SIZE);
  assert_false(oid_text((struct der){ longest, OID_BYTES_MAX + 1 }, text));
  memset(longest, 0xff, sizeof longest);
  longest[OID_BYTES_MAX - 1] = 0x7f;
  assert_true(oid_text((struct der){ longest, OID_BYTES_MAX }, text));
  assert_true(strlen(text) < OID_TEXT_SIZE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_values), cmocka_unit_test(test_broken_values), cmocka_unit_test(test_small_values),
    cmocka_unit_test(test_times),  cmocka_unit_test(test_oids),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
