#include "remote/inside.h"

#include <string.h>

#include "base/clock.h"
#include "remote/link.h"

static void copy_target(struct remote *r, const struct remote_target *t)
{
  r->target = *t;
  r->target.user = arena_strdup(&r->mem, t->user);
  r->target.host = arena_strdup(&r->mem, t->host);
  r->target.host_key = arena_strdup(&r->mem, t->host_key);
  r->target.key_pem = arena_strdup(&r->mem, t->key_pem);
  r->label = t->local ? "this machine" : arena_printf(&r->mem, "%s@%s", t->user, t->host);
}

enum err_code remote_open(const struct remote_target *t, struct arena *a, struct remote **out,
                          const char **host_key_seen, struct err *e)
{
  ssh_session s = NULL;
  if (!t->local)
    TRY(link_open(t, a, &s, host_key_seen, e));
  struct remote *r = calloc(1, sizeof *r);
  if (!r)
    abort();
  copy_target(r, t);
  r->session = s;
  *out = r;
  return ERR_NONE;
}

void remote_close(struct remote *r)
{
  if (!r)
    return;
  tunnels_close(r);
  link_close(&r->session);
  arena_free(&r->mem);
  free(r);
}

void exec_keep(struct buf *b, const void *data, size_t len, size_t max)
{
  size_t room = max > b->len ? max - b->len : 0;
  buf_add(b, data, len < room ? len : room);
}

static void free_job(struct exec_job *j)
{
  buf_free(&j->out);
  buf_free(&j->err);
}

/* sudo's own refusals, told from a command that failed */
static enum err_code check_sudo(const struct remote *r, const struct exec_job *j, struct err *e)
{
  const char *said = buf_cstr(&j->err);
  if (!r->target.sudo || !(j->exit_status == 1 || j->exit_status == 127))
    return ERR_NONE;
  const char *user = r->target.user ? r->target.user : "the user whom opsd runs as";
  if (j->exit_status == 1 && strncmp(said, "sudo: ", 6) == 0)
    return err_set(e, ERR_REMOTE,
                   "sudo on %s does not let %s run commands without a password: put the line \"%s ALL=(root) NOPASSWD: "
                   "/bin/sh\" into a file under /etc/sudoers.d there (%.*s)",
                   r->label, user, r->target.user ? r->target.user : "USER", (int)strcspn(said + 6, "\n"), said + 6);
  if (j->exit_status == 127 && strstr(said, "sudo"))
    return err_set(e, ERR_REMOTE, "sudo is not installed on %s: install it, or let opsd sign in as root", r->label);
  return ERR_NONE;
}

enum err_code remote_run_max(struct remote *r, const char *script, const void *in, size_t in_len, int timeout_ms,
                             size_t out_max, struct arena *a, struct remote_result *out, struct err *e)
{
  CLEANUP(free_job)
  struct exec_job j = {
    .script = script,
    .in = in,
    .in_len = in_len,
    .out_max = out_max,
    .timeout_ms = timeout_ms,
    .deadline_ms = clock_monotonic_ms() + timeout_ms,
  };
  TRY(r->session ? exec_link(r, &j, e) : exec_local(r, &j, e));
  TRY(check_sudo(r, &j, e));
  *out = (struct remote_result){
    .exit_status = j.exit_status,
    .out = arena_strndup(a, buf_cstr(&j.out), j.out.len),
    .out_len = j.out.len,
    .err = arena_strndup(a, buf_cstr(&j.err), j.err.len),
  };
  return ERR_NONE;
}

enum err_code remote_run(struct remote *r, const char *script, const void *stdin_data, size_t stdin_len, int timeout_ms,
                         struct arena *a, struct remote_result *out, struct err *e)
{
  return remote_run_max(r, script, stdin_data, stdin_len, timeout_ms, EXEC_OUT_MAX, a, out, e);
}

enum err_code script_verdict(const struct remote *r, const struct remote_result *result, struct err *e)
{
  static const enum err_code codes[] = { ERR_NOT_FOUND, ERR_CONFLICT, ERR_REFUSED, ERR_TOO_LARGE, ERR_TIMEOUT };
  int status = result->exit_status;
  if (status == 0)
    return ERR_NONE;
  enum err_code code = status >= 10 && status < 10 + (int)COUNT_OF(codes) ? codes[status - 10] : ERR_REMOTE;
  size_t end = strlen(result->err);
  while (end && result->err[end - 1] == '\n')
    end--;
  size_t start = end;
  while (start && result->err[start - 1] != '\n')
    start--;
  if (start == end)
    return err_set(e, code, "%s: a command ended with exit code %d and said nothing", r->label, status);
  size_t before_end = start ? start - 1 : 0, before = before_end;
  while (before && result->err[before - 1] != '\n')
    before--;
  if (before == before_end)
    return err_set(e, code, "%s: %.*s", r->label, (int)(end - start), result->err + start);
  return err_set(e, code, "%s: %.*s (%.*s)", r->label, (int)(end - start), result->err + start,
                 (int)(before_end - before), result->err + before);
}
