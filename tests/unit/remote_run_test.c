/* remote/ over a real sshd and on this machine: connections, host keys, commands, files. */
#include <arpa/inet.h>
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/pool.h"
#include "remote_fixture.h"

static struct sshd sshd;

static void assert_says(const struct err *e, const char *part)
{
  if (!strstr(e->text, part))
    fail_msg("\"%s\" does not say \"%s\"", e->text, part);
}

/* each of these runs over SSH and on this machine */
static struct remote *either(void **state)
{
  return *(int *)*state ? sshd_open(&sshd) : local_open();
}

static struct remote_result run(struct remote *r, struct arena *a, const char *script)
{
  struct remote_result result;
  FINE(remote_run(r, script, NULL, 0, 20000, a, &result, &trouble));
  return result;
}

/* ---- connections ---- */

static void an_unconfirmed_host_key_is_shown_and_nothing_else(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_target t = sshd_target(&sshd);
  struct remote *r = NULL;
  const char *seen = NULL;
  struct err e = { 0 };
  t.host_key = NULL;
  assert_int_equal(remote_open(&t, &a, &r, &seen, &e), ERR_REFUSED);
  assert_null(r);
  assert_string_equal(seen, sshd.ed25519);
  assert_says(&e, sshd.ed25519);
  assert_says(&e, "node-trust");
}

static void another_host_key_is_refused(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_target t = sshd_target(&sshd);
  struct remote *r = NULL;
  const char *seen = NULL;
  struct err e = { 0 };
  t.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  assert_int_equal(remote_open(&t, &a, &r, &seen, &e), ERR_REFUSED);
  assert_null(r);
  assert_string_equal(seen, sshd.ed25519);
  assert_says(&e, "was confirmed");
}

static void host_keys_of_every_type_can_be_pinned(void **state)
{
  (void)state;
  const char *const pins[] = { sshd.ed25519, sshd.ecdsa, sshd.rsa, NULL };
  for (size_t i = 0; pins[i]; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    AUTO_REMOTE struct remote *r = NULL;
    struct remote_target t = sshd_target(&sshd);
    t.host_key = arena_printf(&a, "%s%s", pins[i], i ? "=" : ""); /* some tools print the padding */
    FINE(remote_open(&t, &a, &r, NULL, &trouble));
    assert_string_equal(run(r, &a, "echo fine").out, "fine\n");
  }
}

static void a_key_that_the_host_does_not_know(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf private = BUF_INIT, public = BUF_INIT;
  struct remote_target t = sshd_target(&sshd);
  struct remote *r = NULL;
  struct err e = { 0 };
  FINE(remote_key_make("other", &private, &public, &trouble));
  t.key_pem = buf_cstr(&private);
  assert_int_equal(remote_open(&t, &a, &r, NULL, &e), ERR_REMOTE);
  assert_null(r);
  assert_says(&e, "opsd ssh-key");
  assert_says(&e, "authorized_keys");
}

static void nobody_listens(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct sshd stopped;
  sshd_start(&stopped, "");
  struct remote_target t = sshd_target(&stopped);
  t.key_pem = sshd.key_pem;
  t.user = sshd.user;
  t.host_key = sshd.ed25519;
  sshd_stop(&stopped);
  struct remote *r = NULL;
  struct err e = { 0 };
  assert_int_equal(remote_open(&t, &a, &r, NULL, &e), ERR_UNREACHABLE);
  assert_says(&e, "127.0.0.1 port");
  t.host = "no-such-host.invalid";
  assert_int_equal(remote_open(&t, &a, &r, NULL, &e), ERR_UNREACHABLE);
  assert_says(&e, "cannot be resolved");
}

