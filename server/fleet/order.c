/* Lines of NAME=VALUE. Values have no newlines: certificates are ids, and the option files' editor refuses them. */
#include <string.h>

#include "base/buf.h"
#include "fleet/inside.h"

const char *order_format(const struct order *o, struct arena *a)
{
  AUTO_BUF struct buf b = BUF_INIT;
  buf_printf(&b, "cert=%lld\nca=%lld\n", (long long)o->cert_id, (long long)o->ca_id);
  if (o->key) {
    buf_printf(&b, "section=%s\nkey=%s\nremove=%d\nsecret=%d\n", o->section, o->key, o->remove, o->secret);
    if (o->value && !o->secret)
      buf_printf(&b, "value=%s\n", o->value);
  }
  return arena_strndup(a, buf_cstr(&b), b.len);
}

static void order_line(struct order *o, const char *line, struct arena *a)
{
  const char *eq = strchr(line, '='), *v = eq ? arena_strdup(a, eq + 1) : NULL;
  if (!v)
    return;
  if (str_starts(line, "cert="))
    int_parse(v, 0, INT64_MAX, &o->cert_id);
  else if (str_starts(line, "ca="))
    int_parse(v, 0, INT64_MAX, &o->ca_id);
  else if (str_starts(line, "section="))
    o->section = v;
  else if (str_starts(line, "key="))
    o->key = v;
  else if (str_starts(line, "value="))
    o->value = v;
  else if (str_starts(line, "remove="))
    o->remove = str_eq(v, "1");
  else if (str_starts(line, "secret="))
    o->secret = str_eq(v, "1");
}

void order_parse(const char *text, struct arena *a, struct order *out)
{
  struct order o = { 0 };
  while (*text) {
    size_t len = strcspn(text, "\n");
    order_line(&o, arena_strndup(a, text, len), a);
    text += len + (text[len] != 0);
  }
  *out = o;
}

char *order_secret_name(int64_t rollout, struct arena *a)
{
  return arena_printf(a, "rollout-%lld-value", (long long)rollout);
}
