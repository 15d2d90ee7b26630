/* store: many threads read and write at once. Worth most under ThreadSanitizer (--enable-sanitizers=thread). */
#include "store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/str.h"
#include "db/db.h"
#include "store/inside.h"

enum { THREADS = 8, ROUNDS = 40 };

struct worker { struct fixture *f; int number; int failures; pthread_t thread; };

static bool writes(struct worker *w, int round)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e;
  int64_t id;
  struct certificate_detail d = fixture_cert(&a, w->number * 1000 + round);
  struct audit_row row = { .at_s = NOW, .who = "w", .from = "local", .operation = "certImport", .result = "ok" };
  return !store_cert_add(w->f->store, &d, "KEY", &id, &e) && !store_audit_add(w->f->store, &row, &e);
}

/* One page is of one moment: what it says of totals holds for its rows. */
static bool reads(struct worker *w, int round)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e;
  certificate_list l;
  audit_list audit;
  const char *next;
  struct cert_filter filter = { .expires_within_days = -1, .limit = 50, .sort = round % 2 ? "name" : "newest",
                                .q = round % 3 ? NULL : "host-0" };
  if (store_cert_list(w->f->store, &filter, &a, &l, &next, &e) ||
      store_audit_list(w->f->store, NULL, NULL, NULL, 10, NULL, &a, &audit, &next, &e))
    return false;
  if (!l.count)
    return true;
  AUTO_BUF struct buf key = BUF_INIT;
  return !store_cert_key(w->f->store, l.item[0].id, &key, &e) && strcmp(key.data, "KEY") == 0;
}

static void *work(void *arg)
{
  struct worker *w = arg;
  uint64_t last = 0;
  for (int round = 0; round < ROUNDS; round++) {
    w->failures += !(w->number % 2 ? writes(w, round) : reads(w, round));
    uint64_t now = store_generation(w->f->store);
    w->failures += now < last;
    last = now;
  }
  return NULL;
}

static _Atomic int told;
static void count_told(void *ctx, uint64_t generation)
{
  (void)ctx, (void)generation;
  atomic_fetch_add(&told, 1);
}

static void side_by_side(void **state)
{
  struct fixture *f = *state;
  store_listen(f->store, count_told, NULL);
  uint64_t before = store_generation(f->store);
  struct worker workers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){ .f = f, .number = i };
    assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
    assert_int_equal(workers[i].failures, 0);
  }
  int written = THREADS / 2 * ROUNDS * 2;
  assert_int_equal(atomic_load(&told), written);
  assert_true(store_generation(f->store) == before + (uint64_t)written);
  struct cert_counts c;
  FINE(store_cert_counts(f->store, NOW, &c, &f->err));
  assert_int_equal(c.total, written / 2);
}

/* More threads want to read than there are connections: they wait, and all get their turn. */
static void *hold_a_reader(void *arg)
{
  struct worker *w = arg;
  for (int i = 0; i < ROUNDS; i++) {
    AUTO_CONN struct db_conn *c = NULL;
    int64_t n = -1;
    w->failures += db_read(w->f->store->db, &c, NULL) ||
                   db_number(c, SQL_NODE_COUNT, DB_NO_ARGS, -1, &n, NULL) || n != 0;
    sched_yield();
  }
  return NULL;
}

static void readers_wait_for_each_other(void **state)
{
  struct fixture *f = *state;
  struct worker workers[3 * THREADS];
  for (size_t i = 0; i < COUNT_OF(workers); i++) {
    workers[i] = (struct worker){ .f = f };
    assert_int_equal(pthread_create(&workers[i].thread, NULL, hold_a_reader, &workers[i]), 0);
  }
  for (size_t i = 0; i < COUNT_OF(workers); i++) {
    pthread_join(workers[i].thread, NULL);
    assert_int_equal(workers[i].failures, 0);
  }
}

/* Two rollouts of one cluster are asked for at the same moment: one is made. */
static void *ask_for_a_rollout(void *arg)
{
  struct worker *w = arg;
  struct rollout_new r = { .cluster_id = 1, .kind = "push", .title = "T", .by = "x", .order = "{}" };
  struct err e;
  int64_t id;
  enum err_code rc = store_rollout_add(w->f->store, &r, &id, &e);
  w->failures = rc == ERR_CONFLICT ? 1 : rc ? 100 : 0;
  return NULL;
}

static void one_of_many_is_first(void **state)
{
  struct fixture *f = *state;
  fixture_add_cluster(f, "orders", "mysql");
  struct worker workers[THREADS];
  int refused = 0;
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){ .f = f };
    assert_int_equal(pthread_create(&workers[i].thread, NULL, ask_for_a_rollout, &workers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
    refused += workers[i].failures;
  }
  assert_int_equal(refused, THREADS - 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(side_by_side),
    TEST(readers_wait_for_each_other),
    TEST(one_of_many_is_first),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
