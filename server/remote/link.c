#include "remote/link.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"
#include "remote/connect.h"
#include "remote/gate.h"

/* In the order in which sshd's own clients prefer them; a pinned key of another type is asked for by itself. */
static const char *const key_types[] = {
  "ssh-ed25519",
  "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521",
  "rsa-sha2-512,rsa-sha2-256",
};
static const char all_key_types[] = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-"
                                    "512,"
                                    "rsa-sha2-256";

enum { TRIES = 7, FIRST_PAUSE_MS = 100 };

void link_close(ssh_session *s)
{
  if (!*s)
    return;
  ssh_options_set(*s, SSH_OPTIONS_FD, NULL); /* libssh leaves a socket open that came by this option */
  ssh_disconnect(*s);
  ssh_free(*s);
  *s = NULL;
}

void channel_cleanup(ssh_channel *c)
{
  if (*c)
    ssh_channel_free(*c);
  *c = NULL;
}

bool link_wait(ssh_session s, int64_t deadline_ms)
{
  struct pollfd p = { .fd = ssh_get_fd(s), .events = POLLIN };
  if (ssh_get_poll_flags(s) & SSH_WRITE_PENDING)
    p.events |= POLLOUT;
  return p.fd >= 0 && poll_until(&p, 1, deadline_ms) > 0;
}

static ssh_session new_session(const struct remote_target *t, const char *types, int fd)
{
  ssh_session s = ssh_new();
  int off = 0, on = 1;
  unsigned port = (unsigned)t->port;
  if (!s)
    abort();
  /* nothing of the user whom opsd runs as: no configuration, no agent, no keys, no known hosts */
  if (ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &off) || ssh_options_set(s, SSH_OPTIONS_SSH_DIR, "/nonexistent") ||
      ssh_options_set(s, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") ||
      ssh_options_set(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") || ssh_options_set(s, SSH_OPTIONS_USER, t->user) ||
      ssh_options_set(s, SSH_OPTIONS_HOST, t->host) || ssh_options_set(s, SSH_OPTIONS_PORT, &port) ||
      ssh_options_set(s, SSH_OPTIONS_HOSTKEYS, types) || ssh_options_set(s, SSH_OPTIONS_NODELAY, &on) ||
      ssh_options_set(s, SSH_OPTIONS_FD, &fd)) {
    ssh_free(s);
    return NULL;
  }
  ssh_set_blocking(s, 0);
  return s;
}

/* The pause doubles, and half of it is chance, so that those who were reset together do not come back together. */
static void pause_before(int attempt)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t most = (int64_t)FIRST_PAUSE_MS << attempt;
  int64_t pause_ms = most / 2 + now.tv_nsec / 1000 % (most / 2);
  struct timespec t = { .tv_sec = pause_ms / 1000, .tv_nsec = pause_ms % 1000 * 1000000 };
  nanosleep(&t, NULL);
}

/* *reset: the other end closed before it showed a key, as MaxStartups makes sshd do. */
static enum err_code shake_hands(const struct remote_target *t, const char *types, int64_t deadline_ms,
                                 ssh_session *out, bool *reset, struct err *e)
{
  AUTO_CLOSE int fd = -1;
  TRY(connect_tcp(t->host, t->port, deadline_ms, &fd, e));
  AUTO_LINK ssh_session s = new_session(t, types, fd);
  if (!s)
    return err_set(e, ERR_INVALID, "%s@%s cannot be an SSH address", t->user, t->host);
  int rc;
  fd = -1; /* libssh's from now on */
  while ((rc = ssh_connect(s)) == SSH_AGAIN)
    if (!link_wait(s, deadline_ms))
      return err_set(e, ERR_TIMEOUT, "%s port %d took the connection but did not speak SSH in time", t->host, t->port);
  if (rc != SSH_OK) {
    const char *why = ssh_get_error(s);
    *reset = !strstr(why, "no match"); /* of key types: another try changes nothing */
    return err_set(e, ERR_UNREACHABLE, "No SSH connection to %s port %d: %s", t->host, t->port, why);
  }
  /* libssh has made it blocking, and a host that hangs would hold us in send() beyond every deadline */
  fcntl(ssh_get_fd(s), F_SETFL, O_NONBLOCK);
  *out = take_ptr(s);
  return ERR_NONE;
}

static enum err_code shake_hands_again(const struct remote_target *t, const char *types, int64_t deadline_ms,
                                       ssh_session *out, struct err *e)
{
  for (int attempt = 0;; attempt++) {
    bool reset = false;
    enum err_code rc = shake_hands(t, types, deadline_ms, out, &reset, e);
    if (!rc || !reset || attempt == TRIES - 1 || clock_monotonic_ms() > deadline_ms)
      return rc;
    pause_before(attempt);
  }
}

