/* What operations answer where a model struct alone is not it. */
#ifndef OPSD_CONTRACT_REPLIES_H
#define OPSD_CONTRACT_REPLIES_H

#include "json/json.h"
#include "model/certificate.h"
#include "model/fleet.h"
#include "model/people.h"

struct session_reply {
  const char *name, *role;
  bool setup_needed;       /* nobody is an administrator yet: the page says where the link is */
  int64_t expires_s;
};

struct status_reply {
  const char *version, *host;
  int64_t pid, started_s, now_s;
  int64_t https_port, http_port; /* 0: not listening */
  const char *state_folder;
  const char *fingerprint;  /* of the served certificate, "sha256:…" hex; NULL when TLS is disabled */
  int64_t certificates, nodes, clusters;
  int64_t generation;       /* of the state; changes with every write */
};

struct console_reply {
  bool tls;                 /* false after ssl-disable */
  bool self_signed;         /* opsd's own, renewed by itself */
  bool hsts;
  struct certificate_detail *certificate; /* NULL when TLS is disabled */
};

struct ok_reply { const char *message; };
struct rollout_ref { int64_t rollout; const char *title; };
struct export_reply {
  const char *file_name;
  const char *certificate;  /* PEM with its chain, each ended by a newline */
  const char *key;          /* PEM, PKCS#8; NULL unless asked for. Written as a plain string */
};
struct inspect_reply { struct certificate_detail *certificate; };

struct cert_list_reply {
  certificate_list items;
  const char *next;
  int64_t total, expired, within_30, within_60; /* of all, not of this page */
  int64_t leaves, authorities;
};
struct cluster_list_reply { cluster_list items; const char *next; };
struct cluster_reply { struct cluster *cluster; node_list nodes; finding_list findings; };
struct node_list_reply { node_list items; const char *next; int64_t total; };
struct node_reply { struct node *node; finding_list findings; };
struct host_key_reply { const char *host_key; };
struct probe_reply { node_list items; int64_t differing; }; /* nodes, each with its fresh probe */
struct rollout_list_reply { rollout_list items; const char *next; };
struct user_list_reply { user_list items; const char *next; };
struct token_list_reply { token_list items; const char *next; };
struct token_added_reply { struct token *token; const char *value; }; /* shown this once */
struct audit_list_reply { audit_list items; const char *next; };
struct ssh_key_reply { const char *public_key, *fingerprint; }; /* one line for authorized_keys */

/* A mark on the overview's picture of expiry. */
struct expiry_mark {
  int64_t at_s, days_left;
  const char *lane;   /* "authority", "leaf", "console" */
  const char *label;
  int64_t certificate_id, count;
};
struct attention {
  const char *rule, *severity, *text, *mend;
  const char *cluster, *node;      /* NULL when about neither */
  const char *link;                /* page that mends it: "#/nodes/3" */
  const char *action;              /* label of its button: "Probe again" */
};
typedef LIST_OF(struct attention) attention_list;
struct overview_reply {
  int64_t clusters, nodes, certificates, critical, warnings;
  int64_t last_probe_s;
  attention_list attention;
  LIST_OF(struct expiry_mark) expiry;
  cluster_list cluster_cards;
  audit_list activity;
};

extern const struct json_shape shape_session_reply, shape_status_reply, shape_console_reply, shape_ok_reply,
  shape_rollout_ref, shape_export_reply, shape_inspect_reply, shape_cert_list_reply, shape_cluster_list_reply,
  shape_cluster_reply, shape_node_list_reply, shape_node_reply, shape_host_key_reply, shape_probe_reply,
  shape_rollout_list_reply, shape_user_list_reply, shape_token_list_reply, shape_token_added_reply,
  shape_audit_list_reply, shape_ssh_key_reply, shape_overview_reply;
extern const struct json_shape shape_certificate, shape_certificate_detail, shape_finding, shape_cluster, shape_node,
  shape_node_disk, shape_rollout, shape_user, shape_token, shape_audit_row;

#endif