/* the other end takes the connection and says nothing */
static void a_host_that_does_not_speak(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_target t = sshd_target(&sshd);
  struct remote *r = NULL;
  struct err e = { 0 };
  assert_int_equal(kill(sshd.pid, SIGSTOP), 0);
  t.connect_timeout_ms = 300;
  int64_t start_ms = clock_monotonic_ms();
  enum err_code rc = remote_open(&t, &a, &r, NULL, &e);
  int64_t took_ms = clock_monotonic_ms() - start_ms;
  assert_int_equal(kill(sshd.pid, SIGCONT), 0);
  assert_int_equal(rc, ERR_TIMEOUT);
  assert_true(took_ms >= 300 && took_ms < 5000);
}

struct dialer {
  bool fine;
  char text[1024];
};

static struct sshd narrow;

static void dial(void *item)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = NULL;
  struct dialer *d = item;
  struct remote_target t = sshd_target(&narrow);
  struct remote_result result;
  struct err e = { 0 };
  t.connect_timeout_ms = 60000;
  d->fine = !remote_open(&t, &a, &r, NULL, &e) && !remote_run(r, "echo here", NULL, 0, 30000, &a, &result, &e) &&
            strcmp(result.out, "here\n") == 0;
  memcpy(d->text, e.text, sizeof d->text);
}

static void many_at_once_where_sshd_resets_most(void **state)
{
  (void)state;
  static struct dialer dialers[64];
  sshd_start(&narrow, "MaxStartups 2:50:3");
  struct pool *p = pool_new("dial", 64);
  pool_each(p, dialers, COUNT_OF(dialers), sizeof dialers[0], dial);
  pool_free(p);
  sshd_stop(&narrow);
  for (size_t i = 0; i < COUNT_OF(dialers); i++)
    if (!dialers[i].fine)
      fail_msg("%s", dialers[i].text);
}

static void the_connection_is_cut_under_a_command(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = sshd_open(&sshd);
  struct remote_result result;
  struct err e = { 0 };
  pid_t helper = fork();
  if (helper == 0) {
    wait_for("[ -e %s/started ]", sshd.folder);
    sshd_signal_sessions(&sshd, SIGKILL);
    _exit(0);
  }
  char *script = arena_printf(&a, "touch %s/started; sleep 20", sshd.folder);
  assert_int_equal(remote_run(r, script, NULL, 0, 15000, &a, &result, &e), ERR_UNREACHABLE);
  assert_says(&e, "was lost");
  waitpid(helper, NULL, 0);
  assert_int_equal(remote_run(r, "echo again", NULL, 0, 5000, &a, &result, &e), ERR_UNREACHABLE);
}

static int open_files(void)
{
  DIR *d = opendir("/proc/self/fd");
  int n = 0;
  assert_non_null(d);
  while (readdir(d))
    n++;
  closedir(d);
  return n;
}

/* whatever became of a connection, its descriptor is closed; and those of commands are */
static void no_descriptor_stays(void **state)
{
  (void)state;
  int before = open_files();
  an_unconfirmed_host_key_is_shown_and_nothing_else(NULL);
  another_host_key_is_refused(NULL);
  a_key_that_the_host_does_not_know(NULL);
  a_host_that_does_not_speak(NULL);
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_target odd = sshd_target(&sshd);
  struct remote *r = NULL;
  struct remote_result result;
  struct err e = { 0 };
  odd.user = "";
  assert_int_not_equal(remote_open(&odd, &a, &r, NULL, &e), ERR_NONE);
  struct remote *both[] = { local_open(), sshd_open(&sshd) };
  for (int i = 0; i < 2; i++) {
    FINE(remote_run(both[i], "cat", "x", 1, 5000, &a, &result, &trouble));
    assert_int_equal(remote_run(both[i], "sleep 2", NULL, 0, 50, &a, &result, &e), ERR_TIMEOUT);
    remote_close(both[i]);
  }
  assert_int_equal(open_files(), before);
}

/* ---- commands ---- */

