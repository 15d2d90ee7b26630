#include <string.h>

#include "wire/io.h"
#include "wire/wire.h"

enum { PROTOCOL_10 = 0x0a, ERROR_PACKET = 0xff, AUTH_DATA_FIRST = 8 };

/* MariaDB 10 puts this before its version, so that old replicas take it for a MySQL 5.5. */
static const char replication_prefix[] = "5.5.5-";

static const char *version_text(const uint8_t *text, size_t len, struct arena *a)
{
  const char *v = wire_clean_text(a, text, len);
  if (str_starts(v, replication_prefix) && strstr(v, "MariaDB"))
    return v + strlen(replication_prefix);
  return v;
}

enum err_code wire_greeting_parse(const uint8_t *payload, size_t len, struct arena *a, struct wire_greeting_info *out,
                                  struct err *e)
{
  if (len && payload[0] == ERROR_PACKET)
    return err_set(e, ERR_REMOTE, "the server refuses connections: %s", wire_error_text(payload, len, a));
  if (!len || payload[0] != PROTOCOL_10)
    return err_set(e, ERR_REMOTE, "what answers there does not speak the MySQL protocol");
  const uint8_t *end = payload + len, *version = payload + 1;
  const uint8_t *nul = memchr(version, 0, (size_t)(end - version));
  /* thread id 4, first part of the scramble 8, filler 1, lower flags 2 */
  if (!nul || end - nul < 1 + 4 + AUTH_DATA_FIRST + 1 + 2)
    return err_set(e, ERR_REMOTE, "the server's greeting is cut short");
  struct wire_greeting_info info = { .version = version_text(version, (size_t)(nul - version), a) };
  const uint8_t *p = nul + 1 + 4 + AUTH_DATA_FIRST + 1;
  info.capabilities = p[0] | (uint32_t)p[1] << 8;
  p += 2;
  if (end - p >= 1 + 2 + 2) { /* charset, status, upper flags */
    info.charset = p[0];
    info.capabilities |= (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
  }
  *out = info;
  return ERR_NONE;
}
