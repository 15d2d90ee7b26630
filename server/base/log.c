#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static enum log_level most = LOG_LEVEL_INFO;

void log_set_level(enum log_level level) { most = level; }

static const char *level_word(enum log_level level)
{
  switch (level) {
  case LOG_LEVEL_ERROR: return "error";
  case LOG_LEVEL_WARNING: return "warning";
  case LOG_LEVEL_INFO: return "info";
  default: return "debug";
  }
}

void log_write(enum log_level level, const char *fmt, ...)
{
  if (level > most)
    return;
  char line[2048];
  int at;
  if (getenv("JOURNAL_STREAM")) {
    at = snprintf(line, sizeof line, "<%d>", (int)level);
  } else {
    char now[CLOCK_RFC3339_SIZE];
    clock_format(clock_now_s(), now);
    at = snprintf(line, sizeof line, "%s %s: ", now, level_word(level));
  }
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(line + at, sizeof line - (size_t)at - 1, fmt, ap);
  va_end(ap);
  for (char *p = line; *p; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f)
      *p = ' '; /* what came from outside cannot forge a line */
  size_t len = strlen(line);
  line[len] = '\n';
  fwrite(line, 1, len + 1, stderr); /* one write: lines of several threads do not mix */
}
