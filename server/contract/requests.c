#include "contract/requests.h"

#include "contract/fields.h"
#include "model/word.h"

/* Bounds of strings, in bytes. Nothing optional may be empty: who has nothing to say leaves it out.
 * PEM_MAX is what a body may be long (contract/rows.c), so that the field never is the narrower. */
enum { NAME_MAX_LEN = 128, PATH_MAX_LEN = 1024, PASSWORD_MAX_LEN = 1024, PEM_MAX_LEN = 1 << 20, NODES_MAX = 10000 };

#define TEXT(member, most, help) { #member, JSON_STRING, 0, AT(member), 1, most, .doc = help }
#define TEXT_NEEDED(member, most, help) { #member, JSON_STRING, JSON_REQUIRED, AT(member), 1, most, .doc = help }
#define WORD(member, words, help) { #member, JSON_ENUM, 0, AT(member), .names = words, .doc = help }
#define WORD_NEEDED(member, words, help) { #member, JSON_ENUM, JSON_REQUIRED, AT(member), .names = words, .doc = help }
#define NUMBER(member, least, most, help) { #member, JSON_INT, 0, AT(member), least, most, .doc = help }
#define FLAG(member, help) { #member, JSON_BOOL, 0, AT(member), .doc = help }
#define SECRET(member, help) { #member, JSON_SECRET, 0, AT(member), 1, PASSWORD_MAX_LEN, .doc = help }
#define SECRET_NEEDED(member, help) \
  { #member, JSON_SECRET, JSON_REQUIRED, AT(member), 1, PASSWORD_MAX_LEN, .doc = help }
#define PEM(member, kind, flags, help) \
  { #member, kind, (flags) | JSON_MULTILINE | JSON_FILE, AT(member), 1, PEM_MAX_LEN, .doc = help }

/* From the path. */
#define PATH_ID(help) { "id", JSON_INT, JSON_REQUIRED | JSON_IN_PATH, AT(id), 1, INT64_MAX, .doc = help }
#define PATH_REF { "ref", JSON_STRING, JSON_REQUIRED | JSON_IN_PATH, AT(ref), 1, NAME_MAX_LEN, .doc = "Id or name." }
#define PATH_NAME(help) { "name", JSON_STRING, JSON_REQUIRED | JSON_IN_PATH, AT(name), 1, NAME_MAX_LEN, .doc = help }

/* From the query. */
#define QUERY(member, most, help) { #member, JSON_STRING, JSON_IN_QUERY, AT(member), 0, most, .doc = help }
#define QUERY_WORD(member, words, help) { #member, JSON_ENUM, JSON_IN_QUERY, AT(member), .names = words, .doc = help }
#define LIMIT \
  { "limit", JSON_INT, JSON_IN_QUERY, AT(limit), 1, 1000, .preset = 100, .doc = "Most items in one answer." }
#define AFTER QUERY(after, 1024, "Where to go on: what the answer before gave as next.")
#define SUBSTRING QUERY(q, 256, "Only what has this in its name or address.")

/* Which nodes a fleet operation is about. */
#define SELECTION                                                                                              \
  { "nodes", JSON_STRINGS, 0, AT(nodes), .max = NODES_MAX, .doc = "Ids or names of nodes." },                  \
  FLAG(all, "All nodes of the cluster."),                                             \
  TEXT(cluster, NAME_MAX_LEN, "The cluster, by name; not needed while there is only one."),         \
  WORD(flavour, flavour_words, "Only nodes of this flavour; another is refused.")

#define S id_request
SHAPE(id_request, "IdRequest", PATH_ID("Id."));
#undef S

#define S ref_request
SHAPE(ref_request, "RefRequest", PATH_REF);
#undef S

#define S name_request
SHAPE(name_request, "NameRequest", PATH_NAME("Name."));
#undef S

#define S list_request
SHAPE(list_request, "ListRequest", LIMIT, AFTER, SUBSTRING);
#undef S

#define S setup_request
SHAPE(setup_request, "SetupRequest",
  SECRET_NEEDED(token, "What stands behind # in the setup link."),
  TEXT_NEEDED(name, NAME_MAX_LEN, "Name of the first administrator."),
  SECRET_NEEDED(password, "Their password."));
#undef S

#define S session_request
SHAPE(session_request, "SessionRequest",
  TEXT_NEEDED(name, NAME_MAX_LEN, "Name of the person."),
  SECRET_NEEDED(password, "Their password."));
#undef S

#define S console_set_request
SHAPE(console_set_request, "ConsoleSetRequest",
  PEM(key, JSON_SECRET, JSON_REQUIRED, "Private key, PEM."),
  PEM(certificate, JSON_STRING, JSON_REQUIRED, "Certificate, PEM; a chain may follow, leaf first."),
  SECRET(key_password, "Password of an encrypted key."),
  FLAG(force, "Serve it although browsers cannot open it (Ed25519, Ed448)."));
#undef S

#define S restart_request
SHAPE(restart_request, "RestartRequest",
  NUMBER(ssl_port, 0, 65535, "HTTPS port from now on; it is remembered. 0: as it is."));
#undef S

#define S cert_list_request
SHAPE(cert_list_request, "CertListRequest",
  LIMIT, AFTER, SUBSTRING,
  QUERY_WORD(kind, cert_kind_words, "Only certificates of this kind."),
  QUERY_WORD(sort, cert_sort_words, "Order; by expiry when left out."),
  QUERY(cluster, NAME_MAX_LEN, "Only what a node of this cluster uses."),
  { "expires_within_days", JSON_INT, JSON_IN_QUERY, AT(expires_within_days), -1, 36500, .preset = -1,
    .doc = "Only what expires within so many days, or has expired. -1: all." },
  { "has_key", JSON_BOOL, JSON_IN_QUERY, AT(has_key), .doc = "Only those whose private key opsd holds." });
#undef S

#define S cert_import_request
SHAPE(cert_import_request, "CertImportRequest",
  TEXT(name, NAME_MAX_LEN, "What people call it; the common name or the first SAN when left out."),
  PEM(certificate, JSON_STRING, JSON_REQUIRED, "Certificate, PEM; intermediates may follow, leaf first."),
  PEM(chain, JSON_STRING, 0, "Further intermediates, PEM."),
  PEM(key, JSON_SECRET, 0, "Private key, PEM; a certificate alone when left out."),
  SECRET(key_password, "Password of an encrypted key."));
#undef S

#define S cert_inspect_request
SHAPE(cert_inspect_request, "CertInspectRequest",
  PEM(certificate, JSON_STRING, JSON_REQUIRED, "Certificate, PEM; a chain may follow."),
  PEM(key, JSON_SECRET, 0, "Private key, PEM, to see whether it fits."),
  SECRET(key_password, "Password of an encrypted key."));
#undef S

#define S cert_export_request
SHAPE(cert_export_request, "CertExportRequest",
  PATH_ID("Id of the certificate."),
  FLAG(with_key, "The private key too. Who has it can pretend to be the server; the export is audited."));
#undef S

#define S cluster_add_request
SHAPE(cluster_add_request, "ClusterAddRequest",
  TEXT_NEEDED(name, NAME_MAX_LEN, "Name of the cluster; unique."),
  WORD_NEEDED(flavour, flavour_words, "What its servers are."),
  TEXT(db_user, NAME_MAX_LEN, "Account for SQL; the local socket of each node when left out."),
  SECRET(db_password, "Its password."));
#undef S

#define NODE_SETTINGS                                                                                              \
  TEXT_NEEDED(name, NAME_MAX_LEN, "Name of the node; unique."),                                                    \
  TEXT_NEEDED(cluster, NAME_MAX_LEN, "Name of its cluster."),                                                      \
  { "roles", JSON_STRINGS, 0, AT(roles), .max = 8, .names = node_role_words, .doc = "What it is in its cluster." }, \
  WORD_NEEDED(reach, node_reach_words, "How opsd gets at its files; `observe`: not at all."),                      \
  TEXT(ssh, 512, "USER@HOST[:PORT] of its sshd."),                                                             \
  FLAG(sudo, "Commands run under sudo -n."),                                                                       \
  TEXT_NEEDED(address, 512, "HOST[:PORT] of the database as clients reach it; [IPv6]:PORT."),                      \
  TEXT(option_file, PATH_MAX_LEN, "The server's option file, an absolute path."),                                  \
  TEXT(cert_dir, PATH_MAX_LEN, "Folder for certificates on the node, an absolute path."),                          \
  TEXT(owner, 128, "USER[:GROUP] that the server runs as."),                                                       \
  TEXT(unit, 256, "systemd unit: systemctl VERB UNIT."),                                                           \
  TEXT(service, PATH_MAX_LEN, "Command that is run as CMD start|stop|restart|status, in the place of a unit."),    \
  TEXT(bootstrap, PATH_MAX_LEN, "Command that starts it as the first of its cluster; by flavour when left out."),  \
  TEXT(base_dir, PATH_MAX_LEN, "What relative paths in its options count from; by flavour when left out."),        \
  TEXT(host_key, 128, "SHA256:… of its sshd, pinned at once; shown for confirmation when left out."),              \
  TEXT(group_address, 512, "HOST[:PORT] of the group channel; address:4567 when left out."),                       \
  { "dns_names", JSON_STRINGS, 0, AT(dns_names), .max = 100, .doc = "Further DNS names that it is reached by." }

#define S node_add_request
SHAPE(node_add_request, "NodeAddRequest", NODE_SETTINGS);
SHAPE_OF(node_change_request, node_add_request, "NodeChangeRequest", PATH_REF, NODE_SETTINGS);
#undef S

#define S node_list_request
SHAPE(node_list_request, "NodeListRequest",
  LIMIT, AFTER, SUBSTRING,
  QUERY(cluster, NAME_MAX_LEN, "Only nodes of this cluster."),
  QUERY_WORD(flavour, flavour_words, "Only nodes of this flavour."),
  { "roles", JSON_STRINGS, JSON_IN_QUERY, AT(roles), .max = 8, .names = node_role_words,
    .doc = "Only nodes with any of these roles." });
#undef S

#define S node_trust_request
SHAPE(node_trust_request, "NodeTrustRequest",
  PATH_REF,
  TEXT_NEEDED(host_key, 128, "SHA256:… as ssh-keygen -l prints it on the host."));
#undef S

#define S node_select_request
SHAPE(node_select_request, "NodeSelectRequest", SELECTION);
#undef S

#define S node_push_request
SHAPE(node_push_request, "NodePushRequest",
  SELECTION,
  { "certificate", JSON_INT, JSON_REQUIRED, AT(certificate), 1, INT64_MAX,
    .doc = "Inventory id of the certificate; opsd holds its key." },
  NUMBER(authority, 0, INT64_MAX, "Inventory id of the CA certificate; 0: the chain that the pair came with."));
#undef S

#define S node_config_request
SHAPE(node_config_request, "NodeConfigRequest",
  SELECTION,
  TEXT_NEEDED(key, 128, "Name of the option; - and _ are the same."),
  { "value", JSON_STRING, 0, AT(value), 0, 4096, .doc = "Its value; may be empty." },
  FLAG(remove, "Remove the option, in the place of a value."),
  TEXT(section, 64, "Section of the option file; by flavour when left out."));
#undef S

#define S rollout_list_request
SHAPE(rollout_list_request, "RolloutListRequest",
  LIMIT, AFTER,
  QUERY(cluster, NAME_MAX_LEN, "Only those of this cluster."),
  QUERY_WORD(state, rollout_state_words, "Only those in this state."));
#undef S

#define S user_add_request
SHAPE(user_add_request, "UserAddRequest",
  TEXT_NEEDED(name, NAME_MAX_LEN, "Name to sign in with; unique."),
  WORD_NEEDED(role, role_words, "What they may do."),
  SECRET_NEEDED(password, "First password."));
#undef S

#define S user_password_request
SHAPE(user_password_request, "UserPasswordRequest",
  PATH_NAME("Whose password."),
  SECRET_NEEDED(password, "The new one."),
  SECRET(current, "The current one, for one's own."));
#undef S

#define S user_change_request
SHAPE(user_change_request, "UserChangeRequest",
  PATH_NAME("Whose role."),
  WORD_NEEDED(role, role_words, "What they may do from now on."));
#undef S

#define S token_add_request
SHAPE(token_add_request, "TokenAddRequest",
  TEXT_NEEDED(name, NAME_MAX_LEN, "What it is for; unique."),
  WORD_NEEDED(role, role_words, "What it may do."),
  NUMBER(days, 0, 3650, "Days until it expires; 0: never."));
#undef S

#define S audit_list_request
SHAPE(audit_list_request, "AuditListRequest",
  LIMIT, AFTER, SUBSTRING,
  QUERY(who, NAME_MAX_LEN, "Only what this person or token did: a name, token:NAME, socket:USER."),
  QUERY(operation, 64, "Only this operation: certImport."));
#undef S
