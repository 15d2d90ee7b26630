/* What was parsed is wiped before it is freed: this program's free() looks at each block. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "json_shapes.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

static const char secret[] = "hunter2-hunter2";
static int leaked;

static void look(const void *p, size_t size)
{
  if (p && memmem(p, size, secret, strlen(secret)))
    leaked++;
}

#ifdef SANITIZED /* the sanitizers bring their own free() and call us from it */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *p);

static void on_malloc(const volatile void *p, size_t size)
{
  (void)p;
  (void)size;
}
static void on_free(const volatile void *p) { look((const void *)p, p ? __sanitizer_get_allocated_size(p) : 0); }
static void watch(void) { assert_true(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) > 0); }
#else
void __libc_free(void *p);
void free(void *p);
void free(void *p)
{
  look(p, p ? malloc_usable_size(p) : 0);
  __libc_free(p);
}
static void watch(void) {}
#endif

static void test_wiped(void **state)
{
  (void)state;
  watch();
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
  char *volatile seen = strdup(secret); /* volatile: a compiler may leave out what nobody looks at */
  free(seen);
  assert_int_equal(leaked, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_wiped) };
  return cmocka_run_group_tests_name("json wipe", tests, NULL, NULL);
}
