/* sshd counts connections that are not signed in yet and resets new ones at random from the tenth on (MaxStartups
 * 10:30:100 by default). So of one host at most four handshakes are under way at once. Inside this room only. */
#ifndef OPSD_REMOTE_GATE_H
#define OPSD_REMOTE_GATE_H

#include "base/cleanup.h"

struct gate;
struct gate *gate_enter(const char *host, int port); /* waits; never NULL */
void gate_leave(struct gate **g);
#define AUTO_GATE CLEANUP(gate_leave)

#endif
