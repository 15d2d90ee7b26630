#include "api/handlers.h"
#include "contract/replies.h"
#include "contract/requests.h"

HANDLER(api_cluster_list)
{
  const struct list_request *want = in;
  struct cluster_list_reply *reply = out;
  return store_cluster_list(api_of(call)->store, want->q, want->limit, want->after, clock_now_s(), call->arena,
                            &reply->items, &reply->next, e);
}

HANDLER(api_cluster_add)
{
  const struct cluster_add_request *want = in;
  struct store *store = api_of(call)->store;
  call->audit_target = arena_printf(call->arena, "cluster %s", want->name);
  TRY(api_check_name("name", want->name, e));
  if (want->db_password && !want->db_user)
    return err_field(e, "db_user", "A password needs the account that it is for");
  struct cluster c = { .name = want->name, .flavour = want->flavour, .db_user = want->db_user };
  int64_t id;
  TRY(store_cluster_add(store, &c, want->db_password, &id, e));
  return store_cluster_get(store, want->name, clock_now_s(), call->arena, out, e);
}

/* All nodes of a cluster, page by page. */
static enum err_code all_nodes(struct store *store, const char *cluster, struct arena *a, node_list *out, struct err *e)
{
  struct node_filter filter = { .cluster = cluster, .now_s = clock_now_s(), .limit = 1000 };
  return store_node_list(store, &filter, a, out, &filter.after, e);
}

HANDLER(api_cluster_show)
{
  const struct ref_request *want = in;
  struct cluster_reply *reply = out;
  struct api *api = api_of(call);
  reply->cluster = arena_alloc(call->arena, sizeof *reply->cluster);
  TRY(store_cluster_get(api->store, want->ref, clock_now_s(), call->arena, reply->cluster, e));
  TRY(all_nodes(api->store, reply->cluster->name, call->arena, &reply->nodes, e));
  for (size_t i = 0; i < reply->nodes.count; i++)
    fleet_node_findings(api->fleet, &reply->nodes.item[i], clock_now_s(), call->arena, &reply->findings);
  return ERR_NONE;
}

HANDLER(api_cluster_delete)
{
  (void)out;
  const struct ref_request *want = in;
  struct store *store = api_of(call)->store;
  struct cluster c;
  TRY(store_cluster_get(store, want->ref, clock_now_s(), call->arena, &c, e));
  call->audit_target = arena_printf(call->arena, "cluster %s", c.name);
  return store_cluster_delete(store, c.id, e);
}
