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

/* TLS of the group channel (Galera's port 4567), as a node's options say. */
struct flavour_group {
  bool member;           /* the options make it a member of a Galera cluster at all */
  bool tls;              /* it speaks TLS there */
  bool off;              /* socket.ssl=no is written out: it beats everything else */
  bool dynamic;          /* socket.dynamic: it answers TLS and plaintext alike */
  const char *cert, *key; /* as the options say, relative to the base folder; NULL when not set */
  const char *ca;        /* what it verifies the others against */
  const char *transfer;  /* how state is transferred to a joiner: "rsync", "mariabackup", "xtrabackup-v2" … */
  bool transfer_tls;     /* encrypted, by the options that both ends read when a transfer or a join begins */
};

struct flavour {
  const char *name;                 /* flavour_words */
  const char *section;              /* where an option goes by default: "mysqld", "server" */
  const char *const *groups;        /* groups that the server reads whatever its version, NULL-ended */
  const char *const *versioned;     /* groups with "-X.Y" of the version behind, NULL-ended */
  const char *cert_file, *key_file, *ca_file; /* names in the certificate folder, as the documents have them */
  const char *bootstrap;            /* default command of --bootstrap; NULL: none */
  const char *const *clients;       /* command-line clients on a node, best first, NULL-ended */
  const char *const *processes;     /* names of the server's process, NULL-ended */
  bool may_be_galera;
  /* The folder that relative paths in options count from. */
  const char *(*base_dir)(const struct node *n, const struct optfile *options, struct arena *a);
  /* Is the server well again after a restart? *well false with *says why not yet ("Joining", "not answering");
   * *says is set in either case. An error is final. */
  enum err_code (*health)(struct wire_sql *sql, struct arena *a, bool *well, const char **says, struct err *e);
  /* NULL where may_be_galera is false. Options that Galera itself would refuse: ERR_INVALID. */
  enum err_code (*group)(const struct node *n, const struct optfile *options, struct arena *a,
                         struct flavour_group *out, struct err *e);
};

extern const struct flavour flavour_singlestore, flavour_pxc, flavour_mariadb, flavour_mysql;

const struct flavour *flavour_find(const char *name); /* never NULL for a word of flavour_words */

/* The groups that this very server reads, NULL-ended: those of its version too ("mysqld-10.11") when the last probe
 * has told the version. */
const char *const *flavour_groups(const struct flavour *f, const struct node *n, struct arena *a);

/* The effective value of an option, or NULL. */
const char *flavour_option(const struct flavour *f, const struct node *n, const struct optfile *options,
                           const char *name, struct arena *a);
/* An option's value as a switch: "ON", "1", "TRUE", "YES" and no value at all are true; NULL is preset. */
bool flavour_switch(const struct optfile_option *o, bool preset);

/* Shell command for a node from its unit or service setting. verb: "start", "stop", "restart", "status". */
const char *flavour_service_command(const struct node *n, const char *verb, struct arena *a);

/* A path of an option as the server opens it: relative ones count from its base folder. */
const char *flavour_path(const struct flavour *f, const struct node *n, const struct optfile *options, const char *path,
                         struct arena *a);

#endif
