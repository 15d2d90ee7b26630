/* A store, a pool and a fleet in a folder of their own, and nodes on this machine whose files lie there. */
#ifndef TESTS_UNIT_FLEET_KIT_H
#define TESTS_UNIT_FLEET_KIT_H

#include "fleet/inside.h"

struct kit {
  char folder[64];
  struct store *store;
  struct pool *pool;
  struct fleet *fleet;
  int64_t cluster;
};

/* cluster: {name, flavour, db_user}; password: of db_user. Failures end the test. */
void kit_make(struct kit *k, const struct cluster *cluster, const char *password);
void kit_remove(struct kit *k);

/* A node on this machine: FOLDER/NAME/my.cnf and FOLDER/NAME/certs; answers what the store has of it. */
struct node kit_node(struct kit *k, const char *name, const char *address, const char *options, struct arena *a);
void kit_write(struct kit *k, const char *node, const char *file, const char *text);
/* Runs a shell command in the folder. */
void kit_sh(struct kit *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The certificate at FOLDER/PATH.pem, with FOLDER/PATH.key where has_key, into the inventory. */
int64_t kit_import(struct kit *k, const char *path, bool has_key);
/* openssl: an authority, a leaf of it with the extended usages given. FOLDER/NAME.{pem,key} */
void kit_authority(struct kit *k, const char *name);
void kit_leaf(struct kit *k, const char *name, const char *authority, const char *usages);

#endif
