/* What was parsed is wiped before it is freed: this program's free() looks at each block. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "json_shapes.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_FREE 0 /* the sanitizers bring their own */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_FREE 0
#endif
#endif
#ifndef OWN_FREE
#define OWN_FREE 1
#endif

static const char secret[] = "hunter2-hunter2";
static int leaked;

#if OWN_FREE
void __libc_free(void *p);
void free(void *p);
void free(void *p)
{
  if (p && memmem(p, malloc_usable_size(p), secret, strlen(secret)))
    leaked++;
  __libc_free(p);
}
#endif

static void test_wiped(void **state)
{
  (void)state;
  if (!OWN_FREE)
    skip();
  static const char *const bodies[] = {
    "{\"name\":\"ab\",\"key\":\"hunter2-hunter2\"}",
    "{\"key\":\"hunter2-hunter2\", nonsense",
    "{\"key\":\"hunter2-hunter2",
    "{\"hunter2-hunter2\":1}",
  };
  for (size_t i = 0; i < COUNT_OF(bodies); i++) {
    struct arena a = ARENA_INIT;
    struct whole w = { 0 };
    struct err e;
    json_read(&shape_whole, bodies[i], strlen(bodies[i]), &a, &w, &e);
    arena_free(&a);
  }
  assert_int_equal(leaked, 0);
  free(strdup(secret)); /* the test can see one */
  assert_int_equal(leaked, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_wiped) };
  return cmocka_run_group_tests_name("json wipe", tests, NULL, NULL);
}
