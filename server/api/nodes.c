#include <inttypes.h>
#include <string.h>

#include "api/handlers.h"
#include "api/node_settings.h"
#include "contract/replies.h"
#include "contract/requests.h"

HANDLER(api_node_list)
{
  const struct node_list_request *want = in;
  struct node_list_reply *reply = out;
  struct store *store = api_of(call)->store;
  struct node_filter filter = {
    .q = want->q, .cluster = want->cluster, .flavour = want->flavour, .roles = want->roles,
    .now_s = clock_now_s(), .limit = want->limit, .after = want->after,
  };
  TRY(store_node_list(store, &filter, call->arena, &reply->items, &reply->next, e));
  return store_node_count(store, &reply->total, e);
}

static enum err_code show(struct http_call *call, const char *ref, struct node_reply *reply, struct err *e)
{
  struct api *api = api_of(call);
  reply->node = arena_alloc(call->arena, sizeof *reply->node);
  TRY(store_node_get(api->store, ref, clock_now_s(), call->arena, reply->node, e));
  fleet_node_findings(api->fleet, reply->node, clock_now_s(), call->arena, &reply->findings);
  return ERR_NONE;
}

HANDLER(api_node_add)
{
  const struct node_add_request *want = in;
  struct api *api = api_of(call);
  struct cluster c;
  struct node n = { 0 };
  int64_t id;
  call->audit_target = arena_printf(call->arena, "node %s", want->name);
  if (store_cluster_get(api->store, want->cluster, clock_now_s(), call->arena, &c, e))
    return e->code == ERR_NOT_FOUND ? err_field(e, "cluster", "There is no cluster %s: add it first", want->cluster) : e->code;
  TRY(api_node_from_request(want, &c, call->arena, &n, e));
  TRY(store_node_add(api->store, &n, &id, e));
  call->audit_detail = arena_printf(call->arena, "in cluster %s", c.name);
  return show(call, want->name, out, e);
}

HANDLER(api_node_show)
{
  return show(call, ((const struct ref_request *)in)->ref, out, e);
}

HANDLER(api_node_change)
{
  const struct node_add_request *want = in;
  struct api *api = api_of(call);
  struct node was, n = { 0 };
  struct cluster c;
  TRY(store_node_get(api->store, want->ref, clock_now_s(), call->arena, &was, e));
  call->audit_target = arena_printf(call->arena, "node %s", was.name);
  if (!str_eq(want->cluster, was.cluster))
    return err_field(e, "cluster", "A node stays in its cluster, %s: delete it and add it to the other", was.cluster);
  TRY(store_cluster_get(api->store, was.cluster, clock_now_s(), call->arena, &c, e));
  TRY(api_node_from_request(want, &c, call->arena, &n, e));
  n.id = was.id;
  /* a pinned key stays only while it is the same host */
  bool same_host = str_eq(n.ssh_host, was.ssh_host) && n.ssh_port == was.ssh_port;
  if (!n.host_key && same_host)
    n.host_key = was.host_key;
  TRY(store_node_change(api->store, &n, e));
  return show(call, n.name, out, e);
}

HANDLER(api_node_delete)
{
  (void)out;
  struct store *store = api_of(call)->store;
  struct node n;
  TRY(store_node_get(store, ((const struct ref_request *)in)->ref, clock_now_s(), call->arena, &n, e));
  call->audit_target = arena_printf(call->arena, "node %s", n.name);
  return store_node_delete(store, n.id, e);
}

HANDLER(api_node_disk)
{
  struct api *api = api_of(call);
  struct node n;
  TRY(store_node_get(api->store, ((const struct ref_request *)in)->ref, clock_now_s(), call->arena, &n, e));
  return fleet_disk(api->fleet, &n, call->arena, out, e);
}

HANDLER(api_node_host_key)
{
  struct host_key_reply *reply = out;
  struct api *api = api_of(call);
  struct node n;
  TRY(store_node_get(api->store, ((const struct ref_request *)in)->ref, clock_now_s(), call->arena, &n, e));
  TRY(fleet_host_key(api->fleet, &n, call->arena, &reply->host_key, e));
  return store_node_set_host_key(api->store, n.id, n.host_key, reply->host_key, e);
}

