#include "remote_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"

struct err trouble;

static char *vprint(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static char *vprint(struct arena *a, const char *fmt, va_list ap)
{
  return arena_vprintf(a, fmt, ap);
}

int shell(const char *fmt, ...)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  va_list ap;
  va_start(ap, fmt);
  int status = system(vprint(&a, fmt, ap));
  va_end(ap);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

char *shell_says(struct arena *a, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  FILE *p = popen(vprint(a, fmt, ap), "r");
  va_end(ap);
  assert_non_null(p);
  AUTO_BUF struct buf b = BUF_INIT;
  char piece[4096];
  for (size_t n; (n = fread(piece, 1, sizeof piece, p)) > 0;)
    buf_add(&b, piece, n);
  pclose(p);
  while (b.len && b.data[b.len - 1] == '\n')
    b.data[--b.len] = '\0';
  return arena_strdup(a, buf_cstr(&b));
}

static void nap(void)
{
  nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

void wait_for(const char *fmt, ...)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  va_list ap;
  va_start(ap, fmt);
  char *test = vprint(&a, fmt, ap);
  va_end(ap);
  for (int64_t until = clock_monotonic_ms() + 10000; shell("%s", test) != 0; nap())
    if (clock_monotonic_ms() > until) {
      print_message("still not so: %s\n", test);
      fail();
    }
}

/* Bound and never listening: sshd can bind the same port (both have SO_REUSEADDR), and nobody is given it by chance. */
static int reserve_port(int *port)
{
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t len = sizeof at;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
  assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
  *port = ntohs(at.sin_port);
  return fd;
}

static bool answers(int port)
{
  struct sockaddr_in at = { .sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                            .sin_port = htons((uint16_t)port) };
  AUTO_CLOSE int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
}

static const char *make_host_key(struct sshd *s, const char *type)
{
  assert_int_equal(shell("ssh-keygen -q -t %s -N '' -f %s/host_%s", type, s->folder, type), 0);
  return shell_says(&s->mem, "ssh-keygen -lf %s/host_%s.pub | cut -d ' ' -f 2", s->folder, type);
}

static void make_keys(struct sshd *s)
{
  AUTO_BUF struct buf private = BUF_INIT, public = BUF_INIT;
  struct err e = { 0 };
  s->ed25519 = make_host_key(s, "ed25519");
  s->ecdsa = make_host_key(s, "ecdsa");
  s->rsa = make_host_key(s, "rsa");
  assert_int_equal(remote_key_make("opsd test", &private, &public, &e), ERR_NONE);
  s->key_pem = arena_strdup(&s->mem, buf_cstr(&private));
  buf_char(&public, '\n');
  assert_int_equal(
      file_write_atomic(arena_printf(&s->mem, "%s/authorized_keys", s->folder), 0644, public.data, public.len, &e), 0);
}

static void write_config(struct sshd *s, const char *more)
{
  AUTO_BUF struct buf b = BUF_INIT;
  struct err e;
  buf_printf(&b,
             "%s\nListenAddress 127.0.0.1\nPort %d\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication "
             "no\n",
             more, s->port);
  buf_printf(&b, "KbdInteractiveAuthentication no\nPermitRootLogin yes\nUseDNS no\nMaxStartups 200\nMaxSessions 100\n");
  buf_printf(&b, "AuthorizedKeysFile %s/authorized_keys\n", s->folder);
  buf_printf(&b, "HostKey %s/host_ed25519\nHostKey %s/host_ecdsa\nHostKey %s/host_rsa\n", s->folder, s->folder,
             s->folder);
  assert_int_equal(file_write_atomic(arena_printf(&s->mem, "%s/sshd_config", s->folder), 0600, b.data, b.len, &e), 0);
}

void sshd_start(struct sshd *s, const char *more_config)
{
  *s = (struct sshd){ .reserved = -1 };
  char *folder = arena_strdup(&s->mem, "/tmp/opsd-sshd-XXXXXX");
  assert_non_null(mkdtemp(folder));
  assert_int_equal(chmod(folder, 0755), 0);
  s->folder = folder;
  s->user = arena_strdup(&s->mem, getpwuid(geteuid())->pw_name);
  s->reserved = reserve_port(&s->port);
  make_keys(s);
  write_config(s, more_config);
  if (geteuid() == 0)
    mkdir("/run/sshd", 0755);
  s->pid = fork();
  assert_true(s->pid >= 0);
  if (s->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char *log = arena_printf(&s->mem, "%s/sshd.log", s->folder),
         *config = arena_printf(&s->mem, "%s/sshd_config", s->folder);
    int fd = open(log, O_CREAT | O_WRONLY, 0644);
    dup2(fd, 1);
    dup2(fd, 2);
    execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-e", "-f", config, NULL);
    _exit(127);
  }
  for (int64_t until = clock_monotonic_ms() + 10000; !answers(s->port); nap())
    if (clock_monotonic_ms() > until || waitpid(s->pid, NULL, WNOHANG) != 0) {
      shell("cat %s/sshd.log", s->folder);
      fail_msg("sshd (package openssh-server) did not start");
    }
}

/* sshd's direct children: one for each connection */
static size_t sessions(const struct sshd *s, pid_t *out, size_t max)
{
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)s->pid, (int)s->pid);
  AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
  text[len > 0 ? len : 0] = '\0';
  size_t n = 0;
  char *at = text;
  for (long pid; n < max && (pid = strtol(at, &at, 10)) > 0;)
    out[n++] = (pid_t)pid;
  return n;
}

int sshd_count_sessions(struct sshd *s)
{
  pid_t pids[256];
  return (int)sessions(s, pids, COUNT_OF(pids));
}

void sshd_signal_sessions(struct sshd *s, int signal)
{
  pid_t pids[256];
  size_t n = sessions(s, pids, COUNT_OF(pids));
  for (size_t i = 0; i < n; i++) {
    /* of an ordinary user's or a privilege-separated session, the child holds the connection too */
    AUTO_ARENA struct arena a = ARENA_INIT;
    char *child = shell_says(&a, "cat /proc/%d/task/%d/children 2>/dev/null", (int)pids[i], (int)pids[i]);
    kill(pids[i], signal);
    for (long pid; (pid = strtol(child, &child, 10)) > 0;)
      if (strstr(shell_says(&a, "cat /proc/%ld/comm 2>/dev/null", pid), "sshd"))
        kill((pid_t)pid, signal);
  }
}

void sshd_stop(struct sshd *s)
{
  if (s->pid > 0) {
    kill(s->pid, SIGTERM);
    waitpid(s->pid, NULL, 0);
  }
  if (s->reserved >= 0)
    close(s->reserved);
  if (s->folder)
    shell("rm -rf %s", s->folder);
  arena_free(&s->mem);
  *s = (struct sshd){ .reserved = -1 };
}

struct remote_target sshd_target(const struct sshd *s)
{
  return (struct remote_target){
    .user = s->user,
    .host = "127.0.0.1",
    .port = s->port,
    .host_key = s->ed25519,
    .key_pem = s->key_pem,
  };
}

static struct remote *open_target(const struct remote_target *t)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  struct remote *r = NULL;
  if (remote_open(t, &a, &r, NULL, &e))
    fail_msg("%s", e.text);
  return r;
}

struct remote *sshd_open(const struct sshd *s)
{
  struct remote_target t = sshd_target(s);
  return open_target(&t);
}

struct remote *local_open(void)
{
  return open_target(&(struct remote_target){ .local = true });
}
