/* The web server: listens, limits, speaks TLS, routes by the contract's rows, streams events,
 * serves the embedded UI. It knows no domain: who may, what is audited and what a handler does
 * come as callbacks. libmicrohttpd and GnuTLS do the work; http/README.md tells the traps. */
#ifndef OPSD_HTTP_HTTP_H
#define OPSD_HTTP_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/pool.h"
#include "contract/contract.h"
#include "http/asset.h"
#include "model/people.h"

struct http_server;

/* One request on its way through a handler. Strings live as long as the call. */
struct http_call {
  const struct contract_row *row;
  struct arena *arena;
  struct principal who;
  const char *from;          /* client address, or "local" */
  const char *request_id;    /* short random text, also in every error reply and log line */
  const char *cookie;        /* the session cookie's value; NULL */
  const char *bearer;        /* token; NULL */
  bool local;                /* came over the local socket */
  bool recheck;              /* authenticate only: a heartbeat of an open stream asks again; no use of the session */
  const char *host_header;   /* as sent */
  void *user;                /* http_config.user */
  /* set by handlers */
  const char *set_cookie;    /* new session value, "" ends it; NULL leaves it */
  const char *audit_target;  /* "certificate 12"; NULL: none */
  const char *audit_detail;
  struct buf *raw;           /* CONTRACT_RAW: the body */
  const char *raw_type;      /* its Content-Type */
  const char *topic;         /* CONTRACT_STREAM: what to listen to ("rollout:12"; "" = everything) */
  const char *first_event;   /* CONTRACT_STREAM: sent at once, complete "event: …\ndata: …\n\n"; NULL */
  int64_t retry_after_s;     /* with ERR_THROTTLED */
};

/* in and out are the row's structs (NULL where it has none); out is zeroed. What is in out must live in call->arena. */
typedef enum err_code http_handler(struct http_call *call, const void *in, void *out, struct err *e);

struct http_hooks {
  /* Establishes call->who from cookie, bearer or the local socket's peer (uid_t, else -1). Nobody: role NONE, no error.
   * A bad token: ERR_UNAUTHENTICATED. */
  enum err_code (*authenticate)(struct http_call *call, int64_t peer_uid, struct err *e);
  /* After each write, with its outcome (e NULL: went well), before its reply leaves; in the handler's thread. Refused
   * ones too, where somebody is signed in: what a nobody may not do is not worth a row, or anyone could fill the disk.
   * Not called for reads. */
  void (*audit)(struct http_call *call, const struct err *e);
  /* A number that changes whenever any CACHED reply could. */
  uint64_t (*generation)(void *user);
};

struct http_config {
  const char *bind;            /* NULL: all addresses, IPv4 and IPv6 */
  int https_port, http_port;   /* 0: a free one. -1: do not listen */
  const char *socket_path;     /* the local socket; NULL: none */
  bool plain;                  /* after ssl-disable: the API on HTTP, loopback only, no HTTPS */
  int threads;                 /* 0: as many as cores */
  int idle_timeout_s;          /* 0: 20 */
  int request_timeout_s;       /* 0: 30. For the whole of a request's head and body, however steadily they trickle */
  int heartbeat_s;             /* 0: 15. Of event streams; each also asks authenticate again */
  int connections_max;         /* 0: 1,000 */
  int connections_per_address; /* 0: 100; for the loopback too: a proxy in front wants a larger one */
  int hsts_max_age_s;          /* 0: none. Sent only where the served certificate is not self-signed */
  const char *const *allowed_origins; /* NULL-ended, beside the request's own Host; NULL: none */
  bool trust_forwarded;        /* plain only: the proxy in front sets X-Forwarded-For; its last address counts */
  bool check_replies;          /* tests: each reply is held against its row's shape; else it is a 500 and a log line */
  const struct http_asset *assets; /* the browser's part; NULL: none */
  size_t asset_count;
  struct pool *pool;           /* SLOW handlers run here */
  http_handler *const *handlers; /* by enum operation, all OP_COUNT_ of them */
  struct http_hooks hooks;
  void *user;
};

enum err_code http_start(const struct http_config *c, struct http_server **out, struct err *e);
int http_https_port(const struct http_server *s); /* the real ones; -1 when not listening */
int http_http_port(const struct http_server *s);
/* Whether this server could listen for HTTPS on that port: it does already, or the port is free. */
enum err_code http_check_port(const struct http_server *s, int port, struct err *e);

/* The next handshake serves this pair (PEM, leaf first); the ticket key changes with it; open connections live on.
 * Before the first call no handshake succeeds. self_signed steers HSTS. */
enum err_code http_set_certificate(struct http_server *s, const char *chain_pem, const char *key_pem, bool self_signed,
                                   struct err *e);

/* Event for all streams that listen to the topic or to everything. data is one line of JSON. Never blocks: a stream
 * that is too slow is closed. */
void http_publish(struct http_server *s, const char *topic, const char *event, const char *data);

/* No new connections; ends streams; waits until open requests are finished, at most timeout_ms, and answers 503 to
 * those that are not. Their handlers run on in the pool: pool_free after this, and what they use after that. Not from a
 * handler. Frees. */
void http_stop(struct http_server *s, int timeout_ms);

#endif