static void output_and_exit_codes(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct remote_result x = run(r, &a, "printf 'out\\0more'; printf 'to err' >&2; exit 7");
  assert_int_equal(x.exit_status, 7);
  assert_int_equal(x.out_len, 8);
  assert_memory_equal(x.out, "out\0more", 8);
  assert_string_equal(x.err, "to err");
  assert_int_equal(run(r, &a, "true").exit_status, 0);
  assert_true(run(r, &a, "kill -9 $$").exit_status >= 128);
  assert_int_equal(run(r, &a, "no-such-program-of-opsd").exit_status, 127);
  assert_string_equal(run(r, &a, "printf %s 'it'\\''s \"$HOME\" \\n'").out, "it's \"$HOME\" \\n");
}

static void bytes_of_every_kind_through_standard_input(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  enum { SIZE = 3 << 20 };
  unsigned char *data = arena_alloc(&a, SIZE);
  uint32_t seed = 5;
  for (size_t i = 0; i < SIZE; i++)
    data[i] = (unsigned char)((seed = seed * 1664525u + 1013904223u) >> 24);
  struct remote_result result;
  FINE(remote_run(r, "cat", data, SIZE, 30000, &a, &result, &trouble));
  assert_int_equal(result.out_len, SIZE);
  assert_memory_equal(result.out, data, SIZE);
}

static void input_that_nobody_reads(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct remote_result result;
  char *data = arena_alloc(&a, 8 << 20);
  FINE(remote_run(r, "exit 3", data, 8 << 20, 20000, &a, &result, &trouble));
  assert_int_equal(result.exit_status, 3);
}

static void output_is_bounded(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct remote_result x = run(r, &a, "head -c 9000000 /dev/zero; echo end >&2; head -c 100000 /dev/zero >&2");
  assert_int_equal(x.exit_status, 0);
  assert_int_equal(x.out_len, 8 << 20);
}

static void timeouts_are_hard_and_the_command_goes_on(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct remote_result result;
  struct err e = { 0 };
  char *script = arena_printf(&a, "sleep 1; touch %s/went-on-%d", sshd.folder, *(int *)*state);
  int64_t start_ms = clock_monotonic_ms();
  assert_int_equal(remote_run(r, script, NULL, 0, 200, &a, &result, &e), ERR_TIMEOUT);
  assert_true(clock_monotonic_ms() - start_ms < 900);
  wait_for("[ -e %s/went-on-%d ]", sshd.folder, *(int *)*state);
}

/* little room on the way, as where a network is slow: found among our descriptors by its other end */
static void make_narrow(int port)
{
  for (int fd = 3; fd < 1024; fd++) {
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    if (getpeername(fd, (struct sockaddr *)&at, &len) == 0 && at.sin_family == AF_INET && ntohs(at.sin_port) == port)
      setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ 4096 }, sizeof(int));
  }
}

/* the host hangs (its sshd is stopped) while it is being sent more than fits on the way */
static void a_host_that_hangs(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = sshd_open(&sshd);
  struct remote_result result;
  struct err e = { 0 };
  enum { SIZE = 64 << 20 };
  char *data = arena_alloc(&a, SIZE);
  make_narrow(sshd.port);
  pid_t helper = fork();
  if (helper == 0) {
    wait_for("[ -e %s/taking ]", sshd.folder);
    sshd_signal_sessions(&sshd, SIGSTOP);
    _exit(0);
  }
  int64_t start_ms = clock_monotonic_ms();
  char *script = arena_printf(&a, "touch %s/taking; cat >/dev/null; sleep 20", sshd.folder);
  assert_int_equal(remote_run(r, script, data, SIZE, 2000, &a, &result, &e), ERR_TIMEOUT);
  assert_true(clock_monotonic_ms() - start_ms < 4000);
  waitpid(helper, NULL, 0);
  sshd_signal_sessions(&sshd, SIGKILL);
}

/* as `service x restart` does; its shell's end is the end */
static void a_daemon_may_keep_the_output_open(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  int64_t start_ms = clock_monotonic_ms();
  struct remote_result x = run(r, &a, "sleep 7 & echo $!");
  assert_int_equal(x.exit_status, 0);
  assert_true(clock_monotonic_ms() - start_ms < 5000);
  assert_true(atoi(x.out) > 1);
  kill(atoi(x.out), SIGKILL);
}

