#include <string.h>

#include "fleet/inside.h"

struct source {
  struct remote *r;
  const struct options_overlay *overlay;
};

static enum err_code source_read(void *ctx, const char *path, struct arena *a, const char **content, size_t *len,
                                 struct err *e)
{
  const struct source *s = ctx;
  if (s->overlay && str_eq(s->overlay->path, path)) {
    *content = s->overlay->data;
    *len = s->overlay->len;
    return ERR_NONE;
  }
  return remote_read(s->r, path, OPTFILE_MAX, a, content, len, e);
}

static enum err_code source_list(void *ctx, const char *folder, struct arena *a, struct str_list *out, struct err *e)
{
  return remote_list_cnf(((struct source *)ctx)->r, folder, a, out, e);
}

enum err_code fleet_options(struct remote *r, const struct node *n, const struct options_overlay *overlay,
                            struct arena *a, struct optfile *out, struct err *e)
{
  struct source s = { r, overlay };
  const struct optfile_source source = { &s, source_read, source_list };
  enum err_code rc = optfile_read(&source, n->option_file, a, out, e);
  if (rc)
    err_context(e, "%s", n->name);
  return rc;
}

static bool is_about_tls(const char *name)
{
  static const char *const exact[] = { "require-secure-transport", "wsrep-provider-options",
                                       "pxc-encrypt-cluster-traffic",
                                       "tls-version", "tls-ciphersuites", "encrypt", "tca", "tcert", "tkey",
                                         "skip-ssl" };
  static const char *const begins[] = { "ssl-", "ssl_", "admin-ssl-", "admin_ssl_", "admin-tls-", "admin_tls_" };
  for (size_t i = 0; i < COUNT_OF(exact); i++)
    if (optfile_same_name(name, exact[i]))
      return true;
  for (size_t i = 0; i < COUNT_OF(begins); i++)
    if (str_starts(name, begins[i]))
      return true;
  return optfile_same_name(name, "ssl");
}

static bool is_listed(const char *group, const char *const *groups)
{
  for (size_t i = 0; groups[i]; i++)
    if (str_eq(group, groups[i]))
      return true;
  return false;
}

void fleet_tls_options(const struct node *n, const struct optfile *options, struct arena *a, node_option_list *out)
{
  const char *const *groups = flavour_groups(flavour_find(n->flavour), n, a);
  out->item = arena_alloc_n(a, options->count, sizeof *out->item);
  out->count = 0;
  for (size_t i = 0; i < options->count; i++) {
    const struct optfile_option *o = &options->item[i];
    bool counts = is_listed(o->group, groups) && optfile_effective(options, groups, o->name) == o;
    if (!is_about_tls(o->name) || !(counts || str_eq(o->group, "sst")))
      continue;
    const char *value = o->value && optfile_is_secret(o->name) ? "********" : o->value;
    out->item[out->count++] = (struct node_option){ o->name, value, o->file, o->line };
  }
}

const char *fleet_error_log(const struct node *n, const struct optfile *options, struct arena *a)
{
  const struct flavour *f = flavour_find(n->flavour);
  const char *path = flavour_option(f, n, options, "log-error", a);
  return path && *path ? flavour_path(f, n, options, path, a) : NULL;
}
