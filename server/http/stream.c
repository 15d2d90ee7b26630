#include "http/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/str.h"

struct stream {
  struct stream *next, **self;
  struct request *request;
  const char *topic;    /* NULL while the handler runs */
  struct buf pending;   /* events to send; while topic is NULL: topic, NUL, event, NUL, … */
  size_t sent;          /* of pending */
  int64_t beat_ms;      /* when the next heartbeat is due */
  bool suspended, ended;
};

static void stream_wake(struct stream *st)
{
  if (st->suspended) {
    st->suspended = false;
    MHD_resume_connection(st->request->mhd);
  }
}

static void stream_end(struct stream *st)
{
  st->ended = true;
  stream_wake(st);
}

static void stream_add(struct stream *st, const char *event)
{
  size_t waiting = st->pending.len - st->sent;
  if (waiting && waiting + strlen(event) > STREAM_PENDING_MAX) {
    stream_end(st);
    shutdown(st->request->conn->fd, SHUT_RDWR); /* it may be stuck in the middle of a write */
    return;
  }
  buf_str(&st->pending, event);
  stream_wake(st);
}

/* While the handler runs nobody knows the topic yet: keep the event with its own. */
static void stream_hold(struct stream *st, const char *topic, const char *event)
{
  if (st->pending.len < STREAM_PENDING_MAX) {
    buf_add(&st->pending, topic, strlen(topic) + 1);
    buf_add(&st->pending, event, strlen(event) + 1);
  }
}

static bool topic_matches(const struct stream *st, const char *topic)
{
  return !*st->topic || strcmp(st->topic, topic) == 0;
}

void http_publish(struct http_server *s, const char *topic, const char *event, const char *data)
{
  AUTO_BUF struct buf text = BUF_INIT;
  buf_printf(&text, "event: %s\ndata: %s\n\n", event, data);
  pthread_mutex_lock(&s->mutex);
  for (struct stream *st = s->streams; st; st = st->next) {
    if (!st->topic)
      stream_hold(st, topic, text.data);
    else if (!st->ended && topic_matches(st, topic))
      stream_add(st, text.data);
  }
  pthread_mutex_unlock(&s->mutex);
}

enum err_code stream_open(struct request *r, struct err *e)
{
  struct http_server *s = r->server;
  struct stream *st = calloc(1, sizeof *st);
  if (!st)
    abort();
  st->request = r;
  st->beat_ms = clock_monotonic_ms() + s->config.heartbeat_s * INT64_C(1000);
  pthread_mutex_lock(&s->mutex);
  bool stopping = atomic_load(&s->stopping);
  if (!stopping) {
    st->next = s->streams;
    st->self = &s->streams;
    if (st->next)
      st->next->self = &st->next;
    s->streams = st;
    r->stream = st;
  }
  pthread_mutex_unlock(&s->mutex);
  if (!stopping)
    return ERR_NONE;
  free(st);
  return err_set(e, ERR_UNAVAILABLE, "opsd is stopping.");
}

void stream_begin(struct request *r)
{
  struct stream *st = r->stream;
  AUTO_BUF struct buf ready = BUF_INIT;
  pthread_mutex_lock(&r->server->mutex);
  st->topic = r->call.topic ? arena_strdup(&r->arena, r->call.topic) : "";
  if (r->call.first_event)
    buf_str(&ready, r->call.first_event);
  for (size_t at = 0; at < st->pending.len;) {
    const char *topic = st->pending.data + at, *event = topic + strlen(topic) + 1;
    if (topic_matches(st, topic))
      buf_str(&ready, event);
    at = (size_t)(event + strlen(event) + 1 - st->pending.data);
  }
  struct buf held = st->pending;
  st->pending = ready;
  ready = held;
  pthread_mutex_unlock(&r->server->mutex);
}

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
  (void)pos;
  struct request *r = cls;
  struct stream *st = r->stream;
  ssize_t n = 0;
  pthread_mutex_lock(&r->server->mutex);
  size_t waiting = st->pending.len - st->sent;
  if (st->ended) {
    n = MHD_CONTENT_READER_END_OF_STREAM;
  } else if (waiting) {
    n = (ssize_t)(waiting < max ? waiting : max);
    memcpy(out, st->pending.data + st->sent, (size_t)n);
    st->sent += (size_t)n;
    if (st->sent == st->pending.len) {
      buf_free(&st->pending); /* hundreds of idle streams should not each keep their largest event's room */
      st->sent = 0;
    }
  } else {
    st->suspended = true;
    MHD_suspend_connection(r->mhd);
  }
  pthread_mutex_unlock(&r->server->mutex);
  return n;
}

struct MHD_Response *stream_response(struct request *r)
{
  return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 128, stream_read, r, NULL);
}

void stream_close(struct request *r)
{
  struct stream *st = r->stream;
  if (!st)
    return;
  pthread_mutex_lock(&r->server->mutex);
  *st->self = st->next;
  if (st->next)
    st->next->self = st->self;
  r->stream = NULL;
  pthread_mutex_unlock(&r->server->mutex);
  buf_free(&st->pending);
  free(st);
}

/* The request's strings are its own (request_own_strings), so this may run beside anything. */
static bool still_allowed(struct request *r)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct http_call call = r->call;
  call.arena = &a;
  call.who = (struct principal){ .role = ROLE_NONE };
  call.recheck = true;
  struct err e = { 0 };
  return r->server->config.hooks.authenticate(&call, r->peer_uid, &e) == ERR_NONE && call.who.role >= r->row->role;
}

static struct stream *stream_due(struct http_server *s, int64_t now_ms)
{
  for (struct stream *st = s->streams; st; st = st->next)
    if (st->topic && !st->ended && st->beat_ms <= now_ms)
      return st;
  return NULL;
}

void stream_beat_all(struct http_server *s, int64_t now_ms)
{
  pthread_mutex_lock(&s->mutex);
  for (struct stream *st; (st = stream_due(s, now_ms));) {
    struct request *r = st->request;
    st->beat_ms = now_ms + s->config.heartbeat_s * INT64_C(1000);
    atomic_fetch_add(&r->refs, 1);
    pthread_mutex_unlock(&s->mutex);
    bool allowed = still_allowed(r);
    pthread_mutex_lock(&s->mutex);
    st = r->stream; /* gone when the client went meanwhile */
    if (st && !allowed)
      stream_end(st);
    else if (st && !st->ended)
      stream_add(st, ":\n\n");
    pthread_mutex_unlock(&s->mutex);
    request_unref(r);
    pthread_mutex_lock(&s->mutex);
  }
  pthread_mutex_unlock(&s->mutex);
}

void stream_end_all(struct http_server *s)
{
  pthread_mutex_lock(&s->mutex);
  for (struct stream *st = s->streams; st; st = st->next)
    stream_end(st);
  pthread_mutex_unlock(&s->mutex);
}
