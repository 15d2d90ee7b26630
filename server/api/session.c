#include <unistd.h>

#include "api/handlers.h"
#include "contract/replies.h"
#include "contract/requests.h"

HANDLER(api_setup)
{
  const struct setup_request *want = in;
  struct session_reply *reply = out;
  struct api *api = api_of(call);
  struct user user;
  call->audit_target = arena_printf(call->arena, "user %s", want->name);
  TRY(api_check_name("name", want->name, e));
  TRY(auth_setup(api->store, want->token, want->name, want->password, call->from, call->arena, &user,
                 &call->retry_after_s, e));
  unlink(api->setup_link_file);
  call->who.name = user.name;
  reply->name = user.name;
  reply->role = user.role;
  return auth_session_new(api->store, &user, call->arena, &call->set_cookie, &reply->expires_s, e);
}

HANDLER(api_session_show)
{
  (void)in;
  struct session_reply *reply = out;
  struct api *api = api_of(call);
  int64_t admins, all;
  TRY(store_user_count(api->store, &admins, &all, e));
  reply->setup_needed = all == 0;
  reply->name = call->who.name;
  reply->role = role_word(call->who.role);
  reply->expires_s = TIME_NONE;
  if (call->cookie && call->who.role) {
    struct principal again = { 0 };
    return auth_by_cookie(api->store, call->cookie, true, call->arena, &again, &reply->expires_s, e);
  }
  return ERR_NONE;
}

HANDLER(api_session_create)
{
  const struct session_request *want = in;
  struct session_reply *reply = out;
  call->audit_target = arena_printf(call->arena, "user %s", want->name);
  TRY(auth_sign_in(api_of(call)->store, want->name, want->password, call->from, call->arena, &call->set_cookie,
                   &call->who, &reply->expires_s, &call->retry_after_s, e));
  reply->name = call->who.name;
  reply->role = role_word(call->who.role);
  return ERR_NONE;
}

HANDLER(api_session_delete)
{
  (void)in, (void)out;
  TRY(auth_sign_out(api_of(call)->store, &call->who, e));
  call->set_cookie = "";
  return ERR_NONE;
}
