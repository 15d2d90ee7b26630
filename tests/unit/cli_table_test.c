#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/table.h"

struct probe_row {
  int64_t days;
};
struct row {
  int64_t id, at_s;
  const char *name;
  bool on;
  struct str_list roles;
  struct probe_row *probe;
};

static const struct json_field probe_fields[] = {
  { "days", JSON_INT, 0, offsetof(struct probe_row, days) },
  { .kind = JSON_END },
};
static const struct json_shape shape_probe = { "P", sizeof(struct probe_row), probe_fields };
static const struct json_field row_fields[] = {
  { "id", JSON_INT, 0, offsetof(struct row, id) },
  { "at", JSON_TIME, 0, offsetof(struct row, at_s) },
  { "name", JSON_STRING, 0, offsetof(struct row, name) },
  { "on", JSON_BOOL, 0, offsetof(struct row, on) },
  { "roles", JSON_STRINGS, 0, offsetof(struct row, roles) },
  { "probe", JSON_OBJECT, 0, offsetof(struct row, probe), .shape = &shape_probe },
  { .kind = JSON_END },
};
static const struct json_shape shape_row = { "Row", sizeof(struct row), row_fields };

static void test_width(void **state)
{
  (void)state;
  assert_int_equal(text_width(""), 0);
  assert_int_equal(text_width("abc"), 3);
  assert_int_equal(text_width("äöü"), 3);
  assert_int_equal(text_width("日本"), 4);
  assert_int_equal(text_width("e\xcc\x81"), 1); /* a combining accent */
  assert_int_equal(text_width("a\x1b[2Jb"), 6);
  assert_int_equal(text_width("\xff\xfe"), 2);
  assert_int_equal(text_width("\xe6\x97"), 2); /* cut */
}

static void cleans(const char *from, const char *to)
{
  AUTO_BUF struct buf b = BUF_INIT;
  text_add(&b, from);
  assert_string_equal(buf_cstr(&b), to);
}

static void test_nothing_acts_on_the_terminal(void **state)
{
  (void)state;
  cleans("plain ä 日", "plain ä 日");
  cleans("a\x1b[31mb\nc\rd\te\x7f", "a?[31mb?c?d?e?");
  cleans("\xc2\x9b" "2J", "?2J");
  cleans("gpj.\xe2\x80\xae" "exe", "gpj.?exe");
  cleans("\xff\xc0\xaf", "???");
}

static const struct cli_column columns[] = {
  { "ID", "id" }, { "NAME", "name" }, { "DAYS", "probe.days" }, { "ROLES", "roles" }, { "ON", "on" },
  { "AT", "at" }, { 0 },
};

static void test_table(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  struct probe_row p = { -12 };
  const char *roles[] = { "master", "leaf" };
  struct row rows[] = {
    { 7, 0, "日本", true, { roles, 2 }, &p },
    { 1234, TIME_NONE, "longer", false, { NULL, 0 }, NULL },
  };
  LIST_OF(struct row) list = { rows, 2 };
  table_print(&shape_row, columns, &list, &b);
  assert_string_equal(b.data, "  ID  NAME    DAYS  ROLES         ON   AT\n"
                              "   7  日本     -12  master, leaf  yes  1970-01-01 00:00 UTC\n"
                              "1234  longer     -  -             no   -\n");
}

static void test_lines(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  static const struct cli_column lines[] = {
    { "id", "id" }, { "its name", "name" }, { "days", "probe.days" }, { "roles", "roles" }, { 0 },
  };
  struct row row = { 7, 0, "a\nb", true, { NULL, 0 }, NULL };
  lines_print(&shape_row, lines, 0, &row, &b);
  assert_string_equal(b.data, "id:       7\nits name: a?b\n");
  buf_clear(&b);
  lines_print(&shape_row, lines, 10, &row, &b);
  assert_string_equal(b.data, "id:         7\nits name:   a?b\n");
}

int main(void)
{
  setlocale(LC_CTYPE, "C.UTF-8");
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_width), cmocka_unit_test(test_nothing_acts_on_the_terminal), cmocka_unit_test(test_table),
    cmocka_unit_test(test_lines),
  };
  return cmocka_run_group_tests_name("cli table", tests, NULL, NULL);
}
