/* The structs of model/ as the API shows them. */
#include "contract/reply_fields.h"
#include "contract/replies.h"
#include "model/word.h"

static const char *const wire_words[] = { "this", "other", "plaintext", "unreachable", "unknown", NULL };
static const char *const use_words[] = { "this", "other", "unknown", NULL };
static const char *const source_words[] = { "file", "inventory", NULL };
static const char *const content_words[] = { "certificate", "key", "other", "unreadable", NULL };

/* Certificates. */

#define S finding
SHAPE(finding, "Finding",
  TEXT(rule, "Id in the rule book: PAIR, EXPIRY, …"),
  WORD(severity, severity_words, "How bad it is."),
  TEXT(text, "What is so."),
  TEXT_OR_NULL(meets, "The error that somebody would have met."),
  TEXT_OR_NULL(mend, "What to do."));
#undef S

/* P: the way to the row inside S. A certificate that is in no inventory has id 0, no name and no
 * time of creation; IF_STORED is the flag for those. */
#define CERTIFICATE_ROW(P, IF_STORED)                                                                         \
  { "id", JSON_INT, 0, AT(P id), .doc = "Id in the inventory; 0: not in it." },                               \
  { "name", JSON_STRING, IF_STORED, AT(P name), .doc = "What people call it." },                              \
  { "kind", JSON_ENUM, 0, AT(P kind), .names = cert_kind_words, .doc = "What it is in a chain." },            \
  { "subject", JSON_STRING, 0, AT(P subject), .doc = "Distinguished name of the holder." },                   \
  { "issuer", JSON_STRING, 0, AT(P issuer), .doc = "Distinguished name of the issuer." },                     \
  { "common_name", JSON_STRING, JSON_NULLABLE, AT(P common_name), .doc = "CN of the subject." },              \
  { "not_before", JSON_TIME, 0, AT(P not_before_s), .doc = "Valid from." },                                   \
  { "not_after", JSON_TIME, 0, AT(P not_after_s), .doc = "Valid until." },                                    \
  { "days_left", JSON_INT, 0, AT(P days_left), .doc = "Whole days until not_after; negative: expired." },     \
  { "key_type", JSON_STRING, 0, AT(P key_type), .doc = "RSA, EC, Ed25519, Ed448, RSA-PSS or DSA." },          \
  { "key_bits", JSON_INT, 0, AT(P key_bits), .doc = "Size of the key." },                                     \
  { "curve", JSON_STRING, JSON_NULLABLE, AT(P curve), .doc = "P-256 …; null unless EC." },                    \
  { "sha256", JSON_STRING, 0, AT(P sha256), .doc = "SHA-256 of the DER, colon-separated hex." },              \
  { "has_key", JSON_BOOL, 0, AT(P has_key), .doc = "The private key is there." },                             \
  { "used_by", JSON_INT, 0, AT(P used_by), .doc = "Number of nodes that it was pushed to last." },            \
  { "created", JSON_TIME, IF_STORED, AT(P created_s), .doc = "When it came into the inventory." }

#define S certificate
SHAPE(certificate, "Certificate", CERTIFICATE_ROW(, 0));
#undef S

#define S chain_card
LOCAL_SHAPE(chain_card, "ChainCard",
  TEXT(subject, "Distinguished name of the holder."),
  TEXT(issuer, "Distinguished name of the issuer."),
  TEXT_OR_NULL(common_name, "CN of the subject."),
  WORD(kind, cert_kind_words, "What it is in the chain."),
  NUMBER(id, "Id in the inventory; 0: only part of a bundle."),
  TIME(not_after, "Valid until."),
  NUMBER(days_left, "Whole days until then; negative: expired."),
  TEXT(key_type, "RSA, EC, …"),
  TEXT_OR_NULL(curve, "P-256 …; null unless EC."),
  NUMBER(key_bits, "Size of the key."),
  TEXT(signature, "Digest of its signature."),
  TEXT_OR_NULL(ski, "Subject key identifier, hex."),
  TEXT_OR_NULL(aki, "Authority key identifier, hex."),
  TEXT(sha256, "SHA-256 of the DER."),
  WORD(source, source_words, "Came with the import, or was found in the inventory."));
#undef S

#define S certificate_use
LOCAL_SHAPE(certificate_use, "CertificateUse",
  NUMBER(node_id, "Id of the node; 0: opsd itself."),
  TEXT_OR_NULL(node, "Its name."),
  TEXT_OR_NULL(cluster, "Its cluster."),
  TEXT(path, "Certificate folder on the node; `console` for opsd's own."),
  WORD(on_disk, use_words, "Which certificate lies there."),
  WORD(on_wire, use_words, "Which certificate the server sends."));
#undef S

