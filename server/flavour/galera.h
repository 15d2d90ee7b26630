/* What the two Galera flavours share. Inside flavour only. */
#ifndef OPSD_FLAVOUR_GALERA_H
#define OPSD_FLAVOUR_GALERA_H

#include "flavour/flavour.h"

/* Any answer is well; of a member of a cluster (wsrep_on), Synced in a Primary component and ready. */
enum err_code galera_health(struct wire_sql *sql, struct arena *a, bool *well, const char **says, struct err *e);

/* The group channel by wsrep_provider_options alone (galerautils, gu_asio.cpp): TLS is on if socket.ssl says so, or a
 * key or certificate is set; socket.ssl=no always wins; without socket.ssl_ca the certificate is its own CA. */
enum err_code galera_provider_group(const struct flavour *f, const struct node *n, const struct optfile *options,
                                    struct arena *a, struct flavour_group *out, struct err *e);

/* Whether the transfer scripts encrypt, by what they read: [mysqld] first, then [sst]. They run for every join, for
 * incremental ones too, and a joiner and a donor that differ do not come together. encrypt_preset: what "encrypt" is
 * when it is not set. */
void galera_transfer(const struct flavour *f, const struct node *n, const struct optfile *options, int encrypt_preset,
                     struct arena *a, struct flavour_group *out);

/* datadir, or /var/lib/mysql. */
const char *galera_data_dir(const struct flavour *f, const struct node *n, const struct optfile *options,
                            struct arena *a);

#endif
