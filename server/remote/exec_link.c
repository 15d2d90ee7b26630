#include "remote/inside.h"

#include <string.h>

#include "base/clock.h"
#include "remote/link.h"

enum { CHUNK = 32768, QUIET_MS = 300 };

static enum err_code lost(const struct remote *r, const char *when, struct err *e)
{
  const char *why = ssh_get_error(r->session);
  return err_set(e, ERR_UNREACHABLE, "The SSH connection to %s was lost %s%s%s", r->label, when, *why ? ": " : "", why);
}

static enum err_code late(const struct remote *r, const struct exec_job *j, struct err *e)
{
  return err_set(e, ERR_TIMEOUT, "The command on %s did not end within %d s; it may still be running there", r->label,
                 (j->timeout_ms + 999) / 1000);
}

static enum err_code open_channel(struct remote *r, struct exec_job *j, const char *command, ssh_channel *out,
                                  struct err *e)
{
  AUTO_CHANNEL ssh_channel c = ssh_channel_new(r->session);
  int rc;
  if (!c)
    return lost(r, "before a command could start", e);
  while ((rc = ssh_channel_open_session(c)) == SSH_AGAIN)
    if (!link_wait(r->session, j->deadline_ms))
      return late(r, j, e);
  if (rc != SSH_OK)
    return lost(r, "before a command could start", e);
  while ((rc = ssh_channel_request_exec(c, command)) == SSH_AGAIN)
    if (!link_wait(r->session, j->deadline_ms))
      return late(r, j, e);
  if (rc != SSH_OK)
    return lost(r, "before a command could start", e);
  *out = take_ptr(c);
  return ERR_NONE;
}

/* What is there now of one stream; true when something was. */
static bool take_output(ssh_channel c, struct exec_job *j, bool is_err)
{
  char piece[CHUNK];
  bool some = false;
  for (int n; (n = ssh_channel_read_nonblocking(c, piece, sizeof piece, is_err)) > 0; some = true)
    exec_keep(is_err ? &j->err : &j->out, piece, (size_t)n, is_err ? EXEC_ERR_MAX : j->out_max);
  explicit_bzero(piece, sizeof piece);
  return some;
}

/* As much input as the other end has room for; true when something went. */
static bool give_input(ssh_channel c, struct exec_job *j, size_t *given)
{
  uint32_t room = ssh_channel_window_size(c);
  size_t left = j->in_len - *given, most = left < room ? left : room;
  if (!most || ssh_channel_is_closed(c))
    return false;
  int n = ssh_channel_write(c, (const char *)j->in + *given, (uint32_t)(most < CHUNK ? most : CHUNK));
  if (n <= 0)
    return false; /* a command that does not read all of it is judged by its exit code */
  *given += (size_t)n;
  if (*given == j->in_len)
    ssh_channel_send_eof(c);
  return true;
}

/* After the exit code: what sshd has not forwarded yet. A daemon that was started may hold the pipe open, so there is
 * no waiting for its end. */
static void take_rest(struct remote *r, ssh_channel c, struct exec_job *j)
{
  int64_t until = clock_monotonic_ms() + QUIET_MS;
  while (!ssh_channel_is_eof(c) && !ssh_channel_is_closed(c) && link_wait(r->session, until)) {
    bool some = take_output(c, j, false);
    if (take_output(c, j, true) || some)
      until = clock_monotonic_ms() + QUIET_MS;
  }
  take_output(c, j, false);
  take_output(c, j, true);
}

static enum err_code attend(struct remote *r, ssh_channel c, struct exec_job *j, struct err *e)
{
  size_t given = 0;
  if (!j->in_len)
    ssh_channel_send_eof(c);
  for (;;) {
    bool some = give_input(c, j, &given);
    some = take_output(c, j, false) || some;
    some = take_output(c, j, true) || some;
    j->exit_status = ssh_channel_get_exit_status(c);
    if (j->exit_status >= 0)
      break;
    if (!ssh_is_connected(r->session))
      return lost(r, "while a command ran there", e);
    if (ssh_channel_is_closed(c)) {
      j->exit_status = 128; /* a signal ended it: there is no exit code */
      return ERR_NONE;
    }
    if (!some && !link_wait(r->session, j->deadline_ms))
      return late(r, j, e);
  }
  take_rest(r, c, j);
  return ERR_NONE;
}

enum err_code exec_link(struct remote *r, struct exec_job *j, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *script = sh_quote(&a, j->script);
  const char *command =
      arena_printf(&a, r->target.sudo ? "exec env LC_ALL=C sudo -n /bin/sh -c %s" : "exec /bin/sh -c %s", script);
  AUTO_CHANNEL ssh_channel c = NULL;
  TRY(open_channel(r, j, command, &c, e));
  return attend(r, c, j, e);
}
