/* A door for libmariadb, which wants to connect by itself and takes no socket: a listener on 127.0.0.1 that lets in one
 * connection, from one source address, and carries its bytes to the socket given. TCP and not a socket file, since over
 * a socket file libmariadb sends caching_sha2 passwords in the clear. Inside wire only. */
#ifndef OPSD_WIRE_DOOR_H
#define OPSD_WIRE_DOOR_H

#include "base/cleanup.h"
#include "base/err.h"

enum { DOOR_SOURCE_SIZE = 16 };

struct door;

/* fd is consumed, also on failure. Nobody came within timeout_ms: the door shuts. */
enum err_code door_open(int fd, int timeout_ms, struct door **out, struct err *e);
int door_port(const struct door *d);           /* on 127.0.0.1 */
const char *door_source(const struct door *d); /* 127.x.y.z, random: whoever comes from elsewhere is not let in */
void door_close(struct door *d);               /* waits until the thread is gone */
static inline void door_cleanup(struct door **d) { door_close(*d); }
#define AUTO_DOOR CLEANUP(door_cleanup)

#endif