static void nothing_of_our_environment_on_this_machine(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = local_open();
  setenv("NOTIFY_SOCKET", "/nowhere", 1);
  assert_null(strstr(run(r, &a, "env").out, "NOTIFY_SOCKET"));
  assert_string_equal(run(r, &a, "ls /proc/self/fd | wc -l").out, "4\n"); /* and ls's own */
  struct remote_result x = run(r, &a, "cut -d ' ' -f 1,6 /proc/$$/stat"); /* pid and session: it leads one of its own */
  assert_int_equal(strtol(x.out, NULL, 10), strtol(strchr(x.out, ' '), NULL, 10));
}

/* ---- files ---- */

static const char *const odd_folders[] = { "plain",       "with blank", "it's",      "quo\"te", "dollar$HOME",
                                           "back\\slash", "-dash",      "new\nline", "*" };

static void put_file(const char *path, mode_t mode, const char *text)
{
  FINE(file_write_atomic(path, mode, text, strlen(text), &trouble));
}

static void reads_files(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  const char *data;
  size_t len;
  struct err e = { 0 };
  for (size_t i = 0; i < COUNT_OF(odd_folders); i++) {
    char *path = arena_printf(&a, "%s/%s", sshd.folder, odd_folders[i]);
    FINE(file_make_folders(path, 0755, &trouble));
    path = arena_printf(&a, "%s/f", path);
    FINE(file_write_atomic(path, 0644, "a\0b\n\xff", 5, &trouble));
    FINE(remote_read(r, path, 5, &a, &data, &len, &trouble));
    assert_int_equal(len, 5);
    assert_memory_equal(data, "a\0b\n\xff", 5);
  }
  char *path = arena_printf(&a, "%s/plain/f", sshd.folder);
  assert_int_equal(remote_read(r, path, 4, &a, &data, &len, &e), ERR_TOO_LARGE);
  assert_int_equal(remote_read(r, "/no/such/file", 4, &a, &data, &len, &e), ERR_NOT_FOUND);
  assert_int_equal(remote_read(r, "/tmp", 4, &a, &data, &len, &e), ERR_REFUSED);
  assert_int_equal(remote_read(r, "relative", 4, &a, &data, &len, &e), ERR_INVALID);
}

static void lists_option_files(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct str_list list = { 0 };
  struct err e = { 0 };
  char *folder = arena_printf(&a, "%s/conf.d", sshd.folder);
  FINE(file_make_folders(folder, 0755, &trouble));
  static const char *const names[] = { "b.cnf", "a b.cnf", ".h.cnf", ".cnf", "Z.cnf", "x.CNF", "y.cnf~", "a.b.cnf" };
  for (size_t i = 0; i < COUNT_OF(names); i++)
    put_file(arena_printf(&a, "%s/%s", folder, names[i]), 0644, "");
  FINE(remote_list_cnf(r, folder, &a, &list, &trouble));
  static const char *const sorted[] = { ".cnf", ".h.cnf", "Z.cnf", "a b.cnf", "a.b.cnf", "b.cnf" };
  assert_int_equal(list.count, COUNT_OF(sorted));
  for (size_t i = 0; i < COUNT_OF(sorted); i++)
    assert_string_equal(list.item[i], arena_printf(&a, "%s/%s", folder, sorted[i]));
  assert_int_equal(remote_list_cnf(r, "/no/such/folder", &a, &list, &e), ERR_NOT_FOUND);
  FINE(file_make_folders(arena_printf(&a, "%s/empty.d", sshd.folder), 0755, &trouble));
  FINE(remote_list_cnf(r, arena_printf(&a, "%s/empty.d", sshd.folder), &a, &list, &trouble));
  assert_int_equal(list.count, 0);
}

static const char *sum(struct arena *a, const char *path)
{
  return shell_says(a, "sha256sum < '%s' | cut -c 1-64", path);
}

static const char *content(struct arena *a, const char *path)
{
  AUTO_BUF struct buf b = BUF_INIT;
  FINE(file_read(path, 1 << 20, &b, &trouble));
  return arena_strndup(a, buf_cstr(&b), b.len);
}