HANDLER(api_node_trust)
{
  const struct node_trust_request *want = in;
  struct store *store = api_of(call)->store;
  struct node n;
  TRY(store_node_get(store, want->ref, clock_now_s(), call->arena, &n, e));
  call->audit_target = arena_printf(call->arena, "node %s", n.name);
  TRY(api_check_host_key("host_key", want->host_key, e));
  if (!str_eq(n.reach, "ssh"))
    return err_set(e, ERR_CONFLICT, "%s is not reached over SSH: there is no host key to trust", n.name);
  TRY(store_node_set_host_key(store, n.id, want->host_key, NULL, e));
  call->audit_detail = arena_printf(call->arena, "host key %s", want->host_key);
  return show(call, n.name, out, e);
}

static const char *node_names(struct arena *a, const node_list *nodes)
{
  struct str_list names = { 0 };
  for (size_t i = 0; i < nodes->count && i < 20; i++)
    str_list_add(a, &names, nodes->item[i].name);
  const char *text = str_list_join(a, &names, ", ");
  return nodes->count > names.count ? arena_printf(a, "nodes %s and %zu more", text, nodes->count - names.count)
                                    : arena_printf(a, "node%s %s", nodes->count == 1 ? "" : "s", text);
}

static enum err_code select_nodes(struct http_call *call, const struct fleet_selection *selection, node_list *nodes,
                                  struct err *e)
{
  TRY(fleet_select(api_of(call)->fleet, selection, call->arena, nodes, e));
  call->audit_target = node_names(call->arena, nodes);
  return ERR_NONE;
}

HANDLER(api_node_probe)
{
  const struct node_select_request *want = in;
  struct probe_reply *reply = out;
  struct fleet_selection selection = { want->nodes, want->all, want->cluster, want->flavour, false };
  TRY(select_nodes(call, &selection, &reply->items, e));
  TRY(fleet_probe(api_of(call)->fleet, &reply->items, call->arena, e));
  for (size_t i = 0; i < reply->items.count; i++) {
    const struct node *n = &reply->items.item[i];
    bool wanted = n->wanted_cert_id != 0;
    reply->differing += !(str_eq(n->wire, "this") || (!wanted && n->probe && str_eq(n->probe->state, "tls")));
  }
  return ERR_NONE;
}

HANDLER(api_node_push)
{
  const struct node_push_request *want = in;
  struct rollout_ref *reply = out;
  struct fleet_selection selection = { want->nodes, want->all, want->cluster, want->flavour, true };
  node_list nodes = { 0 };
  TRY(select_nodes(call, &selection, &nodes, e));
  call->audit_detail = arena_printf(call->arena, "certificate %" PRId64, want->certificate);
  return fleet_push(api_of(call)->fleet, &nodes, want->certificate, want->authority, call->who.name, call->arena,
                    &reply->rollout, &reply->title, e);
}

HANDLER(api_node_config)
{
  const struct node_config_request *want = in;
  struct rollout_ref *reply = out;
  struct fleet_selection selection = { want->nodes, want->all, want->cluster, want->flavour, true };
  node_list nodes = { 0 };
  if (want->remove ? want->value != NULL : want->value == NULL)
    return err_field(e, "value", want->remove ? "An option that is removed has no value" : "Give the option's value, or remove it");
  TRY(select_nodes(call, &selection, &nodes, e));
  call->audit_detail = arena_printf(call->arena, "%s %s", want->remove ? "removes" : "sets", want->key);
  return fleet_config_set(api_of(call)->fleet, &nodes, want->section, want->key, want->value, want->remove,
                          call->who.name, call->arena, &reply->rollout, &reply->title, e);
}

HANDLER(api_node_restart)
{
  const struct node_select_request *want = in;
  struct rollout_ref *reply = out;
  struct fleet_selection selection = { want->nodes, want->all, want->cluster, want->flavour, true };
  node_list nodes = { 0 };
  TRY(select_nodes(call, &selection, &nodes, e));
  return fleet_restart(api_of(call)->fleet, &nodes, call->who.name, call->arena, &reply->rollout, &reply->title, e);
}

HANDLER(api_ssh_key)
{
  (void)in;
  struct ssh_key_reply *reply = out;
  return fleet_ssh_key(api_of(call)->fleet, call->arena, &reply->public_key, &reply->fingerprint, e);
}
