/* Any bytes as a request: what is taken is within bounds, can be sent again and reads the same;
 * written as a reply it conforms to its shape. */
#include <stdlib.h>
#include <string.h>

#include "../unit/json_shapes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(int holds)
{
  if (!holds)
    abort();
}

static void round_trip(const struct whole *w, struct arena *a)
{
  AUTO_BUF struct buf sent = BUF_INIT;
  AUTO_BUF struct buf again = BUF_INIT;
  struct whole back = { 0 };
  struct err e;
  json_write_request(&shape_whole, w, &sent);
  json_set_presets(&shape_whole, &back);
  check(json_read(&shape_whole, sent.data, sent.len, a, &back, &e) == ERR_NONE);
  json_write_request(&shape_whole, &back, &again);
  check(sent.len == again.len && memcmp(sent.data, again.data, sent.len) == 0);
}

static void as_reply(const struct whole *w)
{
  AUTO_BUF struct buf b = BUF_INIT;
  struct err e;
  if (!w->name || (w->part && !w->part->name))
    return;
  for (size_t i = 0; i < w->parts.count; i++)
    if (!w->parts.item[i].name)
      return;
  json_write(&shape_shown, w, &b);
  check(json_conforms(&shape_shown, b.data, b.len, &e) == ERR_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct whole w = { 0 };
  struct err e = { 0 };
  json_set_presets(&shape_whole, &w);
  enum err_code rc = json_read(&shape_whole, (const char *)data, len, &a, &w, &e);
  if (rc) {
    check(e.code == rc && e.text[0] && utf8_valid(e.text, strlen(e.text)) && !strchr(e.text, '\n'));
    return 0;
  }
  check(!w.name || strlen(w.name) <= 8);
  check(w.port >= 1 && w.port <= 65535 && w.parts.count <= 2);
  round_trip(&w, &a);
  as_reply(&w);
  return 0;
}
