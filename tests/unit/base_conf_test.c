/* opsd.conf, and that the manual page and the example know every option and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"

static struct arena arena;
static struct conf c;
static struct err e;
static char folder[] = "/tmp/opsd-conf-XXXXXX", path[64];

static enum err_code load(const char *text)
{
  struct err ignored;
  assert_int_equal(file_write_atomic(path, 0600, text, strlen(text), &ignored), ERR_NONE);
  return conf_load(path, &arena, &c, &e);
}

static void expect_refused(const char *text, const char *want)
{
  char whole[512];
  assert_int_equal(load(text), ERR_INVALID);
  snprintf(whole, sizeof whole, "%s %s", path, want);
  assert_string_equal(e.text, whole);
}

static void expect_presets(void)
{
  assert_null(c.bind);
  assert_int_equal(c.ssl_port, -1);
  assert_int_equal(c.port, -1);
  assert_non_null(c.allowed_origins);
  assert_null(c.allowed_origins[0]);
  assert_int_equal(c.hsts_max_age_s, 86400);
  assert_int_equal(c.connections_max, 1000);
  assert_int_equal(c.session_h, 12);
  assert_false(c.trust_forwarded);
  assert_int_equal(c.log_level, LOG_LEVEL_INFO);
}

static void test_presets(void **state)
{
  (void)state;
  assert_int_equal(load(""), ERR_NONE);
  expect_presets();
  assert_int_equal(load("# nothing\n\n   \n\t# key = value\n"), ERR_NONE);
  expect_presets();
}

static void test_values(void **state)
{
  (void)state;
  assert_int_equal(load("bind = ::1\nssl_port=9443\r\n  idle_timeout  =  30  \nlog_level = debug\n"
                        "trust_forwarded = yes\nallowed_origins = https://a.example  http://b:8080\n threads = 3"), ERR_NONE);
  assert_string_equal(c.bind, "::1");
  assert_int_equal(c.ssl_port, 9443);
  assert_int_equal(c.port, -1);
  assert_int_equal(c.idle_timeout_s, 30);
  assert_int_equal(c.log_level, LOG_LEVEL_DEBUG);
  assert_true(c.trust_forwarded);
  assert_string_equal(c.allowed_origins[0], "https://a.example");
  assert_string_equal(c.allowed_origins[1], "http://b:8080");
  assert_null(c.allowed_origins[2]);
  assert_int_equal(c.threads, 3);
}

static void test_refusals(void **state)
{
  (void)state;
  expect_refused("\n\nidel_timeout = 5\n", "line 3: there is no option \"idel_timeout\"; opsd.conf(5) lists them all");
  expect_refused("idle_timeout\n", "line 1: \"idle_timeout\" is not of the form key = value");
  expect_refused("threads = 1\nthreads = 1\n", "line 2: threads is given twice");
  expect_refused("ssl_port = 65536\n", "line 1: ssl_port must be a whole number from 0 to 65535, not \"65536\"");
  expect_refused("idle_timeout = 20s\n",
                 "line 1: idle_timeout must be a whole number from 5 to 300 seconds, not \"20s\"");
  expect_refused("idle_timeout =\n", "line 1: idle_timeout must be a whole number from 5 to 300 seconds, not \"\"");
  expect_refused("trust_forwarded = true\n", "line 1: trust_forwarded must be yes or no, not \"true\"");
  expect_refused("log_level = loud\n", "line 1: log_level must be error, warning, info or debug, not \"loud\"");
  expect_refused("allowed_origins = https://a/\n",
                 "line 1: allowed_origins: \"https://a/\" is no origin; write https://HOST or https://HOST:PORT");
  expect_refused("bind = \xff\n", "is not UTF-8 text");
}

static void test_bounds(void **state)
{
  (void)state;
  char line[128];
  for (size_t i = 0; i < conf_option_count; i++) {
    const struct conf_option *o = &conf_options[i];
    if (o->kind != CONF_INT)
      continue;
    for (int outside = 0; outside <= 1; outside++) {
      snprintf(line, sizeof line, "%s = %d\n", o->name, o->min - outside);
      assert_int_equal(load(line), outside ? ERR_INVALID : ERR_NONE);
      snprintf(line, sizeof line, "%s = %d\n", o->name, o->max + outside);
      assert_int_equal(load(line), outside ? ERR_INVALID : ERR_NONE);
    }
  }
}

static void test_missing_file(void **state)
{
  (void)state;
  assert_int_equal(conf_load("/tmp/opsd-there-is-no-such-file", &arena, &c, &e), ERR_NOT_FOUND);
}

static const char *tree_file(const char *name)
{
  static struct buf text[2];
  static int which;
  struct buf *b = &text[which = !which];
  const char *srcdir = getenv("srcdir") ? getenv("srcdir") : ".";
  buf_free(b);
  if (file_read(arena_printf(&arena, "%s/%s", srcdir, name), 1 << 20, b, &e))
    fail_msg("%s", e.text);
  return b->data;
}

/* The example has each option as "#key = default"; without the marks it is a file that changes nothing. */
static void test_example(void **state)
{
  (void)state;
  const char *text = tree_file("dist/opsd.conf.example");
  AUTO_BUF struct buf plain = BUF_INIT;
  for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
    buf_printf(&plain, "%.*s\n", (int)strcspn(line, "\n"), line + (line[0] == '#' && line[1] != ' '));
  assert_int_equal(load(text), ERR_NONE);
  expect_presets();
  if (load(plain.data))
    fail_msg("%s", e.text);
  assert_int_equal(c.ssl_port, 9001);
  assert_int_equal(c.port, 9000);
  c.ssl_port = c.port = -1;
  expect_presets();
  for (size_t i = 0; i < conf_option_count; i++) {
    const struct conf_option *o = &conf_options[i];
    const char *line = arena_printf(&arena, "\n#%s =%s%s\n", o->name, *o->preset ? " " : "", o->preset);
    if (!strstr(text, line))
      fail_msg("dist/opsd.conf.example lacks the line:%s", line);
  }
}

