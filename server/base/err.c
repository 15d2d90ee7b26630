#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  int status;
  int exit;
} table[ERR_COUNT_] = {
  [ERR_NONE] = { "ok", 200, 0 },
  [ERR_INVALID] = { "invalid", 422, 1 },
  [ERR_MALFORMED] = { "malformed", 400, 1 },
  [ERR_UNAUTHENTICATED] = { "unauthenticated", 401, 1 },
  [ERR_FORBIDDEN] = { "forbidden", 403, 1 },
  [ERR_NOT_FOUND] = { "not_found", 404, 1 },
  [ERR_METHOD] = { "method_not_allowed", 405, 1 },
  [ERR_CONFLICT] = { "conflict", 409, 1 },
  [ERR_GONE] = { "gone", 410, 1 },
  [ERR_TOO_LARGE] = { "too_large", 413, 1 },
  [ERR_MEDIA_TYPE] = { "unsupported_media_type", 415, 1 },
  [ERR_THROTTLED] = { "throttled", 429, 1 },
  [ERR_REFUSED] = { "refused", 409, 1 },
  [ERR_REMOTE] = { "node_failed", 502, 1 },
  [ERR_UNREACHABLE] = { "unreachable", 502, 3 },
  [ERR_TIMEOUT] = { "timeout", 504, 1 },
  [ERR_UNAVAILABLE] = { "unavailable", 503, 3 },
  [ERR_IO] = { "io", 500, 1 },
  [ERR_INTERNAL] = { "internal", 500, 1 },
  [ERR_USAGE] = { "usage", 400, 2 },
};

__attribute__((format(printf, 2, 0)))
static void err_vtext(struct err *e, const char *fmt, va_list ap)
{
  vsnprintf(e->text, sizeof e->text, fmt, ap);
  for (char *p = e->text; *p; p++)
    if (*p == '\n' || *p == '\r')
      *p = ' ';
}

enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
  if (!e)
    return code;
  va_list ap;
  va_start(ap, fmt);
  e->code = code;
  e->field[0] = '\0';
  err_vtext(e, fmt, ap);
  va_end(ap);
  return code;
}

enum err_code err_field(struct err *e, const char *field, const char *fmt, ...)
{
  if (!e)
    return ERR_INVALID;
  va_list ap;
  va_start(ap, fmt);
  e->code = ERR_INVALID;
  snprintf(e->field, sizeof e->field, "%s", field);
  err_vtext(e, fmt, ap);
  va_end(ap);
  return ERR_INVALID;
}

enum err_code err_errno(struct err *e, enum err_code code, int errno_value, const char *fmt, ...)
{
  if (!e)
    return code;
  va_list ap;
  va_start(ap, fmt);
  e->code = code;
  e->field[0] = '\0';
  err_vtext(e, fmt, ap);
  va_end(ap);
  size_t used = strlen(e->text);
  char reason[128];
  const char *said = strerror_r(errno_value, reason, sizeof reason);
  snprintf(e->text + used, sizeof e->text - used, ": %s", said);
  return code;
}

enum err_code err_context(struct err *e, const char *fmt, ...)
{
  if (!e)
    return ERR_INTERNAL;
  struct err was = *e;
  va_list ap;
  va_start(ap, fmt);
  err_vtext(e, fmt, ap);
  va_end(ap);
  size_t used = strlen(e->text);
  snprintf(e->text + used, sizeof e->text - used, ": %s", was.text);
  return e->code;
}

const char *err_code_name(enum err_code code)
{
  return (unsigned)code < ERR_COUNT_ ? table[code].name : "internal";
}

int err_code_status(enum err_code code)
{
  return (unsigned)code < ERR_COUNT_ ? table[code].status : 500;
}

int err_code_exit(enum err_code code)
{
  return (unsigned)code < ERR_COUNT_ ? table[code].exit : 1;
}

enum err_code err_code_from_name(const char *name)
{
  for (int i = 0; i < ERR_COUNT_; i++)
    if (strcmp(table[i].name, name) == 0)
      return (enum err_code)i;
  return ERR_INTERNAL;
}
