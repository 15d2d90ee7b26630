#include <limits.h>
#include <unistd.h>

#include "api/handlers.h"
#include "contract/replies.h"
#include "contract/requests.h"

HANDLER(api_healthz)
{
  (void)call, (void)in, (void)e;
  ((struct ok_reply *)out)->message = "ok";
  return ERR_NONE;
}

HANDLER(api_openapi)
{
  (void)in, (void)out, (void)e;
  contract_openapi(api_of(call)->version, call->raw);
  call->raw_type = "application/json";
  return ERR_NONE;
}

HANDLER(api_status)
{
  (void)in;
  struct status_reply *reply = out;
  struct api *api = api_of(call);
  char host[HOST_NAME_MAX + 1] = "";
  gethostname(host, sizeof host - 1);
  struct cert_counts certs;
  cluster_list clusters;
  const char *next;
  TRY(store_cert_counts(api->store, clock_now_s(), &certs, e));
  TRY(store_node_count(api->store, &reply->nodes, e));
  TRY(store_cluster_list(api->store, NULL, 1000, NULL, clock_now_s(), call->arena, &clusters, &next, e));
  reply->version = api->version;
  reply->host = arena_strdup(call->arena, host);
  reply->pid = getpid();
  reply->started_s = api->started_s;
  reply->now_s = clock_now_s();
  reply->state_folder = api->state_folder;
  reply->certificates = certs.total;
  reply->clusters = (int64_t)clusters.count;
  reply->generation = (int64_t)(store_generation(api->store) & INT64_MAX);
  pthread_rwlock_rdlock(&api->http_lock);
  int https = api->http ? http_https_port(api->http) : -1, http = api->http ? http_http_port(api->http) : -1;
  pthread_rwlock_unlock(&api->http_lock);
  reply->https_port = https > 0 ? https : 0;
  reply->http_port = http > 0 ? http : 0;
  return api_console_fingerprint(api, call->arena, &reply->fingerprint, e);
}

HANDLER(api_stop)
{
  (void)in, (void)e;
  ((struct ok_reply *)out)->message = "Stopping; open requests finish first";
  api_of(call)->wish(API_WISH_STOP);
  return ERR_NONE;
}

/* Before the port is remembered: a console that cannot listen at its next start would be gone. */
static enum err_code check_port(struct api *api, int port, struct err *e)
{
  enum err_code rc = ERR_NONE;
  pthread_rwlock_rdlock(&api->http_lock);
  if (api->http && http_check_port(api->http, port, e))
    rc = err_field(e, "ssl_port", "Port %d cannot be had: somebody else listens there, or it takes root", port);
  pthread_rwlock_unlock(&api->http_lock);
  return rc;
}

HANDLER(api_restart)
{
  const struct restart_request *want = in;
  struct api *api = api_of(call);
  if (want->ssl_port) {
    TRY(check_port(api, (int)want->ssl_port, e));
    TRY(store_setting_set(api->store, "https_port", arena_printf(call->arena, "%d", (int)want->ssl_port), e));
    atomic_store(&api->other_port, true);
    call->audit_detail = arena_printf(call->arena, "HTTPS port %d from now on", (int)want->ssl_port);
  }
  ((struct ok_reply *)out)->message = "Restarting in place";
  api->wish(API_WISH_RESTART);
  return ERR_NONE;
}

HANDLER(api_events)
{
  (void)in, (void)out, (void)e;
  call->topic = "";
  call->first_event = arena_printf(call->arena, "event: state\ndata: {\"generation\":\"%llu\"}\n\n",
                                   (unsigned long long)store_generation(api_of(call)->store));
  return ERR_NONE;
}
