#include <string.h>

#include "base/buf.h"
#include "store/inside.h"

static const char *like_pattern(struct arena *a, const char *q)
{
  AUTO_BUF struct buf b = BUF_INIT;
  buf_char(&b, '%');
  for (; *q; q++) {
    if (strchr("%_!", *q))
      buf_char(&b, '!');
    buf_char(&b, *q);
  }
  buf_char(&b, '%');
  return arena_strndup(a, b.data, b.len);
}

/* One string in double quotes, in which FTS5 knows no syntax but the doubled quote. */
static const char *phrase(struct arena *a, const char *q)
{
  AUTO_BUF struct buf b = BUF_INIT;
  buf_char(&b, '"');
  for (; *q; q++) {
    if (*q == '"')
      buf_char(&b, '"');
    buf_char(&b, *q);
  }
  buf_char(&b, '"');
  return arena_strndup(a, b.data, b.len);
}

static size_t characters(const char *s)
{
  size_t n = 0;
  for (; *s; s++)
    n += ((unsigned char)*s & 0xc0) != 0x80;
  return n;
}

/* Fingerprints and serial numbers are pasted with colons or without, in either case. */
static void hex_range(struct arena *a, const char *q, struct search *out)
{
  char *from = arena_alloc(a, strlen(q) + 1);
  size_t n = 0;
  for (; *q; q++) {
    char c = *q >= 'A' && *q <= 'F' ? (char)(*q + 'a' - 'A') : *q;
    if (c == ':')
      continue;
    if (!strchr("0123456789abcdef", c))
      return;
    from[n++] = c;
  }
  if (n < 3)
    return;
  char *to = arena_strndup(a, from, n);
  to[n - 1]++; /* ':' stands after '9' and 'g' after 'f' */
  out->hex_from = from;
  out->hex_to = to;
}

struct search search_of(struct arena *a, const char *q)
{
  struct search s = { .hex_from = "", .hex_to = "" };
  if (!q || !*q)
    return s;
  s.like = like_pattern(a, q);
  if (characters(q) >= 3) { /* a trigram at least */
    s.match = phrase(a, q);
    hex_range(a, q, &s);
  }
  return s;
}

static bool is_ascii(const char *s)
{
  for (; *s; s++)
    if ((unsigned char)*s >= 0x80)
      return false;
  return true;
}

enum err_code search_weigh(struct db_conn *c, size_t count_query, struct search *q, struct err *e)
{
  if (!q->match)
    return ERR_NONE;
  int64_t found;
  TRY(db_number(c, count_query, DB_ARGS(db_t(q->match), db_i(STORE_SEARCH_FEW + 1)), 0, &found, e));
  /* LIKE folds the case of ASCII alone, the index that of all letters: other texts always go by the index. */
  q->few = found <= STORE_SEARCH_FEW || !is_ascii(q->like);
  if (q->few)
    q->like = NULL;
  return ERR_NONE;
}