static enum err_code offered_key(ssh_session s, struct arena *a, const char **out, struct err *e)
{
  ssh_key key = NULL;
  unsigned char *hash = NULL;
  size_t len = 0;
  int rc = ssh_get_server_publickey(s, &key);
  if (rc == SSH_OK)
    rc = ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len);
  ssh_key_free(key);
  if (rc != SSH_OK)
    return err_set(e, ERR_REMOTE, "The host's SSH key cannot be read: %s", ssh_get_error(s));
  char *text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
  ssh_clean_pubkey_hash(&hash);
  *out = arena_strdup(a, text);
  ssh_string_free_char(text);
  return *out ? ERR_NONE : err_set(e, ERR_REMOTE, "The host's SSH key has no fingerprint");
}

/* Base64's padding is left out by ssh-keygen, but people may have pasted it. */
static bool same_fingerprint(const char *a, const char *b)
{
  size_t n = strlen(a), m = strlen(b);
  while (n && a[n - 1] == '=')
    n--;
  while (m && b[m - 1] == '=')
    m--;
  return n == m && memcmp(a, b, n) == 0;
}

static enum err_code try_types(const struct remote_target *t, const char *types, struct arena *a, int64_t deadline_ms,
                               ssh_session *out, const char **seen, struct err *e)
{
  AUTO_LINK ssh_session s = NULL;
  TRY(shake_hands_again(t, types, deadline_ms, &s, e));
  TRY(offered_key(s, a, seen, e));
  if (t->host_key && same_fingerprint(*seen, t->host_key))
    *out = take_ptr(s);
  return ERR_NONE;
}

/* *out stays NULL where no key that the host has is the pinned one; *seen is the one that it prefers. */
static enum err_code find_pinned(const struct remote_target *t, struct arena *a, int64_t deadline_ms, ssh_session *out,
                                 const char **seen, struct err *e)
{
  TRY(try_types(t, all_key_types, a, deadline_ms, out, seen, e));
  for (size_t i = 0; t->host_key && !*out && i < COUNT_OF(key_types); i++) {
    const char *other = NULL;
    struct err ignored = { 0 };
    enum err_code rc = try_types(t, key_types[i], a, deadline_ms, out, &other, &ignored);
    if (rc == ERR_TIMEOUT)
      return err_set(e, rc, "%s", ignored.text);
  }
  return ERR_NONE;
}

static enum err_code sign_in(const struct remote_target *t, ssh_session s, int64_t deadline_ms, struct err *e)
{
  ssh_key key = NULL;
  if (ssh_pki_import_privkey_base64(t->key_pem, NULL, NULL, NULL, &key) != SSH_OK)
    return err_set(e, ERR_INTERNAL, "opsd's own SSH key cannot be read");
  int rc;
  while ((rc = ssh_userauth_publickey(s, NULL, key)) == SSH_AUTH_AGAIN)
    if (!link_wait(s, deadline_ms))
      break;
  ssh_key_free(key);
  switch (rc) {
  case SSH_AUTH_SUCCESS: return ERR_NONE;
  case SSH_AUTH_AGAIN:
    return err_set(e, ERR_TIMEOUT, "%s did not answer opsd's sign-in as %s in time", t->host, t->user);
  case SSH_AUTH_PARTIAL:
    return err_set(e, ERR_REMOTE,
                   "%s wants more than a key from %s (a second factor); opsd needs an account where its key suffices",
                   t->host, t->user);
  case SSH_AUTH_DENIED:
    return err_set(e, ERR_REMOTE,
                   "%s does not let opsd in as %s: append the line that `opsd ssh-key` prints to "
                   "~%s/.ssh/authorized_keys there",
                   t->host, t->user, t->user);
  default:
    return err_set(e, ERR_UNREACHABLE, "The SSH connection to %s broke at sign-in: %s", t->host, ssh_get_error(s));
  }
}

static enum err_code refuse_key(const struct remote_target *t, const char *seen, struct err *e)
{
  if (!t->host_key)
    return err_set(e, ERR_REFUSED,
                   "The SSH key of %s is not confirmed yet: it offers %s; compare that with `ssh-keygen -lf "
                   "/etc/ssh/ssh_host_ed25519_key.pub` on the host, then `opsd node-trust`",
                   t->host, seen);
  return err_set(e, ERR_REFUSED,
                 "%s offers the SSH key %s, but %s was confirmed for it: if the host was installed anew, confirm "
                 "its new key with `opsd node-trust`; else somebody may be in between",
                 t->host, seen, t->host_key);
}

enum err_code link_open(const struct remote_target *t, struct arena *a, ssh_session *out, const char **key_seen,
                        struct err *e)
{
  AUTO_GATE struct gate *gate = gate_enter(t->host, t->port);
  (void)gate; /* it is left at the end of the scope */
  AUTO_LINK ssh_session s = NULL;
  const char *seen = NULL;
  int64_t deadline_ms = clock_monotonic_ms() + (t->connect_timeout_ms ? t->connect_timeout_ms : 10000);
  enum err_code rc = find_pinned(t, a, deadline_ms, &s, &seen, e);
  if (key_seen && seen)
    *key_seen = seen;
  if (rc)
    return rc;
  if (!s)
    return refuse_key(t, seen, e);
  TRY(sign_in(t, s, deadline_ms, e));
  *out = take_ptr(s);
  return ERR_NONE;
}
