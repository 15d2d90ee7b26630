/* The first thing that a server sends, with nobody known to be at the other end. */
#include <assert.h>
#include <string.h>

#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct wire_greeting_info info = { 0 };
  struct err e = { 0 };
  if (wire_greeting_parse(data, len, &a, &info, &e))
    assert(e.text[0] && !strpbrk(e.text, "\r\n"));
  else
    assert(info.version && utf8_valid(info.version, strlen(info.version)));
  return 0;
}
