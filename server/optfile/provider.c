/* The grammar is that of galerautils (gu_config.cpp, gu_string_utils.cpp), but for "\": there it is taken out of all
 * pairs but the last, and a pair that begins with one never ends. So none is ever written, and what has one is not
 * edited. */
#include <string.h>

#include "base/str.h"
#include "optfile/optfile.h"

static const char blanks[] = " \t\n\v\f\r";

/* One stretch between two ";". */
struct pair {
  const char *start, *end;
  const char *equals; /* NULL without one */
  bool twice;         /* a second "=" */
};

static struct pair next_pair(const char *text)
{
  struct pair p = { .start = text };
  for (; *text && *text != ';'; text++) {
    if (*text == '\\' && text[1])
      text++;
    else if (*text == '=' && p.equals)
      p.twice = true;
    else if (*text == '=')
      p.equals = text;
  }
  p.end = text;
  return p;
}

static void trim(const char **start, const char **end)
{
  while (*start < *end && strchr(blanks, **start))
    ++*start;
  while (*end > *start && strchr(blanks, (*end)[-1]))
    --*end;
}

static char *plain(struct arena *a, const char *start, const char *end)
{
  trim(&start, &end);
  char *out = arena_alloc(a, (size_t)(end - start) + 1), *p = out;
  for (; start < end; start++) {
    if (*start == '\\' && start + 1 < end)
      start++;
    *p++ = *start;
  }
  return out;
}

static enum err_code read_pair(const struct pair *p, struct arena *a, struct provider_option *out, struct err *e)
{
  out->key = plain(a, p->start, p->equals ? p->equals : p->end);
  if (!*out->key && !p->equals)
    return ERR_NONE;
  if (!*out->key)
    return err_set(e, ERR_REFUSED,
                   "wsrep_provider_options has a value without a key before it: Galera does not start with that");
  if (!p->equals)
    return err_set(e, ERR_REFUSED,
                   "wsrep_provider_options has the key %s without a value: Galera does not start with that", out->key);
  if (p->twice)
    return err_set(e, ERR_REFUSED,
                   "wsrep_provider_options has two \"=\" in the pair of %s: Galera does not start with that; is a "
                   "\";\" missing?",
                   out->key);
  out->value = plain(a, p->equals + 1, p->end);
  return ERR_NONE;
}

enum err_code provider_parse(const char *text, struct arena *a, struct provider_options *out, struct err *e)
{
  size_t most = 1;
  for (const char *p = text; *p; p++)
    most += *p == ';';
  struct provider_options found = { .item = arena_alloc_n(a, most, sizeof *found.item) };
  for (;;) {
    struct pair p = next_pair(text);
    struct provider_option *item = &found.item[found.count];
    TRY(read_pair(&p, a, item, e));
    found.count += *item->key != '\0';
    if (!*p.end)
      break;
    text = p.end + 1;
  }
  *out = found;
  return ERR_NONE;
}

const char *provider_get(const struct provider_options *o, const char *key)
{
  for (size_t i = o->count; i-- > 0;)
    if (str_eq(o->item[i].key, key))
      return o->item[i].value;
  return NULL;
}

static bool is_writable(const char *s)
{
  size_t n = strlen(s);
  return !strpbrk(s, ";=\\\r\n") && !(n && (strchr(blanks, s[0]) || strchr(blanks, s[n - 1])));
}

/* The last pair of the key wins, so that one is replaced; removing takes all of them. */
static const char *find_last(const char *text, const char *key, struct arena *a)
{
  const char *last = NULL;
  for (;;) {
    struct pair p = next_pair(text);
    if (p.equals && str_eq(plain(a, p.start, p.equals), key))
      last = p.start;
    if (!*p.end)
      return last;
    text = p.end + 1;
  }
}

static void copy_without(const char *text, const char *key, struct arena *a, struct buf *out)
{
  bool first = true, removed = false;
  for (;;) {
    struct pair p = next_pair(text);
    if (p.equals && str_eq(plain(a, p.start, p.equals), key)) {
      removed = true;
    } else {
      while (first && removed && p.start < p.end && strchr(blanks, *p.start))
        p.start++;
      buf_str(out, first ? "" : ";");
      buf_add(out, p.start, (size_t)(p.end - p.start));
      first = false;
    }
    if (!*p.end)
      return;
    text = p.end + 1;
  }
}

static void replace_pair(const char *text, const char *at, const char *value, struct buf *out)
{
  struct pair p = next_pair(at);
  const char *start = p.equals + 1, *end = p.end;
  trim(&start, &end);
  buf_add(out, text, (size_t)(start - text));
  buf_str(out, value);
  buf_str(out, end);
}

static void append_pair(const char *text, const char *key, const char *value, struct buf *out)
{
  const char *end = text + strlen(text), *start = text;
  trim(&start, &end);
  buf_add(out, text, (size_t)(end - text));
  if (end > start)
    buf_str(out, end[-1] == ';' ? " " : "; ");
  buf_printf(out, "%s=%s", key, value);
}

enum err_code provider_set(const char *text, const char *key, const char *value, struct arena *a, char **out,
                           struct err *e)
{
  struct provider_options before;
  TRY(provider_parse(text, a, &before, e));
  if (!*key || !is_writable(key) || (value && !is_writable(value)))
    return err_field(e, "value",
                     "%s: Galera's provider options cannot carry \";\", \"=\", \"\\\", line breaks or outer blanks in "
                     "a "
                     "value; use a path without them",
                     key);
  if (strchr(text, '\\'))
    return err_set(e, ERR_REFUSED,
                   "wsrep_provider_options has a backslash, which Galera reads differently from place to place; "
                   "write the value without it first");
  AUTO_BUF struct buf b = BUF_INIT;
  const char *last = find_last(text, key, a);
  if (!value)
    copy_without(text, key, a, &b);
  else if (last)
    replace_pair(text, last, value, &b);
  else
    append_pair(text, key, value, &b);
  *out = arena_strndup(a, buf_cstr(&b), b.len);
  return ERR_NONE;
}
