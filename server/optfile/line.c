#include "optfile/line.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

static const char blanks[] = " \t\n\v\f\r\xa0";
static const char escape_letters[] = "ntrbs\"'\\";
static const char escape_bytes[] = "\n\t\r\b \"'\\";

bool optline_is_blank(char c)
{
  return c && strchr(blanks, c);
}

static size_t skip_blanks(const char *s, size_t at, size_t end)
{
  while (at < end && optline_is_blank(s[at]))
    at++;
  return at;
}

static size_t trim_blanks(const char *s, size_t start, size_t end)
{
  while (end > start && optline_is_blank(s[end - 1]))
    end--;
  return end;
}

/* where "#" begins a comment, or the end */
static size_t find_comment(const char *s, size_t at, size_t end)
{
  char quote = 0;
  bool escaped = false;
  for (; at < end; at++) {
    char c = s[at];
    if ((c == '\'' || c == '"') && !escaped)
      quote = !quote ? c : quote == c ? 0 : quote;
    if (!quote && c == '#')
      break;
    escaped = quote && c == '\\' && !escaped;
  }
  return at;
}

static void take_group(struct optline *l, size_t at, size_t end)
{
  const char *close = memchr(l->text + at, ']', end - at);
  if (!close) {
    l->kind = OPTLINE_BAD_GROUP;
    return;
  }
  l->kind = OPTLINE_GROUP;
  l->name = l->text + at;
  l->name_len = trim_blanks(l->text, at, (size_t)(close - l->text)) - at;
}

static void take_directive(struct optline *l, size_t at, size_t end)
{
  static const struct {
    const char *word;
    enum optline_kind kind;
  } words[] = { { "includedir", OPTLINE_INCLUDE_FOLDER }, { "include", OPTLINE_INCLUDE } };
  at = skip_blanks(l->text, at, end);
  for (size_t i = 0; i < COUNT_OF(words); i++) {
    size_t n = strlen(words[i].word);
    if (end - at <= n || memcmp(l->text + at, words[i].word, n) != 0 || !optline_is_blank(l->text[at + n]))
      continue;
    at = skip_blanks(l->text, at + n, end);
    /* the last byte is dropped unseen, see line.h */
    size_t stop = end - 1;
    while (optline_is_blank(l->text[stop - 1]))
      stop--;
    l->kind = stop > at ? words[i].kind : OPTLINE_BAD_INCLUDE;
    l->name = l->text + at;
    l->name_len = stop > at ? stop - at : 0;
    return;
  }
}

static void take_option(struct optline *l, size_t at, size_t end)
{
  end = find_comment(l->text, at, end);
  const char *equals = memchr(l->text + at, '=', end - at);
  size_t name_end = equals ? (size_t)(equals - l->text) : end;
  l->kind = OPTLINE_OPTION;
  l->name = l->text + at;
  l->name_len = trim_blanks(l->text, at, name_end) - at;
  if (!equals)
    return;
  size_t start = skip_blanks(l->text, name_end + 1, end), stop = trim_blanks(l->text, start, end);
  if (start == end) /* nothing there: the place where a value would be written */
    start = stop = name_end + 1 + (name_end + 2 < end && l->text[name_end + 1] == ' ' && l->text[name_end + 2] != ' ');
  l->value = l->text + start;
  l->value_len = stop - start;
}

bool optline_next(const char *text, size_t len, size_t *at, struct optline *out)
{
  if (*at >= len)
    return false;
  size_t most = len - *at < OPTLINE_MAX ? len - *at : OPTLINE_MAX;
  const char *newline = memchr(text + *at, '\n', most);
  *out = (struct optline){ .text = text + *at, .len = newline ? (size_t)(newline - text) - *at + 1 : most };
  *at += out->len;
  out->cut = !newline && *at < len;
  size_t end = strnlen(out->text, out->len), start = skip_blanks(out->text, 0, end);
  char first = start < end ? out->text[start] : '#';
  if (first == '#' || first == ';')
    return true;
  if (first == '[')
    take_group(out, start + 1, end);
  else if (first == '!')
    take_directive(out, start + 1, end);
  else
    take_option(out, start, end);
  return true;
}

static const char *complaint(const struct optline *l, bool grouped)
{
  if (l->kind == OPTLINE_BAD_GROUP)
    return "begins a group with \"[\" and has no \"]\": servers stop reading there; close the bracket";
  if (l->kind == OPTLINE_BAD_INCLUDE)
    return "has an !include with nothing behind it: servers stop reading there; name a file, or take the line out";
  if (l->kind != OPTLINE_OPTION || grouped)
    return NULL;
  if (l->len >= 3 && memcmp(l->text, "\xef\xbb\xbf", 3) == 0)
    return "begins with a byte order mark, which servers take for an option: they stop reading there; save the file as "
           "UTF-8 "
           "without one";
  return "has an option before the first [group]: servers stop reading there; put a group's line, such as [mysqld], "
         "above it";
}

enum err_code optline_check(const struct optline *l, bool grouped, const char *path, int line, struct err *e)
{
  const char *what = complaint(l, grouped);
  if (!what)
    return ERR_NONE;
  return path ? err_set(e, ERR_REFUSED, "%s: line %d %s", path, line, what)
              : err_set(e, ERR_REFUSED, "Line %d %s", line, what);
}

char *optline_decode(struct arena *a, const char *raw, size_t len)
{
  if (len > 1 && (raw[0] == '"' || raw[0] == '\'') && raw[len - 1] == raw[0]) {
    raw++;
    len -= 2;
  }
  char *out = arena_alloc(a, len + 1), *p = out;
  for (size_t i = 0; i < len; i++) {
    const char *letter =
        raw[i] == '\\' && i + 1 < len ? memchr(escape_letters, raw[i + 1], sizeof escape_letters - 1) : NULL;
    if (letter)
      i++;
    *p++ = letter ? escape_bytes[letter - escape_letters] : raw[i];
  }
  return out;
}

char *optline_encode(struct arena *a, const char *value)
{
  size_t len = strlen(value);
  if (!strpbrk(value, "#\"'\\") && !(len && (optline_is_blank(value[0]) || optline_is_blank(value[len - 1]))))
    return arena_strdup(a, value);
  AUTO_BUF struct buf b = BUF_INIT;
  buf_char(&b, '"');
  for (; *value; value++) {
    if (*value == '"' || *value == '\\')
      buf_char(&b, '\\');
    buf_char(&b, *value);
  }
  buf_char(&b, '"');
  return arena_strndup(a, b.data, b.len);
}

static unsigned char latin1_upper(char c)
{
  unsigned char u = (unsigned char)c;
  return (u >= 'a' && u <= 'z') || (u >= 0xe0 && u <= 0xfe && u != 0xf7) ? u - 0x20 : u;
}

bool optline_same_group(const char *a, size_t a_len, const char *b, size_t b_len)
{
  if (a_len != b_len)
    return false;
  for (size_t i = 0; i < a_len; i++)
    if (latin1_upper(a[i]) != latin1_upper(b[i]))
      return false;
  return true;
}

const char *optline_plain_name(const char *name)
{
  return str_starts(name, "loose-") || str_starts(name, "loose_") ? name + 6 : name;
}
