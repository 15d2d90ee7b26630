/* The handlers behind the contract's rows, and what they share. A handler gets a filled
 * request struct and fills a reply; policy (roles, limits, audit) was done by the dispatcher. */
#ifndef OPSD_API_API_H
#define OPSD_API_API_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "fleet/fleet.h"
#include "http/http.h"
#include "store/store.h"

enum api_wish { API_WISH_STOP, API_WISH_RESTART, API_WISH_RELISTEN };

struct api {
  struct store *store;
  struct fleet *fleet;
  const char *state_folder;
  const char *setup_link_file;
  const char *version;
  int64_t started_s;
  int64_t session_s, session_idle_s;
  int hsts_max_age_s;
  uid_t own_uid;
  /* asks the main loop for something that a request's thread must not do itself */
  void (*wish)(enum api_wish what);
  /* the server comes and goes with ssl-disable and ssl-set-cert, while others publish */
  pthread_rwlock_t http_lock;
  struct http_server *http;  /* the ports; NULL while there is none */
  struct http_server *local; /* the local socket, which stays meanwhile */
  bool plain;
  atomic_bool other_port; /* the restart that was asked for is to another HTTPS port */
};

extern http_handler *const api_handlers[OP_COUNT_];
extern const struct http_hooks api_hooks;

/* Publishes to whoever listens; nothing while there is no server. */
void api_publish(struct api *api, const char *topic, const char *event, const char *data);
/* For store_listen and fleet_config.on_rollout; ctx is the struct api. */
void api_on_generation(void *ctx, uint64_t generation);
void api_on_rollout(void *ctx, int64_t rollout);

/* The console's own pair: loads it (makes a self-signed one where there is none) and serves it. first tells
 * whether it was made just now; fingerprint is "sha256:…" in the arena. */
enum err_code api_console_start(struct api *api, struct arena *a, const char **fingerprint, bool *first, struct err *e);
/* Renews a self-signed one that ends within 30 days; to be called now and then. */
void api_console_renew(struct api *api);
bool api_console_is_disabled(struct api *api);
/* "sha256:…" of what is served now; NULL while TLS is disabled. */
enum err_code api_console_fingerprint(struct api *api, struct arena *a, const char **out, struct err *e);

#endif
