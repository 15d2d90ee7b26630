#include "http/conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/stream.h"

enum { KEEPER_STEP_MS = 500, LINGER_MS = 3000 };

static void address_format(const struct sockaddr *sa, char out[INET6_ADDRSTRLEN])
{
  if (sa && sa->sa_family == AF_INET) {
    inet_ntop(AF_INET, &((const struct sockaddr_in *)sa)->sin_addr, out, INET6_ADDRSTRLEN);
  } else if (sa && sa->sa_family == AF_INET6) {
    const struct in6_addr *a = &((const struct sockaddr_in6 *)sa)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(a))
      inet_ntop(AF_INET, a->s6_addr + 12, out, INET6_ADDRSTRLEN);
    else
      inet_ntop(AF_INET6, a, out, INET6_ADDRSTRLEN);
  } else {
    strcpy(out, "local");
  }
}

static struct conn *conn_new(struct listener *l, struct MHD_Connection *mhd)
{
  struct conn *c = calloc(1, sizeof *c);
  if (!c)
    abort();
  c->listener = l;
  c->mhd = mhd;
  c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  if (l->kind == LISTENER_LOCAL)
    strcpy(c->address, "local");
  else
    address_format(MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, c->address);
  if (l->kind == LISTENER_TLS)
    tls_connection_start(&c->tls, l->server->tls,
                         MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session);
  conn_set_deadline(c, l->server->config.request_timeout_s);
  return c;
}

static void registry_add(struct http_server *s, struct conn *c)
{
  pthread_mutex_lock(&s->mutex);
  c->next = s->conns;
  c->self = &s->conns;
  if (c->next)
    c->next->self = &c->next;
  s->conns = c;
  if (!c->next)
    pthread_cond_broadcast(&s->changed); /* the first one wakes the keeper */
  pthread_mutex_unlock(&s->mutex);
}

static void registry_remove(struct http_server *s, struct conn *c)
{
  pthread_mutex_lock(&s->mutex);
  *c->self = c->next;
  if (c->next)
    c->next->self = c->self;
  pthread_mutex_unlock(&s->mutex);
}

void conn_notify(void *listener, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code)
{
  struct listener *l = listener;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    struct conn *c = conn_new(l, mhd);
    registry_add(l->server, c);
    *context = c;
  } else {
    struct conn *c = *context;
    registry_remove(l->server, c);
    tls_connection_end(&c->tls);
    free(c->target);
    free(c);
  }
}

struct conn *conn_of(struct MHD_Connection *mhd)
{
  return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

void conn_set_deadline(struct conn *c, int after_s)
{
  atomic_store(&c->deadline_ms, after_s ? clock_monotonic_ms() + after_s * INT64_C(1000) : 0);
}

void conn_linger(struct conn *c)
{
  struct http_server *s = c->listener->server;
  pthread_mutex_lock(&s->mutex);
  int fd = s->linger_count < sizeof s->linger / sizeof s->linger[0] ? fcntl(c->fd, F_DUPFD_CLOEXEC, 3) : -1;
  if (fd >= 0) {
    s->linger[s->linger_count].fd = fd;
    s->linger[s->linger_count++].until_ms = clock_monotonic_ms() + LINGER_MS;
    pthread_cond_broadcast(&s->changed);
  }
  pthread_mutex_unlock(&s->mutex);
}

int64_t conn_peer_uid(const struct conn *c)
{
  struct ucred peer;
  socklen_t len = sizeof peer;
  if (c->listener->kind != LISTENER_LOCAL || getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
    return -1;
  return peer.uid;
}

/* Reads what is there; false when the socket is done with. */
static bool linger_read(int fd, int64_t until_ms, int64_t now_ms)
{
  char bin[16384];
  ssize_t n;
  int budget = 64; /* a megabyte a step: one client does not keep the keeper */
  do
    n = recv(fd, bin, sizeof bin, MSG_DONTWAIT);
  while (n > 0 && --budget);
  explicit_bzero(bin, sizeof bin);
  return now_ms < until_ms && (n > 0 || (n < 0 && errno == EAGAIN));
}

static void linger_step(struct http_server *s, int64_t now_ms)
{
  for (size_t i = 0; i < s->linger_count;) {
    if (linger_read(s->linger[i].fd, s->linger[i].until_ms, now_ms)) {
      i++;
      continue;
    }
    close(s->linger[i].fd);
    s->linger[i] = s->linger[--s->linger_count];
  }
}

static void deadline_step(struct http_server *s, int64_t now_ms)
{
  for (struct conn *c = s->conns; c; c = c->next) {
    int64_t deadline_ms = atomic_load(&c->deadline_ms);
    if (deadline_ms && deadline_ms <= now_ms)
      shutdown(c->fd, SHUT_RDWR); /* its own thread sees the end and closes */
  }
}

static void keeper_wait(struct http_server *s)
{
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  int64_t step_ms = s->linger_count ? 20 : KEEPER_STEP_MS;
  until.tv_nsec += step_ms * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  if (s->conns || s->linger_count)
    pthread_cond_timedwait(&s->changed, &s->mutex, &until);
  else
    pthread_cond_wait(&s->changed, &s->mutex);
}

static void *keeper(void *arg)
{
  struct http_server *s = arg;
  pthread_setname_np(pthread_self(), "http-keeper");
  pthread_mutex_lock(&s->mutex);
  while (!s->keeper_ends) {
    keeper_wait(s);
    int64_t now_ms = clock_monotonic_ms();
    linger_step(s, now_ms);
    deadline_step(s, now_ms);
    pthread_mutex_unlock(&s->mutex);
    stream_beat_all(s, now_ms);
    pthread_mutex_lock(&s->mutex);
  }
  linger_step(s, INT64_MAX);
  pthread_mutex_unlock(&s->mutex);
  return NULL;
}

void keeper_start(struct http_server *s)
{
  if (pthread_create(&s->keeper, NULL, keeper, s))
    abort();
}

void keeper_stop(struct http_server *s)
{
  pthread_mutex_lock(&s->mutex);
  s->keeper_ends = true;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->mutex);
  pthread_join(s->keeper, NULL);
}
