/* What the files of this room share. */
#ifndef OPSD_FLEET_INSIDE_H
#define OPSD_FLEET_INSIDE_H

#include <pthread.h>

#include "flavour/flavour.h"
#include "fleet/fleet.h"
#include "optfile/optfile.h"
#include "remote/remote.h"
#include "wire/wire.h"

enum {
  FLEET_PROBE_MS = 8000,     /* one conversation with a database server */
  FLEET_SCRIPT_MS = 30000,   /* a short script on a node */
  FLEET_LOCK_MS = 600000,    /* installing files: behind whoever holds the node's lock */
};

struct fleet {
  struct fleet_config config;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool stopping;
  int working; /* rollouts on the pool */
};

/* --- reach.c: the host of a node --- */
bool fleet_is_managed(const struct node *n); /* not only observed */
/* Refused with the mend: observed nodes, host keys that nobody confirmed. */
enum err_code fleet_check_managed(const struct node *n, struct err *e);
enum err_code fleet_reach(struct fleet *f, const struct node *n, struct arena *a, struct remote **out, struct err *e);
/* A connection to the node's database, through r where the node is reached over SSH (r may be NULL otherwise). */
enum err_code fleet_db_connect(const struct node *n, struct remote *r, int timeout_ms, int *fd, struct err *e);
/* Runs a short script; a non-zero exit is ERR_REMOTE with what it wrote to standard error. */
enum err_code fleet_script(struct remote *r, const char *script, const char *input, struct arena *a, const char **out,
                           struct err *e);

enum err_code fleet_check_nodes(const node_list *nodes, struct err *e); /* fleet_check_managed of each */
const char *fleet_these(const node_list *nodes, struct arena *a);        /* "db-1", "3 nodes" */

/* --- options.c: option files of a node --- */
/* A file whose content is taken from here and not from the node; path NULL: none. */
struct options_overlay { const char *path, *data; size_t len; };
enum err_code fleet_options(struct remote *r, const struct node *n, const struct options_overlay *overlay,
                            struct arena *a, struct optfile *out, struct err *e);
/* The options about TLS in effect, secrets masked. */
void fleet_tls_options(const struct node *n, const struct optfile *options, struct arena *a, node_option_list *out);
/* The file that the server writes its errors to; NULL: none is set (its unit's journal has them). */
const char *fleet_error_log(const struct node *n, const struct optfile *options, struct arena *a);

/* --- session.c: SQL --- */
/* With the cluster's account over the network, or without one through a client program on the node (as the user that
 * opsd is there), where r and options are needed. Neither: ERR_REFUSED. ERR_UNREACHABLE: the server is not there. */
enum err_code fleet_sql(struct fleet *f, const struct node *n, struct remote *r, const struct optfile *options,
                        struct arena *a, struct wire_sql **out, struct err *e);

/* --- health.c --- */
struct node_health {
  bool answers;       /* the greeting came */
  bool well;          /* by SQL; by the greeting alone where no account lets opsd in */
  bool asked;         /* SQL did answer */
  const char *says;   /* "Synced, Primary", "Joining, …", "no connection: Connection refused" */
  int64_t uptime_s;   /* by SQL; -1: unknown */
};
void fleet_health(struct fleet *f, const struct node *n, struct remote *r, const struct optfile *options,
                  struct arena *a, struct node_health *out);

/* --- probe.c --- */
/* Probes one node over r (NULL: reached by itself) and stores what was seen. */
enum err_code fleet_probe_one(struct fleet *f, const struct node *n, struct remote *r, struct arena *a,
                              struct probe *out, struct err *e);

/* --- order.c: what a rollout is to do, as its journal keeps it --- */
struct order {
  int64_t cert_id, ca_id;           /* push */
  const char *section, *key, *value; /* config; value NULL while sealed: is a secret */
  bool remove, secret;
};
const char *order_format(const struct order *o, struct arena *a);
void order_parse(const char *text, struct arena *a, struct order *out);
char *order_secret_name(int64_t rollout, struct arena *a); /* of store_secret_set */

