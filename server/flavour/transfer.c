/* MariaDB: wsrep_sst_rsync, wsrep_sst_mariabackup and wsrep_sst_common; PXC: wsrep_sst_xtrabackup-v2. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "flavour/galera.h"

struct settings {
  const struct flavour *f;
  const struct node *n;
  const struct optfile *options;
  struct arena *a;
};

static const char *of_sst(const struct settings *s, const char *name)
{
  static const char *const sst[] = { "sst", NULL };
  const struct optfile_option *o = optfile_effective(s->options, sst, name);
  return o && o->value && *o->value ? o->value : NULL;
}

static const char *of_both(const struct settings *s, const char *name)
{
  const char *own = flavour_option(s->f, s->n, s->options, name, s->a);
  return own && *own ? own : of_sst(s, name);
}

/* The old names in [sst] count alone where any of them is set. */
static bool has(const struct settings *s, const char *old, const char *name)
{
  bool old_style = of_sst(s, "tca") || of_sst(s, "tcapath") || of_sst(s, "tcert") || of_sst(s, "tkey");
  return old_style ? of_sst(s, old) : of_both(s, name);
}

static bool rsync_encrypts(const struct settings *s, const char *mode)
{
  if (mode)
    return strcasecmp(mode, "DISABLED") != 0;
  return has(s, "tca", "ssl-ca") || has(s, "tcapath", "ssl-capath") ||
         (has(s, "tkey", "ssl-key") && has(s, "tcert", "ssl-cert"));
}

static bool backup_encrypts(const struct settings *s, const char *mode, int encrypt_preset)
{
  const char *encrypt = of_both(s, "encrypt");
  int level = encrypt ? atoi(encrypt) : encrypt_preset;
  return level > 0 || (mode && strcasecmp(mode, "DISABLED") != 0);
}

void galera_transfer(const struct flavour *f, const struct node *n, const struct optfile *options, int encrypt_preset,
                     struct arena *a, struct flavour_group *out)
{
  const struct settings s = { f, n, options, a };
  const char *method = flavour_option(f, n, options, "wsrep-sst-method", a), *mode = of_both(&s, "ssl-mode");
  out->transfer = method && *method ? method : f == &flavour_pxc ? "xtrabackup-v2" : "rsync";
  out->transfer_tls = str_eq(out->transfer, "rsync") ? rsync_encrypts(&s, mode)
                      : str_starts(out->transfer, "mariabackup") || str_starts(out->transfer, "xtrabackup")
                        ? backup_encrypts(&s, mode, encrypt_preset) : false;
}
