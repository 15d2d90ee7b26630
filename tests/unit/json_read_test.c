#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "json_shapes.h"

static struct whole got;
static struct err error;

static enum err_code read_len(const char *text, size_t len)
{
  static struct arena a;
  arena_free(&a);
  memset(&got, 0, sizeof got);
  memset(&error, 0, sizeof error);
  json_set_presets(&shape_whole, &got);
  return json_read(&shape_whole, text, len, &a, &got, &error);
}

static void takes(const char *text)
{
  if (read_len(text, strlen(text)))
    fail_msg("%s: %s", text, error.text);
}

static void refuses(const char *text, const char *field, const char *sentence)
{
  assert_int_equal(read_len(text, strlen(text)), ERR_INVALID);
  assert_string_equal(error.field, field);
  assert_non_null(strstr(error.text, sentence));
}

static void malformed(const char *text, const char *sentence)
{
  assert_int_equal(read_len(text, strlen(text)), ERR_MALFORMED);
  if (!strstr(error.text, sentence))
    fail_msg("%s: %s", text, error.text);
}

static void test_every_kind(void **state)
{
  (void)state;
  takes("{\"name\":\"n\\u00e4me\",\"pem\":\"a\\r\\n\\tb\",\"key\":\"k\\n\",\"colour\":\"green\","
        "\"count\":-3,\"port\":65535,\"at\":\"2026-11-22T14:50:00+01:00\",\"on\":true,\"tags\":[\"x\",\"y\"],"
        "\"colours\":[\"red\"],\"part\":{\"name\":\"p\"},\"parts\":[{\"name\":\"q\",\"size\":2},{\"name\":\"r\"}]}");
  assert_string_equal(got.name, "näme");
  assert_string_equal(got.pem, "a\r\n\tb");
  assert_string_equal(got.key, "k\n");
  assert_ptr_equal(got.colour, colour_words[1]);
  assert_int_equal(got.count, -3);
  assert_int_equal(got.port, 65535);
  assert_int_equal(got.at_s, 1795355400);
  assert_true(got.on);
  assert_int_equal(got.tags.count, 2);
  assert_string_equal(got.tags.item[1], "y");
  assert_int_equal(got.colours.count, 1);
  assert_string_equal(got.part->name, "p");
  assert_int_equal(got.part->size, 7);
  assert_true(got.part->at_s == TIME_NONE);
  assert_int_equal(got.parts.count, 2);
  assert_int_equal(got.parts.item[0].size, 2);
  assert_int_equal(got.parts.item[1].size, 7);
}

static void test_absent_and_null(void **state)
{
  (void)state;
  takes("{}");
  assert_null(got.name);
  assert_int_equal(got.count, 5);
  assert_true(got.at_s == TIME_NONE);
  takes("{\"name\":null,\"count\":null,\"on\":null,\"at\":null,\"tags\":null,\"part\":null,\"parts\":null}");
  assert_null(got.name);
  assert_int_equal(got.count, 5);
  assert_null(got.part);
}

static void test_types(void **state)
{
  (void)state;
  refuses("{\"name\":1}", "name", "must be a string");
  refuses("{\"count\":\"1\"}", "count", "whole number");
  refuses("{\"count\":1.0}", "count", "whole number");
  refuses("{\"on\":1}", "on", "true or false");
  refuses("{\"at\":\"yesterday\"}", "at", "time");
  refuses("{\"at\":5}", "at", "time");
  refuses("{\"tags\":\"x\"}", "tags", "a list");
  refuses("{\"tags\":[\"x\",{}]}", "tags[1]", "must be a string");
  refuses("{\"part\":[]}", "part", "an object");
  refuses("{\"parts\":[{\"name\":\"x\"},{\"name\":2}]}", "parts[1].name", "must be a string");
}

static void test_bounds(void **state)
{
  (void)state;
  takes("{\"name\":\"12345678\",\"port\":1,\"tags\":[\"1\",\"2\",\"3\"]}");
  refuses("{\"name\":\"1\"}", "name", "at least 2");
  refuses("{\"name\":\"\"}", "name", "empty");
  refuses("{\"name\":\"123456789\"}", "name", "longer than 8");
  refuses("{\"port\":0}", "port", "between 1 and 65535");
  refuses("{\"port\":65536}", "port", "between 1 and 65535");
  refuses("{\"tags\":[]}", "tags", "at least 1");
  refuses("{\"tags\":[\"1\",\"2\",\"3\",\"4\"]}", "tags", "more than 3");
  refuses("{\"tags\":[\"\"]}", "tags[0]", "empty");
  refuses("{\"parts\":[{},{},{}]}", "parts", "more than 2");
  refuses("{\"colour\":\"pink\"}", "colour", "red, green or blue");
  refuses("{\"colours\":[\"red\",\"pink\"]}", "colours[1]", "red, green or blue");
  malformed("{\"count\":9223372036854775808}", "too large");
}

