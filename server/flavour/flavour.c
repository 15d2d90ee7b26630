#include "flavour/flavour.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

const struct flavour *flavour_find(const char *name)
{
  static const struct flavour *const all[] = { &flavour_singlestore, &flavour_pxc, &flavour_mariadb, &flavour_mysql };
  for (size_t i = 0; i < COUNT_OF(all); i++)
    if (strcmp(all[i]->name, name) == 0)
      return all[i];
  assert(!"a flavour that model/word.c does not have");
  return NULL;
}

/* "10.11" of "10.11.19-MariaDB"; NULL when the version does not begin so. */
static const char *major_minor(const char *version, struct arena *a)
{
  size_t n = strspn(version, "0123456789");
  if (n == 0 || version[n] != '.' || !isdigit((unsigned char)version[n + 1]))
    return NULL;
  return arena_strndup(a, version, n + 1 + strspn(version + n + 1, "0123456789"));
}

const char *const *flavour_groups(const struct flavour *f, const struct node *n, struct arena *a)
{
  struct str_list l = { 0 };
  for (size_t i = 0; f->groups[i]; i++)
    str_list_add(a, &l, f->groups[i]);
  const char *version = n->probe && n->probe->server_version ? major_minor(n->probe->server_version, a) : NULL;
  for (size_t i = 0; version && f->versioned[i]; i++)
    str_list_add(a, &l, arena_printf(a, "%s-%s", f->versioned[i], version));
  const char **groups = arena_alloc_n(a, l.count + 1, sizeof *groups);
  memcpy(groups, l.item, l.count * sizeof *groups);
  return groups;
}

const char *flavour_option(const struct flavour *f, const struct node *n, const struct optfile *options,
                           const char *name, struct arena *a)
{
  const struct optfile_option *o = optfile_effective(options, flavour_groups(f, n, a), name);
  return o ? o->value : NULL;
}

bool flavour_switch(const struct optfile_option *o, bool preset)
{
  if (!o)
    return preset;
  if (!o->value)
    return true;
  return strcasecmp(o->value, "on") == 0 || strcasecmp(o->value, "yes") == 0 || strcasecmp(o->value, "true") == 0 ||
         strcmp(o->value, "1") == 0;
}

const char *flavour_service_command(const struct node *n, const char *verb, struct arena *a)
{
  if (n->unit)
    return arena_printf(a, "systemctl %s -- %s", verb, sh_quote(a, n->unit));
  assert(n->service);
  return arena_printf(a, "%s %s", n->service, verb);
}

const char *flavour_path(const struct flavour *f, const struct node *n, const struct optfile *options, const char *path,
                         struct arena *a)
{
  if (path[0] == '/')
    return path;
  while (str_starts(path, "./"))
    path += 2;
  const char *base = f->base_dir(n, options, a);
  return arena_printf(a, "%s%s%s", base, str_ends(base, "/") ? "" : "/", path);
}
