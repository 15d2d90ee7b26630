/* What each operation takes: one struct a request, filled from path, query and body by its
 * shape in contract/requests.c. Strings are UTF-8 without control characters (PEM may have
 * newlines), bounded as the shape says. */
#ifndef OPSD_CONTRACT_REQUESTS_H
#define OPSD_CONTRACT_REQUESTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "json/json.h"

struct id_request { int64_t id; };
struct ref_request { const char *ref; };     /* id or name of a cluster or node */

struct list_request {
  int64_t limit;       /* 1 to 1000, preset 100 */
  const char *after;   /* `next` of the page before; opaque */
  const char *q;       /* substring of names, addresses …; NULL */
};

struct setup_request { const char *token, *name, *password; };
struct session_request { const char *name, *password; };

struct console_set_request {
  const char *key, *certificate; /* PEM; the certificate may hold a chain, leaf first */
  const char *key_password;      /* for an encrypted key; NULL */
  bool force;                    /* serve what browsers cannot open */
};
struct restart_request { int64_t ssl_port; }; /* 0: as it is */

struct cert_list_request {
  int64_t limit;
  const char *after, *q;
  const char *kind;    /* cert_kind_words; NULL: all */
  const char *sort;    /* cert_sort_words; NULL: expiry */
  const char *cluster; /* name: used by one of its nodes */
  int64_t expires_within_days; /* -1: all; expired ones count as within */
  bool has_key;        /* true: only those with a key */
};
struct cert_import_request {
  const char *name;        /* NULL: the common name, or the first SAN */
  const char *certificate; /* PEM, leaf first, intermediates may follow */
  const char *chain;       /* further intermediates, PEM; NULL */
  const char *key;         /* PEM; NULL: a certificate alone */
  const char *key_password;
};
struct cert_inspect_request { const char *certificate, *key, *key_password; };
struct cert_export_request { int64_t id; bool with_key; };

struct cluster_add_request {
  const char *name, *flavour;
  const char *db_user, *db_password;
};
/* The settings of a node: of a new one (node_add_request), or all of those of one that is there
 * (node_change_request, the same struct with `ref` from the path). */
struct node_add_request {
  const char *ref;          /* id or name as it was; NULL when adding */
  const char *name, *cluster;
  struct str_list roles;
  const char *reach;
  const char *ssh;          /* USER@HOST[:PORT] */
  bool sudo;
  const char *address;      /* HOST[:PORT], [IPv6]:PORT */
  const char *option_file, *cert_dir, *owner;
  const char *unit, *service, *bootstrap, *base_dir;
  const char *host_key;     /* "SHA256:…" pinned at once; NULL: shown for confirmation */
  const char *group_address;
  struct str_list dns_names;
};
struct node_list_request {
  int64_t limit;
  const char *after, *q;
  const char *cluster;      /* name */
  const char *flavour;
  struct str_list roles;    /* any of these */
};
struct node_trust_request { const char *ref; const char *host_key; };

/* Which nodes a fleet operation is about: `nodes`, or `all` of `cluster` (which may be left
 * out while only one cluster, or one of the wanted flavour, exists). */
struct node_push_request {
  struct str_list nodes;    /* ids or names */
  bool all;
  const char *cluster;
  const char *flavour;      /* only such nodes, else refused; the memsql-… names send "singlestore" */
  int64_t certificate;      /* inventory id, with key */
  int64_t authority;        /* inventory id of the CA certificate; 0: the issuer chain that the pair came with */
};
struct node_config_request {
  struct str_list nodes;
  bool all;
  const char *cluster, *flavour;
  const char *key;          /* option name; - and _ are the same */
  const char *value;        /* NULL with remove */
  bool remove;
  const char *section;      /* NULL: the flavour's ("server" for SingleStore, "mysqld" …) */
};
struct node_select_request {
  struct str_list nodes;
  bool all;
  const char *cluster, *flavour;
};

struct rollout_list_request {
  int64_t limit;
  const char *after;
  const char *cluster;
  const char *state;
};

struct user_add_request { const char *name, *role, *password; };
struct user_password_request { const char *name, *password, *current; };
struct user_change_request { const char *name, *role; };
struct name_request { const char *name; };
struct token_add_request { const char *name, *role; int64_t days; };  /* days 0: never expires */
struct audit_list_request {
  int64_t limit;
  const char *after, *q;
  const char *who, *operation;
};

/* all the shapes, for contract/rows.c */
extern const struct json_shape shape_id_request, shape_ref_request, shape_list_request, shape_setup_request,
  shape_session_request, shape_console_set_request, shape_restart_request, shape_cert_list_request,
  shape_cert_import_request, shape_cert_inspect_request, shape_cert_export_request, shape_cluster_add_request,
  shape_node_add_request, shape_node_change_request, shape_node_list_request, shape_node_trust_request,
  shape_node_push_request, shape_node_config_request, shape_node_select_request, shape_rollout_list_request,
  shape_user_add_request, shape_user_password_request, shape_user_change_request, shape_name_request,
  shape_token_add_request, shape_audit_list_request;

#endif
