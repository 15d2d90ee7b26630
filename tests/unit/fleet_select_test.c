/* Which nodes a request means, and what is said about them: with a real store, and nothing reached. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/inside.h"

static char folder[] = "/tmp/opsd-fleet-XXXXXX";
static struct store *store;
static struct pool *pool;
static struct fleet *fleet;

static int64_t add_cluster(const char *name, const char *flavour)
{
  const struct cluster c = { .name = name, .flavour = flavour };
  int64_t id = 0;
  struct err e = { 0 };
  if (store_cluster_add(store, &c, NULL, &id, &e))
    fail_msg("%s", e.text);
  return id;
}

static void add_node(const char *name, int64_t cluster, const char *role, const char *reach)
{
  const char *roles[] = { role };
  bool observed = strcmp(reach, "observe") == 0;
  struct node n = { .name = name, .cluster_id = cluster, .reach = reach, .address = name, .port = 3306 };
  n.roles = (struct str_list){ roles, 1 };
  if (strcmp(reach, "ssh") == 0) {
    n.ssh_user = "root";
    n.ssh_host = name;
    n.ssh_port = 22;
  }
  if (!observed) {
    n.option_file = "/etc/my.cnf";
    n.cert_dir = "/etc/certs";
    n.owner = "mysql";
    n.unit = "mysql";
  }
  int64_t id;
  struct err e = { 0 };
  if (store_node_add(store, &n, &id, &e))
    fail_msg("%s: %s", name, e.text);
}

static int make(void **state)
{
  (void)state;
  struct err e = { 0 };
  assert_non_null(mkdtemp(folder));
  if (store_open(folder, &store, &e))
    fail_msg("%s", e.text);
  pool = pool_new("test", 4);
  const struct fleet_config c = { .store = store, .pool = pool, .scratch_folder = folder };
  assert_int_equal(fleet_new(&c, &fleet, &e), ERR_NONE);
  int64_t mem = add_cluster("mem", "singlestore"), shop = add_cluster("shop", "mariadb");
  add_cluster("empty", "mysql");
  add_node("m-master", mem, "master", "ssh");
  add_node("m-leaf-2", mem, "leaf", "ssh");
  add_node("m-leaf-1", mem, "leaf", "ssh");
  add_node("m-agg", mem, "aggregator", "ssh");
  add_node("shop-1", shop, "member", "local");
  add_node("shop-2", shop, "member", "observe");
  return 0;
}

static int remove_all(void **state)
{
  (void)state;
  char command[128];
  fleet_free(fleet, 5000);
  pool_free(pool);
  store_close(store);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

static enum err_code choose(struct arena *a, const char *const *names, struct fleet_selection sel, node_list *out,
                            struct err *e)
{
  *e = (struct err){ 0 };
  for (size_t i = 0; names && names[i]; i++)
    str_list_add(a, &sel.nodes, names[i]);
  return fleet_select(fleet, &sel, a, out, e);
}

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void names_give_nodes_once_each(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  node_list l = { 0 };
  struct err e;
  assert_int_equal(choose(&a, NAMES("shop-2", "shop-1", "shop-2"), (struct fleet_selection){ 0 }, &l, &e), ERR_NONE);
  assert_int_equal(l.count, 2);
  assert_string_equal(l.item[0].name, "shop-2");
  assert_int_equal(choose(&a, NAMES("shop-1", "nobody"), (struct fleet_selection){ 0 }, &l, &e), ERR_NOT_FOUND);
  assert_non_null(strstr(e.text, "nobody"));
}

static void all_is_all_of_one_cluster(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  node_list l = { 0 };
  struct err e;
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ .all = true, .cluster = "mem" }, &l, &e), ERR_NONE);
  assert_int_equal(l.count, 4);
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ .all = true, .flavour = "singlestore" }, &l, &e),
                   ERR_NONE);
  assert_int_equal(l.count, 4);
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ .all = true }, &l, &e), ERR_INVALID);
  assert_string_equal(e.field, "cluster");
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ .all = true, .flavour = "pxc" }, &l, &e), ERR_INVALID);
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ .all = true, .cluster = "empty" }, &l, &e), ERR_REFUSED);
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ .all = true, .cluster = "nope" }, &l, &e), ERR_NOT_FOUND);
}

static void what_does_not_belong_together_is_refused(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  node_list l = { 0 };
  struct err e;
  assert_int_equal(choose(&a, NULL, (struct fleet_selection){ 0 }, &l, &e), ERR_INVALID);
  assert_int_equal(choose(&a, NAMES("shop-1"), (struct fleet_selection){ .all = true }, &l, &e), ERR_INVALID);
  assert_int_equal(choose(&a, NAMES("shop-1", "m-agg"), (struct fleet_selection){ .one_cluster = true }, &l, &e),
                   ERR_INVALID);
  assert_non_null(strstr(e.text, "m-agg"));
  assert_int_equal(choose(&a, NAMES("shop-1", "m-agg"), (struct fleet_selection){ 0 }, &l, &e), ERR_NONE);
  assert_int_equal(choose(&a, NAMES("shop-1"), (struct fleet_selection){ .flavour = "singlestore" }, &l, &e),
                   ERR_INVALID);
  assert_non_null(strstr(e.text, "mariadb"));
  assert_int_equal(choose(&a, NAMES("shop-1"), (struct fleet_selection){ .cluster = "mem" }, &l, &e), ERR_INVALID);
}

static void a_restart_needs_a_way_to_every_host(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  node_list l = { 0 };
  struct err e;
  int64_t id;
  const char *title;
  assert_int_equal(choose(&a, NAMES("shop-1", "shop-2"), (struct fleet_selection){ 0 }, &l, &e), ERR_NONE);
  assert_int_equal(fleet_restart(fleet, &l, "ada", &a, &id, &title, &e), ERR_REFUSED);
  assert_non_null(strstr(e.text, "shop-2 is only observed"));
  assert_int_equal(choose(&a, NAMES("m-leaf-1"), (struct fleet_selection){ 0 }, &l, &e), ERR_NONE);
  assert_int_equal(fleet_restart(fleet, &l, "ada", &a, &id, &title, &e), ERR_REFUSED);
  assert_non_null(strstr(e.text, "opsd node-trust m-leaf-1"));
}

static void an_option_that_cannot_be_written_is_refused_at_once(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  node_list l = { 0 };
  struct err e;
  int64_t id;
  const char *title;
  assert_int_equal(choose(&a, NAMES("shop-1"), (struct fleet_selection){ 0 }, &l, &e), ERR_NONE);
  assert_int_equal(fleet_config_set(fleet, &l, NULL, "ssl_cert", "a\nb", false, "ada", &a, &id, &title, &e),
                   ERR_INVALID);
  assert_int_equal(fleet_config_set(fleet, &l, NULL, "ssl_cert", NULL, false, "ada", &a, &id, &title, &e), ERR_INVALID);
  assert_string_equal(e.field, "value");
}

static const struct finding *find(const finding_list *l, const char *rule)
{
  for (size_t i = 0; i < l->count; i++)
    if (strcmp(l->item[i].rule, rule) == 0)
      return &l->item[i];
  return NULL;
}

static void findings_say_what_is_wrong_and_what_to_do(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct probe p = { .state = "tls", .not_after_s = 1000000, .subject = "CN = old", .sha256 = "aa" };
  struct node n = { .name = "db-1", .reach = "ssh", .address = "db-1", .wanted_cert_id = 3, .wanted_cert = "new",
                    .wire = "other", .probe = &p };
  finding_list l = { 0 };
  fleet_node_findings(fleet, &n, 1000000 - 10 * 86400, &a, &l);
  assert_string_equal(find(&l, "HOSTKEY")->severity, "warning");
  assert_string_equal(find(&l, "LIVE")->severity, "critical");
  assert_string_equal(find(&l, "EXPIRY")->severity, "critical");
  assert_null(find(&l, "PROBE"));
  n.host_key = "SHA256:a";
  n.wire = "this";
  l = (finding_list){ 0 };
  fleet_node_findings(fleet, &n, 1000000 - 100 * 86400, &a, &l);
  assert_int_equal(l.count, 0);
  n.host_key_seen = "SHA256:b";
  p.state = "plaintext";
  l = (finding_list){ 0 };
  fleet_node_findings(fleet, &n, 0, &a, &l);
  assert_string_equal(find(&l, "HOSTKEY")->severity, "critical");
  assert_string_equal(find(&l, "SILENT")->severity, "critical");
  n.probe = NULL;
  l = (finding_list){ 0 };
  fleet_node_findings(fleet, &n, 0, &a, &l);
  assert_non_null(find(&l, "PROBE"));
}

static void orders_read_back_as_written(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  const struct order o = { .cert_id = 12, .ca_id = 3, .section = "mysqld", .key = "ssl_cert",
                           .value = "a=b;c = d # e" };
  struct order back;
  order_parse(order_format(&o, &a), &a, &back);
  assert_int_equal(back.cert_id, 12);
  assert_int_equal(back.ca_id, 3);
  assert_string_equal(back.section, "mysqld");
  assert_string_equal(back.value, "a=b;c = d # e");
  assert_false(back.remove);
  const struct order secret = { .section = "mysqld", .key = "wsrep_sst_auth", .value = "user:pw", .secret = true };
  assert_null(strstr(order_format(&secret, &a), "pw"));
  order_parse(order_format(&secret, &a), &a, &back);
  assert_true(back.secret);
  assert_null(back.value);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_give_nodes_once_each),
    cmocka_unit_test(all_is_all_of_one_cluster),
    cmocka_unit_test(what_does_not_belong_together_is_refused),
    cmocka_unit_test(a_restart_needs_a_way_to_every_host),
    cmocka_unit_test(an_option_that_cannot_be_written_is_refused_at_once),
    cmocka_unit_test(findings_say_what_is_wrong_and_what_to_do),
    cmocka_unit_test(orders_read_back_as_written),
  };
  return cmocka_run_group_tests_name("fleet_select", tests, make, remove_all);
}