static void replaces_a_file(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct err e = { 0 };
  char *folder = arena_printf(&a, "%s/etc %d", sshd.folder, *(int *)*state);
  char *path = arena_printf(&a, "%s/real.cnf", folder), *link = arena_printf(&a, "%s/my.cnf", folder);
  char *backup = arena_printf(&a, "%s/.opsd/old/my.cnf", folder);
  FINE(file_make_folders(folder, 0755, &trouble));
  put_file(path, 0640, "old\n");
  if (geteuid() == 0)
    assert_int_equal(chown(path, 12, 34), 0);
  assert_int_equal(symlink("real.cnf", link), 0);
  FINE(remote_replace(r, link, sum(&a, path), "new\n", 4, backup, &trouble));
  assert_string_equal(content(&a, path), "new\n");
  assert_string_equal(content(&a, backup), "old\n");
  assert_string_equal(shell_says(&a, "stat -c '%%a %%F' '%s' '%s'", path, link), "640 regular file\n777 symbolic link");
  if (geteuid() == 0)
    assert_string_equal(shell_says(&a, "stat -c %%u:%%g '%s' '%s'", path, backup), "12:34\n12:34");
  assert_string_equal(shell_says(&a, "stat -c %%a '%s/.opsd/old'", folder), "700");

  assert_int_equal(remote_replace(r, link, sum(&a, backup), "other\n", 6, NULL, &e), ERR_CONFLICT);
  assert_says(&e, "changed by somebody else");
  assert_string_equal(content(&a, path), "new\n");
  assert_int_equal(remote_replace(r, "/no/such/file", sum(&a, path), "x", 1, NULL, &e), ERR_NOT_FOUND);
  FINE(remote_replace(r, path, sum(&a, path), "", 0, NULL, &trouble));
  assert_string_equal(content(&a, path), "");
  assert_string_equal(shell_says(&a, "ls -A '%s' | tr '\\n' ' '", folder), ".opsd my.cnf real.cnf ");
}