/* --- rollout.c: the engine --- */
/* Journals and starts it. secret (may be NULL): the value of an option that must not stand in the journal. */
enum err_code fleet_start(struct fleet *f, struct rollout_new *r, const struct order *o, struct arena *a, int64_t *id,
                          struct err *e);
void fleet_add_step(struct rollout_new *r, struct arena *a, const struct node *n, const char *action,
                    const char *title);
/* Waits at most ms, less when opsd stops: then ERR_UNAVAILABLE. */
enum err_code fleet_pause(struct fleet *f, int ms, struct err *e);

struct step_run {
  struct fleet *f;
  const struct rollout *rollout;
  const struct order *order;
  const struct rollout_step *step;
  struct node node;
  struct arena *a;
  const char *name;   /* of the step on the node: "rollout-12-3"; the same after an interruption */
  const char *detail; /* out: one sentence */
};
/* Journals what a step that lasts is at. */
void fleet_step_say(struct step_run *s, const char *detail);

typedef enum err_code (*step_fn)(struct step_run *s, struct err *e);
/* Each can be begun again after it was cut anywhere. */
enum err_code step_check(struct step_run *s, struct err *e);   /* push.c */
enum err_code step_install(struct step_run *s, struct err *e); /* push.c */
enum err_code step_probe(struct step_run *s, struct err *e);   /* push.c */
enum err_code step_option(struct step_run *s, struct err *e);  /* config.c */
enum err_code step_restart(struct step_run *s, struct err *e); /* restart.c */
enum err_code step_follow(struct step_run *s, struct err *e);  /* follow.c */

/* --- material.c: what a push puts on nodes --- */
struct push_material {
  const char *name;          /* of the certificate, for sentences */
  const char *cert_pem, *ca_pem; /* leaf and intermediates; intermediates and authority */
  const char *sha256;
  int64_t ca_id;
};
/* Loads it and has libcrypto judge it in the place of a server. ca_id 0: the authority that came with the certificate,
 * or the one that the inventory has under the issuer's name. Refusals name "certificate" or "authority". */
enum err_code fleet_material(struct fleet *f, int64_t cert_id, int64_t ca_id, struct arena *a,
                             struct push_material *out, struct err *e);
/* What verifies leaf and intermediates against an authority says, as a sentence; NULL when it accepts. */
const char *fleet_verdict(const char *leaf_and_chain_pem, const char *anchors_pem, const char *usage, struct arena *a,
                          struct err *e);

/* --- process.c --- */
struct node_process {
  bool visible;  /* opsd may look at the server's processes at all */
  int64_t pid;   /* of the server; 0: not running */
};
/* The server is found by its working folder, which is its data folder. */
enum err_code fleet_process(struct remote *r, const struct node *n, const struct optfile *options, struct arena *a,
                            struct node_process *out, struct err *e);

/* --- galera.c --- */
/* Will the members of each Galera cluster among these nodes still accept each other, now and at each of the restarts
 * to come, when the change is made on these nodes? material (NULL: none) is what their certificate folders will
 * hold; `edit` (NULL: none) the option. */
struct option_edit { const char *section, *key, *value; bool remove; };
enum err_code fleet_galera_check(struct fleet *f, const node_list *nodes, const struct push_material *material,
                                 const struct option_edit *edit, struct arena *a, struct err *e);
/* Could a member with these options come back in at all? */
enum err_code fleet_transfer_check(struct remote *r, const struct node *n, const struct flavour_group *group,
                                   struct arena *a, struct err *e);
enum err_code fleet_transfers_agree(const struct node *one, const struct flavour_group *x, const struct node *other,
                                    const struct flavour_group *y, struct err *e);
/* All nodes of the cluster but this one. */
enum err_code fleet_other_members(struct fleet *f, const struct node *n, struct arena *a, node_list *out,
                                  struct err *e);

/* --- config.c --- */
struct planned_edit {
  const char *path;          /* the file that is edited */
  const char *was; size_t was_len;
  const char *now; size_t now_len;
  bool changed;
  struct optfile before, after;
};
/* Works the edit out against the node's files and proves that nothing else changes. Writes nothing. */
enum err_code fleet_plan_edit(struct remote *r, const struct node *n, const struct option_edit *edit, struct arena *a,
                              struct planned_edit *out, struct err *e);

#endif
