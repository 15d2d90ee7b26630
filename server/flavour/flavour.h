/* What differs between the database flavours: one table of functions and facts a flavour, one
 * file each. What a table says about PXC, MySQL 8 and SingleStore is held to their documents. */
#ifndef OPSD_FLAVOUR_FLAVOUR_H
#define OPSD_FLAVOUR_FLAVOUR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/fleet.h"
#include "optfile/optfile.h"
#include "remote/remote.h"
#include "wire/wire.h"

struct flavour {
  const char *name;                 /* flavour_words */
  const char *section;              /* where an option goes by default: "mysqld", "server" */
  const char *const *groups;        /* groups that the server reads, NULL-ended */
  const char *cert_file, *key_file, *ca_file; /* names in the certificate folder, as the documents have them */
  const char *bootstrap;            /* default command of --bootstrap; NULL: none */
  bool may_be_galera;
  /* The folder that relative paths in options count from. */
  const char *(*base_dir)(const struct node *n, const struct optfile *options, struct arena *a);
  /* Is the server well again after a restart? *well false with *says why not yet ("Joining", "not answering"); an error is final. */
  enum err_code (*health)(struct wire_sql *sql, struct arena *a, bool *well, const char **says, struct err *e);
};

const struct flavour *flavour_find(const char *name); /* never NULL for a word of flavour_words */

/* Shell commands for a node from its unit, service and bootstrap settings. verb: "start", "stop", "restart", "status". */
const char *flavour_service_command(const struct node *n, const char *verb, struct arena *a);

#endif