/* runs a test as an ordinary user; as root by becoming one */
static void as_nobody(void (*test)(void *), void *arg)
{
  if (geteuid() != 0) {
    test(arg);
    return;
  }
  pid_t pid = fork();
  if (pid == 0) {
    if (setgid(65534) || setuid(65534))
      _exit(99);
    test(arg);
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  assert_int_equal(status, 0);
}

#define CHECK(truth)                                                                                                   \
  do {                                                                                                                 \
    if (!(truth)) {                                                                                                    \
      print_message("not so: %s (%s)\n", #truth, e.text);                                                              \
      if (getuid() == 65534)                                                                                           \
        _exit(1);                                                                                                      \
      fail();                                                                                                          \
    }                                                                                                                  \
  } while (0)

static void replace_without_rights(void *arg)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = local_open();
  char *path = arg;
  struct err e = { 0 };
  CHECK(remote_replace(r, path, sum(&a, path), "x", 1, NULL, &e) == ERR_REMOTE);
  CHECK(strstr(e.text, "cannot write in") && strstr(e.text, "sudo"));
}

static void a_folder_that_is_not_writable(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *folder = arena_printf(&a, "%s/closed", sshd.folder), *path = arena_printf(&a, "%s/my.cnf", folder);
  FINE(file_make_folders(folder, 0755, &trouble));
  put_file(path, 0666, "text");
  assert_int_equal(chmod(folder, 0555), 0);
  as_nobody(replace_without_rights, path);
  assert_string_equal(content(&a, path), "text");
  assert_int_equal(chmod(folder, 0755), 0);
}

static void sudo_without_rights(void *arg)
{
  (void)arg;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_result result;
  struct remote *r = NULL;
  struct err e = { 0 };
  CHECK(!remote_open(&(struct remote_target){ .local = true, .sudo = true }, &a, &r, NULL, &e));
  CHECK(remote_run(r, "id -u", NULL, 0, 5000, &a, &result, &e) == ERR_REMOTE);
  CHECK(strstr(e.text, "NOPASSWD") || strstr(e.text, "not installed"));
  remote_close(r);
}

static void sudo_that_wants_a_password(void **state)
{
  (void)state;
  if (geteuid() != 0 && shell("sudo -n true 2>/dev/null") == 0)
    skip();
  as_nobody(sudo_without_rights, NULL);
}

static void sudo_as_root(void **state)
{
  (void)state;
  if (shell("sudo -n true 2>/dev/null") != 0)
    skip();
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = NULL;
  struct remote_target t = sshd_target(&sshd);
  struct remote_result result;
  t.sudo = true;
  FINE(remote_open(&t, &a, &r, NULL, &trouble));
  FINE(remote_run(r, "id -u; cat", "in\n", 3, 10000, &a, &result, &trouble));
  assert_string_equal(result.out, "0\nin\n");
}

/* ---- keys ---- */

static void keys(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf private = BUF_INIT, public = BUF_INIT;
  const char *line, *print;
  struct err e = { 0 };
  FINE(remote_key_make("opsd on host", &private, &public, &trouble));
  assert_true(str_starts(buf_cstr(&private), "-----BEGIN OPENSSH PRIVATE KEY-----"));
  assert_true(str_starts(buf_cstr(&public), "ssh-ed25519 AAAA"));
  assert_true(str_ends(buf_cstr(&public), " opsd on host"));
  FINE(remote_key_public(buf_cstr(&private), "opsd on host", &a, &line, &print, &trouble));
  assert_string_equal(line, buf_cstr(&public));
  char *path = arena_printf(&a, "%s/key", sshd.folder);
  put_file(path, 0600, buf_cstr(&private));
  assert_string_equal(shell_says(&a, "ssh-keygen -lf %s | cut -d ' ' -f 2", path), print);
  assert_int_equal(remote_key_public("no key", "", &a, &line, &print, &e), ERR_INVALID);
  assert_int_equal(remote_key_make("two\nlines", &private, &public, &e), ERR_INVALID);
}

static int start(void **state)
{
  (void)state;
  sshd_start(&sshd, "");
  return 0;
}

static int stop(void **state)
{
  (void)state;
  sshd_stop(&sshd);
  return 0;
}

static int over_ssh = 1, here = 0;
#define BOTH(f)                                                                                                        \
  { #f " over SSH", f, NULL, NULL, &over_ssh },                                                                        \
  {                                                                                                                    \
#f " here", f, NULL, NULL, &here                                                                                   \
  }

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(keys),
    cmocka_unit_test(an_unconfirmed_host_key_is_shown_and_nothing_else),
    cmocka_unit_test(another_host_key_is_refused),
    cmocka_unit_test(host_keys_of_every_type_can_be_pinned),
    cmocka_unit_test(a_key_that_the_host_does_not_know),
    cmocka_unit_test(nobody_listens),
    cmocka_unit_test(a_host_that_does_not_speak),
    cmocka_unit_test(many_at_once_where_sshd_resets_most),
    cmocka_unit_test(the_connection_is_cut_under_a_command),
    cmocka_unit_test(no_descriptor_stays),
    BOTH(output_and_exit_codes),
    BOTH(bytes_of_every_kind_through_standard_input),
    BOTH(input_that_nobody_reads),
    BOTH(output_is_bounded),
    BOTH(timeouts_are_hard_and_the_command_goes_on),
    cmocka_unit_test(a_host_that_hangs),
    BOTH(a_daemon_may_keep_the_output_open),
    cmocka_unit_test(nothing_of_our_environment_on_this_machine),
    BOTH(reads_files),
    BOTH(lists_option_files),
    BOTH(replaces_a_file),
    cmocka_unit_test(a_folder_that_is_not_writable),
    cmocka_unit_test(sudo_that_wants_a_password),
    cmocka_unit_test(sudo_as_root),
  };
  return cmocka_run_group_tests_name("remote commands and files", tests, start, stop);
}
