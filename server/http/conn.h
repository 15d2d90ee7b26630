/* Connections: their registry, and the keeper, a thread that cuts those whose time is up,
 * lets refused uploads run out, and beats for the streams. It sleeps while there are none. */
#ifndef OPSD_HTTP_CONN_H
#define OPSD_HTTP_CONN_H

#include "http/server.h"

/* For MHD_OPTION_NOTIFY_CONNECTION. */
void conn_notify(void *listener, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code);

struct conn *conn_of(struct MHD_Connection *mhd);

/* Cuts the connection in this many seconds unless set anew; 0: never. */
void conn_set_deadline(struct conn *c, int after_s);

/* Answered while the client still sends: closing now would reset the connection under the reply. Keeps the
 * socket open beside libmicrohttpd's own close and reads to the client's end, for a short while. */
void conn_linger(struct conn *c);

/* SO_PEERCRED's uid on a local socket; -1 elsewhere. */
int64_t conn_peer_uid(const struct conn *c);

void keeper_start(struct http_server *s);
void keeper_stop(struct http_server *s);

#endif