static void test_characters(void **state)
{
  (void)state;
  refuses("{\"name\":\"a\\u0007b\"}", "name", "control");
  refuses("{\"name\":\"a\\nb\"}", "name", "control");
  refuses("{\"name\":\"a\\u007fb\"}", "name", "control");
  refuses("{\"name\":\"a\\u009bb\"}", "name", "control"); /* CSI: a terminal would act upon it */
  refuses("{\"pem\":\"a\\u001bb\"}", "pem", "control");
  takes("{\"name\":\"a\\u00a0b\"}");
  malformed("{\"name\":\"a\\u0000b\"}", "\\u0000");
  malformed("{\"na\\u0000me\":\"ab\"}", "\\u0000");
  malformed("{\"name\":\"a\xff\"}", "UTF-8");
  malformed("{\"name\":\"a\xc0\xaf\"}", "UTF-8");
  malformed("{\"name\":\"\\ud800\"}", "not JSON");
}

static void test_members(void **state)
{
  (void)state;
  refuses("{\"nmae\":\"x\"}", "nmae", "not known");
  refuses("{\"part\":{\"name\":\"a\",\"x\":1}}", "part.x", "not known");
  refuses("{\"a\\n\":1}", "(unknown)", "not known");
  refuses("{\"id\":1}", "id", "not known"); /* belongs into the path */
  refuses("{\"q\":\"x\"}", "q", "not known"); /* belongs into the query */
  refuses("{\"name\":\"ab\",\n \"name\":\"cd\"}", "name", "line 2 column 7");
  refuses("{\"part\":{\"size\":1,\"size\":2}}", "size", "twice");
}

static void test_syntax(void **state)
{
  (void)state;
  malformed("", "ends too early");
  malformed("{\n  \"name\": \"ab\",\n  nonsense\n}", "line 3 column");
  malformed("{\"name\":\"ab\"} {}", "follows the end");
  malformed("[1]", "object is wanted");
  malformed("\"text\"", "not JSON");
  malformed("{\"count\":01}", "not JSON");
  malformed("{'name':1}", "not JSON");
  assert_int_equal(read_len("{}\0{}", 5), ERR_MALFORMED);
}

static void nest(struct buf *b, int depth)
{
  buf_clear(b);
  for (int i = 0; i < depth; i++)
    buf_str(b, i ? "[" : "{\"x\":");
  buf_str(b, "\"[[[[[[[[[[[[[[[[[[\\\"[\"");
  for (int i = depth; i-- > 0;)
    buf_str(b, i ? "]" : "}");
}

static void test_depth(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  nest(&b, 16);
  refuses(buf_cstr(&b), "x", "not known");
  nest(&b, 17);
  malformed(buf_cstr(&b), "deeper than 16");
}

static void test_errors_keep_secrets(void **state)
{
  (void)state;
  static const char *const bodies[] = {
    "{\"key\":\"hunter2\" \"x\"}", "{\"key\":\"hunter2", "{\"key\":hunter2}", "{\"key\":\"hunter2\\u0001\"}",
    "{\"key\":[\"hunter2\"]}", "{\"colour\":\"hunter2\"}", "{\"key\":\"hunter2\",\"key\":\"hunter2\"}",
    "{\"key\":\"hunter2\\\\\"\"}",
  };
  for (size_t i = 0; i < COUNT_OF(bodies); i++) {
    assert_int_not_equal(read_len(bodies[i], strlen(bodies[i])), ERR_NONE);
    assert_null(strstr(error.text, "hunter2"));
    assert_null(strstr(error.field, "hunter2"));
  }
}

static enum err_code required(struct whole w)
{
  memset(&error, 0, sizeof error);
  return json_check_required(&shape_whole, &w, &error);
}

