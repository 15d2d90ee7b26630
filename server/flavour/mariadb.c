/* MariaDB, alone or with Galera. mariadbd --help --verbose names its groups. */
#include "flavour/galera.h"

static const char *base_dir(const struct node *n, const struct optfile *options, struct arena *a)
{
  return galera_data_dir(&flavour_mariadb, n, options, a);
}

static enum err_code group(const struct node *n, const struct optfile *options, struct arena *a,
                           struct flavour_group *out, struct err *e)
{
  TRY(galera_provider_group(&flavour_mariadb, n, options, a, out, e));
  galera_transfer(&flavour_mariadb, n, options, 0, a, out);
  return ERR_NONE;
}

const struct flavour flavour_mariadb = {
  .name = "mariadb",
  .section = "mysqld",
  .groups = (const char *const[]){ "client-server", "server", "mysqld", "mariadb", "mariadbd", "galera", NULL },
  .versioned = (const char *const[]){ "mysqld", "mariadb", "mariadbd", NULL },
  .cert_file = "server-cert.pem",
  .key_file = "server-key.pem",
  .ca_file = "ca.pem",
  .bootstrap = "galera_new_cluster",
  .clients = (const char *const[]){ "mariadb", "mysql", NULL },
  .processes = (const char *const[]){ "mariadbd", "mysqld", NULL },
  .may_be_galera = true,
  .base_dir = base_dir,
  .health = galera_health,
  .group = group,
};