static void test_manual_page(void **state)
{
  (void)state;
  const char *text = tree_file("doc/opsd.conf.5");
  size_t documented = 0;
  for (const char *at = text; (at = strstr(at, "\n.It Cm ")); at++)
    documented++;
  assert_int_equal(documented, conf_option_count); /* none that is no more */
  for (size_t i = 0; i < conf_option_count; i++) {
    const struct conf_option *o = &conf_options[i];
    const char *item = strstr(text, arena_printf(&arena, "\n.It Cm %s No = Ar ", o->name));
    if (!item)
      fail_msg("doc/opsd.conf.5 lacks %s", o->name);
    const char *next = strstr(item + 1, "\n.It Cm "), *preset = strstr(item, arena_printf(&arena, "\nDefault: %s.\n",
                                                                     *o->preset ? o->preset : "none"));
    if (!preset || (next && preset > next))
      fail_msg("doc/opsd.conf.5 does not say the default of %s, %s", o->name, o->preset);
    if (o->kind == CONF_INT) {
      const char *bounds = strstr(item, arena_printf(&arena, "\nFrom %d to %d", o->min, o->max));
      if (!bounds || (next && bounds > next))
        fail_msg("doc/opsd.conf.5 does not say the bounds of %s", o->name);
    }
  }
}

static int start(void **state)
{
  (void)state;
  if (!mkdtemp(folder))
    return -1;
  snprintf(path, sizeof path, "%s/opsd.conf", folder);
  return 0;
}

static int stop(void **state)
{
  (void)state;
  unlink(path);
  rmdir(folder);
  arena_free(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_presets),
    cmocka_unit_test(test_values),
    cmocka_unit_test(test_refusals),
    cmocka_unit_test(test_bounds),
    cmocka_unit_test(test_missing_file),
    cmocka_unit_test(test_example),
    cmocka_unit_test(test_manual_page),
  };
  return cmocka_run_group_tests_name("opsd.conf", tests, start, stop);
}
