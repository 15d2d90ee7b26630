/* One connection to the daemon: HTTP over the local socket, or HTTPS with a token. */
#ifndef OPSD_CLI_CLIENT_H
#define OPSD_CLI_CLIENT_H

#include "contract/contract.h"

struct client;

struct client_config {
  const char *url;        /* NULL: the local socket */
  const char *token;      /* for a URL; NULL: none */
  const char *cacert;     /* file; NULL: the system's authorities */
  const char *socket;     /* NULL: OPSD_SOCKET, else opsd.sock in the state folder */
};

/* ERR_USAGE for a URL that cannot be right, or that would carry the token over a network in the clear. */
enum err_code client_open(const struct client_config *config, struct client **out, struct err *e);
void client_close(struct client *c);
static inline void client_cleanup(struct client **c) { if (*c) client_close(*c); }
#define AUTO_CLIENT CLEANUP(client_cleanup)

/* Sends the row's request and appends the reply's body. What the daemon refuses comes back with its own
 * code, sentence and field; no answer at all is ERR_UNREACHABLE and client_answered is false. */
enum err_code client_call(struct client *c, const struct contract_row *row, const void *in, struct buf *reply,
                          struct err *e);

/* Reads a stream of events until on_event says false (ERR_NONE) or the stream ends (ERR_UNREACHABLE). */
typedef bool client_event(void *arg, const char *event, const char *data, size_t len);
enum err_code client_listen(struct client *c, const struct contract_row *row, const void *in, client_event *on_event,
                            void *arg, struct err *e);

bool client_answered(const struct client *c); /* the daemon answered the last call, with whatever */

/* $OPSD_SOCKET, or opsd.sock in the state folder of the user that we are. */
enum err_code client_socket_path(struct arena *a, const char **out, struct err *e);

#endif
