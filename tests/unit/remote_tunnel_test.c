/* Tunnels to a real TCP server and a real socket file, through a real sshd. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "remote_fixture.h"

static struct sshd sshd;
static int over_ssh = 1, here = 0;
static int echo_port;
static pid_t echo_pid;
static char *echo_path;

static struct remote *either(void **state)
{
  return *(int *)*state ? sshd_open(&sshd) : local_open();
}

static void assert_says(const struct err *e, const char *part)
{
  if (!strstr(e->text, part))
    fail_msg("\"%s\" does not say \"%s\"", e->text, part);
}

/* ---- a server that sends back what it gets, then says how much that was, and ends ---- */

static void serve(int fd)
{
  char piece[65536];
  long total = 0;
  for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0; total += n)
    for (ssize_t at = 0, m; at < n; at += m)
      if ((m = write(fd, piece + at, (size_t)(n - at))) <= 0)
        _exit(1);
  int len = snprintf(piece, sizeof piece, "[%ld]", total);
  _exit(write(fd, piece, (size_t)len) == len ? 0 : 1);
}

static void listen_and_serve(int tcp, int local)
{
  struct pollfd fds[2] = { { .fd = tcp, .events = POLLIN }, { .fd = local, .events = POLLIN } };
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGCHLD, SIG_IGN);
  while (poll(fds, 2, -1) > 0 || errno == EINTR)
    for (int i = 0; i < 2; i++)
      if (fds[i].revents) {
        int fd = accept(fds[i].fd, NULL, NULL);
        if (fork() == 0)
          serve(fd);
        close(fd);
      }
  _exit(0);
}

static void start_echo(void)
{
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  struct sockaddr_un un = { .sun_family = AF_UNIX };
  socklen_t len = sizeof at;
  AUTO_CLOSE int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                 local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  echo_path = arena_printf(&sshd.mem, "%s/echo.sock", sshd.folder);
  strcpy(un.sun_path, echo_path);
  assert_int_equal(bind(tcp, (struct sockaddr *)&at, len) | bind(local, (struct sockaddr *)&un, sizeof un), 0);
  assert_int_equal(listen(tcp, 64) | listen(local, 64), 0);
  getsockname(tcp, (struct sockaddr *)&at, &len);
  echo_port = ntohs(at.sin_port);
  echo_pid = fork();
  if (echo_pid == 0)
    listen_and_serve(tcp, local);
}

/* ---- */

static void blocking(int fd)
{
  assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
  fcntl(fd, F_SETFL, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = 20 }, sizeof(struct timeval));
}

struct sending {
  int fd;
  const char *data;
  size_t len;
};

static void *send_all(void *arg)
{
  struct sending *s = arg;
  for (size_t at = 0; at < s->len;) {
    ssize_t n = send(s->fd, s->data + at, s->len - at, MSG_NOSIGNAL);
    if (n <= 0)
      break;
    at += (size_t)n;
  }
  shutdown(s->fd, SHUT_WR);
  return NULL;
}

/* sends and receives at the same time, closes one half, and gets all back and the server's last word */
static void talk(int fd, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf got = BUF_INIT;
  char *data = arena_alloc(&a, len + 1), piece[65536];
  uint32_t seed = 9;
  for (size_t i = 0; i < len; i++)
    data[i] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
  struct sending s = { fd, data, len };
  pthread_t t;
  blocking(fd);
  assert_int_equal(pthread_create(&t, NULL, send_all, &s), 0);
  for (ssize_t n; (n = recv(fd, piece, sizeof piece, 0)) > 0;)
    buf_add(&got, piece, (size_t)n);
  pthread_join(t, NULL);
  char *last = arena_printf(&a, "[%zu]", len);
  assert_int_equal(got.len, len + strlen(last));
  assert_memory_equal(got.data, data, len);
  assert_string_equal(got.data + len, last);
}

static void bytes_go_both_ways(void **state)
{
  AUTO_REMOTE struct remote *r = either(state);
  static const size_t sizes[] = { 0, 1, 1000, 5000000 };
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    AUTO_CLOSE int fd = -1;
    FINE(remote_tunnel(r, "127.0.0.1", echo_port, NULL, 10000, &fd, &trouble));
    talk(fd, sizes[i]);
  }
}

static void to_a_socket_file(void **state)
{
  AUTO_REMOTE struct remote *r = either(state);
  AUTO_CLOSE int fd = -1;
  FINE(remote_tunnel(r, NULL, 0, echo_path, 10000, &fd, &trouble));
  talk(fd, 100000);
}

