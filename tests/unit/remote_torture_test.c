/* An installation that is killed at any moment, on our side or on the host's, leaves the old files or the new ones,
 * whole; the same step again ends right. OPSD_TORTURE=N: that many rounds of each kind (8 without it). */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "remote_fixture.h"

enum { FILES = 3, WAIT_MS = 20000, BULK = 50000 };

static struct sshd sshd;
static const char *const names[FILES] = { "ca.pem", "server-cert.pem", "server-key.pem" };
static uint32_t seed = 20260101;

/* after the kill; both must happen, or the moments are badly chosen */
static int went_through, stayed;

static uint32_t roll(uint32_t below)
{
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}

static int rounds(void)
{
  const char *said = getenv("OPSD_TORTURE");
  return said ? atoi(said) : 8;
}

static enum err_code install(struct remote *r, const char *folder, int version, int64_t *generation, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_file files[FILES];
  for (int i = 0; i < FILES; i++) {
    char *data = arena_alloc(&a, BULK);
    memset(data, 'x', BULK);
    memcpy(data, arena_printf(&a, "%6d %-20s", version, names[i]), 27);
    files[i] = (struct remote_file){ .name = names[i], .data = data, .len = BULK, .mode = 0600 };
  }
  return remote_install_generation(r, folder, sshd.user, arena_printf(&a, "step-%d", version), files, FILES, WAIT_MS,
                                   generation, e);
}

/* the version of one file as it is served; -1 when it is not whole */
static int version_of(const char *folder, const char *name)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf b = BUF_INIT;
  struct err e;
  if (file_read(arena_printf(&a, "%s/%s", folder, name), BULK * 2, &b, &e) || b.len < 27 ||
      strncmp(b.data + 7, name, strlen(name)) != 0)
    return -1;
  return b.len == BULK || b.len == 27 ? atoi(b.data) : -1;
}

static void live_of(const char *folder, char out[256])
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  ssize_t n = readlink(arena_printf(&a, "%s/live", folder), out, 255);
  out[n > 0 ? n : 0] = '\0';
}

/* All three by their names, at one position of live. -1: not one whole set. */
static int served(const char *folder)
{
  char before[256], after[256];
  int v[FILES];
  do {
    live_of(folder, before);
    for (int i = 0; i < FILES; i++)
      v[i] = version_of(folder, names[i]);
    live_of(folder, after);
  } while (strcmp(before, after) != 0);
  if (v[0] != v[1] || v[1] != v[2])
    print_message("%s serves %d %d %d (%s)\n", folder, v[0], v[1], v[2], after);
  return v[0] == v[1] && v[1] == v[2] ? v[0] : -1;
}

static void plain_files(const char *folder, int version)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  for (int i = 0; i < FILES; i++) {
    char *text = arena_printf(&a, "%6d %-20s", version, names[i]);
    FINE(file_write_atomic(arena_printf(&a, "%s/%s", folder, names[i]), 0600, text, strlen(text), &trouble));
  }
}

static void nap_us(uint32_t us)
{
  nanosleep(&(struct timespec){ .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 }, NULL);
}

/* Looks all the time while the other process installs; kills it (or its connection) at a moment of chance. */
static void install_and_kill(const char *folder, int version, int64_t usual_us, bool the_connection)
{
  pid_t child = fork();
  if (child == 0) {
    struct arena a = ARENA_INIT;
    struct remote_target t = sshd_target(&sshd);
    struct remote *r;
    struct err e;
    int64_t n;
    if (!remote_open(&t, &a, &r, NULL, &e)) /* the connection may be cut at sign-in */
      install(r, folder, version, &n, &e);
    _exit(0);
  }
  nap_us(roll((uint32_t)usual_us + 20000));
  int seen = served(folder);
  if (the_connection)
    sshd_signal_sessions(&sshd, SIGKILL);
  else
    kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  assert_true(seen == version || seen == version - 1);
  seen = served(folder);
  assert_true(seen == version || seen == version - 1);
  *(seen == version ? &went_through : &stayed) += 1;
}

