/* Rows to structs and back. All use of SQL is here (statements in sql/queries), so the database can
 * become another one. Thread-safe: reads run side by side, one writer at a time. Every function that
 * writes is one transaction and raises the generation. Strings of results live in the arena given. */
#ifndef OPSD_STORE_STORE_H
#define OPSD_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypt/crypt.h"
#include "model/certificate.h"
#include "model/fleet.h"
#include "model/people.h"

struct store;

/* Opens (makes, migrates after a backup) folder/opsd.db and folder/master.key. A newer database is refused. */
enum err_code store_open(const char *folder, struct store **out, struct err *e);
void store_close(struct store *s);
/* Rises with every write that a page could show (not with sessions' and tokens' last use). Readable without a lock. */
uint64_t store_generation(const struct store *s);
/* Called (from the writing thread, after the commit) with each new generation; one listener. */
void store_listen(struct store *s, void (*fn)(void *ctx, uint64_t generation), void *ctx);

/* --- settings: small texts by name ("https_port", "tls_disabled"); secrets are sealed --- */
/* NULL when unset */
enum err_code store_setting_get(struct store *s, const char *name, struct arena *a, const char **value, struct err *e);
/* NULL removes */
enum err_code store_setting_set(struct store *s, const char *name, const char *value, struct err *e);
enum err_code store_secret_get(struct store *s, const char *name, struct buf *out, bool *found, struct err *e);
/* data NULL removes */
enum err_code store_secret_set(struct store *s, const char *name, const void *data, size_t len, struct err *e);

/* Settings that the store itself looks at. */
#define STORE_CONSOLE_SHA256 "console_sha256" /* fingerprint of the certificate that the console serves: in use */
#define STORE_SETUP_DIGEST "setup_digest"     /* gone with the first administrator */

/* --- certificates --- */
struct cert_filter {
  const char *q, *kind, *sort, *cluster;
  int64_t expires_within_days; /* -1: all */
  bool has_key;
  int64_t now_s;
  int64_t limit;
  const char *after;           /* opaque; ERR_INVALID field "after" when not one of ours */
};
/* within_30 and within_60 include the expired, as the filter does; leaves include what is self-signed and no authority. */
struct cert_counts { int64_t total, expired, within_30, within_60, leaves, authorities; };
/* detail->row (without id), san, pem …; key_pem NULL: none (sealed under the row's id). The same certificate again:
 * ERR_CONFLICT naming the one that is there, except when it brings the missing key: then the key is added (and what
 * came with it takes the place of the PEM that is there). *id is set. */
enum err_code store_cert_add(struct store *s, const struct certificate_detail *d, const char *key_pem, int64_t *id,
                             struct err *e);
enum err_code store_cert_list(struct store *s, const struct cert_filter *f, struct arena *a, certificate_list *out,
                              const char **next, struct err *e);
enum err_code store_cert_counts(struct store *s, int64_t now_s, struct cert_counts *out, struct err *e);
/* row, and the PEM of all that came with it */
enum err_code store_cert_get(struct store *s, int64_t id, int64_t now_s, struct arena *a, struct certificate *row,
                             const char **pem, struct err *e);
/* none held: ERR_NOT_FOUND */
enum err_code store_cert_key(struct store *s, int64_t id, struct buf *key_pem, struct err *e);
/* Wanted by nodes as certificate or authority (the first 1,000), and by the console. on_disk tells what the last push put
 * there, on_wire what the last probe saw. */
enum err_code store_cert_uses(struct store *s, int64_t id, struct arena *a, certificate_use_list *out, struct err *e);
/* Certificates whose subject is this one (an issuer looked for); PEMs of all. */
enum err_code store_cert_by_subject(struct store *s, const char *subject, struct arena *a, certificate_list *rows,
                                    struct str_list *pems, struct err *e);
enum err_code store_cert_by_sha256(struct store *s, const char *sha256, int64_t now_s, struct arena *a,
                                   struct certificate *row, struct err *e);
/* In use by a node, a running rollout or the console: ERR_CONFLICT naming the users. */
enum err_code store_cert_delete(struct store *s, int64_t id, struct err *e);

/* --- clusters and nodes. ref: a number or a name (names are never all digits) --- */
enum err_code store_cluster_add(struct store *s, const struct cluster *c, const char *db_password, int64_t *id,
                                struct err *e);
enum err_code store_cluster_get(struct store *s, const char *ref, int64_t now_s, struct arena *a, struct cluster *out,
                                struct err *e);
enum err_code store_cluster_list(struct store *s, const char *q, int64_t limit, const char *after, int64_t now_s,
                                 struct arena *a, cluster_list *out, const char **next, struct err *e);
enum err_code store_cluster_db_password(struct store *s, int64_t id, struct buf *out, bool *found, struct err *e);
enum err_code store_cluster_delete(struct store *s, int64_t id, struct err *e); /* has nodes: ERR_CONFLICT */

struct node_filter {
  const char *q, *cluster, *flavour;
  struct str_list roles; /* any of; empty: all */
  int64_t now_s, limit;
  const char *after;
};
/* n->cluster_id counts */
enum err_code store_node_add(struct store *s, const struct node *n, int64_t *id, struct err *e);
enum err_code store_node_change(struct store *s, const struct node *n, struct err *e);           /* settings of n->id */
enum err_code store_node_get(struct store *s, const char *ref, int64_t now_s, struct arena *a, struct node *out,
                             struct err *e);
/* By name. Probes in lists come without chain_pem. wire is "unknown" while nothing was pushed. */
enum err_code store_node_list(struct store *s, const struct node_filter *f, struct arena *a, node_list *out,
                              const char **next, struct err *e);
