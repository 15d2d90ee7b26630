#include "api/handlers.h"
#include "base/str.h"
#include "contract/replies.h"
#include "contract/requests.h"

HANDLER(api_user_list)
{
  const struct list_request *want = in;
  struct user_list_reply *reply = out;
  return store_user_list(api_of(call)->store, want->q, want->limit, want->after, call->arena, &reply->items,
                         &reply->next, e);
}

HANDLER(api_user_add)
{
  const struct user_add_request *want = in;
  const char *hash;
  call->audit_target = arena_printf(call->arena, "user %s", want->name);
  TRY(api_check_name("name", want->name, e));
  TRY(auth_password_hash(want->name, want->password, call->arena, &hash, e));
  call->audit_detail = arena_printf(call->arena, "role %s", want->role);
  return store_user_add(api_of(call)->store, want->name, want->role, hash, call->arena, out, e);
}

HANDLER(api_user_change)
{
  const struct user_change_request *want = in;
  struct api *api = api_of(call);
  const char *hash;
  call->audit_target = arena_printf(call->arena, "user %s", want->name);
  call->audit_detail = arena_printf(call->arena, "role %s", want->role);
  TRY(store_user_set_role(api->store, want->name, want->role, e));
  return store_user_get(api->store, want->name, call->arena, out, &hash, e);
}

/* One's own password takes the current one, so that an open browser is not enough. */
HANDLER(api_user_password)
{
  (void)out;
  const struct user_password_request *want = in;
  struct api *api = api_of(call);
  bool own = call->who.user_id && str_eq(call->who.name, want->name);
  const char *hash;
  call->audit_target = arena_printf(call->arena, "user %s", want->name);
  if (!own && call->who.role < ROLE_ADMIN)
    return err_set(e, ERR_FORBIDDEN, "Another person's password is set by an administrator");
  if (own)
    TRY(auth_check_password(api->store, want->name, want->current, call->from, call->arena, &call->retry_after_s, e));
  TRY(auth_password_hash(want->name, want->password, call->arena, &hash, e));
  return store_user_set_password(api->store, want->name, hash, own ? call->who.session : NULL, e);
}

HANDLER(api_user_delete)
{
  (void)out;
  const struct name_request *want = in;
  call->audit_target = arena_printf(call->arena, "user %s", want->name);
  return store_user_delete(api_of(call)->store, want->name, e);
}

HANDLER(api_token_list)
{
  const struct list_request *want = in;
  struct token_list_reply *reply = out;
  return store_token_list(api_of(call)->store, want->limit, want->after, call->arena, &reply->items, &reply->next, e);
}

HANDLER(api_token_add)
{
  const struct token_add_request *want = in;
  struct token_added_reply *reply = out;
  call->audit_target = arena_printf(call->arena, "token %s", want->name);
  TRY(api_check_name("name", want->name, e));
  reply->token = arena_alloc(call->arena, sizeof *reply->token);
  TRY(auth_token_make(api_of(call)->store, want->name, want->role, want->days, call->who.name, call->arena,
                      reply->token, &reply->value, e));
  call->audit_detail = arena_printf(call->arena, "role %s, %lld days", want->role, (long long)want->days);
  return ERR_NONE;
}

HANDLER(api_token_delete)
{
  (void)out;
  const struct id_request *want = in;
  call->audit_target = arena_printf(call->arena, "token %lld", (long long)want->id);
  return store_token_delete(api_of(call)->store, want->id, e);
}

HANDLER(api_audit_list)
{
  const struct audit_list_request *want = in;
  struct audit_list_reply *reply = out;
  return store_audit_list(api_of(call)->store, want->q, want->who, want->operation, want->limit, want->after,
                          call->arena, &reply->items, &reply->next, e);
}