#define S certificate_detail
SHAPE(certificate_detail, "CertificateDetail",
  CERTIFICATE_ROW(row., JSON_NULLABLE),
  NUMBER(version, "1 or 3."),
  TEXT(serial, "Colon-separated hex."),
  TEXT(signature, "Signature algorithm: ecdsa-with-SHA256."),
  STRINGS(san, "Subject alternative names in their order: DNS:…, IP:…, email:…, URI:…, other:…"),
  NUMBER(san_count, "Number of them, where `san` was cut."),
  STRINGS(key_usage, "digitalSignature …"),
  STRINGS(ext_usage, "serverAuth … or a dotted OID."),
  FLAG(is_ca, "May sign certificates."),
  NUMBER(path_len, "Number of authorities that may follow; -1: no limit."),
  TEXT_OR_NULL(ski, "Subject key identifier, hex."),
  TEXT_OR_NULL(aki, "Authority key identifier, hex."),
  TEXT(sha1, "SHA-1 of the DER, colon-separated hex."),
  TEXT(pin, "Base64 of SHA-256 over the public key (RFC 7469)."),
  FLAG(key_fits, "The private key belongs to it; means something where has_key is true."),
  TEXT(pem, "The certificate and what came with it, leaf first."),
  NUMBER(chain_complete, "1: the chain ends in a self-signed certificate."),
  LIST(chain, chain_card, "The chain, leaf first."),
  LIST(findings, finding, "What is wrong with it."),
  LIST(uses, certificate_use, "Where it is used."));
#undef S

/* Clusters and nodes. */

#define S cluster
SHAPE(cluster, "Cluster",
  NUMBER(id, "Id."),
  TEXT(name, "Name."),
  WORD(flavour, flavour_words, "What its servers are."),
  TEXT_OR_NULL(db_user, "Account for SQL; null: the local socket of each node."),
  FLAG(has_db_password, "opsd holds its password."),
  NUMBER(node_count, "Number of nodes."),
  NUMBER(tls_nodes, "Nodes that spoke TLS at their last probe."),
  NUMBER(plaintext_nodes, "Nodes that offered no TLS then."),
  NUMBER(unknown_nodes, "Nodes that did not answer, or were never probed."),
  TIME_OR_NULL(next_expiry, "When the first certificate that its nodes serve expires."),
  NUMBER(rollout_id, "The rollout under way, or 0."),
  TIME(created, "When it was added."));
#undef S

#define S probe
LOCAL_SHAPE(probe, "Probe",
  TEXT(channel, "client."),
  WORD(state, probe_state_words, "What was seen."),
  TEXT_OR_NULL(error, "Why not, when it did not go well."),
  TIME(at, "When."),
  TEXT_OR_NULL(server_version, "As the server's greeting says."),
  TEXT_OR_NULL(protocol, "TLS1.3 …"),
  TEXT_OR_NULL(cipher, "TLS_AES_256_GCM_SHA384 …"),
  FLAG(client_cert_asked, "The server asked for a client certificate."),
  TEXT_OR_NULL(sha256, "SHA-256 of the certificate that was sent."),
  TEXT_OR_NULL(subject, "Its subject."),
  TEXT_OR_NULL(issuer, "Its issuer."),
  TIME_OR_NULL(not_after, "Until when it is valid."),
  NUMBER(days_left, "Whole days until then; negative: expired."),
  NUMBER(chain_length, "Number of certificates that were sent."),
  TEXT_OR_NULL(unnamed, "The node's names and addresses that the certificate is not made out to."),
  TEXT_OR_NULL(chain_pem, "Those certificates, as sent."));
#undef S

#define S node
SHAPE(node, "Node",
  NUMBER(id, "Id."),
  TEXT(name, "Name."),
  NUMBER(cluster_id, "Id of its cluster."),
  TEXT(cluster, "Name of its cluster."),
  WORD(flavour, flavour_words, "What its server is."),
  WORDS(roles, node_role_words, "What it is in its cluster."),
  WORD(reach, node_reach_words, "How opsd gets at its files."),
  TEXT_OR_NULL(ssh_user, "Account for SSH."),
  TEXT_OR_NULL(ssh_host, "Host for SSH."),
  NUMBER(ssh_port, "Port for SSH."),
  FLAG(sudo, "Commands run under sudo -n."),
  TEXT_OR_NULL(host_key, "Pinned host key, SHA256:…; null: not confirmed yet."),
  TEXT_OR_NULL(host_key_seen, "Offered at the last connection, waiting for confirmation."),
  TEXT(address, "Host of the database as clients reach it."),
  NUMBER(port, "Its port."),
  TEXT_OR_NULL(option_file, "The server's option file."),
  TEXT_OR_NULL(cert_dir, "Folder for certificates on the node."),
  TEXT_OR_NULL(owner, "USER[:GROUP] that the server runs as."),
  TEXT_OR_NULL(unit, "systemd unit."),
  TEXT_OR_NULL(service, "Service command."),
  TEXT_OR_NULL(bootstrap, "Command that starts it as the first; null: by flavour."),
  TEXT_OR_NULL(base_dir, "What relative paths in its options count from; null: by flavour."),
  TEXT_OR_NULL(group_address, "HOST[:PORT] of the group channel; null: address:4567."),
  STRINGS(dns_names, "Further DNS names that it is reached by."),
  NUMBER(wanted_cert_id, "Inventory id of the certificate that was pushed last; 0: none."),
  TEXT_OR_NULL(wanted_cert, "Its name."),
  TEXT_OR_NULL(wanted_sha256, "Its SHA-256."),
  NUMBER(wanted_ca_id, "Inventory id of the authority that was pushed with it; 0: none."),
  NUMBER(generation, "Last generation of files that was put on its disk; 0: none."),
  WORD(wire, wire_words, "What the last probe says against what is wanted."),
  ONE_OR_NULL(probe, probe, "The last probe; null: never."),
  TIME(created, "When it was added."));
