/* Inside of the room: what the server, its listeners, its connections and the requests on
 * them are. One connection is served by one of libmicrohttpd's threads all its life; what
 * other threads touch is said beside it. */
#ifndef OPSD_HTTP_SERVER_H
#define OPSD_HTTP_SERVER_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "http/http.h"
#include "http/target.h"
#include "http/tls.h"

enum listener_kind { LISTENER_TLS, LISTENER_PLAIN, LISTENER_REDIRECT, LISTENER_LOCAL };
enum { LISTENERS_MAX = 4, SWALLOW_MAX = 64 << 10, REPLY_TIMEOUT_S = 120 };

struct listener {
  struct http_server *server;
  struct MHD_Daemon *daemon;
  enum listener_kind kind;
  int fd;
  int port; /* -1: a local socket */
};

struct stream;
struct statics;

struct http_server {
  struct http_config config; /* defaults filled in, strings in the arena */
  struct arena arena;
  char start_tag[16];        /* differs from start to start, in front of each ETag */
  struct listener listeners[LISTENERS_MAX];
  size_t listener_count;
  int https_port, http_port; /* real ones, -1: none; known before their threads start */
  struct tls *tls;           /* NULL in plain mode */
  atomic_size_t reply_size[OP_COUNT_]; /* of each row's last reply: the next is likely as large */
  struct statics *statics;
  atomic_bool hsts;
  atomic_bool stopping;

  pthread_mutex_t mutex;     /* of all that follows; libmicrohttpd's locks are taken inside it, never outside */
  pthread_cond_t changed;    /* open_requests fell, or the keeper has something to do */
  size_t open_requests;
  bool no_suspending;        /* the last phase of stopping: nothing may be suspended any more */
  struct conn *conns;
  struct request *slow;      /* suspended while their handler runs */
  struct stream *streams;
  struct { int fd; int64_t until_ms; } linger[32];
  size_t linger_count;
  pthread_t keeper;
  bool keeper_ends;
  atomic_size_t refs;        /* the owner, and each slow handler that outlives http_stop */
};

/* One TCP or local connection: libmicrohttpd's socket context. */
struct conn {
  struct conn *next, **self;      /* server->mutex */
  struct listener *listener;
  struct MHD_Connection *mhd;
  int fd;                         /* valid while in the list */
  _Atomic int64_t deadline_ms;    /* monotonic; when the keeper cuts the connection. 0: never */
  struct tls_connection tls;
  char *target;                   /* request target as sent; grows as needed */
  size_t target_size;
  char address[INET6_ADDRSTRLEN];
};

/* What of a request's head matters here; libmicrohttpd's memory, as long as the request. */
struct head {
  const char *host, *origin, *csrf, *type, *length, *authorization, *if_none_match, *forwarded_for;
  int hosts, lengths;
  bool unreadable, chunked, coded, expects_continue, accepts_gzip;
};

enum request_state { REQUEST_ARRIVING, REQUEST_RUNNING, REQUEST_ANSWERED };

struct request {
  struct http_call call;
  struct http_server *server;
  struct conn *conn;
  struct MHD_Connection *mhd;
  struct arena arena;
  struct head head;
  struct target target;
  const struct contract_row *row;   /* NULL: a file, or refused before a row was found */
  const struct route *route;
  const struct http_asset *asset;
  bool head_only;                   /* HEAD */
  bool has_body, body_left;         /* body_left: answered before all of it had come */
  size_t body_seen;
  struct buf body;
  int64_t peer_uid;
  void *in, *out;
  struct buf raw;
  struct err error;                 /* code ERR_NONE: none so far */
  char allow[64];                   /* with ERR_METHOD */
  enum request_state state;
  struct buf reply;                 /* made by a slow handler's thread */
  struct stream *stream;
  struct request *slow_next, **slow_self; /* server->mutex */
  bool detached;                    /* server->mutex: http_stop gave up waiting for the handler */
  atomic_uint refs;                 /* the connection, a slow handler, a heartbeat */
};

void request_unref(struct request *r);
void server_unref(struct http_server *s);

#endif
