/* A node's settings as they come in, checked as a whole. */
#ifndef OPSD_API_NODE_SETTINGS_H
#define OPSD_API_NODE_SETTINGS_H

#include "contract/requests.h"
#include "model/fleet.h"

/* Fills *n (zeroed) from the request for a node of cluster c; strings are shared with the request or
 * lie in the arena. What contradicts itself is refused with its field. */
enum err_code api_node_from_request(const struct node_add_request *in, const struct cluster *c, struct arena *a,
                                    struct node *n, struct err *e);

/* "SHA256:" and 43 base64 characters, as ssh-keygen -l prints it. */
enum err_code api_check_host_key(const char *field, const char *key, struct err *e);

#endif
