#include <string.h>

#include "contract/contract.h"
#include "contract/replies.h"
#include "contract/requests.h"

/* PEM of a chain with 10,000 SANs still fits; a larger one is refused while it arrives. */
enum { SMALL = 16 << 10, PEM_MAX = 1 << 20, NODE_NAMES = 1 << 20 /* ten thousand nodes by name */ };

#define W CONTRACT_WRITE

const struct contract_row contract_rows[] = {
  { OP_HEALTHZ, "healthz", NULL, "GET", "/healthz", ROLE_NONE, CONTRACT_OPEN, 0, 200, NULL, &shape_ok_reply,
    "Says that the daemon answers." },
  { OP_OPENAPI, "openapi", NULL, "GET", "/api/v1/openapi.json", ROLE_VIEWER, CONTRACT_RAW, 0, 200, NULL, NULL,
    "This description, as OpenAPI 3.1." },
  { OP_SETUP, "setup", NULL, "POST", "/api/v1/setup", ROLE_NONE, CONTRACT_OPEN | CONTRACT_SLOW | W, SMALL, 201,
    &shape_setup_request, &shape_session_reply,
    "Makes the first administrator and signs in; the link is dead afterwards." },
  { OP_SESSION_SHOW, "sessionShow", NULL, "GET", "/api/v1/session", ROLE_NONE, CONTRACT_OPEN, 0, 200, NULL,
    &shape_session_reply, "Who is signed in; the role is \"none\" where nobody is." },
  { OP_SESSION_CREATE, "sessionCreate", NULL, "POST", "/api/v1/session", ROLE_NONE,
    CONTRACT_OPEN | CONTRACT_SLOW | W, SMALL, 201, &shape_session_request, &shape_session_reply, "Signs in." },
  { OP_SESSION_DELETE, "sessionDelete", NULL, "DELETE", "/api/v1/session", ROLE_VIEWER, W, 0, 204, NULL, NULL,
    "Signs out: the session ends here and now." },
  { OP_STATUS, "status", "status", "GET", "/api/v1/status", ROLE_VIEWER, 0, 0, 200, NULL, &shape_status_reply,
    "Version, ports, fingerprint and counts of the running daemon." },
  { OP_STOP, "stop", "stop", "POST", "/api/v1/stop", ROLE_ADMIN, W | CONTRACT_LOCAL, SMALL, 202, NULL, &shape_ok_reply,
    "Stops the daemon; open requests finish." },
  { OP_RESTART, "restart", "restart", "POST", "/api/v1/restart", ROLE_ADMIN, W | CONTRACT_LOCAL, SMALL, 202,
    &shape_restart_request, &shape_ok_reply, "Restarts the daemon in place; a port given here is remembered." },
  { OP_OVERVIEW, "overview", NULL, "GET", "/api/v1/overview", ROLE_VIEWER, CONTRACT_CACHED, 0, 200, NULL,
    &shape_overview_reply, "What needs attention, what expires when, and the clusters by channel." },
  { OP_EVENTS, "events", NULL, "GET", "/api/v1/events", ROLE_VIEWER, CONTRACT_STREAM, 0, 200, NULL, NULL,
    "Server-sent events: `state` with the new generation after each change, `rollout` with each step." },
  { OP_CONSOLE_SHOW, "consoleShow", NULL, "GET", "/api/v1/console/certificate", ROLE_VIEWER, 0, 0, 200, NULL,
    &shape_console_reply, "The certificate that the console itself serves." },
  { OP_CONSOLE_SET, "sslSetCert", "ssl-set-cert", "PUT", "/api/v1/console/certificate", ROLE_ADMIN, CONTRACT_SLOW | W,
    PEM_MAX, 200, &shape_console_set_request, &shape_console_reply,
    "Checks the pair and serves it from the next handshake on." },
  { OP_CONSOLE_DISABLE, "sslDisable", "ssl-disable", "DELETE", "/api/v1/console/certificate", ROLE_ADMIN, W, 0, 200,
    NULL, &shape_ok_reply, "Plain HTTP on loopback only, for a proxy in front; ssl-set-cert turns TLS on again." },
  { OP_CERT_LIST, "certList", "cert-list", "GET", "/api/v1/certificates", ROLE_VIEWER, CONTRACT_CACHED, 0, 200,
    &shape_cert_list_request, &shape_cert_list_reply, "The certificates of the inventory." },
  { OP_CERT_IMPORT, "certImport", "cert-import", "POST", "/api/v1/certificates", ROLE_OPERATOR, CONTRACT_SLOW | W,
    PEM_MAX, 201, &shape_cert_import_request, &shape_certificate_detail,
    "Takes a pair, or a certificate alone, into the inventory." },
  { OP_CERT_INSPECT, "certInspect", NULL, "POST", "/api/v1/certificates/inspect", ROLE_VIEWER, 0, PEM_MAX,
    200, &shape_cert_inspect_request, &shape_inspect_reply, "Shows what a certificate says, and keeps nothing." },
  { OP_CERT_SHOW, "certShow", "cert-show", "GET", "/api/v1/certificates/{id}", ROLE_VIEWER, CONTRACT_CACHED, 0, 200,
    &shape_id_request, &shape_certificate_detail, "All there is to see of one certificate." },
  { OP_CERT_EXPORT, "certExport", "cert-export", "POST", "/api/v1/certificates/{id}/export", ROLE_ADMIN, W, SMALL,
    200, &shape_cert_export_request, &shape_export_reply,
    "The certificate with its chain, and its private key if asked for." },
  { OP_CERT_DELETE, "certDelete", "cert-delete", "DELETE", "/api/v1/certificates/{id}", ROLE_OPERATOR, W, 0, 204,
    &shape_id_request, NULL, "Removes a certificate that nothing uses, and its key." },
  { OP_CLUSTER_LIST, "clusterList", "cluster-list", "GET", "/api/v1/clusters", ROLE_VIEWER, CONTRACT_CACHED, 0, 200,
    &shape_list_request, &shape_cluster_list_reply, "The clusters." },
  { OP_CLUSTER_ADD, "clusterAdd", "cluster-add", "POST", "/api/v1/clusters", ROLE_OPERATOR, W, SMALL, 201,
    &shape_cluster_add_request, &shape_cluster, "Adds a cluster; its nodes come with node-add." },
  { OP_CLUSTER_SHOW, "clusterShow", "cluster-show", "GET", "/api/v1/clusters/{ref}", ROLE_VIEWER, CONTRACT_CACHED, 0,
    200, &shape_ref_request, &shape_cluster_reply, "One cluster with its nodes and findings." },
  { OP_CLUSTER_DELETE, "clusterDelete", "cluster-delete", "DELETE", "/api/v1/clusters/{ref}", ROLE_OPERATOR, W, 0, 204,
    &shape_ref_request, NULL, "Removes a cluster that has no nodes." },
  { OP_NODE_LIST, "nodeList", "node-list", "GET", "/api/v1/nodes", ROLE_VIEWER, CONTRACT_CACHED, 0, 200,
    &shape_node_list_request, &shape_node_list_reply, "The nodes." },
  /* An administrator's, since the restart command that it names is run as root on the node. */
  { OP_NODE_ADD, "nodeAdd", "node-add", "POST", "/api/v1/nodes", ROLE_ADMIN, CONTRACT_SLOW | W, SMALL, 201,
    &shape_node_add_request, &shape_node_reply, "Adds a database node." },
  { OP_NODE_SHOW, "nodeShow", "node-show", "GET", "/api/v1/nodes/{ref}", ROLE_VIEWER, CONTRACT_CACHED, 0, 200,
    &shape_ref_request, &shape_node_reply, "One node: settings, last probe, findings." },
  { OP_NODE_CHANGE, "nodeChange", NULL, "PUT", "/api/v1/nodes/{ref}", ROLE_ADMIN, CONTRACT_SLOW | W, SMALL, 200,
    &shape_node_change_request, &shape_node_reply, "Replaces the settings of a node." },
  { OP_NODE_DELETE, "nodeDelete", "node-delete", "DELETE", "/api/v1/nodes/{ref}", ROLE_OPERATOR, W, 0, 204,
    &shape_ref_request, NULL, "Forgets a node; nothing on it is touched." },
  { OP_NODE_DISK, "nodeDisk", NULL, "GET", "/api/v1/nodes/{ref}/disk", ROLE_VIEWER, CONTRACT_SLOW, 0, 200,
    &shape_ref_request, &shape_node_disk, "What lies on the node now: certificate files and TLS options." },
  { OP_NODE_HOST_KEY, "nodeHostKey", NULL, "GET", "/api/v1/nodes/{ref}/host-key", ROLE_OPERATOR, CONTRACT_SLOW, 0, 200,
    &shape_ref_request, &shape_host_key_reply, "The host key that the node's sshd offers now." },
  { OP_NODE_TRUST, "nodeTrust", "node-trust", "POST", "/api/v1/nodes/{ref}/trust", ROLE_OPERATOR, W, SMALL, 200,
    &shape_node_trust_request, &shape_node_reply, "Pins a node's host key." },
  { OP_NODE_PROBE, "nodeProbe", "node-probe", "POST", "/api/v1/nodes/probe", ROLE_OPERATOR, CONTRACT_SLOW | W,
    NODE_NAMES, 200, &shape_node_select_request, &shape_probe_reply, "Looks at nodes by a real handshake." },
  { OP_NODE_PUSH, "nodePush", "node-push", "POST", "/api/v1/nodes/push", ROLE_OPERATOR, CONTRACT_SLOW | W, NODE_NAMES,
    202, &shape_node_push_request, &shape_rollout_ref, "Puts a pair from the inventory on nodes." },
  { OP_NODE_CONFIG, "nodeUpdateConfig", "node-update-config", "POST", "/api/v1/nodes/config", ROLE_OPERATOR,
    CONTRACT_SLOW | W, NODE_NAMES, 202, &shape_node_config_request, &shape_rollout_ref,
    "Sets or removes one option in the nodes' option files." },
  { OP_NODE_RESTART, "nodeRestart", "node-restart", "POST", "/api/v1/nodes/restart", ROLE_OPERATOR, CONTRACT_SLOW | W,
    NODE_NAMES, 202, &shape_node_select_request, &shape_rollout_ref,
    "Restarts nodes and follows each until it answers." },
  { OP_SSH_KEY, "sshKey", "ssh-key", "GET", "/api/v1/ssh-key", ROLE_VIEWER, 0, 0, 200, NULL, &shape_ssh_key_reply,
    "opsd's public SSH key, for the hosts' authorized_keys." },
  { OP_ROLLOUT_LIST, "rolloutList", "rollout-list", "GET", "/api/v1/rollouts", ROLE_VIEWER, CONTRACT_CACHED, 0, 200,
    &shape_rollout_list_request, &shape_rollout_list_reply, "The rollouts, newest first." },
  { OP_ROLLOUT_SHOW, "rolloutShow", "rollout-show", "GET", "/api/v1/rollouts/{id}", ROLE_VIEWER, CONTRACT_CACHED, 0,
    200, &shape_id_request, &shape_rollout, "One rollout with its journal." },
  { OP_ROLLOUT_RESUME, "rolloutResume", "rollout-resume", "POST", "/api/v1/rollouts/{id}/resume", ROLE_OPERATOR, W,
    SMALL, 202, &shape_id_request, &shape_rollout_ref, "Goes on with a rollout that was interrupted or failed." },
  { OP_ROLLOUT_EVENTS, "rolloutFollow", "rollout-follow", "GET", "/api/v1/rollouts/{id}/events", ROLE_VIEWER,
    CONTRACT_STREAM, 0, 200, &shape_id_request, NULL,
    "Server-sent events of one rollout: `rollout` with the whole of it after each step." },
  { OP_USER_LIST, "userList", "user-list", "GET", "/api/v1/users", ROLE_ADMIN, 0, 0, 200, &shape_list_request,
    &shape_user_list_reply, "The people." },
  { OP_USER_ADD, "userAdd", "user-add", "POST", "/api/v1/users", ROLE_ADMIN, CONTRACT_SLOW | W, SMALL, 201,
    &shape_user_add_request, &shape_user, "Adds a person." },
  { OP_USER_CHANGE, "userChange", NULL, "PATCH", "/api/v1/users/{name}", ROLE_ADMIN, W, SMALL, 200,
    &shape_user_change_request, &shape_user, "Gives a person another role; their sessions end." },
  { OP_USER_PASSWORD, "userPassword", "user-password", "PUT", "/api/v1/users/{name}/password", ROLE_VIEWER,
    CONTRACT_SLOW | W, SMALL, 204, &shape_user_password_request, NULL,
    "Sets a password: one's own with the current one, or, as an administrator, anyone's. Their other sessions end." },
  { OP_USER_DELETE, "userDelete", "user-delete", "DELETE", "/api/v1/users/{name}", ROLE_ADMIN, W, 0, 204,
    &shape_name_request, NULL, "Removes a person; the last administrator stays." },
  { OP_TOKEN_LIST, "tokenList", "token-list", "GET", "/api/v1/tokens", ROLE_ADMIN, 0, 0, 200, &shape_list_request,
    &shape_token_list_reply, "The API tokens." },
  { OP_TOKEN_ADD, "tokenAdd", "token-add", "POST", "/api/v1/tokens", ROLE_ADMIN, W, SMALL, 201,
    &shape_token_add_request, &shape_token_added_reply, "Makes an API token; its value is shown this once." },
  { OP_TOKEN_DELETE, "tokenDelete", "token-delete", "DELETE", "/api/v1/tokens/{id}", ROLE_ADMIN, W, 0, 204,
    &shape_id_request, NULL, "Ends a token." },
  { OP_AUDIT_LIST, "auditList", "audit-list", "GET", "/api/v1/audit", ROLE_OPERATOR, 0, 0, 200,
    &shape_audit_list_request, &shape_audit_list_reply, "Every write: who, from where, what, with what result." },
};

const size_t contract_row_count = sizeof contract_rows / sizeof contract_rows[0];
_Static_assert(sizeof contract_rows / sizeof contract_rows[0] == OP_COUNT_, "a row for each operation");

const struct contract_row *contract_find(const char *name)
{
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    if (strcmp(r->name, name) == 0 || (r->command && strcmp(r->command, name) == 0))
      return r;
  }
  return NULL;
}
