#include "remote/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "remote/connect.h"

enum { IN, OUT, ERR, GONE, STREAMS };

struct running {
  pid_t pid;
  struct pollfd fd[STREAMS]; /* ours of the three pipes, and a pidfd (-1 on kernels before 5.3) */
  size_t given;
  bool reaped;
  int status;
};

static void close_fd(struct pollfd *p)
{
  if (p->fd >= 0)
    close(p->fd);
  p->fd = -1;
}

static void *reap(void *arg)
{
  waitpid((pid_t)(intptr_t)arg, NULL, 0);
  return NULL;
}

/* A command that outlives its deadline is not killed, but somebody has to wait for it. */
static void let_go(struct running *p)
{
  for (int i = 0; i < STREAMS; i++)
    close_fd(&p->fd[i]);
  pthread_t t;
  if (p->pid > 0 && !p->reaped && pthread_create(&t, NULL, reap, (void *)(intptr_t)p->pid) == 0)
    pthread_detach(t);
}

/* Nothing of opsd's own environment: it may hold its sockets' names, and a service would inherit it. */
static char **make_environment(struct arena *a)
{
  struct passwd pw, *found = NULL;
  char *space = arena_alloc(a, 16384);
  getpwuid_r(geteuid(), &pw, space, 16384, &found);
  char **env = arena_alloc_n(a, 6, sizeof *env);
  env[0] = arena_strdup(a, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  env[1] = arena_strdup(a, "LANG=C.UTF-8");
  env[2] = arena_printf(a, "HOME=%s", found ? found->pw_dir : "/");
  env[3] = arena_printf(a, "USER=%s", found ? found->pw_name : "");
  env[4] = arena_printf(a, "LOGNAME=%s", found ? found->pw_name : "");
  return env;
}

static int spawn(struct remote *r, const struct exec_job *j, int (*pipes)[2], pid_t *pid)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *script = arena_strdup(&a, j->script);
  /* exec's argv is not const for historical reasons alone */
  char *argv[] = { (char *)"sudo", (char *)"-n", (char *)"/bin/sh", (char *)"-c", script, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (int i = IN; i <= ERR; i++)
    posix_spawn_file_actions_adddup2(&actions, pipes[i][i == IN ? 0 : 1], i);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  /* a session of its own: a signal to opsd's group, or its end, must not reach a restart under way */
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  char **from = argv + (r->target.sudo ? 0 : 2);
  int rc = posix_spawnp(pid, from[0], &actions, &attributes, from, make_environment(&a));
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return rc;
}

static void close_pipes(int (*pipes)[3][2])
{
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 2; k++)
      if ((*pipes)[i][k] >= 0)
        close((*pipes)[i][k]);
}

/* Input goes through a socket, since writing to a pipe whose reader has ended would raise SIGPIPE. The three lowest
 * descriptors may be free: a pipe's end there would be overwritten by the dup2 of another. */
static int make_pipe(int which, int ends[2])
{
  int raw[2];
  if (which == IN ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, raw) : pipe2(raw, O_CLOEXEC))
    return -1;
  for (int k = 0; k < 2; k++) {
    ends[k] = fcntl(raw[k], F_DUPFD_CLOEXEC, 3);
    close(raw[k]);
  }
  return ends[0] < 0 || ends[1] < 0 ? -1 : 0;
}

static enum err_code start(struct remote *r, const struct exec_job *j, struct running *p, struct err *e)
{
  CLEANUP(close_pipes) int pipes[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
  for (int i = IN; i <= ERR; i++)
    if (make_pipe(i, pipes[i]))
      return err_errno(e, ERR_IO, errno, "No pipe for a command");
  int rc = spawn(r, j, pipes, &p->pid);
  if (rc == ENOENT && r->target.sudo)
    return err_set(e, ERR_REMOTE, "sudo is not installed on this machine; install it, or run opsd as root");
  if (rc)
    return err_errno(e, ERR_IO, rc, "A command cannot be started");
  for (int i = IN; i <= ERR; i++) {
    int *mine = &pipes[i][i == IN ? 1 : 0];
    fcntl(*mine, F_SETFL, O_NONBLOCK);
    p->fd[i] = (struct pollfd){ .fd = take_fd(*mine), .events = i == IN ? POLLOUT : POLLIN };
  }
  p->fd[GONE] = (struct pollfd){ .fd = (int)syscall(SYS_pidfd_open, p->pid, 0), .events = POLLIN };
  return ERR_NONE;
}

static void give_input(struct exec_job *j, struct running *p)
{
  struct pollfd *f = &p->fd[IN];
  ssize_t n = 0;
  if (f->fd >= 0 && p->given < j->in_len) {
    n = send(f->fd, (const char *)j->in + p->given, j->in_len - p->given, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    p->given += n > 0 ? (size_t)n : 0;
  }
  if (n < 0 || p->given == j->in_len)
    close_fd(f);
}

static void take_output(struct exec_job *j, struct running *p, int which)
{
  char piece[32768];
  struct pollfd *f = &p->fd[which];
  while (f->fd >= 0) {
    ssize_t n = read(f->fd, piece, sizeof piece);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
      break;
    if (n <= 0)
      close_fd(f);
    else
      exec_keep(which == OUT ? &j->out : &j->err, piece, (size_t)n, which == OUT ? j->out_max : EXEC_ERR_MAX);
  }
  explicit_bzero(piece, sizeof piece);
}

/* False at the deadline. */
static bool attend(struct exec_job *j, struct running *p)
{
  for (;;) {
    give_input(j, p);
    p->reaped = waitpid(p->pid, &p->status, WNOHANG) == p->pid;
    take_output(j, p, OUT); /* after the look at its end, so that all it has written is here */
    take_output(j, p, ERR);
    if (p->reaped)
      return true;
    int64_t now = clock_monotonic_ms();
    if (now >= j->deadline_ms)
      return false;
    poll_until(p->fd, STREAMS, p->fd[GONE].fd >= 0 || now + 20 > j->deadline_ms ? j->deadline_ms : now + 20);
  }
}

enum err_code exec_local(struct remote *r, struct exec_job *j, struct err *e)
{
  CLEANUP(let_go) struct running p = { .fd = { { .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 } } };
  TRY(start(r, j, &p, e));
  if (!attend(j, &p))
    return err_set(e, ERR_TIMEOUT, "The command on %s did not end within %d s; it may still be running", r->label,
                   (j->timeout_ms + 999) / 1000);
  j->exit_status = WIFEXITED(p.status) ? WEXITSTATUS(p.status) : 128 + WTERMSIG(p.status);
  return ERR_NONE;
}
