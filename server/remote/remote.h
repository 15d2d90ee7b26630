/* A host: run a command, read files, install files, open a tunnel. Over SSH (libssh) or on
 * this machine, one interface. A host is used by one thread at a time. */
#ifndef OPSD_REMOTE_REMOTE_H
#define OPSD_REMOTE_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct remote_target {
  bool local;               /* this machine; the rest but sudo is unused then */
  const char *user, *host;
  int port;
  bool sudo;                /* commands run through `sudo -n` */
  const char *host_key;     /* pinned "SHA256:…"; NULL: the connection is refused after the key was seen (ERR_REFUSED) */
  const char *key_pem;      /* opsd's private SSH key, OpenSSH or PEM text */
  int connect_timeout_ms;   /* 0: 10,000 */
};

struct remote;

/* host_key_seen (may be NULL) is set to the offered "SHA256:…" as soon as it is known, in the arena, success or not. The user's own ssh configuration
 * and known_hosts are never read. Connection resets (MaxStartups) are tried again with growing pauses within
 * connect_timeout_ms, and at most four handshakes with one host are under way at once. */
enum err_code remote_open(const struct remote_target *t, struct arena *a, struct remote **out, const char **host_key_seen,
                          struct err *e);
void remote_close(struct remote *r);
static inline void remote_cleanup(struct remote **r) { remote_close(*r); }
#define AUTO_REMOTE CLEANUP(remote_cleanup)

/* Runs `sh -c script` (as root through sudo where the target says so), stdin_data as its standard input.
 * The call ends when the script's shell ends, though what it started may hold its output open. Output beyond 8 MiB
 * (64 KiB of standard error) is dropped. A non-zero exit is no error of the call; an end by a signal is 128 and more.
 * timeout_ms is hard: ERR_TIMEOUT, and the command is left alone (it may go on). The script itself is not secret,
 * stdin_data may be: it is in no argv. */
struct remote_result { int exit_status; const char *out; size_t out_len; const char *err; };
enum err_code remote_run(struct remote *r, const char *script, const void *stdin_data, size_t stdin_len, int timeout_ms,
                         struct arena *a, struct remote_result *out, struct err *e);

/* The bytes of a file; missing: ERR_NOT_FOUND; larger than max: ERR_TOO_LARGE. Binary-safe. */
enum err_code remote_read(struct remote *r, const char *path, size_t max, struct arena *a, const char **data, size_t *len,
                          struct err *e);
/* The *.cnf files of a folder, full paths, sorted bytewise. */
enum err_code remote_list_cnf(struct remote *r, const char *folder, struct arena *a, struct str_list *out, struct err *e);

/* Replaces one file atomically, keeping owner, mode, SELinux label, and links (a link is followed, its target replaced). expect_sha256 (lower-case hex
 * without colons, of the bytes that the caller read) guards against somebody else's edit: ERR_CONFLICT, nothing changed. The old bytes are
 * kept under backup_path (NULL: not kept; its folder is made 0700). */
enum err_code remote_replace(struct remote *r, const char *path, const char *expect_sha256, const void *data, size_t len,
                             const char *backup_path, struct err *e);

/* Generations of certificate files in folder D. Files travel in one channel. Installs D/gen-N/NAME with owner and mode
 * for each file (and what the generation before had beside them), fsyncs, takes over what lies at D/NAME as plain files
 * or other links (as a generation of its own, whose content is what was served), makes D/NAME links to live/NAME, then
 * flips `live` to gen-N by one rename. Either all is in place or what was served before still is. A folder that is not
 * there is made (0750, of the owner); one that is there keeps owner and mode, and gives them to gen-N. That the owner can
 * read the files is tried before the flip.
 * Idempotent under `step` (letters, digits, "_-."): a second call with the same step name after a success changes nothing
 * and says the same generation. The lock D/.opsd/lock is held by the command on the node while it runs, and names the
 * step; a later call (of a resumed rollout) waits for it up to timeout_ms, then says ERR_CONFLICT with the other step's
 * name, or ERR_TIMEOUT where it is the same step's. Keeps the last three generations; older ones are overwritten and
 * removed. */
struct remote_file { const char *name; const void *data; size_t len; mode_t mode; };
enum err_code remote_install_generation(struct remote *r, const char *folder, const char *owner, const char *step,
                                        const struct remote_file *files, size_t count, int timeout_ms, int64_t *generation,
                                        struct err *e);
/* Points `live` back at the generation it had before the flip made under `step`. Again: changes nothing. ERR_NOT_FOUND
 * when step changed nothing there; ERR_CONFLICT when nothing was there before, or a later step has flipped since. */
enum err_code remote_flip_back(struct remote *r, const char *folder, const char *step, int timeout_ms, int64_t *generation,
                               struct err *e);

/* Runs a command that must not die with us (a restart): detached from the connection, its output (both streams, the last
 * 256 KiB, in out) in folder/.opsd/step-NAME.{log,exit}, under the folder's lock. Called again with the same step it does
 * not start a second one: it waits for the first one's end, or tells its end. ERR_TIMEOUT: it is still running.
 * ERR_REMOTE once, when the host went down under it; the call after that starts it anew. */
enum err_code remote_run_detached(struct remote *r, const char *folder, const char *step, const char *script, int timeout_ms,
                                  struct arena *a, struct remote_result *out, struct err *e);

/* A connected, non-blocking socket to host:port as seen from there (local: a plain TCP connection). *fd is the caller's; a
 * thread of ours carries the bytes until either end closes, over an SSH session of its own. Closing the remote ends it.
 * unix_path instead of host: a socket file there, opened as the SSH user (not through sudo). */
enum err_code remote_tunnel(struct remote *r, const char *host, int port, const char *unix_path, int timeout_ms, int *fd,
                            struct err *e);

/* An ed25519 key pair for opsd: private in OpenSSH PEM, public as one authorized_keys line (with comment), its "SHA256:…". */
enum err_code remote_key_make(const char *comment, struct buf *private_pem, struct buf *public_line, struct err *e);
enum err_code remote_key_public(const char *private_pem, const char *comment, struct arena *a, const char **public_line,
                                const char **fingerprint, struct err *e);

#endif
