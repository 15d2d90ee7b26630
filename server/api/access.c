/* Who makes a request, and the audit row that every write leaves. */
#include <pwd.h>
#include <string.h>

#include "api/handlers.h"
#include "base/log.h"

/* Whoever owns the daemon, or the machine, is an administrator on the local socket. */
static void by_socket(struct http_call *call, int64_t uid)
{
  if (uid != 0 && uid != (int64_t)api_of(call)->own_uid)
    return;
  struct passwd pw, *found = NULL;
  char text[4096];
  getpwuid_r((uid_t)uid, &pw, text, sizeof text, &found);
  call->who.role = ROLE_ADMIN;
  call->who.name = found ? arena_printf(call->arena, "socket:%s", pw.pw_name)
                         : arena_printf(call->arena, "socket:%lld", (long long)uid);
}

static enum err_code authenticate(struct http_call *call, int64_t peer_uid, struct err *e)
{
  struct api *api = api_of(call);
  int64_t expires_s;
  if (call->bearer)
    return auth_by_token(api->store, call->bearer, call->arena, &call->who, e);
  if (call->local) {
    by_socket(call, peer_uid);
    return ERR_NONE;
  }
  if (call->cookie)
    return auth_by_cookie(api->store, call->cookie, !call->recheck, call->arena, &call->who, &expires_s, e);
  return ERR_NONE;
}

static void audit(struct http_call *call, const struct err *failed)
{
  struct audit_row row = {
    .at_s = clock_now_s(),
    .who = call->who.name ? call->who.name : "nobody",
    .from = call->from,
    .operation = call->row->name,
    .target = call->audit_target,
    .result = failed ? err_code_name(failed->code) : "ok",
    .detail = failed ? failed->text : call->audit_detail,
  };
  struct err e = { 0 };
  if (store_audit_add(api_of(call)->store, &row, &e))
    log_error("request %s: %s by %s (%s) could not be audited: %s", call->request_id, row.operation, row.who, row.result,
              e.text);
}

static uint64_t generation(void *user)
{
  return store_generation(((struct api *)user)->store);
}

const struct http_hooks api_hooks = { authenticate, audit, generation };