#undef S

#define S node_file
LOCAL_SHAPE(node_file, "NodeFile",
  TEXT(path, "Path on the node."),
  TEXT_OR_NULL(target, "Where the link leads."),
  TEXT_OR_NULL(mode, "0600 …"),
  TEXT_OR_NULL(owner, "mysql:mysql …"),
  NUMBER(size, "Bytes."),
  WORD(content, content_words, "What is in it."),
  TEXT_OR_NULL(sha256, "Of the first certificate in it."),
  TEXT_OR_NULL(subject, "Its subject."),
  TIME_OR_NULL(not_after, "Until when it is valid."));
#undef S

#define S node_option
LOCAL_SHAPE(node_option, "NodeOption",
  TEXT(name, "Name of the option."),
  TEXT_OR_NULL(value, "Its value, masked where it may be a secret."),
  TEXT(file, "Where it stands."),
  NUMBER(line, "And in which line."));
#undef S

#define S node_disk
SHAPE(node_disk, "NodeDisk",
  TIME(at, "When this was read."),
  NUMBER(generation, "The generation that is live; 0: none."),
  LIST(files, node_file, "What lies in the certificate folder."),
  LIST(options, node_option, "The TLS options in effect."));
#undef S

/* Rollouts. */

#define S rollout_step
LOCAL_SHAPE(rollout_step, "RolloutStep",
  NUMBER(id, "Id."),
  NUMBER(node_id, "Id of the node that it is about."),
  TEXT_OR_NULL(node, "Its name."),
  TEXT(action, "check, install, flip, option, restart, follow, probe …"),
  TEXT(title, "The same for people."),
  WORD(state, step_state_words, "How far it is."),
  TEXT_OR_NULL(detail, "What it found, or why it failed."),
  NUMBER(started_ms, "Milliseconds since 1970; 0: not yet."),
  NUMBER(ended_ms, "The same."));
#undef S

#define S rollout
SHAPE(rollout, "Rollout",
  NUMBER(id, "Id."),
  NUMBER(cluster_id, "Id of the cluster."),
  TEXT(cluster, "Its name."),
  WORD(kind, rollout_kind_words, "What it does."),
  TEXT(title, "The same for people."),
  WORD(state, rollout_state_words, "How far it is."),
  TEXT_OR_NULL(error, "Why it failed."),
  TEXT(by, "Who asked for it."),
  TIME(created, "When."),
  TIME_OR_NULL(ended, "When it ended."),
  NUMBER(steps_done, "Steps that are done."),
  NUMBER(steps_total, "Steps in all."),
  LIST(steps, rollout_step, "The journal; empty in lists."));
#undef S

#define S rollout_ref
SHAPE(rollout_ref, "RolloutRef",
  NUMBER(rollout, "Id of the rollout that was started."),
  TEXT(title, "What it does."));
#undef S

/* People, tokens, the audit. */

#define S user
SHAPE(user, "User",
  NUMBER(id, "Id."),
  TEXT(name, "Name."),
  WORD(role, role_words, "What they may do."),
  TIME(created, "When they were added."),
  TIME_OR_NULL(last_seen, "When they were here last."));
#undef S

#define S token
SHAPE(token, "Token",
  NUMBER(id, "Id."),
  TEXT(name, "What it is for."),
  WORD(role, role_words, "What it may do."),
  TEXT(created_by, "Who made it."),
  TIME(created, "When."),
  TIME_OR_NULL(expires, "When it expires; null: never."),
  TIME_OR_NULL(last_used, "When it was used last."));
#undef S

#define S audit_row
SHAPE(audit_row, "AuditRow",
  NUMBER(id, "Id."),
  TIME(at, "When."),
  TEXT(who, "A person's name, token:NAME, socket:USER, or opsd."),
  TEXT(from, "Address, or local."),
  TEXT(operation, "Name of the operation."),
  TEXT_OR_NULL(target, "What it was about."),
  TEXT(result, "ok, or the error's code."),
  TEXT_OR_NULL(detail, "One sentence more."));
#undef S
