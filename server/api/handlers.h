/* Handlers by file, for api/table.c; and small things that they share (api/common.c). */
#ifndef OPSD_API_HANDLERS_H
#define OPSD_API_HANDLERS_H

#include "api/api.h"

#define HANDLER(name) enum err_code name(struct http_call *call, const void *in, void *out, struct err *e)

HANDLER(api_healthz);
HANDLER(api_openapi);
HANDLER(api_status);
HANDLER(api_stop);
HANDLER(api_restart);
HANDLER(api_events);
HANDLER(api_setup);
HANDLER(api_session_show);
HANDLER(api_session_create);
HANDLER(api_session_delete);
HANDLER(api_overview);
HANDLER(api_console_show);
HANDLER(api_console_set);
HANDLER(api_console_disable);
HANDLER(api_cert_list);
HANDLER(api_cert_import);
HANDLER(api_cert_inspect);
HANDLER(api_cert_show);
HANDLER(api_cert_export);
HANDLER(api_cert_delete);
HANDLER(api_cluster_list);
HANDLER(api_cluster_add);
HANDLER(api_cluster_show);
HANDLER(api_cluster_delete);
HANDLER(api_node_list);
HANDLER(api_node_add);
HANDLER(api_node_show);
HANDLER(api_node_change);
HANDLER(api_node_delete);
HANDLER(api_node_disk);
HANDLER(api_node_host_key);
HANDLER(api_node_trust);
HANDLER(api_node_probe);
HANDLER(api_node_push);
HANDLER(api_node_config);
HANDLER(api_node_restart);
HANDLER(api_ssh_key);
HANDLER(api_rollout_list);
HANDLER(api_rollout_show);
HANDLER(api_rollout_resume);
HANDLER(api_rollout_events);
HANDLER(api_user_list);
HANDLER(api_user_add);
HANDLER(api_user_change);
HANDLER(api_user_password);
HANDLER(api_user_delete);
HANDLER(api_token_list);
HANDLER(api_token_add);
HANDLER(api_token_delete);
HANDLER(api_audit_list);

static inline struct api *api_of(const struct http_call *call) { return call->user; }

/* Names of clusters, nodes, users and tokens: 1 to 64 of letters (any script), digits and . _ - @, beginning with a letter or digit,
 * not digits alone, since a number means an id. */
enum err_code api_check_name(const char *field, const char *name, struct err *e);

struct console_reply;
/* The console's certificate with its findings; nothing secret. */
enum err_code api_console_describe(struct api *api, struct arena *a, struct console_reply *reply, struct err *e);

#endif
