/* A request target: split, decoded, and sent through the router. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "http/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_text(const char *text)
{
  assert(utf8_valid(text, strlen(text)));
  for (const char *c = text; *c; c++)
    assert((unsigned char)*c >= 0x20 && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
  static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X" };
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  struct target t;
  const struct route *route;
  char allow[64];
  router_init();
  char *text = arena_strndup(&a, (const char *)data, len);
  if (target_parse(text, &a, &t, &e))
    return 0;
  assert(t.segment_count && t.segment_count <= TARGET_SEGMENTS_MAX && t.pair_count <= TARGET_PAIRS_MAX);
  for (size_t i = 0; i < t.segment_count; i++)
    check_text(t.segment[i]);
  for (size_t i = 0; i < t.pair_count; i++) {
    check_text(t.pair[i].name);
    check_text(t.pair[i].value);
  }
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
    if (router_find(methods[i], &t, &route, allow, &e) == ERR_NONE)
      assert(route->segment_count == t.segment_count);
  return 0;
}
