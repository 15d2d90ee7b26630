/* Paths and queries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/target.h"

static struct arena arena;
static struct target t;

static enum err_code parse(const char *text)
{
  struct err e = { 0 };
  return target_parse(text, &arena, &t, &e);
}

static void test_good(void **state)
{
  (void)state;
  assert_int_equal(parse("/"), ERR_NONE);
  assert_int_equal(t.segment_count, 1);
  assert_string_equal(t.segment[0], "");
  assert_int_equal(parse("/a/b%2Fc/%C3%A9/d+e/?x=1&y=a%26b+c&z&=v&&q=a=b"), ERR_NONE);
  assert_int_equal(t.segment_count, 5);
  assert_string_equal(t.segment[1], "b/c");
  assert_string_equal(t.segment[2], "\303\251");
  assert_string_equal(t.segment[3], "d+e");
  assert_string_equal(t.segment[4], "");
  assert_int_equal(t.pair_count, 5);
  assert_string_equal(t.pair[1].name, "y");
  assert_string_equal(t.pair[1].value, "a&b c");
  assert_string_equal(t.pair[2].name, "z");
  assert_string_equal(t.pair[2].value, "");
  assert_string_equal(t.pair[3].name, "");
  assert_string_equal(t.pair[4].value, "a=b");
  assert_int_equal(parse("/?"), ERR_NONE);
  assert_int_equal(t.pair_count, 0);
  assert_int_equal(parse("/..a/...?.."), ERR_NONE);
}

static void test_bad(void **state)
{
  (void)state;
  static const char *const bad[] = {
    "", "*", "a", "http://a/", "?x", "/%", "/%4", "/%4g", "/%g4", "/%00", "/%0a", "/%7F", "/\x01", "/%ff", "/%c3", "/\xc3",
    "/%ed%a0%80", "/%c0%af", "/.", "/..", "/a/../b", "/%2e%2E", "/a/.", "/?a=%", "/?%=a", "/?a=%00", "/?a=%fe", "/?a=b%0d",
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    if (parse(bad[i]) != ERR_MALFORMED)
      fail_msg("taken: %s", bad[i]);
}

static void test_limits(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  for (int i = 0; i < TARGET_SEGMENTS_MAX; i++)
    buf_str(&b, "/a");
  assert_int_equal(parse(b.data), ERR_NONE);
  buf_str(&b, "/a");
  assert_int_equal(parse(b.data), ERR_MALFORMED);
  buf_clear(&b);
  buf_str(&b, "/?a");
  for (int i = 1; i < TARGET_PAIRS_MAX; i++)
    buf_str(&b, "&a");
  assert_int_equal(parse(b.data), ERR_NONE);
  assert_int_equal(t.pair_count, TARGET_PAIRS_MAX);
  buf_str(&b, "&");
  assert_int_equal(parse(b.data), ERR_MALFORMED);
}

static int stop(void **state)
{
  (void)state;
  arena_free(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_good),
    cmocka_unit_test(test_bad),
    cmocka_unit_test(test_limits),
  };
  return cmocka_run_group_tests_name("http targets", tests, NULL, stop);
}
