/* Generations of certificate files, over a real sshd and on this machine. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "remote_fixture.h"

static struct sshd sshd;
static int over_ssh = 1, here = 0;

enum { WAIT_MS = 5000 };

static struct remote *either(void **state)
{
  return *(int *)*state ? sshd_open(&sshd) : local_open();
}

static void assert_says(const struct err *e, const char *part)
{
  if (!strstr(e->text, part))
    fail_msg("\"%s\" does not say \"%s\"", e->text, part);
}

/* a folder's path that no other test has */
static char *fresh(struct arena *a, void **state, const char *name)
{
  return arena_printf(a, "%s/%s %d", sshd.folder, name, *(int *)*state);
}

static void put(struct arena *a, const char *folder, const char *name, mode_t mode, const char *text)
{
  FINE(file_write_atomic(arena_printf(a, "%s/%s", folder, name), mode, text, strlen(text), &trouble));
}

static const char *get(struct arena *a, const char *folder, const char *name)
{
  AUTO_BUF struct buf b = BUF_INIT;
  if (file_read(arena_printf(a, "%s/%s", folder, name), 1 << 20, &b, &trouble))
    return trouble.code == ERR_NOT_FOUND ? "(missing)" : "(unreadable)";
  return arena_strndup(a, buf_cstr(&b), b.len);
}

/* ca, cert and key that say which version they are */
static void make_files(struct arena *a, const char *version, struct remote_file out[3])
{
  static const char *const names[] = { "ca.pem", "server-cert.pem", "server-key.pem" };
  for (int i = 0; i < 3; i++) {
    char *text = arena_printf(a, "%s of %s\n", names[i], version);
    out[i] = (struct remote_file){ .name = names[i], .data = text, .len = strlen(text), .mode = i == 2 ? 0600 : 0644 };
  }
}

static enum err_code install(struct remote *r, const char *folder, const char *step, const char *version, size_t from,
                             int wait_ms, int64_t *generation, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_file files[3];
  make_files(&a, version, files);
  return remote_install_generation(r, folder, sshd.user, step, files + from, 3 - from, wait_ms, generation, e);
}

static void assert_serves(const char *folder, const char *ca, const char *version)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  assert_string_equal(get(&a, folder, "ca.pem"), arena_printf(&a, "ca.pem of %s\n", ca));
  assert_string_equal(get(&a, folder, "server-cert.pem"), arena_printf(&a, "server-cert.pem of %s\n", version));
  assert_string_equal(get(&a, folder, "server-key.pem"), arena_printf(&a, "server-key.pem of %s\n", version));
}

static void assert_nothing_left_over(const char *folder)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  assert_string_equal(shell_says(&a, "ls '%s/.opsd' | grep -E 'tmp|new'", folder), "");
}

#define assert_shell(a, want, ...) assert_string_equal(shell_says(a, __VA_ARGS__), want)

/* ---- */

