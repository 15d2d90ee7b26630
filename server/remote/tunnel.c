#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "remote/connect.h"
#include "remote/inside.h"
#include "remote/link.h"

enum { PIECE = 32768 };

/* libssh's sessions belong to one thread, so each tunnel has a session of its own, and a thread that carries the bytes.
 */
struct tunnel {
  struct tunnel *next;
  ssh_session session;
  ssh_channel channel;
  int fd; /* our end of the pair */
  pthread_t thread;
  char up[PIECE], down[PIECE]; /* towards the host, towards the caller */
  size_t up_len, down_len;
  bool up_ended, up_told; /* the caller sends no more; the host was told */
  bool down_ended, down_told;
};

static void cut(char *data, size_t *len, size_t taken)
{
  memmove(data, data + taken, *len - taken);
  *len -= taken;
}

static bool read_caller(struct tunnel *t)
{
  if (t->up_ended || t->up_len == PIECE)
    return false;
  ssize_t n = recv(t->fd, t->up + t->up_len, PIECE - t->up_len, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return false;
  if (n <= 0)
    t->up_ended = true;
  t->up_len += n > 0 ? (size_t)n : 0;
  return true;
}

static bool write_host(struct tunnel *t)
{
  uint32_t room = ssh_channel_window_size(t->channel);
  size_t most = t->up_len < room ? t->up_len : room;
  if (most) {
    int n = ssh_channel_write(t->channel, t->up, (uint32_t)most);
    if (n <= 0)
      return false;
    cut(t->up, &t->up_len, (size_t)n);
    return true;
  }
  if (!t->up_ended || t->up_len || t->up_told)
    return false;
  ssh_channel_send_eof(t->channel);
  return t->up_told = true;
}

static bool read_host(struct tunnel *t)
{
  if (t->down_ended || t->down_len == PIECE)
    return false;
  int n = ssh_channel_read_nonblocking(t->channel, t->down + t->down_len, (uint32_t)(PIECE - t->down_len), 0);
  if (n > 0)
    t->down_len += (size_t)n;
  else if (n < 0 || ssh_channel_is_eof(t->channel) || ssh_channel_is_closed(t->channel))
    t->down_ended = true;
  return n > 0 || t->down_ended;
}

/* False when the caller is gone. */
static bool write_caller(struct tunnel *t, bool *some)
{
  if (t->down_len) {
    ssize_t n = send(t->fd, t->down, t->down_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0)
      return errno == EAGAIN || errno == EINTR;
    cut(t->down, &t->down_len, (size_t)n);
    *some = true;
  } else if (t->down_ended && !t->down_told) {
    shutdown(t->fd, SHUT_WR);
    t->down_told = true;
  }
  return true;
}

static void wait_for_work(struct tunnel *t)
{
  struct pollfd fds[2] = {
    { .fd = ssh_get_fd(t->session), .events = t->down_len == PIECE ? 0 : POLLIN },
    { .fd = t->fd, .events = (short)((t->up_ended || t->up_len ? 0 : POLLIN) | (t->down_len ? POLLOUT : 0)) },
  };
  if (ssh_get_poll_flags(t->session) & SSH_WRITE_PENDING)
    fds[0].events |= POLLOUT;
  if (!fds[1].events && t->down_told)
    fds[1].fd = -1; /* its hang-up is known, and would be reported without end */
  poll(fds, 2, 60000);
}

static void *carry(void *arg)
{
  struct tunnel *t = arg;
  for (;;) {
    bool some = read_caller(t);
    some = write_host(t) || some;
    some = read_host(t) || some;
    if (!write_caller(t, &some) || !ssh_is_connected(t->session))
      break;
    if (t->down_told && (t->up_told || ssh_channel_is_closed(t->channel)))
      break;
    if (!some)
      wait_for_work(t);
  }
  shutdown(t->fd, SHUT_RDWR);
  return NULL;
}

static void free_tunnel(struct tunnel **tp)
{
  struct tunnel *t = *tp;
  if (!t)
    return;
  channel_cleanup(&t->channel);
  link_close(&t->session);
  if (t->fd >= 0)
    close(t->fd);
  explicit_bzero(t, sizeof *t);
  free(t);
  *tp = NULL;
}

void tunnels_close(struct remote *r)
{
  while (r->tunnels) {
    struct tunnel *t = r->tunnels;
    r->tunnels = t->next;
    shutdown(t->fd, SHUT_RDWR);
    pthread_join(t->thread, NULL);
    free_tunnel(&t);
  }
}

/* libssh says "Channel opening failure: channel 43 error (1) …": the reasons are those of RFC 4254, 5.1 */
static enum err_code refused(struct remote *r, struct tunnel *t, const char *where, struct err *e)
{
  const char *why = ssh_get_error(t->session);
  if (strstr(why, "error (1)"))
    return err_set(e, ERR_REMOTE,
                   "sshd on %s forbids connections to %s: set \"AllowTcpForwarding local\" (for a socket file "
                   "\"AllowStreamLocalForwarding local\") for that user in its sshd_config",
                   r->label, where);
  if (strstr(why, "error (2)"))
    return err_set(e, ERR_UNREACHABLE,
                   "From %s there is no connection to %s: is the server running, and listening there?", r->label,
                   where);
  return err_set(e, ERR_UNREACHABLE, "From %s there is no connection to %s: %s", r->label, where, why);
}

static enum err_code open_channel(struct remote *r, struct tunnel *t, const char *host, int port, const char *unix_path,
                                  int64_t deadline_ms, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *where = unix_path ? unix_path : arena_printf(&a, "%s port %d", host, port);
  int rc;
  t->channel = ssh_channel_new(t->session);
  if (!t->channel)
    return err_set(e, ERR_UNREACHABLE, "The SSH connection to %s was lost", r->label);
  do {
    rc = unix_path ? ssh_channel_open_forward_unix(t->channel, unix_path, "127.0.0.1", 0)
                   : ssh_channel_open_forward(t->channel, host, port, "127.0.0.1", 0);
  } while (rc == SSH_AGAIN && link_wait(t->session, deadline_ms));
  if (rc == SSH_AGAIN)
    return err_set(e, ERR_TIMEOUT, "From %s there was no connection to %s in time", r->label, where);
  return rc == SSH_OK ? ERR_NONE : refused(r, t, where, e);
}

static enum err_code start_carrying(struct remote *r, struct tunnel **tp, int *fd_out, struct err *e)
{
  struct tunnel *t = *tp;
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
    return err_errno(e, ERR_IO, errno, "No pair of sockets for a tunnel");
  AUTO_CLOSE int theirs = pair[1];
  t->fd = pair[0];
  fcntl(theirs, F_SETFL, O_NONBLOCK);
  int rc = pthread_create(&t->thread, NULL, carry, t);
  if (rc)
    return err_errno(e, ERR_IO, rc, "No thread for a tunnel");
  t->next = r->tunnels;
  r->tunnels = take_ptr(*tp);
  *fd_out = take_fd(theirs);
  return ERR_NONE;
}

enum err_code remote_tunnel(struct remote *r, const char *host, int port, const char *unix_path, int timeout_ms,
                            int *fd, struct err *e)
{
  int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
  if (!r->session)
    return unix_path ? connect_unix(unix_path, deadline_ms, fd, e) : connect_tcp(host, port, deadline_ms, fd, e);
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_target target = r->target;
  CLEANUP(free_tunnel) struct tunnel *t = calloc(1, sizeof *t);
  if (!t)
    abort();
  t->fd = -1;
  if (!target.connect_timeout_ms || target.connect_timeout_ms > timeout_ms)
    target.connect_timeout_ms = timeout_ms;
  TRY(link_open(&target, &a, &t->session, NULL, e));
  TRY(open_channel(r, t, host, port, unix_path, deadline_ms, e));
  return start_carrying(r, &t, fd, e);
}
