#include "contract/replies.h"

#include "contract/contract.h"
#include "contract/reply_fields.h"
#include "model/word.h"

static const char *const session_role_words[] = { "none", "viewer", "operator", "admin", NULL };
static const char *const lane_words[] = { "authority", "leaf", "console", NULL };

#define S ok_reply
SHAPE(ok_reply, "OkReply", TEXT(message, "What was done."));
#undef S

#define S error_body
LOCAL_SHAPE(error_body, "ErrorBody",
  TEXT(code, "not_found, invalid, …"),
  TEXT(message, "One sentence for people."),
  TEXT_OR_NULL(field, "The field that is at fault."),
  TEXT_OR_NULL(request, "Id of the request, as in the log."));
#undef S

#define S error_reply
SHAPE(error_reply, "ErrorReply", ONE(error, error_body, "What went wrong."));
#undef S

#define S session_reply
SHAPE(session_reply, "SessionReply",
  TEXT_OR_NULL(name, "Who is signed in; null: nobody."),
  WORD(role, session_role_words, "What they may do."),
  FLAG(setup_needed, "There is no administrator yet; the setup link makes one."),
  TIME_OR_NULL(expires, "When the session ends."));
#undef S

#define S status_reply
SHAPE(status_reply, "StatusReply",
  TEXT(version, "opsd's version."),
  TEXT(host, "Name of this machine."),
  NUMBER(pid, "Process id."),
  TIME(started, "When it started."),
  TIME(now, "What time it is here."),
  NUMBER(https_port, "0: does not listen."),
  NUMBER(http_port, "0: does not listen."),
  TEXT(state_folder, "Where it keeps its state."),
  TEXT_OR_NULL(fingerprint, "Of the served certificate, sha256:…; null: TLS is disabled."),
  NUMBER(certificates, "In the inventory."),
  NUMBER(nodes, "In the inventory."),
  NUMBER(clusters, "In the inventory."),
  NUMBER(generation, "Of the state; another one after each write."));
#undef S

#define S console_reply
SHAPE(console_reply, "ConsoleReply",
  FLAG(tls, "False after ssl-disable."),
  FLAG(self_signed, "opsd's own certificate, renewed by itself."),
  FLAG(hsts, "Browsers are told to use HTTPS alone."),
  ONE_OR_NULL(certificate, certificate_detail, "What is served; null: TLS is disabled."));
#undef S

#define S export_reply
SHAPE(export_reply, "ExportReply",
  TEXT(file_name, "What to call the file."),
  TEXT(certificate, "PEM with its chain."),
  TEXT_OR_NULL(key, "PEM, PKCS#8; null unless it was asked for."));
#undef S

#define S inspect_reply
SHAPE(inspect_reply, "InspectReply", ONE(certificate, certificate_detail, "What it says."));
#undef S

#define S cert_list_reply
SHAPE(cert_list_reply, "CertListReply",
  LIST(items, certificate, "The certificates."), NEXT,
  NUMBER(total, "In the whole inventory, as the following."),
  NUMBER(expired, "Have expired."),
  NUMBER(within_30, "Expire within 30 days."),
  NUMBER(within_60, "Expire within 60 days."),
  NUMBER(leaves, "Are no authorities."),
  NUMBER(authorities, "Are authorities."));
#undef S

#define S cluster_list_reply
SHAPE(cluster_list_reply, "ClusterListReply", LIST(items, cluster, "The clusters."), NEXT);
#undef S

#define S cluster_reply
SHAPE(cluster_reply, "ClusterReply",
  ONE(cluster, cluster, "The cluster."),
  LIST(nodes, node, "Its nodes."),
  LIST(findings, finding, "What is wrong with it."));
#undef S

#define S node_list_reply
SHAPE(node_list_reply, "NodeListReply",
  LIST(items, node, "The nodes."), NEXT,
  NUMBER(total, "Number of nodes in all."));
#undef S

#define S node_reply
SHAPE(node_reply, "NodeReply", ONE(node, node, "The node."), LIST(findings, finding, "What is wrong with it."));
#undef S

#define S host_key_reply
SHAPE(host_key_reply, "HostKeyReply",
  TEXT(host_key, "SHA256:… as ssh-keygen -l prints it."));
#undef S

#define S probe_reply
SHAPE(probe_reply, "ProbeReply",
  LIST(items, node, "The nodes, each with its fresh probe."),
  NUMBER(differing, "How many of them do not serve what is wanted."));
#undef S

#define S rollout_list_reply
SHAPE(rollout_list_reply, "RolloutListReply", LIST(items, rollout, "The rollouts, newest first."), NEXT);
#undef S

#define S user_list_reply
SHAPE(user_list_reply, "UserListReply", LIST(items, user, "The people."), NEXT);
#undef S

#define S token_list_reply
SHAPE(token_list_reply, "TokenListReply", LIST(items, token, "The tokens."), NEXT);
#undef S

#define S token_added_reply
SHAPE(token_added_reply, "TokenAddedReply",
  ONE(token, token, "The token."),
  TEXT(value, "What to send as Bearer; it is shown this once."));
#undef S

#define S audit_list_reply
SHAPE(audit_list_reply, "AuditListReply", LIST(items, audit_row, "What was done, newest first."), NEXT);
#undef S

#define S ssh_key_reply
SHAPE(ssh_key_reply, "SshKeyReply",
  TEXT(public_key, "One line for authorized_keys."),
  TEXT(fingerprint, "SHA256:… of it."));
#undef S

/* The overview. */

#define S expiry_mark
LOCAL_SHAPE(expiry_mark, "ExpiryMark",
  TIME(at, "When it expires."),
  NUMBER(days_left, "Whole days until then; negative: expired."),
  WORD(lane, lane_words, "Where it is drawn."),
  TEXT(label, "Name of the certificate, or what several have in common."),
  NUMBER(certificate_id, "Its id; 0: several."),
  NUMBER(count, "How many certificates the mark stands for."));
#undef S

#define S attention
LOCAL_SHAPE(attention, "Attention",
  TEXT(rule, "Id in the rule book."),
  WORD(severity, severity_words, "How bad it is."),
  TEXT(text, "What is so."),
  TEXT_OR_NULL(mend, "What to do."),
  TEXT_OR_NULL(cluster, "Cluster that it is about."),
  TEXT_OR_NULL(node, "Node that it is about."),
  TEXT_OR_NULL(link, "Page that mends it."),
  TEXT_OR_NULL(action, "Label of its button."));
#undef S

#define S overview_reply
SHAPE(overview_reply, "OverviewReply",
  NUMBER(clusters, "Number of clusters."),
  NUMBER(nodes, "Number of nodes."),
  NUMBER(certificates, "Number of certificates."),
  NUMBER(critical, "Findings that are critical."),
  NUMBER(warnings, "Findings that are warnings."),
  TIME_OR_NULL(last_probe, "When a node was probed last."),
  LIST(attention, attention, "What needs attention, worst first."),
  LIST(expiry, expiry_mark, "What expires when."),
  LIST(cluster_cards, cluster, "The clusters."),
  LIST(activity, audit_row, "What was done last."));
#undef S
