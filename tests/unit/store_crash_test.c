/* store: a daemon that is killed, a disk that is full, a file that is damaged. Nothing is half done, nothing that was
 * answered as done is lost. */
#include "store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

static int64_t outside(struct fixture *f, const char *sql)
{
  char path[128];
  sqlite3 *db;
  sqlite3_stmt *st;
  snprintf(path, sizeof path, "%s/opsd.db", f->folder);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
  int64_t v = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
  sqlite3_finalize(st);
  sqlite3_close(db);
  return v;
}

static void is_sound(struct fixture *f)
{
  assert_int_equal(outside(f, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
  assert_int_equal(outside(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  const char *halves = /* rows of a certificate that lack another of its rows, or the counters of it */
    "SELECT (SELECT count(*) FROM certificates WHERE id NOT IN (SELECT id FROM certificate_material)"
    " OR id NOT IN (SELECT id FROM certificate_text) OR id NOT IN (SELECT id FROM certificate_hex))"
    " + (SELECT count(*) FROM certificate_material WHERE id NOT IN (SELECT id FROM certificates))"
    " + ((SELECT count(*) FROM certificates) <> (SELECT sum(count) FROM certificate_totals))"
    " + (SELECT count(*) FROM rollouts r"
    "    WHERE steps_total <> (SELECT count(*) FROM rollout_steps WHERE rollout_id = r.id))"
    " + (SELECT count(*) FROM rollouts WHERE steps_total <> 5)";
  assert_int_equal(outside(f, halves), 0);
}

/* Writes for ever; after each write that was answered it says so through the pipe: 'c' a certificate, 'r' a rollout. */
static void write_until_killed(const char *folder, int pipe_fd)
{
  struct store *s;
  struct err e;
  if (store_open(folder, &s, &e))
    _exit(3);
  for (int n = (int)getpid() * 1000;; n++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct certificate_detail d = fixture_cert(&a, n);
    struct rollout_step steps[5];
    for (int i = 0; i < 5; i++)
      steps[i] = (struct rollout_step){ .action = "check", .title = "Look" };
    struct rollout_new r = { .cluster_id = 1, .kind = "push", .title = "T", .by = "x", .order = "{}",
                             .steps = { steps, 5 } };
    int64_t id;
    if (store_cert_add(s, &d, "KEY", &id, &e) || write(pipe_fd, "c", 1) != 1)
      _exit(4);
    if (store_rollout_add(s, &r, &id, &e) || store_rollout_set_state(s, id, "done", NULL, &e) ||
        write(pipe_fd, "r", 1) != 1)
      _exit(5);
  }
}

static void wait_us(long us) { nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL); }

/* The moment is random on purpose: each run tries others. */
static void kill_while_writing(struct fixture *f, unsigned *seed, int64_t answered[2])
{
  int fds[2], status;
  assert_int_equal(pipe(fds), 0);
  pid_t child = fork();
  if (child == 0) {
    close(fds[0]);
    write_until_killed(f->folder, fds[1]);
  }
  close(fds[1]);
  char said;
  assert_int_equal(read(fds[0], &said, 1), 1); /* it is at work */
  answered[said == 'r']++;
  wait_us(rand_r(seed) % 20000);
  assert_int_equal(kill(child, SIGKILL), 0);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  while (read(fds[0], &said, 1) == 1)
    answered[said == 'r']++;
  close(fds[0]);
}

static void killed_at_any_moment(void **state)
{
  struct fixture *f = *state;
  fixture_add_cluster(f, "orders", "mysql");
  store_close(f->store);
  f->store = NULL;
  unsigned seed = (unsigned)time(NULL);
  print_message("# seed %u\n", seed);
  int64_t answered[2] = { 0, 0 };
  for (int round = 0; round < 15; round++) {
    kill_while_writing(f, &seed, answered);
    is_sound(f);
    assert_true(outside(f, "SELECT count(*) FROM certificates") >= answered[0]);
    assert_true(outside(f, "SELECT count(*) FROM rollouts WHERE state = 'done'") >= answered[1]);
    FINE(store_open(f->folder, &f->store, &f->err));
    int64_t interrupted;
    FINE(store_rollout_interrupt_all(f->store, &interrupted, &f->err)); /* at most the one it was about to end */
    assert_true(interrupted <= 1);
    struct rollout r;
    struct cluster c;
    FINE(store_cluster_get(f->store, "orders", NOW, &f->arena, &c, &f->err));
    if (c.rollout_id) {
      FINE(store_rollout_get(f->store, c.rollout_id, &f->arena, &r, NULL, &f->err));
      assert_string_equal(r.state, "interrupted");
      FINE(store_rollout_set_state(f->store, r.id, "done", NULL, &f->err));
    }
    store_close(f->store);
    f->store = NULL;
  }
  assert_true(answered[0] > 15);
}

/* A limit on the size of files makes writes fail with EFBIG where a disk would say ENOSPC. */
static void fill_up(struct fixture *f)
{
  signal(SIGXFSZ, SIG_IGN);
  struct store *s;
  struct err e = { 0 };
  int64_t id, added = 0, more = 0;
  if (store_open(f->folder, &s, &e))
    _exit(3);
  struct stat st;
  char path[128];
  snprintf(path, sizeof path, "%s/opsd.db", f->folder);
  if (stat(path, &st))
    _exit(4);
  if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){ (rlim_t)st.st_size + 400000, RLIM_INFINITY }))
    _exit(4);
  enum err_code rc = ERR_NONE;
  for (int n = 0; !rc && n < 10000; n++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct certificate_detail d = fixture_cert(&a, n);
    rc = store_cert_add(s, &d, "KEY", &id, &e);
    added += !rc;
  }
  struct cert_counts c;
  bool said = rc == ERR_IO && e.code == ERR_IO && strstr(e.text, "nothing was changed") && added > 5;
  bool reads_on = !store_cert_counts(s, NOW, &c, &e) && c.total == added;
  if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY })) /* room was made */
    _exit(5);
  for (int n = 20000; n < 20010; n++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct certificate_detail d = fixture_cert(&a, n);
    more += !store_cert_add(s, &d, "KEY", &id, &e);
  }
  bool writes_on = !store_cert_counts(s, NOW, &c, &e) && c.total == added + 10 && more == 10;
  store_close(s);
  _exit(!said ? 10 : !reads_on ? 11 : !writes_on ? 12 : 0);
}

