/* Percona XtraDB Cluster 8.0 and 8.4. What it does with certificates by itself is in its sources: sql/wsrep_mysqld.cc
 * (pxc_encrypt_cluster_traffic) and its manual, "Encrypt PXC traffic". */
#include "flavour/galera.h"

static const char *base_dir(const struct node *n, const struct optfile *options, struct arena *a)
{
  return galera_data_dir(&flavour_pxc, n, options, a);
}

static bool any_is_set(const struct node *n, const struct optfile *options, struct arena *a)
{
  static const char *const names[] = { "ssl-cert", "ssl-key", "ssl-ca", "ssl-capath", "ssl-crl", "ssl-crlpath" };
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    const char *v = flavour_option(&flavour_pxc, n, options, names[i], a);
    if (v && *v)
      return true;
  }
  return false;
}

/* With pxc-encrypt-cluster-traffic (ON unless set) the server appends its own ssl-* to the provider's options, where
 * the last one wins; with none of the six set it takes the three files of its data directory. It does not append
 * socket.ssl=yes, so a "no" that was left behind still wins. */
static enum err_code group(const struct node *n, const struct optfile *options, struct arena *a,
                           struct flavour_group *out, struct err *e)
{
  const struct flavour *f = &flavour_pxc;
  struct flavour_group g;
  TRY(galera_provider_group(f, n, options, a, &g, e));
  const struct optfile_option *encrypt = optfile_effective(options, flavour_groups(f, n, a),
                                                           "pxc-encrypt-cluster-traffic");
  galera_transfer(f, n, options, flavour_switch(encrypt, true) ? 4 : 0, a, &g);
  if (flavour_switch(encrypt, true)) {
    bool set = any_is_set(n, options, a);
    g.cert = set ? flavour_option(f, n, options, "ssl-cert", a) : f->cert_file;
    g.key = set ? flavour_option(f, n, options, "ssl-key", a) : f->key_file;
    g.ca = set ? flavour_option(f, n, options, "ssl-ca", a) : f->ca_file;
    g.tls = !g.off;
  }
  *out = g;
  return ERR_NONE;
}

const struct flavour flavour_pxc = {
  .name = "pxc",
  .section = "mysqld",
  .groups = (const char *const[]){ "mysqld", "server", NULL },
  .versioned = (const char *const[]){ "mysqld", NULL },
  .cert_file = "server-cert.pem",
  .key_file = "server-key.pem",
  .ca_file = "ca.pem",
  .bootstrap = "systemctl start mysql@bootstrap.service",
  .clients = (const char *const[]){ "mysql", NULL },
  .processes = (const char *const[]){ "mysqld", NULL },
  .may_be_galera = true,
  .base_dir = base_dir,
  .health = galera_health,
  .group = group,
};
