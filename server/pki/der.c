#include "pki/der.h"

#include <string.h>

/* The length octets after the tag. */
static bool take_length(struct der *in, size_t *out)
{
  if (in->len == 0)
    return false;
  uint8_t first = *in->p++;
  in->len--;
  size_t n = first & 0x7f, length = 0;
  if (first < 0x80) {
    *out = first;
    return first <= in->len;
  }
  if (n == 0 || n > 4 || n > in->len)
    return false;
  for (size_t i = 0; i < n; i++)
    length = length << 8 | in->p[i];
  bool shortest = length >= 0x80 && in->p[0] != 0;
  in->p += n;
  in->len -= n;
  *out = length;
  return shortest && length <= in->len;
}

bool der_next(struct der *in, uint8_t *tag, struct der *content, struct der *whole)
{
  struct der rest = *in;
  if (rest.len < 2 || (rest.p[0] & 0x1f) == 0x1f)
    return false;
  *tag = *rest.p++;
  rest.len--;
  size_t length;
  if (!take_length(&rest, &length))
    return false;
  *content = (struct der){ rest.p, length };
  if (whole)
    *whole = (struct der){ in->p, (size_t)(rest.p - in->p) + length };
  *in = (struct der){ rest.p + length, rest.len - length };
  return true;
}

bool der_take_whole(struct der *in, uint8_t tag, struct der *content, struct der *whole)
{
  uint8_t found;
  if (in->len == 0 || in->p[0] != tag)
    return false;
  return der_next(in, &found, content, whole);
}

bool der_take(struct der *in, uint8_t tag, struct der *content)
{
  return der_take_whole(in, tag, content, NULL);
}

bool der_equal(struct der a, struct der b)
{
  return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool der_octet_bits(struct der content, struct der *out)
{
  if (content.len == 0 || content.p[0] != 0)
    return false;
  *out = (struct der){ content.p + 1, content.len - 1 };
  return true;
}

bool der_small_integer(struct der content, int64_t *out)
{
  if (content.len == 0 || content.len > 8 || content.p[0] & 0x80)
    return false;
  int64_t v = 0;
  for (size_t i = 0; i < content.len; i++)
    v = v << 8 | content.p[i];
  *out = v;
  return true;
}

bool der_boolean(struct der content, bool *out)
{
  if (content.len != 1 || (content.p[0] != 0 && content.p[0] != 0xff))
    return false;
  *out = content.p[0] != 0;
  return true;
}

static bool two_digits(const uint8_t *p, int *out)
{
  if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
    return false;
  *out = (p[0] - '0') * 10 + p[1] - '0';
  return true;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar: years begin in March, so that the leap day is the last;
 * 146,097 days make 400 years. */
static int64_t days_from_date(int64_t year, int month, int day)
{
  year -= month <= 2;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int month_days(int year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

bool der_time(uint8_t tag, struct der content, int64_t *out_s)
{
  const uint8_t *p = content.p;
  int century, year, month, day, hour, minute, second;
  if (tag == DER_UTC_TIME && content.len == 13) {
    if (!two_digits(p, &year))
      return false;
    year += year < 50 ? 2000 : 1900;
    p += 2;
  } else if (tag == DER_GENERALIZED_TIME && content.len == 15) {
    if (!two_digits(p, &century) || !two_digits(p + 2, &year))
      return false;
    year += century * 100;
    p += 4;
  } else {
    return false;
  }
  if (!two_digits(p, &month) || !two_digits(p + 2, &day) || !two_digits(p + 4, &hour) || !two_digits(p + 6, &minute) ||
      !two_digits(p + 8, &second) || p[10] != 'Z')
    return false;
  if (month < 1 || month > 12 || day < 1 || day > month_days(year, month) || hour > 23 || minute > 59 || second > 59)
    return false;
  *out_s = days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
  return true;
}
