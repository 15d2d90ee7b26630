#include "remote/script.h"

#include <inttypes.h>

#include "base/str.h"

void script_set(struct buf *b, const char *name, const char *value)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  buf_printf(b, "%s=%s\n", name, sh_quote(&a, value));
}

void script_set_number(struct buf *b, const char *name, int64_t value)
{
  buf_printf(b, "%s=%" PRId64 "\n", name, value);
}