static void commands_go_on_beside_it(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  AUTO_CLOSE int fd = -1, second = -1;
  struct remote_result result;
  FINE(remote_tunnel(r, "localhost", echo_port, NULL, 10000, &fd, &trouble));
  FINE(remote_tunnel(r, "localhost", echo_port, NULL, 10000, &second, &trouble));
  FINE(remote_run(r, "echo beside", NULL, 0, 10000, &a, &result, &trouble));
  assert_string_equal(result.out, "beside\n");
  talk(second, 50000);
  FINE(remote_run(r, "echo beside", NULL, 0, 10000, &a, &result, &trouble));
  talk(fd, 50000);
}

static void nobody_listens_there(void **state)
{
  AUTO_REMOTE struct remote *r = either(state);
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t len = sizeof at;
  AUTO_CLOSE int reserved = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct err e = { 0 };
  int fd = -1;
  assert_int_equal(bind(reserved, (struct sockaddr *)&at, len), 0);
  getsockname(reserved, (struct sockaddr *)&at, &len);
  assert_int_equal(remote_tunnel(r, "127.0.0.1", ntohs(at.sin_port), NULL, 10000, &fd, &e), ERR_UNREACHABLE);
  assert_int_equal(remote_tunnel(r, NULL, 0, "/no/such/socket", 10000, &fd, &e), ERR_UNREACHABLE);
  assert_says(&e, "/no/such/socket");
  assert_int_equal(fd, -1);
}

static void sshd_forbids_it(void **state)
{
  (void)state;
  struct sshd strict;
  struct err e = { 0 };
  int fd = -1;
  sshd_start(&strict, "AllowTcpForwarding no\nAllowStreamLocalForwarding no");
  {
    AUTO_REMOTE struct remote *r = sshd_open(&strict);
    assert_int_equal(remote_tunnel(r, "127.0.0.1", echo_port, NULL, 10000, &fd, &e), ERR_REMOTE);
    assert_says(&e, "AllowTcpForwarding");
  }
  sshd_stop(&strict);
}

static void the_caller_closes_first(void **state)
{
  AUTO_REMOTE struct remote *r = either(state);
  int fd = -1;
  FINE(remote_tunnel(r, "127.0.0.1", echo_port, NULL, 10000, &fd, &trouble));
  assert_int_equal(send(fd, "x", 1, 0), 1);
  close(fd);
}

/* closing the remote ends its tunnels, even one whose socket is still held */
static void the_remote_is_closed_first(void **state)
{
  (void)state;
  struct remote *r = sshd_open(&sshd);
  AUTO_CLOSE int fd = -1;
  char c;
  FINE(remote_tunnel(r, "127.0.0.1", echo_port, NULL, 10000, &fd, &trouble));
  remote_close(r);
  blocking(fd);
  assert_int_equal(recv(fd, &c, 1, 0), 0);
}

static void the_connection_is_cut(void **state)
{
  (void)state;
  AUTO_REMOTE struct remote *r = sshd_open(&sshd);
  AUTO_CLOSE int fd = -1;
  char c;
  FINE(remote_tunnel(r, "127.0.0.1", echo_port, NULL, 10000, &fd, &trouble));
  sshd_signal_sessions(&sshd, SIGKILL);
  blocking(fd);
  assert_true(recv(fd, &c, 1, 0) <= 0 && errno != EAGAIN);
}

static int start(void **state)
{
  (void)state;
  sshd_start(&sshd, "");
  start_echo();
  return 0;
}

static int stop(void **state)
{
  (void)state;
  kill(echo_pid, SIGKILL);
  waitpid(echo_pid, NULL, 0);
  sshd_stop(&sshd);
  return 0;
}

#define BOTH(f)                                                                                                        \
  { #f " over SSH", f, NULL, NULL, &over_ssh },                                                                        \
  {                                                                                                                    \
#f " here", f, NULL, NULL, &here                                                                                   \
  }

int main(void)
{
  const struct CMUnitTest tests[] = {
    BOTH(bytes_go_both_ways),
    BOTH(to_a_socket_file),
    BOTH(commands_go_on_beside_it),
    BOTH(nobody_listens_there),
    cmocka_unit_test(sshd_forbids_it),
    BOTH(the_caller_closes_first),
    cmocka_unit_test(the_remote_is_closed_first),
    cmocka_unit_test(the_connection_is_cut),
  };
  return cmocka_run_group_tests_name("tunnels", tests, start, stop);
}
