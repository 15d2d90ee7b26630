#include <inttypes.h>

#include "api/handlers.h"
#include "base/log.h"
#include "contract/replies.h"
#include "contract/requests.h"

HANDLER(api_rollout_list)
{
  const struct rollout_list_request *want = in;
  struct rollout_list_reply *reply = out;
  return store_rollout_list(api_of(call)->store, want->cluster, want->state, want->limit, want->after, call->arena,
                            &reply->items, &reply->next, e);
}

HANDLER(api_rollout_show)
{
  const struct id_request *want = in;
  return store_rollout_get(api_of(call)->store, want->id, call->arena, out, NULL, e);
}

HANDLER(api_rollout_resume)
{
  const struct id_request *want = in;
  struct rollout_ref *reply = out;
  call->audit_target = arena_printf(call->arena, "rollout %" PRId64, want->id);
  TRY(fleet_resume(api_of(call)->fleet, want->id, call->who.name, call->arena, &reply->title, e));
  reply->rollout = want->id;
  return ERR_NONE;
}

static enum err_code rollout_json(struct api *api, int64_t id, struct arena *a, const char **json, struct err *e)
{
  struct rollout r = { 0 };
  TRY(store_rollout_get(api->store, id, a, &r, NULL, e));
  AUTO_BUF struct buf b = BUF_INIT;
  json_write(&shape_rollout, &r, &b);
  *json = arena_strndup(a, buf_cstr(&b), b.len);
  return ERR_NONE;
}

HANDLER(api_rollout_events)
{
  (void)out;
  const struct id_request *want = in;
  const char *json;
  TRY(rollout_json(api_of(call), want->id, call->arena, &json, e));
  call->topic = arena_printf(call->arena, "rollout:%" PRId64, want->id);
  call->first_event = arena_printf(call->arena, "event: rollout\ndata: %s\n\n", json);
  return ERR_NONE;
}

void api_on_rollout(void *ctx, int64_t id)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  const char *json;
  if (rollout_json(ctx, id, &a, &json, &e))
    log_warning("rollout %" PRId64 " cannot be shown as it goes: %s", id, e.text);
  else
    api_publish(ctx, arena_printf(&a, "rollout:%" PRId64, id), "rollout", json);
}
