#include <string.h>

#include "fleet/inside.h"

static bool greeting(const struct node *n, struct remote *r, struct arena *a, struct node_health *out)
{
  struct err e = { 0 };
  int fd;
  const char *version;
  if (fleet_db_connect(n, r, FLEET_PROBE_MS, &fd, &e) || wire_greeting(fd, FLEET_PROBE_MS, a, &version, &e)) {
    out->says = arena_strdup(a, e.text);
    return false;
  }
  out->says = arena_printf(a, "it answers as %s", version);
  return true;
}

static int64_t uptime(struct wire_sql *sql, struct arena *a)
{
  const char *text;
  int64_t seconds;
  if (wire_sql_status(sql, "Uptime", a, &text, NULL) || !int_parse(text ? text : "", 0, INT64_MAX, &seconds))
    return -1;
  return seconds;
}

/* Reasons that say something about the account or the node's programs and nothing about the server. */
static bool is_shut_out(const struct err *e)
{
  return e->code == ERR_REFUSED || strstr(e->text, "Access denied") || strstr(e->text, "no client program") ||
         strstr(e->text, "through socket");
}

void fleet_health(struct fleet *f, const struct node *n, struct remote *r, const struct optfile *options,
                  struct arena *a, struct node_health *out)
{
  struct err e = { 0 };
  *out = (struct node_health){ .uptime_s = -1 };
  out->answers = greeting(n, r, a, out);
  if (!out->answers)
    return;
  AUTO_WIRE_SQL struct wire_sql *sql = NULL;
  if (fleet_sql(f, n, r, options, a, &sql, &e) ||
      flavour_find(n->flavour)->health(sql, a, &out->well, &out->says, &e)) {
    out->well = is_shut_out(&e);
    out->says = out->well ? arena_printf(a, "%s; opsd could not ask more: %s", out->says, e.text) : arena_strdup(a,
                                                                                                                 e.text);
    return;
  }
  out->asked = true;
  out->uptime_s = uptime(sql, a);
}
