#include "flavour/galera.h"

#include <string.h>
#include <strings.h>

static enum err_code show(struct wire_sql *sql, struct arena *a, const char *name, const char **value, struct err *e)
{
  TRY(wire_sql_status(sql, name, a, value, e));
  if (!*value)
    *value = "unknown";
  return ERR_NONE;
}

enum err_code galera_health(struct wire_sql *sql, struct arena *a, bool *well, const char **says, struct err *e)
{
  const char *on, *state, *component, *ready;
  TRY(wire_sql_variable(sql, "wsrep_on", a, &on, e));
  *well = !on || strcasecmp(on, "ON") != 0;
  *says = "it answers";
  if (*well)
    return ERR_NONE;
  TRY(show(sql, a, "wsrep_local_state_comment", &state, e));
  TRY(show(sql, a, "wsrep_cluster_status", &component, e));
  TRY(show(sql, a, "wsrep_ready", &ready, e));
  *well = strcmp(state, "Synced") == 0 && strcmp(component, "Primary") == 0 && strcasecmp(ready, "ON") == 0;
  *says = arena_printf(a, "%s, %s%s", state, component, *well ? "" : ", not ready");
  return ERR_NONE;
}

static bool is_member(const struct flavour *f, const struct node *n, const struct optfile *options, struct arena *a)
{
  const char *const *groups = flavour_groups(f, n, a);
  const char *provider = flavour_option(f, n, options, "wsrep_provider", a);
  bool preset = f == &flavour_pxc; /* MariaDB: OFF since 10.1 */
  return provider && *provider && strcasecmp(provider, "none") != 0 &&
         flavour_switch(optfile_effective(options, groups, "wsrep_on"), preset);
}

static bool yes(const char *value)
{
  static const char *const words[] = { "yes", "y", "on", "true", "1" }; /* gu::from_string<bool> */
  for (size_t i = 0; value && i < COUNT_OF(words); i++)
    if (strcasecmp(value, words[i]) == 0)
      return true;
  return false;
}

enum err_code galera_provider_group(const struct flavour *f, const struct node *n, const struct optfile *options,
                                    struct arena *a, struct flavour_group *out, struct err *e)
{
  struct flavour_group g = { .member = is_member(f, n, options, a) };
  const char *text = flavour_option(f, n, options, "wsrep_provider_options", a);
  struct provider_options p = { 0 };
  if (text)
    TRY(provider_parse(text, a, &p, e));
  const char *ssl = provider_get(&p, "socket.ssl");
  g.cert = provider_get(&p, "socket.ssl_cert");
  g.key = provider_get(&p, "socket.ssl_key");
  g.ca = provider_get(&p, "socket.ssl_ca");
  g.dynamic = yes(provider_get(&p, "socket.dynamic"));
  g.off = ssl && !yes(ssl);
  g.tls = !g.off && (ssl || g.cert || g.key);
  if (!g.ca)
    g.ca = g.cert;
  *out = g;
  return ERR_NONE;
}

const char *galera_data_dir(const struct flavour *f, const struct node *n, const struct optfile *options,
                            struct arena *a)
{
  const char *dir = flavour_option(f, n, options, "datadir", a);
  return n->base_dir ? n->base_dir : dir ? dir : "/var/lib/mysql";
}
