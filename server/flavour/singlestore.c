/* SingleStore, once MemSQL: memsql.cnf has one section, [server]; relative paths count from the installation folder, in
 * which that file lies ("Server Configuration for Secure Client and Intra-Cluster Connections"). */
#include "flavour/plain.h"

#include <string.h>

static const char *base_dir(const struct node *n, const struct optfile *options, struct arena *a)
{
  (void)options;
  if (n->base_dir || !n->option_file)
    return n->base_dir ? n->base_dir : "/";
  const char *slash = strrchr(n->option_file, '/');
  return slash && slash != n->option_file ? arena_strndup(a, n->option_file, (size_t)(slash - n->option_file)) : "/";
}

const struct flavour flavour_singlestore = {
  .name = "singlestore",
  .section = "server",
  .groups = (const char *const[]){ "server", NULL },
  .versioned = (const char *const[]){ NULL },
  .cert_file = "server-cert.pem",
  .key_file = "server-key.pem",
  .ca_file = "ca-cert.pem",
  .clients = (const char *const[]){ "memsql", "singlestore", "mariadb", "mysql", NULL },
  .processes = (const char *const[]){ "memsqld", "mariadbd", "mysqld", NULL },
  .base_dir = base_dir,
  .health = plain_health,
};
