#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t (*replaced)(void);

void clock_replace(int64_t (*now_s)(void)) { replaced = now_s; }

static int64_t clock_ms(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_s(void) { return replaced ? replaced() : clock_ms(CLOCK_REALTIME) / 1000; }
int64_t clock_now_ms(void) { return replaced ? replaced() * 1000 : clock_ms(CLOCK_REALTIME); }
int64_t clock_monotonic_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

/* `width` digits of value and what follows them. Lists hold hundreds of instants, and snprintf is slow. */
static char *put_digits(char *out, int value, int width, char after)
{
  for (int i = width - 1; i >= 0; i--, value /= 10)
    out[i] = (char)('0' + value % 10);
  out[width] = after;
  return out + width + 1;
}

void clock_format(int64_t at_s, char out[CLOCK_RFC3339_SIZE])
{
  const int64_t year_0 = -62167219200, year_9999_end = 253402300799;
  time_t t = at_s < year_0 ? year_0 : at_s > year_9999_end ? year_9999_end : at_s;
  struct tm tm;
  gmtime_r(&t, &tm);
  out = put_digits(out, tm.tm_year + 1900, 4, '-');
  out = put_digits(out, tm.tm_mon + 1, 2, '-');
  out = put_digits(out, tm.tm_mday, 2, 'T');
  out = put_digits(out, tm.tm_hour, 2, ':');
  out = put_digits(out, tm.tm_min, 2, ':');
  *put_digits(out, tm.tm_sec, 2, 'Z') = '\0';
}

char *clock_format_arena(struct arena *a, int64_t at_s)
{
  char text[CLOCK_RFC3339_SIZE];
  clock_format(at_s, text);
  return arena_strdup(a, text);
}

bool clock_parse(const char *s, int64_t *at_s)
{
  struct tm tm = { 0 };
  int used = 0;
  if (sscanf(s, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
             &tm.tm_sec, &used) != 6)
    return false;
  if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
      tm.tm_sec > 60)
    return false;
  s += used;
  if (*s == '.')
    s += 1 + strspn(s + 1, "0123456789");
  int hours = 0, minutes = 0;
  char sign = *s;
  if (sign == '+' || sign == '-') {
    if (sscanf(s + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || s[1 + used])
      return false;
  } else if ((sign != 'Z' && sign != 'z') || s[1]) {
    return false;
  }
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  int64_t offset = (int64_t)hours * 3600 + minutes * 60;
  *at_s = (int64_t)timegm(&tm) - (sign == '-' ? -offset : offset);
  return true;
}
