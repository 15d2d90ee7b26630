#include "cli/url.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* RFC 3986: what is not unreserved. */
static void add_encoded(struct buf *out, const char *s)
{
  for (; *s; s++) {
    if (isascii((unsigned char)*s) && (isalnum((unsigned char)*s) || strchr("-._~", *s)))
      buf_char(out, *s);
    else
      buf_printf(out, "%%%02X", (unsigned)(unsigned char)*s);
  }
}

/* The value as text; false where it says no more than leaving it out. */
static bool value_text(const struct json_field *f, const void *in, struct buf *out)
{
  const void *value = (const char *)in + f->offset;
  switch (f->kind) {
  case JSON_INT:
    buf_printf(out, "%" PRId64, *(const int64_t *)value);
    return *(const int64_t *)value != f->preset;
  case JSON_BOOL:
    buf_str(out, "true");
    return *(const bool *)value;
  case JSON_STRINGS: {
    AUTO_ARENA struct arena a = ARENA_INIT;
    buf_str(out, str_list_join(&a, value, ","));
    return ((const struct str_list *)value)->count > 0;
  }
  case JSON_STRING:
  case JSON_ENUM:
    buf_str(out, *(const char *const *)value ? *(const char *const *)value : "");
    return *(const char *const *)value != NULL;
  default: return false;
  }
}

static void add_path(const struct contract_row *row, const void *in, struct buf *out)
{
  for (const char *p = row->path; *p;) {
    size_t n = strcspn(p, "{");
    buf_add(out, p, n);
    p += n;
    if (!*p)
      break;
    size_t len = strcspn(++p, "}");
    AUTO_BUF struct buf text = BUF_INIT;
    for (const struct json_field *f = row->in->fields; f->kind != JSON_END; f++)
      if (strlen(f->name) == len && memcmp(f->name, p, len) == 0)
        value_text(f, in, &text);
    add_encoded(out, buf_cstr(&text));
    p += len + 1;
  }
}

void url_write(const struct contract_row *row, const void *in, struct buf *out)
{
  add_path(row, in, out);
  char before = '?';
  for (const struct json_field *f = row->in ? row->in->fields : NULL; f && f->kind != JSON_END; f++) {
    AUTO_BUF struct buf text = BUF_INIT;
    if (!(f->flags & JSON_IN_QUERY) || !value_text(f, in, &text))
      continue;
    buf_printf(out, "%c%s=", before, f->name);
    add_encoded(out, buf_cstr(&text));
    before = '&';
  }
}

bool url_is_loopback(const char *url)
{
  const char *host = strstr(url, "://");
  host = host ? host + 3 : url;
  if (host[strcspn(host, "@/?#")] == '@')
    return false; /* a name before an @ is no host */
  size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
  static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
  for (size_t i = 0; i < COUNT_OF(names); i++)
    if (strlen(names[i]) == n && strncasecmp(host, names[i], n) == 0)
      return true;
  return n > 4 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == n;
}
