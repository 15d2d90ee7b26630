#include "base/conf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"

enum { FILE_MAX = 64 << 10 };

#define AT(member) offsetof(struct conf, member)

const struct conf_option conf_options[] = {
  { "bind", CONF_TEXT, AT(bind), 0, 0, "", NULL, "Address to listen on; without it all, IPv4 and IPv6." },
  { "ssl_port", CONF_INT, AT(ssl_port), 0, 65535, "9001", NULL, "HTTPS port; 0 takes a free one." },
  { "port", CONF_INT, AT(port), 0, 65535, "9000", NULL,
    "HTTP port, which only sends browsers to HTTPS (after ssl-disable: serves, to this host alone); 0 takes a free "
    "one." },
  { "allowed_origins", CONF_ORIGINS, AT(allowed_origins), 0, 0, "", NULL,
    "Origins of browsers that may write, beside the console's own: https://HOST[:PORT] of a proxy, separated by "
    "blanks." },
  { "hsts_max_age", CONF_INT, AT(hsts_max_age_s), 0, 63072000, "86400", "seconds",
    "How long browsers insist on HTTPS once a certificate that is not self-signed is served; 0 never." },
  { "trust_forwarded", CONF_BOOL, AT(trust_forwarded), 0, 0, "no", NULL,
    "After ssl-disable: take the client's address from the last entry of X-Forwarded-For, which the proxy must set." },
  { "threads", CONF_INT, AT(threads), 0, 64, "0", NULL, "Threads that serve connections; 0 is one a core." },
  { "connections_max", CONF_INT, AT(connections_max), 16, 100000, "1000", NULL, "Connections at a time, in all." },
  { "connections_per_address", CONF_INT, AT(connections_per_address), 4, 100000, "100", NULL,
    "Connections at a time from one address; with a proxy in front as many as all its clients need." },
  { "idle_timeout", CONF_INT, AT(idle_timeout_s), 5, 300, "20", "seconds",
    "How long a connection may lie unused between two requests." },
  { "request_timeout", CONF_INT, AT(request_timeout_s), 5, 600, "30", "seconds",
    "How long a request may take to arrive, upload included." },
  { "session_hours", CONF_INT, AT(session_h), 1, 168, "12", "hours", "How long a person stays signed in at most." },
  { "session_idle", CONF_INT, AT(session_idle_min), 5, 1440, "60", "minutes",
    "How long a person stays signed in without doing anything." },
  { "log_level", CONF_LEVEL, AT(log_level), 0, 0, "info", NULL, "error, warning, info or debug." },
};
const size_t conf_option_count = COUNT_OF(conf_options);

static enum err_code set_int(const struct conf_option *o, const char *value, int *out, struct err *e)
{
  int64_t n;
  if (!int_parse(value, o->min, o->max, &n))
    return err_set(e, ERR_INVALID, "%s must be a whole number from %d to %d%s%s, not \"%.60s\"", o->name, o->min,
                   o->max, o->unit ? " " : "", o->unit ? o->unit : "", value);
  *out = (int)n;
  return ERR_NONE;
}

static enum err_code set_bool(const struct conf_option *o, const char *value, bool *out, struct err *e)
{
  *out = str_eq(value, "yes");
  return *out || str_eq(value, "no") ? ERR_NONE
                                     : err_set(e, ERR_INVALID, "%s must be yes or no, not \"%.60s\"", o->name, value);
}

static enum err_code set_level(const struct conf_option *o, const char *value, int *out, struct err *e)
{
  static const struct { const char *word; enum log_level level; } levels[] = {
    { "error", LOG_LEVEL_ERROR }, { "warning", LOG_LEVEL_WARNING },
    { "info", LOG_LEVEL_INFO },   { "debug", LOG_LEVEL_DEBUG },
  };
  for (size_t i = 0; i < COUNT_OF(levels); i++)
    if (str_eq(value, levels[i].word)) {
      *out = levels[i].level;
      return ERR_NONE;
    }
  return err_set(e, ERR_INVALID, "%s must be error, warning, info or debug, not \"%.60s\"", o->name, value);
}