static void into_a_folder_that_is_not_there(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = arena_printf(&a, "%s/deep/it's \"here\"", fresh(&a, state, "new"));
  int64_t n = 0;
  FINE(install(r, folder, "1", "one", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 1);
  assert_serves(folder, "one", "one");
  char *quoted = sh_quote(&a, folder);
  assert_shell(&a, "750\n755", "stat -c %%a %s \"$(dirname %s)\"", quoted, quoted);
  assert_shell(&a, "live/server-key.pem gen-1", "cd %s && echo $(readlink server-key.pem live)", quoted);
  assert_shell(&a, "644 644 600", "cd %s && echo $(stat -L -c %%a *.pem)", quoted);
  assert_shell(&a, "700", "stat -c %%a %s/.opsd", quoted);
}

static void the_same_step_twice_is_once(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "twice");
  int64_t n = 0;
  FINE(install(r, folder, "a", "one", 0, WAIT_MS, &n, &trouble));
  FINE(install(r, folder, "b", "two", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 2);
  FINE(install(r, folder, "b", "other", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 2);
  FINE(install(r, folder, "a", "other", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 1);
  assert_serves(folder, "two", "two");
  assert_shell(&a, "gen-1 gen-2", "cd '%s' && echo $(ls -d gen-*)", folder);
}

static void what_is_not_replaced_stays(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "stays");
  int64_t n = 0;
  FINE(install(r, folder, "a", "one", 0, WAIT_MS, &n, &trouble));
  FINE(install(r, folder, "b", "two", 1, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 2);
  assert_serves(folder, "one", "two");
}

static void found_files_are_the_first_generation(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "found"), *elsewhere = fresh(&a, state, "elsewhere");
  int64_t n = 0;
  assert_int_equal(mkdir(folder, 0751) | mkdir(elsewhere, 0755), 0);
  put(&a, elsewhere, "root.pem", 0640, "ca.pem of old\n");
  put(&a, folder, "server-cert.pem", 0664, "server-cert.pem of old\n");
  put(&a, folder, "server-key.pem", 0400, "server-key.pem of old\n");
  put(&a, folder, "ca-key.pem", 0600, "not ours\n");
  assert_int_equal(symlink(arena_printf(&a, "%s/root.pem", elsewhere), arena_printf(&a, "%s/ca.pem", folder)), 0);
  if (geteuid() == 0)
    assert_int_equal(shell("chown 12:34 '%s' '%s'/server-*.pem", folder, folder), 0);
  FINE(install(r, folder, "a", "new", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 2);
  assert_serves(folder, "new", "new");
  assert_shell(&a, "640 664 400", "cd '%s/gen-1' && echo $(stat -c %%a *.pem)", folder);
  assert_shell(&a, "751 751 751", "cd '%s' && echo $(stat -c %%a . gen-1 gen-2)", folder);
  if (geteuid() == 0) {
    assert_shell(&a, "0:0 12:34 12:34", "cd '%s/gen-1' && echo $(stat -c %%u:%%g *.pem)", folder);
    assert_shell(&a, "12:34 12:34", "cd '%s' && echo $(stat -c %%u:%%g gen-1 gen-2)", folder);
    assert_shell(&a, "0:0 0:0 0:0", "cd '%s/gen-2' && echo $(stat -c %%u:%%g *.pem)", folder);
  }
  assert_string_equal(get(&a, folder, "ca-key.pem"), "not ours\n");
  assert_string_equal(get(&a, elsewhere, "root.pem"), "ca.pem of old\n");

  FINE(remote_flip_back(r, folder, "a", WAIT_MS, &n, &trouble));
  assert_int_equal(n, 1);
  assert_serves(folder, "old", "old");
}

/* somebody put a plain file over a link of ours */
static void a_file_put_there_by_hand_is_taken_over(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "by hand");
  int64_t n = 0;
  FINE(install(r, folder, "a", "one", 0, WAIT_MS, &n, &trouble));
  put(&a, folder, "server-cert.pem", 0644, "server-cert.pem of hand\n");
  FINE(install(r, folder, "b", "two", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(n, 3);
  assert_serves(folder, "two", "two");
  FINE(remote_flip_back(r, folder, "b", WAIT_MS, &n, &trouble));
  assert_int_equal(n, 2);
  assert_string_equal(get(&a, folder, "server-cert.pem"), "server-cert.pem of hand\n");
  assert_string_equal(get(&a, folder, "server-key.pem"), "server-key.pem of one\n");
  assert_string_equal(get(&a, folder, "ca.pem"), "ca.pem of one\n");
}

static void three_stay_and_older_keys_are_overwritten(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "prune");
  int64_t n = 0;
  for (int i = 1; i <= 5; i++) {
    FINE(install(r, folder, arena_printf(&a, "%d", i), arena_printf(&a, "v%d", i), 0, WAIT_MS, &n, &trouble));
    if (i == 1) /* another name for the same bytes on disk */
      assert_int_equal(shell("ln '%s/gen-1/server-key.pem' '%s/witness'", folder, folder), 0);
  }
  assert_shell(&a, "gen-3 gen-4 gen-5", "cd '%s' && echo $(ls -d gen-*)", folder);
  assert_null(strstr(get(&a, folder, "witness"), "server-key.pem"));
  assert_serves(folder, "v5", "v5");
}

static void back_and_forth(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "back");
  int64_t n = 0;
  struct err e = { 0 };
  assert_int_equal(remote_flip_back(r, folder, "a", WAIT_MS, &n, &e), ERR_NOT_FOUND);
  FINE(install(r, folder, "a", "one", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(remote_flip_back(r, folder, "a", WAIT_MS, &n, &e), ERR_CONFLICT);
  assert_says(&e, "Nothing was in");
  assert_int_equal(remote_flip_back(r, folder, "never", WAIT_MS, &n, &e), ERR_NOT_FOUND);
  FINE(install(r, folder, "b", "two", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(remote_flip_back(r, folder, "a", WAIT_MS, &n, &e), ERR_CONFLICT);
  for (int i = 0; i < 2; i++) {
    FINE(remote_flip_back(r, folder, "b", WAIT_MS, &n, &trouble));
    assert_int_equal(n, 1);
    assert_serves(folder, "one", "one");
  }
  FINE(install(r, folder, "b", "two again", 0, WAIT_MS, &n, &trouble)); /* was turned back, so it is done anew */
  assert_int_equal(n, 3);
  assert_serves(folder, "two again", "two again");
}

static void odd_names_are_refused(void **state)
{
  AUTO_REMOTE struct remote *r = either(state);
  int64_t n = 0;
  struct err e = { 0 };
  static const char *const names[] = { "", "../x", "a/b", ".hidden", "live", "gen-1", "a b", "-x", "x'y" };
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    struct remote_file f = { .name = names[i], .data = "x", .len = 1, .mode = 0600 };
    assert_int_equal(remote_install_generation(r, "/tmp/x", sshd.user, "s", &f, 1, WAIT_MS, &n, &e), ERR_INVALID);
    if (i != 4 && i != 5)
      assert_int_equal(install(r, "/tmp/x", names[i], "v", 0, WAIT_MS, &n, &e), ERR_INVALID);
  }
  struct remote_file twice[] = { { .name = "a", .data = "x", .len = 1 }, { .name = "a", .data = "x", .len = 1 } };
  assert_int_equal(remote_install_generation(r, "/tmp/x", sshd.user, "s", twice, 2, WAIT_MS, &n, &e), ERR_INVALID);
  assert_int_equal(install(r, "relative", "s", "v", 0, WAIT_MS, &n, &e), ERR_INVALID);
  assert_int_equal(remote_install_generation(r, "/tmp/x", "-R", "s", twice, 1, WAIT_MS, &n, &e), ERR_INVALID);
}

/* what is in the way is named, and stays */
static void things_in_the_way(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  int64_t n = 0;
  struct err e = { 0 };
  static const struct {
    const char *make, *said;
  } cases[] = {
    { "touch '%s'", "is no folder" },
    { "mkdir -p '%s/live'", "live is in the way" },
    { "mkdir '%s'; ln -s /elsewhere '%s/live'", "live is a link that opsd did not make" },
    { "mkdir -p '%s/server-key.pem'", "server-key.pem is a folder" },
    { "mkdir '%s'; ln -s / '%s/ca.pem'", "ca.pem is a folder" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char *folder = fresh(&a, state, arena_printf(&a, "way%zu", i));
    AUTO_BUF struct buf command = BUF_INIT;
    for (const char *p = cases[i].make; *p; p++) {
      if (p[0] == '%' && p[1] == 's')
        buf_str(&command, folder), p++;
      else
        buf_char(&command, *p);
    }
    assert_int_equal(shell("%s", buf_cstr(&command)), 0);
    char *before = shell_says(&a, "ls '%s'", folder);
    assert_int_equal(install(r, folder, "s", "v", 0, WAIT_MS, &n, &e), ERR_REFUSED);
    assert_says(&e, cases[i].said);
    assert_shell(&a, before, "ls '%s'", folder);
  }
}

static void an_owner_that_does_not_exist(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "owner");
  struct remote_file f = { .name = "k", .data = "x", .len = 1, .mode = 0600 };
  struct err e = { 0 };
  int64_t n = 0;
  FINE(install(r, folder, "a", "one", 0, WAIT_MS, &n, &trouble));
  assert_int_equal(remote_install_generation(r, folder, "no-such-user", "s", &f, 1, WAIT_MS, &n, &e), ERR_REMOTE);
  assert_says(&e, "cannot be given to no-such-user");
  assert_serves(folder, "one", "one");
  assert_nothing_left_over(folder);
}

static void the_owner_must_be_able_to_read(void **state)
{
  if (geteuid() != 0) /* only root can make files of others */
    skip();
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *top = fresh(&a, state, "closed"), *folder = arena_printf(&a, "%s/certs", top);
  struct remote_file f = { .name = "server-key.pem", .data = "x", .len = 1, .mode = 0600 };
  struct err e = { 0 };
  int64_t n = 0;
  assert_int_equal(mkdir(top, 0700), 0);
  assert_int_equal(mkdir(folder, 0755), 0);
  put(&a, folder, "server-key.pem", 0600, "old\n");
  assert_int_equal(remote_install_generation(r, folder, "nobody", "s", &f, 1, WAIT_MS, &n, &e), ERR_REFUSED);
  assert_says(&e, "nobody cannot reach");
  assert_says(&e, arena_printf(&a, "may not enter %s:", top));
  assert_string_equal(get(&a, folder, "server-key.pem"), "old\n");
  assert_shell(&a, "server-key.pem", "ls '%s'", folder);
  assert_nothing_left_over(folder);
  assert_int_equal(chmod(top, 0711), 0);
  FINE(remote_install_generation(r, folder, "nobody", "s", &f, 1, WAIT_MS, &n, &trouble));
  assert_shell(&a, "nobody:600", "stat -L -c %%U:%%a '%s/server-key.pem'", folder);
  assert_int_equal(n, 2);
}

/* ---- the lock ---- */

static int hold_lock(struct arena *a, const char *folder, const char *name)
{
  FINE(file_make_folders(arena_printf(a, "%s/.opsd", folder), 0755, &trouble));
  int fd = open(arena_printf(a, "%s/.opsd/lock", folder), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
  assert_int_equal(write(fd, name, strlen(name)), strlen(name));
  return fd;
}

static void a_lock_that_is_held(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "locked");
  struct remote_result result;
  struct err e = { 0 };
  int64_t n = 0;
  AUTO_CLOSE int fd = hold_lock(&a, folder, "rollout-7.3\n");
  int64_t start_ms = clock_monotonic_ms();
  assert_int_equal(install(r, folder, "mine", "v", 0, 300, &n, &e), ERR_CONFLICT);
  assert_true(clock_monotonic_ms() - start_ms >= 300);
  assert_says(&e, "rollout-7.3 is at work");
  assert_int_equal(remote_flip_back(r, folder, "mine", 0, &n, &e), ERR_CONFLICT);
  assert_int_equal(remote_run_detached(r, folder, "mine", "true", 0, &a, &result, &e), ERR_CONFLICT);
  assert_int_equal(install(r, folder, "rollout-7.3", "v", 0, 0, &n, &e), ERR_TIMEOUT);
  assert_shell(&a, "", "ls '%s'", folder);

  pid_t helper = fork();
  if (helper == 0) { /* the lock goes when both of us have closed it */
    wait_for("grep -q -- '-> FLOCK' /proc/locks");
    _exit(0);
  }
  close(take_fd(fd));
  FINE(install(r, folder, "mine", "v", 0, 20000, &n, &trouble));
  waitpid(helper, NULL, 0);
  assert_serves(folder, "v", "v");
}

/* ---- a full disk ---- */

static void no_room(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *folder = fresh(&a, state, "full");
  assert_int_equal(mkdir(folder, 0755), 0);
  if (geteuid() != 0 || mount("none", folder, "tmpfs", 0, "size=256k,mode=755") != 0) {
    arena_free(&a);
    skip(); /* it takes a file system of its own */
  }
  struct err e = { 0 };
  int64_t n = 0;
  {
    AUTO_REMOTE struct remote *r = either(state);
    put(&a, folder, "server-key.pem", 0600, "old\n");
    char *big = arena_alloc(&a, 300000);
    memset(big, 'k', 300000);
    struct remote_file f[] = { { .name = "ca.pem", .data = "c", .len = 1, .mode = 0644 },
                               { .name = "server-key.pem", .data = big, .len = 300000, .mode = 0600 } };
    enum err_code rc = remote_install_generation(r, folder, sshd.user, "s", f, 2, WAIT_MS, &n, &e);
    const char *old = get(&a, folder, "server-key.pem"),
               *left = shell_says(&a, "cd '%s' && find . -type f | sort", folder);
    f[1].len = 1000;
    enum err_code rc2 = remote_install_generation(r, folder, sshd.user, "s", f, 2, WAIT_MS, &n, &trouble);
    shell("umount '%s'", folder);
    assert_int_equal(rc, ERR_REMOTE);
    assert_says(&e, "disk full");
    assert_string_equal(old, "old\n");
    assert_string_equal(left, "./.opsd/lock\n./server-key.pem");
    assert_int_equal(rc2, ERR_NONE);
  }
}

/* the same for who cannot mount: no file may grow beyond a size */
static void no_room_for_a_big_file(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *folder = arena_printf(&a, "%s/small", sshd.folder);
  assert_int_equal(mkdir(folder, 0755), 0);
  put(&a, folder, "server-key.pem", 0600, "old\n");
  pid_t pid = fork();
  if (pid == 0) {
    char *big = arena_alloc(&a, 300000);
    struct remote_file f[] = { { .name = "ca.pem", .data = "c", .len = 1, .mode = 0644 },
                               { .name = "server-key.pem", .data = big, .len = 300000, .mode = 0600 } };
    struct err e = { 0 };
    int64_t n;
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 100000, 100000 });
    enum err_code rc = remote_install_generation(local_open(), folder, sshd.user, "s", f, 2, WAIT_MS, &n, &e);
    _exit(rc == ERR_REMOTE && strstr(e.text, "cannot be written") ? 0 : 1);
  }
  int status;
  waitpid(pid, &status, 0);
  assert_int_equal(status, 0);
  assert_string_equal(get(&a, folder, "server-key.pem"), "old\n");
  assert_shell(&a, "./.opsd/lock\n./server-key.pem", "cd '%s' && find . -type f | sort", folder);
}

/* ---- commands that outlive us ---- */

static void a_detached_command_runs_once(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "detached"),
       *script = arena_printf(&a, "echo once >>'%s/runs'; echo said; echo err >&2; exit 5", folder);
  for (int i = 0; i < 3; i++) {
    struct remote_result result = { 0 };
    FINE(remote_run_detached(r, folder, "restart-1", script, WAIT_MS, &a, &result, &trouble));
    assert_int_equal(result.exit_status, 5);
    assert_string_equal(result.out, "said\nerr\n");
  }
  assert_string_equal(get(&a, folder, "runs"), "once\n");
  assert_shell(&a, "600 600", "cd '%s/.opsd' && echo $(stat -c %%a step-restart-1.log step-restart-1.exit)", folder);
}

static void a_detached_command_has_usual_surroundings(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  struct remote_result result = { 0 };
  /* signals 32 and 33 are the C library's own: posix_spawn leaves them ignored */
  FINE(remote_run_detached(r, fresh(&a, state, "around"), "s",
                           "umask; pwd; echo \"${LC_ALL-none}\"; sed -n 's/0000000180000000/0000000000000000/; "
                           "/Sig[IB][gl][nk]/p' /proc/self/status; "
                           "ls -l /proc/self/fd | grep -c lock; readlink /proc/self/fd/0",
                           WAIT_MS, &a, &result, &trouble));
  assert_string_equal(result.out, "0022\n/\nnone\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n/dev/"
                                  "null\n");
}

static void a_daemon_does_not_keep_the_lock(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "daemon");
  struct remote_result result = { 0 };
  int64_t n;
  FINE(remote_run_detached(r, folder, "start", "sleep 30 & echo $!", WAIT_MS, &a, &result, &trouble));
  enum err_code rc = install(r, folder, "s", "v", 0, 500, &n, &trouble);
  kill(atoi(result.out), SIGKILL);
  assert_int_equal(rc, ERR_NONE);
}

static void a_detached_command_outlives_its_caller(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *folder = fresh(&a, state, "outlives");
  char *script =
      arena_printf(&a, "echo once >>'%s/runs'; until [ -e '%s/go' ]; do sleep 0.05; done; echo end", folder, folder);
  struct remote_result result = { 0 };
  struct err e = { 0 };
  int64_t n;
  pid_t caller = fork();
  if (caller == 0) {
    struct remote *mine = either(state);
    remote_run_detached(mine, folder, "restart", script, 60000, &a, &result, &e);
    _exit(0);
  }
  wait_for("[ -s '%s/runs' ]", folder);
  assert_int_equal(kill(caller, SIGKILL), 0);
  waitpid(caller, NULL, 0);
  if (*(int *)*state)
    sshd_signal_sessions(&sshd, SIGKILL);

  AUTO_REMOTE struct remote *r = either(state);
  assert_int_equal(install(r, folder, "other", "v", 0, 200, &n, &e), ERR_CONFLICT);
  assert_says(&e, "Step restart is at work");
  assert_int_equal(remote_run_detached(r, folder, "restart", script, 200, &a, &result, &e), ERR_TIMEOUT);
  assert_int_equal(shell("touch '%s/go'", folder), 0);
  FINE(remote_run_detached(r, folder, "restart", script, 10000, &a, &result, &trouble));
  assert_string_equal(result.out, "end\n");
  assert_string_equal(get(&a, folder, "runs"), "once\n");
}

static void a_detached_command_that_the_host_lost(void **state)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_REMOTE struct remote *r = either(state);
  char *folder = fresh(&a, state, "lost");
  struct remote_result result = { 0 };
  struct err e = { 0 };
  /* $PPID is the wrapper that would write the exit code */
  assert_int_equal(
      remote_run_detached(r, folder, "s", "kill -9 $PPID $(ps -o ppid= -p $PPID)", WAIT_MS, &a, &result, &e),
      ERR_REMOTE);
  assert_says(&e, "cut off before its end");
  FINE(remote_run_detached(r, folder, "s", "echo anew", WAIT_MS, &a, &result, &trouble));
  assert_string_equal(result.out, "anew\n");
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

#define BOTH(f)                                                                                                        \
  { #f " over SSH", f, NULL, NULL, &over_ssh },                                                                        \
  {                                                                                                                    \
#f " here", f, NULL, NULL, &here                                                                                   \
  }

int main(void)
{
  const struct CMUnitTest tests[] = {
    BOTH(into_a_folder_that_is_not_there),
    BOTH(the_same_step_twice_is_once),
    BOTH(what_is_not_replaced_stays),
    BOTH(found_files_are_the_first_generation),
    BOTH(a_file_put_there_by_hand_is_taken_over),
    BOTH(three_stay_and_older_keys_are_overwritten),
    BOTH(back_and_forth),
    BOTH(odd_names_are_refused),
    BOTH(things_in_the_way),
    BOTH(an_owner_that_does_not_exist),
    BOTH(the_owner_must_be_able_to_read),
    BOTH(a_lock_that_is_held),
    BOTH(no_room),
    cmocka_unit_test(no_room_for_a_big_file),
    BOTH(a_detached_command_runs_once),
    BOTH(a_detached_command_has_usual_surroundings),
    BOTH(a_daemon_does_not_keep_the_lock),
    BOTH(a_detached_command_outlives_its_caller),
    BOTH(a_detached_command_that_the_host_lost),
  };
  return cmocka_run_group_tests_name("generations on a host", tests, start, stop);
}
