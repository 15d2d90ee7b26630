#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "json_shapes.h"

static void test_string(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  json_write_string(&b, "a\"\\\n\r\t\x01\x7f/ä€😀");
  assert_string_equal(buf_cstr(&b), "\"a\\\"\\\\\\n\\r\\t\\u0001\\u007f/ä€😀\"");
  buf_clear(&b);
  json_write_string(&b, NULL);
  assert_string_equal(buf_cstr(&b), "null");
  buf_clear(&b);
  json_write_string(&b, "");
  assert_string_equal(buf_cstr(&b), "\"\"");
}

static void test_reply(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  const char *tags[] = { "x", "y" };
  struct part p = { "p", 1, 0 }, list[] = { p, { "q", 2, TIME_NONE } };
  struct whole w = { .name = "ab", .colour = "red", .count = -9, .port = 3, .at_s = TIME_NONE, .on = true,
                     .tags = { tags, 2 }, .part = &p, .parts = { list, 2 } };
  json_write(&shape_shown, &w, &b);
  assert_string_equal(buf_cstr(&b),
    "{\"name\":\"ab\",\"pem\":null,\"colour\":\"red\",\"count\":-9,\"port\":3,\"at\":null,\"on\":true,"
    "\"tags\":[\"x\",\"y\"],\"colours\":[],\"part\":{\"name\":\"p\",\"size\":1,\"at\":\"1970-01-01T00:00:00Z\"},"
    "\"parts\":[{\"name\":\"p\",\"size\":1,\"at\":\"1970-01-01T00:00:00Z\"},{\"name\":\"q\",\"size\":2,\"at\":null}]}");
  struct err e;
  assert_int_equal(json_conforms(&shape_shown, b.data, b.len, &e), ERR_NONE);
}

static void test_request(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  struct whole w = { .id = 3, .q = "q", .key = "secret\n", .name = "ab" };
  json_set_presets(&shape_whole, &w);
  json_write_request(&shape_whole, &w, &b);
  assert_string_equal(buf_cstr(&b), "{\"key\":\"secret\\n\",\"name\":\"ab\"}");
  buf_clear(&b);
  const char *tags[] = { "x" };
  struct part p = { .name = "p", .size = 7, .at_s = TIME_NONE };
  w = (struct whole){ .count = 0, .port = 1, .at_s = 60, .on = true, .tags = { tags, 1 },
                      .parts = { &p, 1 }, .pem = "" };
  json_write_request(&shape_whole, &w, &b);
  assert_string_equal(buf_cstr(&b),
                      "{\"pem\":\"\",\"count\":0,\"at\":\"1970-01-01T00:01:00Z\",\"on\":true,\"tags\":[\"x\"],"
                      "\"parts\":[{\"name\":\"p\"}]}");
}

static const char conforming[] =
  "{\"name\":\"ab\",\"pem\":null,\"colour\":\"red\",\"count\":1,\"port\":3,\"at\":null,\"on\":true,"
  "\"tags\":[],\"colours\":[],\"part\":null,\"parts\":[{\"name\":\"p\",\"size\":1,\"at\":null}]}";

/* With `from` replaced by `to` it no longer conforms, and `field` is named. */
static void breaks(const char *from, const char *to, const char *field)
{
  AUTO_BUF struct buf b = BUF_INIT;
  const char *at = strstr(conforming, from);
  assert_non_null(at);
  buf_add(&b, conforming, (size_t)(at - conforming));
  buf_str(&b, to);
  buf_str(&b, at + strlen(from));
  struct err e = { 0 };
  assert_int_equal(json_conforms(&shape_shown, b.data, b.len, &e), ERR_INVALID);
  assert_string_equal(e.field, field);
}

static void test_conforms(void **state)
{
  (void)state;
  struct err e;
  assert_int_equal(json_conforms(&shape_shown, conforming, strlen(conforming), &e), ERR_NONE);
  breaks("\"name\":\"ab\",", "", "name");
  breaks("\"ab\"", "null", "name");
  breaks("\"ab\"", "1", "name");
  breaks("\"red\"", "\"pink\"", "colour");
  breaks("\"count\":1", "\"count\":1.5", "count");
  breaks("true", "1", "on");
  breaks("\"at\":null", "\"at\":\"then\"", "at");
  breaks("\"tags\":[]", "\"tags\":null", "tags");
  breaks("\"tags\":[]", "\"tags\":[1]", "tags[0]");
  breaks("\"colours\":[]", "\"colours\":[\"pink\"]", "colours[0]");
  breaks("\"part\":null", "\"part\":[]", "part");
  breaks("\"size\":1,", "", "parts[0].size");
  breaks("\"on\":true", "\"on\":true,\"more\":1", "more");
  assert_int_equal(json_conforms(&shape_whole, "{\"id\":1,\"q\":\"\",\"key\":\"x\"}", 25, &e), ERR_INVALID);
  assert_string_equal(e.text, "key is a secret");
}

static void has(const struct buf *b, const char *part)
{
  if (!strstr(buf_cstr(b), part))
    fail_msg("%s is not in %s", part, buf_cstr(b));
}

static void test_schema(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  json_describe(&shape_whole, JSON_REQUEST, &b);
  has(&b, "{\"type\":\"object\",\"properties\":{\"key\":");
  has(&b, "\"key\":{\"type\":\"string\",\"maxLength\":100,\"writeOnly\":true}");
  has(&b, "\"name\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":8,\"description\":\"Its \\\"name\\\".\"}");
  has(&b, "\"colour\":{\"type\":[\"string\",\"null\"],\"enum\":[\"red\",\"green\",\"blue\",null]}");
  has(&b, "\"port\":{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":1,\"maximum\":65535,\"default\":1}");
  has(&b, "\"at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}");
  has(&b, "\"on\":{\"type\":\"boolean\"}");
  has(&b, "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1,\"maxItems\":3}");
  has(&b, "\"part\":{\"anyOf\":[{\"$ref\":\"#/components/schemas/Part\"},{\"type\":\"null\"}]}");
  has(&b, "\"parts\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Part\"},\"maxItems\":2}");
  has(&b, "\"required\":[\"name\"],\"additionalProperties\":false}");
  buf_clear(&b);
  json_describe(&shape_part, JSON_REPLY, &b);
  has(&b, "\"required\":[\"name\",\"size\",\"at\"]}");
}

static void test_typescript(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  json_describe_typescript(&shape_whole, JSON_REQUEST, &b);
  has(&b, "export interface Whole {\n  id: number;\n  q?: string | null;\n");
  has(&b, "  /** Its \"name\". */\n  name: string;\n");
  has(&b, "  colour?: \"red\" | \"green\" | \"blue\" | null;\n");
  has(&b, "  colours?: (\"red\" | \"green\" | \"blue\")[] | null;\n");
  buf_clear(&b);
  json_describe_typescript(&shape_shown, JSON_REPLY, &b);
  has(&b, "  pem: string | null;\n");
  has(&b, "  on: boolean;\n");
  has(&b, "  tags: string[];\n");
  has(&b, "  part: Part | null;\n  parts: Part[];\n}\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_string), cmocka_unit_test(test_reply), cmocka_unit_test(test_request),
    cmocka_unit_test(test_conforms), cmocka_unit_test(test_schema), cmocka_unit_test(test_typescript),
  };
  return cmocka_run_group_tests_name("json write", tests, NULL, NULL);
}
