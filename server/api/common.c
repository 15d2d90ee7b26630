#include <ctype.h>
#include <string.h>

#include "api/handlers.h"

static bool is_name_byte(unsigned char c)
{
  return c >= 0x80 || isalnum(c) || strchr("._-@", c);
}

/* Blanks, characters of no width, and those that turn the direction of the text: two names would look alike.
 * s is UTF-8. */
static bool is_unseen(const char *s)
{
  static const struct { const char *first, *last; } ranges[] = {
    { "\u00a0", "\u00a0" }, { "\u00ad", "\u00ad" }, { "\u061c", "\u061c" }, { "\u1680", "\u1680" },
    { "\u180e", "\u180e" }, { "\u2000", "\u200f" }, { "\u2028", "\u202f" }, { "\u205f", "\u206f" },
    { "\u3000", "\u3000" }, { "\ufeff", "\ufeff" }, { "\U000e0000", "\U000e0fff" },
  };
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
    size_t len = strlen(ranges[i].first);
    if (strncmp(s, ranges[i].first, len) >= 0 && strncmp(s, ranges[i].last, len) <= 0)
      return true;
  }
  return false;
}

enum err_code api_check_name(const char *field, const char *name, struct err *e)
{
  size_t len = strlen(name);
  if (len == 0 || len > 64)
    return err_field(e, field, "A name has 1 to 64 bytes");
  unsigned char first = (unsigned char)name[0];
  if (first < 0x80 && !isalnum(first))
    return err_field(e, field, "A name begins with a letter or a digit");
  for (size_t i = 0; i < len; i++) {
    if (is_unseen(name + i))
      return err_field(e, field, "A name has nothing in it that cannot be seen; its byte %zu begins such", i + 1);
    if (!is_name_byte((unsigned char)name[i]))
      return err_field(e, field, "A name has letters, digits and . _ - @ alone; this has \"%c\"", name[i]);
  }
  if (strspn(name, "0123456789") == len)
    return err_field(e, field, "A name is not digits alone, since a number means an id");
  return ERR_NONE;
}

void api_publish(struct api *api, const char *topic, const char *event, const char *data)
{
  pthread_rwlock_rdlock(&api->http_lock);
  if (api->http)
    http_publish(api->http, topic, event, data);
  if (api->local)
    http_publish(api->local, topic, event, data);
  pthread_rwlock_unlock(&api->http_lock);
}

void api_on_generation(void *ctx, uint64_t generation)
{
  char data[64];
  snprintf(data, sizeof data, "{\"generation\":\"%llu\"}", (unsigned long long)generation);
  api_publish(ctx, "state", "state", data);
}
