#include "http/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "crypt/crypt.h"
#include "http/conn.h"
#include "http/handle.h"
#include "http/policy.h"
#include "http/reply.h"
#include "http/slow.h"
#include "http/static.h"
#include "http/stream.h"

void *request_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
  (void)cls;
  struct conn *c = conn_of(mhd);
  size_t size = strlen(target) + 1;
  if (size > c->target_size) {
    free(c->target);
    c->target_size = (size + 63) / 64 * 64;
    c->target = malloc(c->target_size);
    if (!c->target)
      abort();
  }
  memcpy(c->target, target, size);
  return NULL;
}

static struct request *request_new(struct conn *c)
{
  struct request *r = calloc(1, sizeof *r);
  if (!r)
    abort();
  r->server = c->listener->server;
  r->conn = c;
  r->mhd = c->mhd;
  r->refs = 1;
  r->call.arena = &r->arena;
  r->call.user = r->server->config.user;
  r->call.request_id = crypt_random_token(&r->arena, 6);
  pthread_mutex_lock(&r->server->mutex);
  r->server->open_requests++;
  pthread_mutex_unlock(&r->server->mutex);
  return r;
}

void request_unref(struct request *r)
{
  if (atomic_fetch_sub(&r->refs, 1) != 1)
    return;
  buf_free(&r->body);
  buf_free(&r->raw);
  buf_free(&r->reply);
  arena_free(&r->arena);
  free(r);
}

/* libmicrohttpd's memory goes with the connection; a handler or a heartbeat in another thread must not care. */
static void own_strings(struct request *r)
{
  struct http_call *c = &r->call;
  c->from = arena_strdup(&r->arena, c->from);
  c->cookie = arena_strdup(&r->arena, c->cookie);
  c->bearer = arena_strdup(&r->arena, c->bearer);
  c->host_header = arena_strdup(&r->arena, c->host_header);
}

/* Whether a refusal goes out before the body has come; the connection ends with it. What is small is read to its end
 * instead, so that the connection can be used on. */
static bool refuse_at_once(const struct request *r)
{
  int64_t length = 0;
  if (!r->error.code || !r->has_body)
    return false;
  return r->error.code == ERR_TOO_LARGE || r->error.code == ERR_MALFORMED || r->head.expects_continue ||
         (r->head.length && (!int_parse(r->head.length, 0, INT64_MAX, &length) || length > SWALLOW_MAX));
}

static enum MHD_Result request_begin(struct listener *l, struct MHD_Connection *mhd, const char *method, void **context)
{
  struct request *r = request_new(conn_of(mhd));
  *context = r;
  policy_read_head(r);
  if (atomic_load(&l->server->stopping))
    err_set(&r->error, ERR_UNAVAILABLE, "opsd is stopping.");
  else
    r->error.code = policy_check(r, method, &r->error);
  if (r->error.code)
    handle_audit_refusal(r);
  if (!refuse_at_once(r))
    return MHD_YES; /* a response that is queued now would close the connection */
  r->body_left = true;
  return reply_send(r);
}

static enum MHD_Result refuse_in_the_middle(struct request *r)
{
  r->body_left = true;
  reply_send_raw_error(r);
  return MHD_NO;
}

static enum MHD_Result request_body(struct request *r, const char *data, size_t *size)
{
  size_t len = *size;
  *size = 0;
  r->body_seen += len;
  bool wanted = !r->error.code && r->row;
  if (wanted && r->body_seen <= r->row->body_max)
    buf_add(&r->body, data, len);
  explicit_bzero((char *)data, len); /* libmicrohttpd's own buffer, done with by now; it may hold a password */
  if (wanted && r->body_seen > r->row->body_max) {
    err_set(&r->error, ERR_TOO_LARGE, "The body is larger than the %zu bytes that are taken here.", r->row->body_max);
    handle_audit_refusal(r);
    return refuse_in_the_middle(r);
  }
  if (!wanted && r->body_seen > SWALLOW_MAX) {
    if (!r->error.code)
      err_set(&r->error, ERR_TOO_LARGE, "This takes no body.");
    return refuse_in_the_middle(r);
  }
  return MHD_YES;
}

static bool is_unchanged(struct request *r)
{
  const char *has = r->head.if_none_match;
  return has && r->row->flags & CONTRACT_CACHED && strstr(has, handle_etag(r));
}

static enum MHD_Result request_stream(struct request *r)
{
  own_strings(r);
  r->error.code = stream_open(r, &r->error);
  if (r->error.code)
    return reply_send(r);
  handle_run(r);
  if (r->error.code) {
    stream_close(r);
    return reply_send(r);
  }
  stream_begin(r);
  return reply_send_stream(r);
}

static enum MHD_Result request_run(struct request *r)
{
  r->error.code = handle_read_input(r, &r->error);
  if (r->error.code) {
    handle_audit_refusal(r);
    return reply_send(r);
  }
  if (is_unchanged(r))
    return reply_send_not_modified(r, handle_etag(r));
  if (r->row->flags & CONTRACT_STREAM && !r->head_only)
    return request_stream(r);
  if (r->row->flags & CONTRACT_SLOW && r->server->config.pool) {
    own_strings(r);
    return slow_start(r, &r->error) ? reply_send(r) : MHD_YES; /* once it has started r is the handler's */
  }
  handle_run(r);
  return reply_send(r);
}

static enum MHD_Result request_end(struct request *r)
{
  conn_set_deadline(r->conn, 0); /* it has come; what the handler takes is not the client's fault */
  if (r->state == REQUEST_RUNNING)
    return reply_send_given_up(r); /* http_stop has; the rest of r is still its handler's */
  if (r->state == REQUEST_ANSWERED || r->error.code)
    return reply_send(r);
  return r->asset ? statics_send(r) : request_run(r);
}

enum MHD_Result request_handle(void *listener, struct MHD_Connection *mhd, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **context)
{
  (void)url;
  (void)version;
  struct request *r = *context;
  if (!r)
    return request_begin(listener, mhd, method, context);
  return *size ? request_body(r, data, size) : request_end(r);
}

void request_completed(void *listener, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode why)
{
  (void)mhd;
  (void)why;
  struct http_server *s = ((struct listener *)listener)->server;
  struct request *r = *context;
  *context = NULL;
  if (!r)
    return;
  stream_close(r);
  if (r->body_left)
    conn_linger(r->conn);
  conn_set_deadline(r->conn, s->config.idle_timeout_s + s->config.request_timeout_s);
  pthread_mutex_lock(&s->mutex);
  s->open_requests--;
  if (atomic_load(&s->stopping))
    pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->mutex);
  request_unref(r);
}