static void test_required(void **state)
{
  (void)state;
  struct part part = { .name = "p" }, unnamed[] = { part, { .size = 1 } };
  struct whole w = { .id = 1, .name = "ab" };
  assert_int_equal(required(w), ERR_NONE);
  w.name = NULL;
  assert_int_equal(required(w), ERR_INVALID);
  assert_string_equal(error.text, "name is missing");
  assert_string_equal(error.field, "name");
  w.name = "";
  assert_int_equal(required(w), ERR_INVALID);
  w.name = "ab", w.id = 0;
  assert_int_equal(required(w), ERR_INVALID);
  assert_string_equal(error.field, "id");
  w.id = 1, w.part = &part, w.parts.item = unnamed, w.parts.count = 2;
  assert_int_equal(required(w), ERR_INVALID);
  assert_string_equal(error.field, "parts[1].name");
  w.parts.count = 1;
  assert_int_equal(required(w), ERR_NONE);
  part.name = NULL;
  assert_int_equal(required(w), ERR_INVALID);
  assert_string_equal(error.field, "part.name");
}

static enum err_code read_field(const char *name, const char *value)
{
  static struct arena a;
  const struct json_field *f = whole_fields;
  while (strcmp(f->name, name) != 0)
    f++;
  memset(&error, 0, sizeof error);
  return json_read_text(f, value, &a, &got, &error);
}

static void test_text(void **state)
{
  (void)state;
  memset(&got, 0, sizeof got);
  assert_int_equal(read_field("id", "42"), ERR_NONE);
  assert_int_equal(got.id, 42);
  assert_int_equal(read_field("id", "0"), ERR_INVALID);
  assert_int_equal(read_field("id", "4x"), ERR_INVALID);
  assert_int_equal(read_field("id", ""), ERR_INVALID);
  assert_string_equal(error.field, "id");
  assert_int_equal(got.id, 42);
  assert_int_equal(read_field("q", "a%b"), ERR_NONE);
  assert_string_equal(got.q, "a%b");
  assert_int_equal(read_field("q", "a\x1b[2J"), ERR_INVALID);
  assert_int_equal(read_field("q", "\xc3"), ERR_INVALID);
  assert_int_equal(read_field("on", "true"), ERR_NONE);
  assert_true(got.on);
  assert_int_equal(read_field("on", "0"), ERR_NONE);
  assert_false(got.on);
  assert_int_equal(read_field("on", "maybe"), ERR_INVALID);
  assert_int_equal(read_field("colour", "blue"), ERR_NONE);
  assert_int_equal(read_field("colour", ""), ERR_INVALID);
  assert_int_equal(read_field("at", "2026-11-22T14:50:00Z"), ERR_NONE);
  assert_int_equal(read_field("at", "today"), ERR_INVALID);
  assert_int_equal(read_field("tags", "a,b"), ERR_NONE);
  assert_int_equal(read_field("tags", "c"), ERR_NONE);
  assert_int_equal(got.tags.count, 3);
  assert_string_equal(got.tags.item[2], "c");
  assert_int_equal(read_field("tags", "d"), ERR_INVALID); /* the fourth */
  assert_int_equal(read_field("colours", "red,pink"), ERR_INVALID);
  assert_string_equal(error.field, "colours[1]");
  assert_int_equal(read_field("colours", "red,,blue"), ERR_INVALID);
}

static void test_reply_of_a_newer_daemon(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct whole w = { 0 };
  struct err e;
  static const char text[] =
    "{\"name\":\"longer than eight\",\"colour\":\"pink\",\"new\":{\"x\":[1]},\"port\":70000,\"parts\":[{\"y\":1}]}";
  assert_int_equal(json_read_reply(&shape_shown, text, strlen(text), &a, &w, &e), ERR_NONE);
  assert_string_equal(w.name, "longer than eight");
  assert_string_equal(w.colour, "pink");
  assert_int_equal(w.port, 70000);
  assert_int_equal(w.parts.count, 1);
  assert_true(w.at_s == TIME_NONE);
  static const char wrong[] = "{\"name\":3}";
  assert_int_equal(json_read_reply(&shape_shown, wrong, strlen(wrong), &a, &w, &e), ERR_INVALID);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_kind), cmocka_unit_test(test_absent_and_null), cmocka_unit_test(test_types),
    cmocka_unit_test(test_bounds), cmocka_unit_test(test_characters), cmocka_unit_test(test_members),
    cmocka_unit_test(test_syntax), cmocka_unit_test(test_depth), cmocka_unit_test(test_errors_keep_secrets),
    cmocka_unit_test(test_required), cmocka_unit_test(test_text), cmocka_unit_test(test_reply_of_a_newer_daemon),
  };
  return cmocka_run_group_tests_name("json read", tests, NULL, NULL);
}
