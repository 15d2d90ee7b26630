#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "wire/wire.h"

static void add_greeting(struct buf *b, const char *version, uint32_t flags, bool with_tail)
{
  static const char scramble[8] = "12345678", thread[4] = { 1 };
  buf_char(b, 0x0a);
  buf_add(b, version, strlen(version) + 1);
  buf_add(b, thread, sizeof thread);
  buf_add(b, scramble, sizeof scramble);
  buf_char(b, 0);
  buf_char(b, (char)(flags & 0xff));
  buf_char(b, (char)(flags >> 8 & 0xff));
  if (!with_tail)
    return;
  const char tail[] = { 45, 2, 0, (char)(flags >> 16 & 0xff), (char)(flags >> 24 & 0xff), 21 };
  buf_add(b, tail, sizeof tail);
}

static enum err_code parse(const struct buf *b, struct arena *a, struct wire_greeting_info *out, struct err *e)
{
  return wire_greeting_parse((const uint8_t *)buf_cstr(b), b->len, a, out, e);
}

static void reads_version_flags_and_charset(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf b = BUF_INIT;
  add_greeting(&b, "8.0.45", 0xdfff0800, true);
  struct wire_greeting_info info;
  assert_int_equal(parse(&b, &a, &info, NULL), ERR_NONE);
  assert_string_equal(info.version, "8.0.45");
  assert_int_equal(info.capabilities, 0xdfff0800);
  assert_int_equal(info.charset, 45);
}

static void drops_the_replication_prefix_of_mariadb_alone(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf b = BUF_INIT, c = BUF_INIT;
  struct wire_greeting_info info;
  add_greeting(&b, "5.5.5-10.11.19-MariaDB", 0x800, true);
  assert_int_equal(parse(&b, &a, &info, NULL), ERR_NONE);
  assert_string_equal(info.version, "10.11.19-MariaDB");
  add_greeting(&c, "5.5.5-m3", 0x800, true);
  assert_int_equal(parse(&c, &a, &info, NULL), ERR_NONE);
  assert_string_equal(info.version, "5.5.5-m3");
}

static void takes_the_short_form_of_old_servers(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf b = BUF_INIT;
  add_greeting(&b, "5.6.24", 0xf7df, false);
  struct wire_greeting_info info;
  assert_int_equal(parse(&b, &a, &info, NULL), ERR_NONE);
  assert_int_equal(info.capabilities, 0xf7df);
}

static void refuses_every_cut(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf b = BUF_INIT;
  add_greeting(&b, "8.0.45", 0x800, false);
  for (size_t len = 0; len < b.len; len++) {
    struct wire_greeting_info info;
    struct err e = { 0 };
    const uint8_t *exact = arena_memdup(&a, b.data, len); /* so that a sanitizer sees a read beyond */
    assert_int_equal(wire_greeting_parse(exact, len, &a, &info, &e), ERR_REMOTE);
    assert_true(e.text[0]);
  }
}

static void tells_what_an_error_packet_says(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct wire_greeting_info info;
  struct err e = { 0 };
  static const uint8_t many[] = "\xff\x10\x04#08004Too many connections";
  assert_int_equal(wire_greeting_parse(many, sizeof many - 1, &a, &info, &e), ERR_REMOTE);
  assert_string_equal(e.text, "the server refuses connections: Too many connections (error 1040)");
  static const uint8_t blocked[] = "\xff\x69\x04Host 'x\x1b[31m' is blocked";
  assert_int_equal(wire_greeting_parse(blocked, sizeof blocked - 1, &a, &info, &e), ERR_REMOTE);
  assert_string_equal(e.text, "the server refuses connections: Host 'x?[31m' is blocked (error 1129)");
}

static void names_what_is_not_a_database(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct wire_greeting_info info;
  struct err e = { 0 };
  static const uint8_t ssh[] = "SSH-2.0-OpenSSH_9.2p1\r\n";
  assert_int_equal(wire_greeting_parse(ssh, sizeof ssh - 1, &a, &info, &e), ERR_REMOTE);
  assert_string_equal(e.text, "what answers there does not speak the MySQL protocol");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(reads_version_flags_and_charset),
    cmocka_unit_test(drops_the_replication_prefix_of_mariadb_alone),
    cmocka_unit_test(takes_the_short_form_of_old_servers),
    cmocka_unit_test(refuses_every_cut),
    cmocka_unit_test(tells_what_an_error_packet_says),
    cmocka_unit_test(names_what_is_not_a_database),
  };
  return cmocka_run_group_tests_name("wire_greeting", tests, NULL, NULL);
}