static void resume(const char *folder, int version)
{
  AUTO_REMOTE struct remote *r = sshd_open(&sshd);
  int64_t n = 0, again = 0;
  FINE(install(r, folder, version, &n, &trouble));
  assert_int_equal(served(folder), version);
  FINE(install(r, folder, version, &again, &trouble));
  assert_int_equal(again, n);
  AUTO_ARENA struct arena a = ARENA_INIT;
  assert_string_equal(shell_says(&a, "cd '%s' && ls .opsd | grep -E 'tmp|new'; readlink live", folder),
                      arena_printf(&a, "gen-%d", (int)n));
  /* three generations and nothing beside, or four while the one that was turned from is older */
  assert_true(atoi(shell_says(&a, "ls -d '%s'/gen-* | wc -l", folder)) <= 4);
}

/* how long one takes here */
static int64_t usual_us(const char *folder)
{
  int64_t start_ms = clock_monotonic_ms();
  resume(folder, 1);
  return (clock_monotonic_ms() - start_ms) * 1000;
}

static void later_generations(bool the_connection)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *folder = arena_printf(&a, "%s/later%d", sshd.folder, the_connection);
  int64_t usual = usual_us(folder);
  for (int version = 2; version < 2 + rounds(); version++) {
    install_and_kill(folder, version, usual, the_connection);
    resume(folder, version);
  }
}

static void first_generations(bool the_connection)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  int64_t usual = usual_us(arena_printf(&a, "%s/usual%d", sshd.folder, the_connection));
  for (int i = 0; i < rounds(); i++) {
    char *folder = arena_printf(&a, "%s/first%d-%d", sshd.folder, the_connection, i);
    assert_int_equal(mkdir(folder, 0755), 0);
    plain_files(folder, 1);
    install_and_kill(folder, 2, usual, the_connection);
    resume(folder, 2);
    shell("rm -rf '%s'", folder);
  }
}

static void killed_here(void **state)
{
  (void)state;
  later_generations(false);
}

static void killed_here_while_taking_over(void **state)
{
  (void)state;
  first_generations(false);
}

static void cut_there(void **state)
{
  (void)state;
  later_generations(true);
}

static void cut_there_while_taking_over(void **state)
{
  (void)state;
  first_generations(true);
}

/* The host's own shell is killed, as by a power cut: at any moment, what is served is whole. */
static void the_shell_on_the_host_is_killed(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *folder = arena_printf(&a, "%s/power", sshd.folder);
  int64_t usual = usual_us(folder);
  for (int version = 2; version < 2 + rounds(); version++) {
    pid_t child = fork();
    if (child == 0) {
      struct err e;
      int64_t n;
      setpgid(0, 0);
      install(local_open(), folder, version, &n, &e);
      _exit(0);
    }
    nap_us(roll((uint32_t)usual));
    /* its shell is the one child, leader of a session */
    char *shell_pid = shell_says(&a, "cat /proc/%d/task/%d/children 2>/dev/null", (int)child, (int)child);
    if (atoi(shell_pid) > 1)
      kill(-atoi(shell_pid), SIGKILL);
    waitpid(child, NULL, 0);
    int seen = served(folder);
    assert_true(seen == version || seen == version - 1);
    resume(folder, version);
  }
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
  print_message("right after a kill the old files were served %d times, the new ones %d times\n", stayed, went_through);
  sshd_stop(&sshd);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(killed_here),
    cmocka_unit_test(killed_here_while_taking_over),
    cmocka_unit_test(cut_there),
    cmocka_unit_test(cut_there_while_taking_over),
    cmocka_unit_test(the_shell_on_the_host_is_killed),
  };
  return cmocka_run_group_tests_name("generations, killed at any moment", tests, start, stop);
}
