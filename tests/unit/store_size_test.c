/* store: 50,000 certificates and 10,000 nodes. What a page costs is counted in steps of SQLite's machine, which a busy
 * computer does not change. */
#include "store_fixture.h"

#include <sqlite3.h>

#include "base/str.h"
#include "db/inside.h"
#include "store/inside.h"

enum { CERTS = 50000, NODES = 10000, STEPS_MAX = 12000, STEPS_SEARCH_MAX = 40000 };

static void fill(struct fixture *f)
{
  const char *kinds[] = { "leaf", "leaf", "leaf", "leaf", "leaf", "leaf", "leaf", "intermediate" };
  AUTO_CONN struct db_conn *c = NULL;
  int64_t id;
  FINE(db_write(f->store->db, &c, &f->err));
  FINE(db_run(c, SQL_CLUSTER_INSERT, DB_ARGS(db_t("big"), db_t("mysql"), db_t(NULL), db_i(NOW)), &f->err));
  FINE(db_run(c, SQL_CLUSTER_INSERT, DB_ARGS(db_t("small"), db_t("mysql"), db_t(NULL), db_i(NOW)), &f->err));
  for (int i = 0; i < CERTS; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct certificate_detail d = fixture_cert(&a, (int)((int64_t)i * 7919 % CERTS));
    d.row.kind = i == 4321 ? "root" : kinds[i % COUNT_OF(kinds)];
    if (i % 20 == 0)
      d.row.name = arena_printf(&a, "\u00dcBUNG-%05d", i);
    d.row.not_after_s = NOW + (int64_t)i * 7919 % CERTS * 3600;
    FINE(cert_insert(f->store, c, &d, i % 1000 == 0 ? "KEY" : NULL, &id, &f->err));
  }
  for (int i = 0; i < NODES; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct node n = fixture_node(i < 20 ? 2 : 1, arena_printf(&a, "node-%05d", (int)((int64_t)i * 7919 % NODES)));
    FINE(node_insert(c, &n, &id, &f->err));
    FINE(db_run(c, SQL_NODE_SET_WANTED, DB_ARGS(db_i(id), db_i(i % 100 + 1), db_ref(0), db_i(1)), &f->err));
    FINE(db_run(c, SQL_NODE_SET_PROBE, DB_ARGS(db_i(id), db_t("tls"), db_i(NOW + i)), &f->err));
  }
  FINE(db_commit(&c, &f->err));
}

/* Steps since the last call, of all readers. */
static int64_t steps(struct fixture *f)
{
  int64_t n = 0;
  for (struct db_conn *c = f->store->db->idle; c; c = c->next)
    for (size_t q = 0; q < SQL_QUERIES; q++)
      if (c->statement[q])
        n += sqlite3_stmt_status(c->statement[q], SQLITE_STMTSTATUS_VM_STEP, 1);
  return n;
}

static void costs(struct fixture *f, const char *what, int64_t most)
{
  int64_t n = steps(f);
  if (getenv("STEPS"))
    print_message("# %7lld %s\n", (long long)n, what);
  if (n > most)
    fail_msg("%s took %lld steps", what, (long long)n);
}

static size_t list(struct fixture *f, const struct cert_filter *filter, const char **next)
{
  certificate_list l;
  FINE(store_cert_list(f->store, filter, &f->arena, &l, next, &f->err));
  return l.count;
}

static void pages_of_certificates(struct fixture *f)
{
  const char *sorts[] = { "expiry", "name", "newest" };
  for (size_t s = 0; s < COUNT_OF(sorts); s++) {
    const char *next = NULL;
    struct cert_filter all = { .sort = sorts[s], .expires_within_days = -1, .limit = 100, .now_s = NOW };
    struct cert_filter kind = all, key = all, cluster = all, rare = all, frequent = all, within = all, hex = all;
    struct cert_filter two_letters = all, umlaut = all;
    umlaut.q = "\u00fcbung-";
    kind.kind = "root";
    key.has_key = true;
    cluster.cluster = "small";
    rare.q = "host-01234";
    frequent.q = "example";
    two_letters.q = "ho";
    hex.q = "abcdef";
    within.expires_within_days = 3;
    steps(f);
    assert_int_equal(list(f, &all, &next), 100);
    costs(f, sorts[s], STEPS_MAX);
    for (int page = 0; page < 20; page++) {
      all.after = next;
      assert_int_equal(list(f, &all, &next), 100);
    }
    steps(f);
    all.after = next;
    assert_int_equal(list(f, &all, &next), 100);
    costs(f, "a page farther down", STEPS_MAX);
    assert_int_equal(list(f, &kind, &next), 1);
    costs(f, "the only root", STEPS_MAX);
    assert_int_equal(list(f, &key, &next), 50);
    costs(f, "with a key", STEPS_MAX);
    assert_int_equal(list(f, &cluster, &next), 20);
    costs(f, "of a small cluster", STEPS_MAX);
    assert_int_equal(list(f, &rare, &next), 1);
    costs(f, "a rare text", STEPS_MAX);
    list(f, &hex, &next);
    costs(f, "a fingerprint's beginning", STEPS_MAX);
    assert_int_equal(list(f, &frequent, &next), 100);
    costs(f, "a frequent text", STEPS_SEARCH_MAX);
    assert_int_equal(list(f, &two_letters, &next), 100);
    costs(f, "two letters", STEPS_MAX);
    assert_int_equal(list(f, &umlaut, &next), 100); /* LIKE would not find it in this case */
    costs(f, "a frequent text with an umlaut", STEPS_SEARCH_MAX * 4);
    if (s == 0) {
      assert_int_equal(list(f, &within, &next), 73);
      costs(f, "soon to expire", STEPS_MAX);
    }
  }
}

static void every_page_of_all(struct fixture *f)
{
  const char *next = NULL;
  size_t n = 0;
  do {
    AUTO_ARENA struct arena page = ARENA_INIT;
    struct cert_filter filter = { .sort = "name", .expires_within_days = -1, .limit = 1000, .after = next };
    certificate_list l;
    const char *following;
    FINE(store_cert_list(f->store, &filter, &page, &l, &following, &f->err));
    n += l.count;
    next = arena_strdup(&f->arena, following);
  } while (next);
  assert_int_equal(n, CERTS);
}

static void pages_of_nodes(struct fixture *f)
{
  node_list l;
  cluster_list clusters;
  const char *next;
  struct node_filter all = { .limit = 100 }, found = { .limit = 100, .q = "ode-0123" };
  struct node_filter small = { .limit = 100, .cluster = "small" };
  steps(f);
  FINE(store_node_list(f->store, &all, &f->arena, &l, &next, &f->err));
  costs(f, "nodes", STEPS_MAX);
  FINE(store_node_list(f->store, &found, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 10);
  costs(f, "nodes found", STEPS_MAX);
  FINE(store_node_list(f->store, &small, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 20);
  costs(f, "nodes of a small cluster", STEPS_MAX);
  FINE(store_cluster_list(f->store, NULL, 100, NULL, NOW, &f->arena, &clusters, &next, &f->err));
  assert_int_equal(clusters.item[0].node_count, NODES - 20);
  costs(f, "clusters", 120000); /* counts its nodes */
}

static void a_page_stays_cheap(void **state)
{
  struct fixture *f = *state;
  fill(f);
  pages_of_certificates(f);
  every_page_of_all(f);
  pages_of_nodes(f);
  struct cert_counts c;
  steps(f);
  FINE(store_cert_counts(f->store, NOW, &c, &f->err));
  assert_int_equal(c.total, CERTS);
  costs(f, "totals", 20000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_page_stays_cheap, fixture_setup, fixture_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
