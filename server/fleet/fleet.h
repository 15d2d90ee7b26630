/* What is done to nodes: probing, looking at disks, and rollouts (pushes, option edits, restarts),
 * each journalled step by step. Knows no HTTP. */
#ifndef OPSD_FLEET_FLEET_H
#define OPSD_FLEET_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/pool.h"
#include "model/fleet.h"
#include "store/store.h"

struct fleet;

struct fleet_config {
  struct store *store;
  struct pool *pool;
  const char *scratch_folder;     /* for private sockets; 0700 */
  /* after each journal entry; from any thread */
  void (*on_rollout)(void *ctx, int64_t rollout_id);
  void *ctx;
};
enum err_code fleet_new(const struct fleet_config *c, struct fleet **out, struct err *e);
/* No new step is begun; waits for running ones at most timeout_ms; their rollouts read "interrupted". */
void fleet_free(struct fleet *f, int timeout_ms);

/* opsd's own SSH key, made at first use, sealed in the store. */
enum err_code fleet_ssh_key(struct fleet *f, struct arena *a, const char **public_line, const char **fingerprint,
                            struct err *e);

/* The nodes that a request means (model of contract/requests.h). Empty selection, unknown node, nodes of several
 * clusters where one is needed, wrong flavour: refused, naming it. */
struct fleet_selection { struct str_list nodes; bool all; const char *cluster, *flavour; bool one_cluster; };
enum err_code fleet_select(struct fleet *f, const struct fleet_selection *sel, struct arena *a, node_list *out,
                           struct err *e);

/* Side by side on the pool; each node's `probe` and `wire` are filled and stored. */
enum err_code fleet_probe(struct fleet *f, node_list *nodes, struct arena *a, struct err *e);
/* Facts for node-show and the overview: findings from stored data alone (LIVE, SILENT, EXPIRY, SAN, host key
 * unconfirmed, never probed). */
void fleet_node_findings(struct fleet *f, const struct node *n, int64_t now_s, struct arena *a, finding_list *out);

enum err_code fleet_disk(struct fleet *f, const struct node *n, struct arena *a, struct node_disk *out, struct err *e);
enum err_code fleet_host_key(struct fleet *f, const struct node *n, struct arena *a, const char **host_key,
                             struct err *e);

/* Each checks everything that can be checked first (pair fits, verdict of libcrypto, Galera: would all members still
 * verify each other, section 7 of the TLS facts), then journals a rollout and returns; the work goes on in the
 * background. */
enum err_code fleet_push(struct fleet *f, const node_list *nodes, int64_t cert_id, int64_t ca_id, const char *by,
                         struct arena *a, int64_t *rollout, const char **title, struct err *e);
enum err_code fleet_config_set(struct fleet *f, const node_list *nodes, const char *section, const char *key,
                               const char *value,
                               bool remove, const char *by, struct arena *a, int64_t *rollout, const char **title,
                                 struct err *e);
enum err_code fleet_restart(struct fleet *f, const node_list *nodes, const char *by, struct arena *a, int64_t *rollout,
                            const char **title, struct err *e);
/* An interrupted or failed rollout goes on with its first step that is not done. */
enum err_code fleet_resume(struct fleet *f, int64_t rollout, const char *by, struct arena *a, const char **title,
                           struct err *e);

#endif