/* What browsers send: scheme, host and perhaps a port, and nothing behind; otherwise it would never be equal. */
static bool is_origin(const char *text)
{
  size_t scheme = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
  return scheme && text[scheme] && !strpbrk(text + scheme, "/?#@,;\"'");
}

static enum err_code set_origins(const struct conf_option *o, const char *value, struct arena *a,
                                 const char *const **out, struct err *e)
{
  struct str_list list = { 0 };
  for (const char *p = value; *p;) {
    size_t n = strcspn(p, " \t");
    const char *origin = arena_strndup(a, p, n);
    if (n && !is_origin(origin))
      return err_set(e, ERR_INVALID, "%s: \"%.100s\" is no origin; write https://HOST or https://HOST:PORT", o->name,
                     origin);
    if (n)
      str_list_add(a, &list, origin);
    p += n + strspn(p + n, " \t");
  }
  const char **ended = arena_alloc_n(a, list.count + 1, sizeof *ended);
  for (size_t i = 0; i < list.count; i++)
    ended[i] = list.item[i];
  *out = ended;
  return ERR_NONE;
}

static enum err_code set(const struct conf_option *o, const char *value, struct arena *a, struct conf *c, struct err *e)
{
  void *to = (char *)c + o->offset;
  switch (o->kind) {
  case CONF_INT: return set_int(o, value, to, e);
  case CONF_BOOL: return set_bool(o, value, to, e);
  case CONF_LEVEL: return set_level(o, value, to, e);
  case CONF_ORIGINS: return set_origins(o, value, a, to, e);
  case CONF_TEXT:
    *(const char **)to = *value ? arena_strdup(a, value) : NULL;
    return ERR_NONE;
  }
  return ERR_NONE;
}

/* The ports' defaults stand behind what `restart --ssl-port` remembers, so here they are left open. */
static void set_presets(struct arena *a, struct conf *out)
{
  *out = (struct conf){ 0 };
  for (size_t i = 0; i < conf_option_count; i++)
    set(&conf_options[i], conf_options[i].preset, a, out, NULL);
  out->ssl_port = out->port = -1;
}

static char *trim(char *text)
{
  text += strspn(text, " \t");
  size_t len = strlen(text);
  while (len && strchr(" \t\r", text[len - 1]))
    text[--len] = '\0';
  return text;
}

static enum err_code read_line(char *line, bool seen[], struct arena *a, struct conf *out, struct err *e)
{
  char *name = trim(line), *equals = strchr(name, '=');
  if (!*name || *name == '#')
    return ERR_NONE;
  if (!equals)
    return err_set(e, ERR_INVALID, "\"%.60s\" is not of the form key = value", name);
  *equals = '\0';
  const char *value = trim(equals + 1);
  name = trim(name);
  for (size_t i = 0; i < conf_option_count; i++) {
    if (strcmp(conf_options[i].name, name) != 0)
      continue;
    if (seen[i])
      return err_set(e, ERR_INVALID, "%s is given twice", name);
    seen[i] = true;
    return set(&conf_options[i], value, a, out, e);
  }
  return err_set(e, ERR_INVALID, "there is no option \"%.60s\"; opsd.conf(5) lists them all", name);
}

enum err_code conf_load(const char *file, struct arena *a, struct conf *out, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  bool seen[COUNT_OF(conf_options)] = { false };
  set_presets(a, out);
  const char *path = file ? file : OPSD_SYSCONFDIR "/opsd/opsd.conf";
  if (!file && !file_exists(path))
    return ERR_NONE;
  TRY(file_read(path, FILE_MAX, &text, e));
  if (!utf8_valid(buf_cstr(&text), text.len))
    return err_set(e, ERR_INVALID, "%s is not UTF-8 text", path);
  int number = 1;
  for (char *line = text.data, *next; line && *line; line = next, number++) {
    next = strchr(line, '\n');
    if (next)
      *next++ = '\0';
    if (read_line(line, seen, a, out, e))
      return err_context(e, "%s line %d", path, number);
  }
  return ERR_NONE;
}