static void a_full_disk_is_said_and_costs_nothing(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 30000);
  fixture_add_cert(f, &d, "KEY BEFORE");
  FINE(store_cert_delete(f->store, 1, &f->err));
  store_close(f->store);
  f->store = NULL;
  pid_t child = fork();
  if (child == 0)
    fill_up(f);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  is_sound(f);
}

static void what_was_deleted_is_overwritten(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 1);
  const char *mark = "a mark that stands in the file as it is";
  d.pem = mark;
  int64_t id = fixture_add_cert(f, &d, NULL);
  for (int round = 0; round < 2; round++) {
    store_close(f->store); /* folds the -wal file into the database */
    f->store = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/opsd.db", f->folder);
    FILE *file = fopen(path, "rb");
    char bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(n > 0 && n < sizeof bytes);
    assert_true((memmem(bytes, n, mark, strlen(mark)) != NULL) == (round == 0));
    FINE(store_open(f->folder, &f->store, &f->err));
    if (round == 0)
      FINE(store_cert_delete(f->store, id, &f->err));
  }
}

static void damage_is_named(void **state)
{
  struct fixture *f = *state;
  for (int i = 0; i < 200; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, i);
    fixture_add_cert(f, &d, "KEY");
  }
  store_close(f->store);
  f->store = NULL;
  char path[128], rubbish[8192];
  snprintf(path, sizeof path, "%s/opsd.db", f->folder);
  memset(rubbish, 0xa5, sizeof rubbish);
  int fd = open(path, O_WRONLY);
  struct stat st;
  assert_int_equal(fstat(fd, &st), 0);
  for (off_t at = 4096 * 4; at + (off_t)sizeof rubbish < st.st_size; at += sizeof rubbish)
    assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, at), sizeof rubbish);
  close(fd);
  enum err_code rc = store_open(f->folder, &f->store, &f->err);
  certificate_list l;
  const char *next;
  struct cert_filter all = { .expires_within_days = -1, .limit = 100 };
  if (!rc)
    rc = store_cert_list(f->store, &all, &f->arena, &l, &next, &f->err);
  assert_int_equal(rc, ERR_IO);
  assert_non_null(strstr(f->err.text, "damaged"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(killed_at_any_moment),
    TEST(a_full_disk_is_said_and_costs_nothing),
    TEST(what_was_deleted_is_overwritten),
    TEST(damage_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
