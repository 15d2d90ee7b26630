/* store: clusters, nodes, probes, rollouts. */
#include "store_fixture.h"

#include "base/str.h"
#include "store/inside.h"

static struct node loaded(struct fixture *f, const char *ref)
{
  struct node n;
  FINE(store_node_get(f->store, ref, NOW, &f->arena, &n, &f->err));
  return n;
}

static struct cluster cluster_of(struct fixture *f, const char *ref)
{
  struct cluster c;
  FINE(store_cluster_get(f->store, ref, NOW, &f->arena, &c, &f->err));
  return c;
}

static void clusters(void **state)
{
  struct fixture *f = *state;
  int64_t id;
  struct cluster c = { .name = "orders", .flavour = "mariadb", .db_user = "opsd" };
  FINE(store_cluster_add(f->store, &c, "pass word", &id, &f->err));
  REFUSED(store_cluster_add(f->store, &c, NULL, &id, &f->err), ERR_CONFLICT, "cluster orders already", "name");
  c.name = "17";
  REFUSED(store_cluster_add(f->store, &c, NULL, &id, &f->err), ERR_INVALID, "number", "name");
  c.name = "";
  REFUSED(store_cluster_add(f->store, &c, NULL, &id, &f->err), ERR_INVALID, "missing", "name");
  struct cluster by_name = cluster_of(f, "orders"), by_id = cluster_of(f, "1");
  assert_int_equal(by_name.id, by_id.id);
  assert_string_equal(by_name.db_user, "opsd");
  assert_string_equal(by_name.flavour, "mariadb");
  assert_true(by_name.has_db_password);
  assert_true(by_name.next_expiry_s == TIME_NONE && by_name.created_s == NOW);
  AUTO_BUF struct buf password = BUF_INIT;
  bool found;
  FINE(store_cluster_db_password(f->store, 1, &password, &found, &f->err));
  assert_true(found);
  assert_string_equal(password.data, "pass word");
  int64_t bare = fixture_add_cluster(f, "bare", "pxc");
  assert_false(cluster_of(f, "bare").has_db_password);
  FINE(store_cluster_db_password(f->store, bare, &password, &found, &f->err));
  assert_false(found);
  REFUSED(store_cluster_get(f->store, "nowhere", NOW, &f->arena, &by_id, &f->err), ERR_NOT_FOUND, "nowhere", "");
  int64_t node = fixture_add_node(f, bare, "db-1");
  REFUSED(store_cluster_delete(f->store, bare, &f->err), ERR_CONFLICT, "Cluster bare still has 1 node: delete it", "");
  FINE(store_node_delete(f->store, node, &f->err));
  FINE(store_cluster_delete(f->store, bare, &f->err));
  REFUSED(store_cluster_delete(f->store, bare, &f->err), ERR_NOT_FOUND, "no cluster", "");
}

