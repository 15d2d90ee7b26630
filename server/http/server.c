#include "http/server.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypt/crypt.h"
#include "http/conn.h"
#include "http/listen.h"
#include "http/router.h"
#include "http/slow.h"
#include "http/static.h"
#include "http/stream.h"

void server_unref(struct http_server *s)
{
  if (atomic_fetch_sub(&s->refs, 1) != 1)
    return;
  pthread_mutex_destroy(&s->mutex);
  pthread_cond_destroy(&s->changed);
  arena_free(&s->arena);
  free(s);
}

static int core_count(void)
{
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}

static void default_int(int *value, int preset)
{
  if (*value == 0)
    *value = preset;
}

static void config_copy(struct http_server *s, const struct http_config *from)
{
  struct http_config *c = &s->config;
  *c = *from;
  c->bind = arena_strdup(&s->arena, from->bind);
  c->socket_path = arena_strdup(&s->arena, from->socket_path);
  default_int(&c->threads, core_count());
  default_int(&c->idle_timeout_s, 20);
  default_int(&c->request_timeout_s, 30);
  default_int(&c->heartbeat_s, 15);
  default_int(&c->connections_max, 1000);
  default_int(&c->connections_per_address, 100);
  struct str_list origins = { 0 };
  for (const char *const *o = from->allowed_origins; o && *o; o++)
    str_list_add(&s->arena, &origins, *o);
  const char **list = arena_alloc_n(&s->arena, origins.count + 1, sizeof *list);
  for (size_t i = 0; i < origins.count; i++)
    list[i] = origins.item[i];
  c->allowed_origins = list;
}

static struct http_server *server_new(const struct http_config *c)
{
  struct http_server *s = calloc(1, sizeof *s);
  if (!s)
    abort();
  s->refs = 1;
  s->https_port = s->http_port = -1;
  pthread_mutex_init(&s->mutex, NULL);
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&s->changed, &attr);
  pthread_condattr_destroy(&attr);
  config_copy(s, c);
  uint32_t tag;
  crypt_random(&tag, sizeof tag);
  snprintf(s->start_tag, sizeof s->start_tag, "%" PRIx32, tag);
  s->statics = statics_new(c->assets, c->assets ? c->asset_count : 0);
  return s;
}

static enum err_code serve_tcp(struct http_server *s, enum listener_kind kind, const char *address, int port,
                               struct err *e)
{
  int fd, real;
  TRY(listen_tcp(address, port, &fd, &real, e));
  *(kind == LISTENER_TLS ? &s->https_port : &s->http_port) = real;
  return listener_start(s, kind, fd, real, e);
}

/* Plain HTTP never leaves this machine. Without IPv6 there is no ::1, which is no reason not to start. */
static enum err_code serve_plain(struct http_server *s, struct err *e)
{
  struct err no_ipv6;
  TRY(serve_tcp(s, LISTENER_PLAIN, "127.0.0.1", s->config.http_port, e));
  enum err_code rc = serve_tcp(s, LISTENER_PLAIN, "::1", s->http_port, &no_ipv6);
  return rc == ERR_CONFLICT && s->config.http_port ? err_set(e, rc, "%s", no_ipv6.text) : ERR_NONE;
}

static enum err_code serve_all(struct http_server *s, struct err *e)
{
  const struct http_config *c = &s->config;
  if (c->plain) {
    TRY(serve_plain(s, e));
  } else {
    if (c->https_port >= 0) {
      s->tls = tls_new();
      TRY(serve_tcp(s, LISTENER_TLS, c->bind, c->https_port, e));
    }
    if (c->http_port >= 0 && c->https_port >= 0)
      TRY(serve_tcp(s, LISTENER_REDIRECT, c->bind, c->http_port, e));
  }
  if (!c->socket_path)
    return ERR_NONE;
  int fd;
  TRY(listen_local(c->socket_path, &fd, e));
  return listener_start(s, LISTENER_LOCAL, fd, -1, e);
}

enum err_code http_start(const struct http_config *c, struct http_server **out, struct err *e)
{
  router_init();
  json_init();
  struct http_server *s = server_new(c);
  keeper_start(s);
  enum err_code rc = serve_all(s, e);
  if (rc) {
    http_stop(s, 0);
    return rc;
  }
  *out = s;
  return ERR_NONE;
}

int http_https_port(const struct http_server *s) { return s->https_port; }
int http_http_port(const struct http_server *s) { return s->http_port; }

enum err_code http_check_port(const struct http_server *s, int port, struct err *e)
{
  int fd, real;
  if (port == s->https_port)
    return ERR_NONE;
  TRY(listen_tcp(s->config.bind, port, &fd, &real, e));
  close(fd);
  return ERR_NONE;
}

enum err_code http_set_certificate(struct http_server *s, const char *chain_pem, const char *key_pem, bool self_signed,
                                   struct err *e)
{
  if (!s->tls)
    return err_set(e, ERR_CONFLICT, "TLS is disabled: there is nothing to serve the certificate");
  TRY(tls_set_certificate(s->tls, chain_pem, key_pem, e));
  atomic_store(&s->hsts, !self_signed && s->config.hsts_max_age_s > 0);
  return ERR_NONE;
}

static void wait_for_requests(struct http_server *s, int timeout_ms)
{
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += timeout_ms / 1000;
  until.tv_nsec += timeout_ms % 1000 * 1000000L;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock(&s->mutex);
  while (s->open_requests && pthread_cond_timedwait(&s->changed, &s->mutex, &until) != ETIMEDOUT)
    ;
  pthread_mutex_unlock(&s->mutex);
}

void http_stop(struct http_server *s, int timeout_ms)
{
  pthread_mutex_lock(&s->mutex);
  atomic_store(&s->stopping, true); /* with the mutex: no stream opens after stream_end_all */
  pthread_mutex_unlock(&s->mutex);
  for (size_t i = 0; i < s->listener_count; i++)
    listener_quiet(&s->listeners[i]);
  if (s->config.socket_path && s->listener_count && s->listeners[s->listener_count - 1].kind == LISTENER_LOCAL)
    unlink(s->config.socket_path);
  stream_end_all(s);
  wait_for_requests(s, timeout_ms);
  slow_detach_all(s);
  wait_for_requests(s, 250); /* those that were just given up still get their 503 */
  for (size_t i = 0; i < s->listener_count; i++)
    listener_stop(&s->listeners[i]);
  keeper_stop(s);
  tls_free(s->tls);
  statics_free(s->statics);
  server_unref(s);
}