enum err_code store_node_count(struct store *s, int64_t *out, struct err *e);
enum err_code store_node_delete(struct store *s, int64_t id, struct err *e); /* rollout under way: ERR_CONFLICT */
enum err_code store_node_set_host_key(struct store *s, int64_t id, const char *pinned, const char *seen, struct err *e);
enum err_code store_node_set_probe(struct store *s, int64_t id, const struct probe *p, struct err *e);
/* After a push was proven: what the node is meant to serve from now on. */
enum err_code store_node_set_wanted(struct store *s, int64_t id, int64_t cert_id, int64_t ca_id, int64_t generation,
                                    struct err *e);

/* --- rollouts: a journal. `order` is the fleet's own serialised task (JSON text), opaque here, no secrets --- */
struct rollout_new {
  int64_t cluster_id;
  const char *kind, *title, *by, *order;
  int64_t cert_id, ca_id; /* in use until it ends; 0: none */
  rollout_step_list steps; /* node_id, action, title */
};
/* One at a time per cluster: ERR_CONFLICT names the one under way ("rollout 12 by m.okafor …"). */
enum err_code store_rollout_add(struct store *s, const struct rollout_new *r, int64_t *id, struct err *e);
enum err_code store_rollout_get(struct store *s, int64_t id, struct arena *a, struct rollout *out, const char **order,
                                struct err *e);
enum err_code store_rollout_list(struct store *s, const char *cluster, const char *state, int64_t limit,
                                 const char *after,
                                 struct arena *a, rollout_list *out, const char **next, struct err *e);
/* state "running" clears error and ended; who set it owns the rollout, so ERR_CONFLICT where it is running already.
 * "done"/"failed"/… set ended. */
enum err_code store_rollout_set_state(struct store *s, int64_t id, const char *state, const char *error, struct err *e);
/* Written before the step begins ("running") and after it ended. detail NULL keeps what is there. */
enum err_code store_rollout_step(struct store *s, int64_t step_id, const char *state, const char *detail,
                                 struct err *e);
/* At the daemon's start: all that were queued or running are "interrupted" now, running steps "waiting" again. Count. */
enum err_code store_rollout_interrupt_all(struct store *s, int64_t *count, struct err *e);

/* --- people. Hashes and token digests never leave but through these --- */
enum err_code store_user_add(struct store *s, const char *name, const char *role, const char *hash, struct arena *a,
                             struct user *out, struct err *e); /* name taken: ERR_CONFLICT */
enum err_code store_user_first_admin(struct store *s, const char *name, const char *hash, struct arena *a,
                                     struct user *out,
                                     struct err *e); /* only while there is no user at all: else ERR_GONE */
enum err_code store_user_get(struct store *s, const char *name, struct arena *a, struct user *out, const char **hash,
                             struct err *e);
enum err_code store_user_list(struct store *s, const char *q, int64_t limit, const char *after, struct arena *a,
                              user_list *out, const char **next, struct err *e);
enum err_code store_user_count(struct store *s, int64_t *admins, int64_t *all, struct err *e);
/* last admin: ERR_CONFLICT; ends sessions */
enum err_code store_user_set_role(struct store *s, const char *name, const char *role, struct err *e);
enum err_code store_user_set_password(struct store *s, const char *name, const char *hash, const char *keep_session,
                                      struct err *e);
/* last admin: ERR_CONFLICT */
enum err_code store_user_delete(struct store *s, const char *name, struct err *e);

struct session_row { int64_t user_id; const char *user; enum role role; int64_t created_s, seen_s, expires_s; };
enum err_code store_session_add(struct store *s, const char *digest, int64_t user_id, int64_t expires_s, struct err *e);
enum err_code store_session_get(struct store *s, const char *digest, int64_t now_s, struct arena *a,
                                struct session_row *out, struct err *e);
enum err_code store_session_touch(struct store *s, const char *digest, int64_t now_s, struct err *e);
enum err_code store_session_end(struct store *s, const char *digest, struct err *e);
enum err_code store_session_sweep(struct store *s, int64_t now_s, int64_t idle_s, struct err *e);

enum err_code store_token_add(struct store *s, const char *name, const char *role, const char *digest, const char *by,
                              int64_t expires_s, struct arena *a, struct token *out, struct err *e);
enum err_code store_token_get(struct store *s, const char *digest, int64_t now_s, struct arena *a, struct token *out,
                              struct err *e); /* expired: ERR_UNAUTHENTICATED */
enum err_code store_token_touch(struct store *s, int64_t id, int64_t now_s, struct err *e);
enum err_code store_token_list(struct store *s, int64_t limit, const char *after, struct arena *a, token_list *out,
                               const char **next, struct err *e);
enum err_code store_token_delete(struct store *s, int64_t id, struct err *e);

enum err_code store_audit_add(struct store *s, const struct audit_row *r, struct err *e);
/* Newest first. With q a page looks through 100,000 rows and no more: it may be short, or empty, and still have a next. */
enum err_code store_audit_list(struct store *s, const char *q, const char *who, const char *operation, int64_t limit,
                               const char *after, struct arena *a, audit_list *out, const char **next, struct err *e);

/* Throttle counters that survive a restart: failures of a key ("name:…", "addr:…"). */
enum err_code store_throttle_get(struct store *s, const char *key, int64_t *failures, int64_t *last_s, struct err *e);
enum err_code store_throttle_set(struct store *s, const char *key, int64_t failures, int64_t last_s, struct err *e);

#endif