static void clusters_in_pages(void **state)
{
  struct fixture *f = *state;
  for (int i = 0; i < 7; i++)
    fixture_add_cluster(f, arena_printf(&f->arena, "c-%d", (i * 3) % 7), "mysql");
  cluster_list l;
  const char *next = NULL;
  for (int page = 0, n = 0; page < 3; page++) {
    FINE(store_cluster_list(f->store, NULL, 3, next, NOW, &f->arena, &l, &next, &f->err));
    for (size_t i = 0; i < l.count; i++, n++)
      assert_string_equal(l.item[i].name, arena_printf(&f->arena, "c-%d", n));
    assert_int_equal(l.count, page < 2 ? 3 : 1);
  }
  assert_null(next);
  FINE(store_cluster_list(f->store, "-4", 3, NULL, NOW, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 1);
  FINE(store_cluster_list(f->store, "%", 3, NULL, NOW, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 0);
  REFUSED(store_cluster_list(f->store, NULL, 3, "rubbish", NOW, &f->arena, &l, &next, &f->err), ERR_INVALID, "after",
          "after");
}

static void a_node_comes_back_as_it_was(void **state)
{
  struct fixture *f = *state;
  int64_t id, cluster = fixture_add_cluster(f, "orders", "singlestore");
  struct node n = fixture_node(cluster, "db-1");
  str_list_add(&f->arena, &n.roles, "leaf");
  str_list_add(&f->arena, &n.roles, "master");
  str_list_add(&f->arena, &n.dns_names, "db-1.example.org");
  str_list_add(&f->arena, &n.dns_names, "orders.example.org");
  n.sudo = true;
  n.host_key = "SHA256:abc";
  n.service = "memsql", n.bootstrap = "boot", n.base_dir = "/srv", n.group_address = "10.0.0.1:4567";
  FINE(store_node_add(f->store, &n, &id, &f->err));
  struct node back = loaded(f, "db-1");
  assert_int_equal(back.id, id);
  assert_string_equal(back.cluster, "orders");
  assert_string_equal(back.flavour, "singlestore");
  assert_int_equal(back.roles.count, 2);
  assert_string_equal(back.roles.item[0], "master");
  assert_string_equal(back.roles.item[1], "leaf");
  assert_int_equal(back.dns_names.count, 2);
  assert_string_equal(back.dns_names.item[1], "orders.example.org");
  assert_string_equal(back.reach, "ssh");
  assert_string_equal(back.ssh_user, "opsd");
  assert_string_equal(back.ssh_host, "10.0.0.1");
  assert_int_equal(back.ssh_port, 22);
  assert_true(back.sudo);
  assert_string_equal(back.host_key, "SHA256:abc");
  assert_null(back.host_key_seen);
  assert_string_equal(back.address, "10.0.0.1");
  assert_int_equal(back.port, 3306);
  assert_string_equal(back.option_file, "/etc/my.cnf");
  assert_string_equal(back.cert_dir, "/etc/mysql/certs");
  assert_string_equal(back.owner, "mysql:mysql");
  assert_string_equal(back.unit, "mariadb");
  assert_string_equal(back.service, "memsql");
  assert_string_equal(back.bootstrap, "boot");
  assert_string_equal(back.base_dir, "/srv");
  assert_string_equal(back.group_address, "10.0.0.1:4567");
  assert_int_equal(back.wanted_cert_id, 0);
  assert_null(back.wanted_cert);
  assert_null(back.probe);
  assert_string_equal(back.wire, "unknown");
  REFUSED(store_node_add(f->store, &n, &id, &f->err), ERR_CONFLICT, "node db-1 already", "name");
  n.name = "1";
  REFUSED(store_node_add(f->store, &n, &id, &f->err), ERR_INVALID, "number", "name");
  n.name = "db-9", n.cluster_id = 77;
  REFUSED(store_node_add(f->store, &n, &id, &f->err), ERR_INVALID, "77", "cluster");
  n.cluster_id = cluster;
  str_list_add(&f->arena, &n.roles, "king");
  REFUSED(store_node_add(f->store, &n, &id, &f->err), ERR_INVALID, "king", "roles");
  for (int i = 0; node_role_words[i]; i++)
    assert_true(word_index(node_role_bits, node_role_words[i]) >= 0);
}

static void a_node_can_be_changed(void **state)
{
  struct fixture *f = *state;
  int64_t cluster = fixture_add_cluster(f, "orders", "mysql"), id = fixture_add_node(f, cluster, "db-1");
  fixture_add_node(f, cluster, "db-2");
  FINE(store_node_set_host_key(f->store, id, "SHA256:pinned", "SHA256:other", &f->err));
  struct node n = loaded(f, "db-1");
  assert_string_equal(n.host_key_seen, "SHA256:other");
  n.name = "db-2";
  REFUSED(store_node_change(f->store, &n, &f->err), ERR_CONFLICT, "db-2", "name");
  n.name = "renamed", n.port = 3307;
  FINE(store_node_change(f->store, &n, &f->err));
  n = loaded(f, "renamed");
  assert_int_equal(n.id, id);
  assert_int_equal(n.port, 3307);
  assert_string_equal(n.host_key, "SHA256:pinned");
  FINE(store_node_change(f->store, &n, &f->err)); /* its own name is not taken */
  node_list l;
  const char *next;
  struct node_filter by_old = { .q = "db-1", .limit = 10 }, by_new = { .q = "rename", .limit = 10 };
  FINE(store_node_list(f->store, &by_old, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 0);
  FINE(store_node_list(f->store, &by_new, &f->arena, &l, &next, &f->err));
  assert_int_equal(l.count, 1);
  n.id = 99, n.name = "x";
  REFUSED(store_node_change(f->store, &n, &f->err), ERR_NOT_FOUND, "99", "");
  REFUSED(store_node_set_host_key(f->store, 99, NULL, NULL, &f->err), ERR_NOT_FOUND, "99", "");
  REFUSED(store_node_delete(f->store, 99, &f->err), ERR_NOT_FOUND, "99", "");
}

static size_t nodes_found(struct fixture *f, struct node_filter filter)
{
  node_list l;
  const char *next;
  filter.limit = filter.limit ? filter.limit : 100;
  FINE(store_node_list(f->store, &filter, &f->arena, &l, &next, &f->err));
  for (size_t i = 1; i < l.count; i++)
    assert_true(strcmp(l.item[i - 1].name, l.item[i].name) < 0);
  return l.count;
}

static void nodes_in_lists(void **state)
{
  struct fixture *f = *state;
  int64_t one = fixture_add_cluster(f, "one", "mariadb"), two = fixture_add_cluster(f, "two", "singlestore");
  const char *roles[] = { "member", "master", "aggregator", "leaf" };
  for (int i = 0; i < 20; i++) {
    struct node n = fixture_node(i < 8 ? one : two, arena_printf(&f->arena, "node-%02d", (i * 7) % 20));
    int64_t id;
    str_list_add(&f->arena, &n.roles, roles[i % 4]);
    str_list_add(&f->arena, &n.dns_names, i == 3 ? "special.example" : "common.example");
    FINE(store_node_add(f->store, &n, &id, &f->err));
  }
  int64_t count;
  FINE(store_node_count(f->store, &count, &f->err));
  assert_int_equal(count, 20);
  struct str_list two_roles = { 0 }, no_role = { 0 };
  str_list_add(&f->arena, &two_roles, "aggregator");
  str_list_add(&f->arena, &two_roles, "master");
  str_list_add(&f->arena, &no_role, "wizard");
  assert_int_equal(nodes_found(f, (struct node_filter){ 0 }), 20);
  assert_int_equal(nodes_found(f, (struct node_filter){ .cluster = "one" }), 8);
  assert_int_equal(nodes_found(f, (struct node_filter){ .cluster = "2" }), 12);
  assert_int_equal(nodes_found(f, (struct node_filter){ .flavour = "mariadb" }), 8);
  assert_int_equal(nodes_found(f, (struct node_filter){ .roles = two_roles }), 10);
  assert_int_equal(nodes_found(f, (struct node_filter){ .roles = two_roles, .cluster = "one" }), 4);
  assert_int_equal(nodes_found(f, (struct node_filter){ .q = "special.EX" }), 1);
  assert_int_equal(nodes_found(f, (struct node_filter){ .q = "sp" }), 1);
  assert_int_equal(nodes_found(f, (struct node_filter){ .q = "10.0.0.1", .cluster = "one" }), 8);
  assert_int_equal(nodes_found(f, (struct node_filter){ .q = "\" OR \"" }), 0);
  node_list l;
  const char *next = NULL;
  struct node_filter bad_role = { .roles = no_role, .limit = 1 }, bad_cluster = { .cluster = "none", .limit = 1 };
  REFUSED(store_node_list(f->store, &bad_role, &f->arena, &l, &next, &f->err), ERR_INVALID, "wizard", "roles");
  REFUSED(store_node_list(f->store, &bad_cluster, &f->arena, &l, &next, &f->err), ERR_NOT_FOUND, "none", "");
  const char *const ways[] = { NULL, "node-" };
  for (size_t w = 0; w < COUNT_OF(ways); w++) {
    int n = 0;
    next = NULL;
    do {
      struct node_filter page = { .limit = 7, .after = next, .q = ways[w] };
      FINE(store_node_list(f->store, &page, &f->arena, &l, &next, &f->err));
      for (size_t i = 0; i < l.count; i++)
        assert_string_equal(l.item[i].name, arena_printf(&f->arena, "node-%02d", n++));
    } while (next);
    assert_int_equal(n, 20);
  }
  FINE(store_node_delete(f->store, 1, &f->err));
  FINE(store_node_count(f->store, &count, &f->err));
  assert_int_equal(count, 19);
}

static void probed(struct fixture *f, int64_t node, const char *state, const char *sha256, int64_t not_after_s)
{
  struct probe p = { .channel = "client", .state = state, .at_s = NOW, .sha256 = sha256, .not_after_s = not_after_s,
                     .chain_length = sha256 ? 2 : 0, .chain_pem = sha256 ? "CHAIN" : NULL,
                       .error = sha256 ? NULL : "why",
                     .server_version = "10.11", .protocol = "TLS1.3", .cipher = "C", .client_cert_asked = true,
                     .subject = "CN=s", .issuer = "CN=i" };
  FINE(store_node_set_probe(f->store, node, &p, &f->err));
}

static void the_wire_against_what_is_wanted(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail mine = fixture_cert(&f->arena, 1), other = fixture_cert(&f->arena, 2);
  int64_t cert = fixture_add_cert(f, &mine, "KEY");
  int64_t cluster = fixture_add_cluster(f, "orders", "mysql"), id = fixture_add_node(f, cluster, "db-1");
  assert_string_equal(loaded(f, "db-1").wire, "unknown");
  probed(f, id, "tls", other.row.sha256, NOW + 5 * DAY);
  assert_string_equal(loaded(f, "db-1").wire, "unknown"); /* nothing was pushed yet */
  FINE(store_node_set_wanted(f->store, id, cert, 0, 1, &f->err));
  assert_string_equal(loaded(f, "db-1").wire, "other");
  probed(f, id, "tls", mine.row.sha256, NOW + 9 * DAY);
  struct node n = loaded(f, "db-1");
  assert_string_equal(n.wire, "this");
  assert_string_equal(n.wanted_cert, mine.row.name);
  assert_string_equal(n.wanted_sha256, mine.row.sha256);
  assert_int_equal(n.generation, 1);
  assert_string_equal(n.probe->chain_pem, "CHAIN");
  assert_string_equal(n.probe->channel, "client");
  assert_string_equal(n.probe->server_version, "10.11");
  assert_string_equal(n.probe->protocol, "TLS1.3");
  assert_string_equal(n.probe->cipher, "C");
  assert_true(n.probe->client_cert_asked);
  assert_string_equal(n.probe->subject, "CN=s");
  assert_string_equal(n.probe->issuer, "CN=i");
  assert_int_equal(n.probe->days_left, 9);
  assert_int_equal(n.probe->chain_length, 2);
  assert_null(n.probe->error);
  certificate_use_list uses;
  FINE(store_cert_uses(f->store, cert, &f->arena, &uses, &f->err));
  assert_string_equal(uses.item[0].on_wire, "this");
  const char *states[] = { "plaintext", "unreachable", "failed" };
  for (size_t i = 0; i < COUNT_OF(states); i++) {
    probed(f, id, states[i], NULL, 0);
    n = loaded(f, "db-1");
    assert_string_equal(n.wire, i < 2 ? states[i] : "unknown");
    assert_true(n.probe->not_after_s == TIME_NONE);
    assert_string_equal(n.probe->error, "why");
    assert_null(n.probe->chain_pem);
  }
  struct probe p = { .channel = "client", .state = "tls" };
  REFUSED(store_node_set_probe(f->store, 99, &p, &f->err), ERR_NOT_FOUND, "99", "");
  REFUSED(store_node_set_wanted(f->store, 99, 0, 0, 0, &f->err), ERR_NOT_FOUND, "99", "");
}

static void what_a_cluster_sums_up(void **state)
{
  struct fixture *f = *state;
  int64_t id = fixture_add_cluster(f, "orders", "mysql"), other = fixture_add_cluster(f, "other", "mysql");
  const char *states[] = { "tls", "tls", "plaintext", "failed", NULL };
  const int64_t expiry[] = { 20, 8, 1, 1, 1 };
  for (int i = 0; i < 5; i++) {
    int64_t node = fixture_add_node(f, id, arena_printf(&f->arena, "db-%d", i));
    if (states[i])
      probed(f, node, states[i], str_eq(states[i], "tls") ? "aa" : NULL, NOW + expiry[i] * DAY);
  }
  probed(f, fixture_add_node(f, other, "elsewhere"), "tls", "aa", NOW + DAY);
  struct cluster c = cluster_of(f, "orders");
  assert_int_equal(c.node_count, 5);
  assert_int_equal(c.tls_nodes, 2);
  assert_int_equal(c.plaintext_nodes, 1);
  assert_int_equal(c.unknown_nodes, 2);
  assert_true(c.next_expiry_s == NOW + 8 * DAY);
  assert_int_equal(c.rollout_id, 0);
}

static struct rollout rollout_of(struct fixture *f, int64_t id)
{
  struct rollout r;
  FINE(store_rollout_get(f->store, id, &f->arena, &r, NULL, &f->err));
  return r;
}

static int64_t start_rollout(struct fixture *f, int64_t cluster, const char *by, int64_t node)
{
  struct rollout_step steps[] = { { .node_id = node, .action = "check", .title = "Look" },
                                  { .node_id = node, .action = "restart", .title = "Restart" } };
  struct rollout_new r = { .cluster_id = cluster, .kind = "push", .title = "Push it", .by = by, .order = "{\"a\":1}",
                           .steps = { steps, node ? 2 : 0 } };
  int64_t id = 0;
  FINE(store_rollout_add(f->store, &r, &id, &f->err));
  return id;
}

static void a_rollout_from_end_to_end(void **state)
{
  struct fixture *f = *state;
  int64_t cluster = fixture_add_cluster(f, "orders", "mysql"), node = fixture_add_node(f, cluster, "db-1");
  int64_t id = start_rollout(f, cluster, "m.okafor", node);
  struct rollout r;
  const char *order;
  FINE(store_rollout_get(f->store, id, &f->arena, &r, &order, &f->err));
  assert_string_equal(order, "{\"a\":1}");
  assert_string_equal(r.cluster, "orders");
  assert_string_equal(r.state, "queued");
  assert_string_equal(r.by, "m.okafor");
  assert_string_equal(r.title, "Push it");
  assert_string_equal(r.kind, "push");
  assert_true(r.created_s == NOW && r.ended_s == TIME_NONE);
  assert_int_equal(r.steps.count, 2);
  assert_int_equal(r.steps_total, 2);
  assert_string_equal(r.steps.item[0].node, "db-1");
  assert_string_equal(r.steps.item[1].action, "restart");
  assert_string_equal(r.steps.item[1].state, "waiting");
  assert_int_equal(cluster_of(f, "orders").rollout_id, id);
  REFUSED(store_node_delete(f->store, node, &f->err), ERR_CONFLICT, "rollout 1", "");
  FINE(store_rollout_set_state(f->store, id, "running", NULL, &f->err));
  REFUSED(store_rollout_set_state(f->store, id, "running", NULL, &f->err), ERR_CONFLICT, "running already", "");
  FINE(store_rollout_step(f->store, r.steps.item[0].id, "running", NULL, &f->err));
  fixture_now_s += 3;
  FINE(store_rollout_step(f->store, r.steps.item[0].id, "running", "half way", &f->err)); /* it began when it began */
  FINE(store_rollout_step(f->store, r.steps.item[0].id, "done", "all well", &f->err));
  FINE(store_rollout_step(f->store, r.steps.item[1].id, "running", NULL, &f->err));
  FINE(store_rollout_step(f->store, r.steps.item[1].id, "failed", "it did not come back", &f->err));
  FINE(store_rollout_set_state(f->store, id, "failed", "db-1 did not come back", &f->err));
  r = rollout_of(f, id);
  assert_true(r.steps.item[0].started_ms == NOW * 1000 && r.steps.item[0].ended_ms == (NOW + 3) * 1000);
  assert_string_equal(r.steps.item[0].detail, "all well");
  assert_string_equal(r.error, "db-1 did not come back");
  assert_true(r.ended_s == NOW + 3);
  assert_int_equal(r.steps_done, 1);
  FINE(store_rollout_set_state(f->store, id, "running", NULL, &f->err));
  FINE(store_rollout_step(f->store, r.steps.item[1].id, "running", NULL, &f->err));
  r = rollout_of(f, id);
  assert_null(r.error);
  assert_true(r.ended_s == TIME_NONE);
  assert_int_equal(r.steps.item[1].ended_ms, 0);
  assert_string_equal(r.steps.item[1].detail, "it did not come back"); /* kept until there is something newer */
  FINE(store_rollout_step(f->store, r.steps.item[1].id, "skipped", "", &f->err));
  assert_int_equal(rollout_of(f, id).steps_done, 2);
  FINE(store_rollout_set_state(f->store, id, "done", NULL, &f->err));
  REFUSED(store_rollout_set_state(f->store, id, "running", NULL, &f->err), ERR_CONFLICT, "done already", "");
  assert_int_equal(cluster_of(f, "orders").rollout_id, 0);
  FINE(store_node_delete(f->store, node, &f->err));
  FINE(store_cluster_delete(f->store, cluster, &f->err));
  r = rollout_of(f, id); /* the journal outlives what it tells of */
  assert_string_equal(r.cluster, "orders");
  assert_int_equal(r.cluster_id, 0);
  assert_string_equal(r.steps.item[0].node, "db-1");
  REFUSED(store_rollout_get(f->store, 99, &f->arena, &r, NULL, &f->err), ERR_NOT_FOUND, "99", "");
  REFUSED(store_rollout_set_state(f->store, 99, "done", NULL, &f->err), ERR_NOT_FOUND, "99", "");
  REFUSED(store_rollout_step(f->store, 99, "done", NULL, &f->err), ERR_NOT_FOUND, "99", "");
}

static void one_at_a_time(void **state)
{
  struct fixture *f = *state;
  int64_t cluster = fixture_add_cluster(f, "orders", "mysql"), other = fixture_add_cluster(f, "other", "mysql"), id;
  int64_t first = start_rollout(f, cluster, "m.okafor", 0);
  start_rollout(f, other, "m.okafor", 0);
  struct rollout_new second = { .cluster_id = cluster, .kind = "restart", .title = "T", .by = "x", .order = "" };
  const char *under_way[] = { "queued", "running", "paused", "interrupted" };
  for (size_t i = 0; i < COUNT_OF(under_way); i++) {
    FINE(store_rollout_set_state(f->store, first, under_way[i], NULL, &f->err));
    REFUSED(store_rollout_add(f->store, &second, &id, &f->err), ERR_CONFLICT, "Rollout 1 by m.okafor (\"Push it\")",
            "");
  }
  FINE(store_rollout_set_state(f->store, first, "failed", "no", &f->err));
  FINE(store_rollout_add(f->store, &second, &id, &f->err));
  REFUSED(store_rollout_set_state(f->store, first, "running", NULL, &f->err), ERR_CONFLICT, "Rollout 3 by x", "");
  FINE(store_rollout_set_state(f->store, id, "done", NULL, &f->err));
  FINE(store_rollout_set_state(f->store, first, "running", NULL, &f->err));
  AUTO_CONN struct db_conn *c = NULL; /* even past the question, the database itself allows one */
  FINE(db_write(f->store->db, &c, &f->err));
  assert_int_not_equal(db_run(c, SQL_ROLLOUT_INSERT,
                              DB_ARGS(db_i(cluster), db_t("orders"), db_t("push"), db_t("T"), db_t("x"), db_i(NOW),
                                      db_ref(0), db_ref(0)), &f->err), ERR_NONE);
  db_release(&c);
  second.cluster_id = 99;
  REFUSED(store_rollout_add(f->store, &second, &id, &f->err), ERR_NOT_FOUND, "99", "");
}

static void what_ran_is_interrupted(void **state)
{
  struct fixture *f = *state;
  int64_t ids[4], count;
  const char *before[] = { "queued", "running", "paused", "failed" },
    *after[] = { "interrupted", "interrupted", "paused", "failed" };
  for (int i = 0; i < 4; i++) {
    int64_t cluster = fixture_add_cluster(f, arena_printf(&f->arena, "c%d", i), "mysql");
    int64_t node = fixture_add_node(f, cluster, arena_printf(&f->arena, "n%d", i));
    ids[i] = start_rollout(f, cluster, "x", node);
    FINE(store_rollout_set_state(f->store, ids[i], before[i], NULL, &f->err));
  }
  FINE(store_rollout_step(f->store, 3, "running", "so far", &f->err));
  FINE(store_rollout_interrupt_all(f->store, &count, &f->err));
  assert_int_equal(count, 2);
  for (int i = 0; i < 4; i++)
    assert_string_equal(rollout_of(f, ids[i]).state, after[i]);
  struct rollout r = rollout_of(f, ids[1]);
  assert_string_equal(r.steps.item[0].state, "waiting");
  assert_int_equal(r.steps.item[0].started_ms, 0);
  FINE(store_rollout_interrupt_all(f->store, &count, &f->err));
  assert_int_equal(count, 0);
}

static void rollouts_in_lists(void **state)
{
  struct fixture *f = *state;
  int64_t one = fixture_add_cluster(f, "one", "mysql"), two = fixture_add_cluster(f, "two", "mysql");
  for (int i = 0; i < 9; i++) {
    int64_t id = start_rollout(f, i % 3 ? one : two, "x", 0);
    FINE(store_rollout_set_state(f->store, id, i % 2 ? "failed" : "done", NULL, &f->err));
  }
  const struct { const char *cluster, *state; int count; } cases[] = {
    { NULL, NULL, 9 }, { "one", NULL, 6 }, { NULL, "failed", 4 }, { "one", "failed", 3 }, { "none", NULL, 0 },
      { NULL, "running", 0 },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    int n = 0;
    int64_t last = INT64_MAX;
    const char *next = NULL;
    do {
      rollout_list l;
      FINE(store_rollout_list(f->store, cases[i].cluster, cases[i].state, 2, next, &f->arena, &l, &next, &f->err));
      for (size_t k = 0; k < l.count; k++, n++) {
        assert_true(l.item[k].id < last);
        last = l.item[k].id;
      }
    } while (next);
    assert_int_equal(n, cases[i].count);
  }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(clusters),
    TEST(clusters_in_pages),
    TEST(a_node_comes_back_as_it_was),
    TEST(a_node_can_be_changed),
    TEST(nodes_in_lists),
    TEST(the_wire_against_what_is_wanted),
    TEST(what_a_cluster_sums_up),
    TEST(a_rollout_from_end_to_end),
    TEST(one_at_a_time),
    TEST(what_ran_is_interrupted),
    TEST(rollouts_in_lists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
