/* One authenticated SSH session, always non-blocking: who uses it repeats a call that says SSH_AGAIN after
 * link_wait, until a deadline. Inside this room only. */
#ifndef OPSD_REMOTE_LINK_H
#define OPSD_REMOTE_LINK_H

#include <libssh/libssh.h>

#include "base/arena.h"
#include "base/err.h"
#include "remote/remote.h"

/* key_seen as host_key_seen of remote_open. */
enum err_code link_open(const struct remote_target *t, struct arena *a, ssh_session *out, const char **key_seen,
                        struct err *e);
void link_close(ssh_session *s);
#define AUTO_LINK CLEANUP(link_close)

/* Waits until the session's socket has work, or until the deadline: false. */
bool link_wait(ssh_session s, int64_t deadline_ms);

void channel_cleanup(ssh_channel *c);
#define AUTO_CHANNEL CLEANUP(channel_cleanup)

#endif
