/* MySQL 5.7 to 8.4. */
#include "flavour/plain.h"

static const char *base_dir(const struct node *n, const struct optfile *options, struct arena *a)
{
  const char *dir = flavour_option(&flavour_mysql, n, options, "datadir", a);
  return n->base_dir ? n->base_dir : dir ? dir : "/var/lib/mysql";
}

const struct flavour flavour_mysql = {
  .name = "mysql",
  .section = "mysqld",
  .groups = (const char *const[]){ "mysqld", "server", NULL },
  .versioned = (const char *const[]){ "mysqld", NULL },
  .cert_file = "server-cert.pem",
  .key_file = "server-key.pem",
  .ca_file = "ca.pem",
  .clients = (const char *const[]){ "mysql", "mariadb", NULL },
  .processes = (const char *const[]){ "mysqld", NULL },
  .base_dir = base_dir,
  .health = plain_health,
};
