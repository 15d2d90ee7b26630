/* What stands before a handler: who may ask for what, and how. */
#include <string.h>

#include "http_kit.h"

static struct answer a;

static void test_healthz(void **state)
{
  (void)state;
  ask(&a, "GET", "/healthz", "", NULL);
  assert_int_equal(a.status, 200);
  assert_string_equal(a.body, "{\"message\":\"ok\"}\n");
}

static int start(void **state)
{
  (void)state;
  kit_start(NULL);
  return 0;
}

static int stop(void **state)
{
  (void)state;
  kit_stop();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_healthz),
  };
  return cmocka_run_group_tests_name("http policy", tests, start, stop);
}
