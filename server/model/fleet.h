/* Clusters, nodes, probes, rollouts. Strings lie in the arena they were loaded into. */
#ifndef OPSD_MODEL_FLEET_H
#define OPSD_MODEL_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/certificate.h"

struct cluster {
  int64_t id;
  const char *name;
  const char *flavour;     /* flavour_words */
  const char *db_user;     /* account for SQL; NULL: the local socket of each node */
  bool has_db_password;
  int64_t node_count;
  int64_t tls_nodes, plaintext_nodes, unknown_nodes; /* by the last probe */
  int64_t next_expiry_s;   /* of what its nodes serve; TIME_NONE when unknown */
  int64_t rollout_id;      /* the one under way, or 0 */
  int64_t created_s;
};
typedef LIST_OF(struct cluster) cluster_list;

/* What a probe of one channel saw. */
struct probe {
  const char *channel;     /* "client" */
  const char *state;       /* probe_state_words */
  const char *error;       /* why not, NULL when it went well */
  int64_t at_s;
  const char *server_version; /* as the greeting says */
  const char *protocol, *cipher; /* "TLS1.3", "TLS_AES_256_GCM_SHA384" */
  bool client_cert_asked;
  const char *sha256, *subject, *issuer;
  int64_t not_after_s, days_left;
  int64_t chain_length;
  const char *unnamed;     /* names and addresses of the node that it is not made out to, "a, b"; NULL: none */
  const char *chain_pem;   /* as sent */
};

struct node {
  int64_t id;
  const char *name;
  int64_t cluster_id;
  const char *cluster, *flavour;
  struct str_list roles;    /* node_role_words */
  const char *reach;        /* node_reach_words */
  const char *ssh_user, *ssh_host;
  int64_t ssh_port;
  bool sudo;
  const char *host_key;     /* pinned, "SHA256:…" as ssh-keygen -l prints; NULL: not confirmed yet */
  const char *host_key_seen; /* offered at the last connection, waiting for confirmation; NULL otherwise */
  const char *address;      /* of the database, as clients reach it */
  int64_t port;
  const char *option_file, *cert_dir;
  const char *owner;        /* "user" or "user:group" that the server runs as */
  const char *unit, *service; /* exactly one for nodes that are not observed */
  const char *bootstrap;    /* command; NULL: the flavour's default */
  const char *base_dir;     /* NULL: the flavour's default */
  const char *group_address; /* host[:port] of the group channel; NULL: address:4567 */
  struct str_list dns_names;
  int64_t wanted_cert_id;   /* pushed last; 0: none */
  const char *wanted_cert, *wanted_sha256;
  int64_t wanted_ca_id;
  int64_t generation;       /* last one put on disk, 0: none */
  const char *wire;         /* what the last probe says against what is wanted: "this", "other", "plaintext", "unreachable", "unknown" */
  struct probe *probe;      /* the last one; NULL: never */
  int64_t created_s;
};
typedef LIST_OF(struct node) node_list;

/* One file in a node's certificate folder. */
struct node_file {
  const char *path;
  const char *target;      /* where a link leads, NULL for a plain file */
  const char *mode, *owner; /* "0600", "mysql:mysql" */
  int64_t size;
  const char *content;     /* "certificate", "key", "other", "unreadable" */
  const char *sha256, *subject; /* of the first certificate */
  int64_t not_after_s;
};
typedef LIST_OF(struct node_file) node_file_list;

struct node_option {
  const char *name, *value; /* value is masked where it may be a secret */
  const char *file;
  int64_t line;
};
typedef LIST_OF(struct node_option) node_option_list;

/* What is on a node's disk, gathered when asked. */
struct node_disk {
  int64_t at_s;
  int64_t generation;
  node_file_list files;
  node_option_list options; /* the TLS options in effect, by the option file */
};

struct rollout_step {
  int64_t id;
  int64_t node_id;
  const char *node;
  const char *action;  /* "check", "install", "flip", "option", "restart", "follow", "probe" */
  const char *title;   /* for people: "Restart and wait until it answers" */
  const char *state;   /* step_state_words */
  const char *detail;  /* what it found or why it failed */
  int64_t started_ms, ended_ms; /* wall clock; 0: not yet */
};
typedef LIST_OF(struct rollout_step) rollout_step_list;

struct rollout {
  int64_t id;
  int64_t cluster_id;
  const char *cluster;
  const char *kind;    /* rollout_kind_words */
  const char *title;   /* "Push orders-2026 to 3 nodes" */
  const char *state;   /* rollout_state_words */
  const char *error;   /* why it failed; NULL */
  const char *by;      /* who asked for it */
  int64_t created_s, ended_s;
  int64_t steps_done, steps_total;
  rollout_step_list steps; /* empty in lists */
};
typedef LIST_OF(struct rollout) rollout_list;

#endif
