/* The rule that keeps members of a Galera cluster able to verify each other, over real option files, real certificates
 * and a real server process where a member is meant to run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fleet_kit.h"
#include "lab.h"

#define MEMBER "[mysqld]\nwsrep_on=ON\nwsrep_provider=/usr/lib/galera/libgalera_smm.so\ndatadir=%s\n"

static struct kit kit;
static struct lab_db db; /* a running server: what a member is whose data directory is its */
static int64_t leaf_a, leaf_a2, leaf_a_server, leaf_b, ca_a, ca_b;

static int make(void **state)
{
  (void)state;
  kit_make(&kit, &(struct cluster){ .name = "galera", .flavour = "mariadb" }, NULL);
  kit_authority(&kit, "ca-a");
  kit_authority(&kit, "ca-b");
  kit_leaf(&kit, "leaf-a", "ca-a", "serverAuth,clientAuth");
  kit_leaf(&kit, "leaf-a2", "ca-a", "serverAuth,clientAuth");
  kit_leaf(&kit, "leaf-a-server", "ca-a", "serverAuth");
  kit_leaf(&kit, "leaf-b", "ca-b", "serverAuth,clientAuth");
  ca_a = kit_import(&kit, "ca-a", false);
  ca_b = kit_import(&kit, "ca-b", false);
  leaf_a = kit_import(&kit, "leaf-a", true);
  leaf_a2 = kit_import(&kit, "leaf-a2", true);
  leaf_a_server = kit_import(&kit, "leaf-a-server", true);
  leaf_b = kit_import(&kit, "leaf-b", true);
  lab_db_make(&db);
  return 0;
}

static int remove_all(void **state)
{
  (void)state;
  lab_db_remove(&db);
  kit_remove(&kit);
  return 0;
}

/* Two members whose group speaks TLS with what lies in their certificate folders. */
struct pair { struct arena a; struct node n[2]; node_list one, both; };

static void pair_make(struct pair *p, const char *const tails[2], bool runs)
{
  static int count;
  *p = (struct pair){ 0 };
  for (int i = 0; i < 2; i++) {
    char *name = arena_printf(&p->a, "g%d-%d", count, i);
    char *data = runs ? arena_printf(&p->a, "%s/data", db.folder) : arena_printf(&p->a, "%s/none", kit.folder);
    char *options = arena_printf(&p->a, MEMBER "%s", data, "");
    char *certs = arena_printf(&p->a, "%s/%s/certs", kit.folder, name);
    const char *tail = tails[i];
    for (const char *mark; (mark = strstr(tail, "CERTS"));)
      tail = arena_printf(&p->a, "%.*s%s%s", (int)(mark - tail), tail, certs, mark + strlen("CERTS"));
    p->n[i] = kit_node(&kit, name, "127.0.0.1", arena_printf(&p->a, "%s%s", options, tail), &p->a);
    kit_sh(&kit,
           "cp leaf-a.pem %s/certs/server-cert.pem; cp leaf-a.key %s/certs/server-key.pem; cp ca-a.pem %s/certs/ca.pem",
           name, name, name);
  }
  p->one = (node_list){ p->n, 1 };
  p->both = (node_list){ p->n, 2 };
  count++;
}

static void pair_remove(struct pair *p)
{
  for (int i = 0; i < 2; i++)
    assert_int_equal(store_node_delete(kit.store, p->n[i].id, NULL), ERR_NONE);
  arena_free(&p->a);
}
#define AUTO_PAIR CLEANUP(pair_remove)

static const char secure[] = "wsrep_provider_options=\"socket.ssl=yes;socket.ssl_cert=CERTS/server-cert.pem;"
                             "socket.ssl_key=CERTS/server-key.pem;socket.ssl_ca=CERTS/ca.pem\"\n";
static const char *const both_secure[] = { secure, secure };
static const char *const both_plain[] = { "", "" };

static enum err_code push(struct pair *p, const node_list *nodes, int64_t cert, int64_t ca, struct err *e)
{
  struct push_material m;
  *e = (struct err){ 0 };
  if (fleet_material(kit.fleet, cert, ca, &p->a, &m, e))
    fail_msg("%s", e->text);
  return fleet_galera_check(kit.fleet, nodes, &m, NULL, &p->a, e);
}

static enum err_code set(struct pair *p, const node_list *nodes, const char *key, const char *value, struct err *e)
{
  const struct option_edit edit = { "mysqld", key, value, !value };
  *e = (struct err){ 0 };
  return fleet_galera_check(kit.fleet, nodes, NULL, &edit, &p->a, e);
}

#define REFUSED_FOR(call, words) do { \
    struct err e_ = { 0 }, *e = &e_; \
    assert_int_equal(call, ERR_REFUSED); \
    if (!strstr(e->text, words)) fail_msg("\"%s\" is not in \"%s\"", words, e->text); \
  } while (0)
#define ALLOWED(call) do { \
    struct err e_ = { 0 }, *e = &e_; \
    if (call) fail_msg("%s", e->text); \
  } while (0)

static void a_leaf_of_the_same_authority_may_come(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  ALLOWED(push(&p, &p.one, leaf_a2, ca_a, e));
  ALLOWED(push(&p, &p.both, leaf_a2, ca_a, e));
}

static void another_authority_on_one_member_is_refused(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  REFUSED_FOR(push(&p, &p.one, leaf_b, ca_b, e), "would refuse the certificate of");
}

static void another_authority_on_all_is_refused_while_they_run(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  ALLOWED(push(&p, &p.both, leaf_b, ca_b, e)); /* none runs: they start with the new files together */
  pair_remove(&p);
  lab_db_start(&db, NULL);
  pair_make(&p, both_secure, true);
  REFUSED_FOR(push(&p, &p.both, leaf_b, ca_b, e), "another authority comes as an operation of its own");
  lab_db_stop(&db);
}

static void a_member_is_a_client_too(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  REFUSED_FOR(push(&p, &p.one, leaf_a_server, ca_a, e), "as a client");
}

static void files_that_the_group_does_not_use_are_free(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_plain, false);
  ALLOWED(push(&p, &p.one, leaf_b, ca_b, e));
  pair_remove(&p);
  static const char elsewhere[] = "wsrep_provider_options=\"socket.ssl_cert=CERTS/../cert.pem;socket.ssl_key=CERTS/../key.pem;"
                                  "socket.ssl_ca=CERTS/../ca.pem\"\n";
  pair_make(&p, (const char *const[]){ elsewhere, elsewhere }, false);
  for (int i = 0; i < 2; i++)
    kit_sh(&kit, "cp leaf-a.pem %s/cert.pem; cp ca-a.pem %s/ca.pem", p.n[i].name, p.n[i].name);
  ALLOWED(push(&p, &p.one, leaf_b, ca_b, e));
}

static void a_folder_behind_a_link_is_the_same_folder(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  static const char linked[] = "wsrep_provider_options=\"socket.ssl_cert=CERTS/../link/server-cert.pem;"
                               "socket.ssl_key=CERTS/../link/server-key.pem;socket.ssl_ca=CERTS/../link/ca.pem\"\n";
  pair_make(&p, (const char *const[]){ linked, linked }, false);
  for (int i = 0; i < 2; i++)
    kit_sh(&kit, "ln -s certs %s/link", p.n[i].name);
  REFUSED_FOR(push(&p, &p.one, leaf_b, ca_b, e), "would refuse the certificate of");
}

static void what_cannot_be_seen_is_refused(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  kit_sh(&kit, "rm %s/certs/ca.pem", p.n[1].name);
  REFUSED_FOR(push(&p, &p.one, leaf_a2, ca_a, e), p.n[1].name);
}

static void one_side_tls_and_the_other_not_is_refused(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  REFUSED_FOR(set(&p, &p.one, "wsrep_provider_options", "socket.ssl=no", e), "would speak TLS in the group");
  REFUSED_FOR(set(&p, &p.one, "wsrep_provider_options", NULL, e), "would speak TLS in the group");
  ALLOWED(set(&p, &p.both, "wsrep_provider_options", NULL, e)); /* none runs */
  pair_remove(&p);
  lab_db_start(&db, NULL);
  pair_make(&p, both_secure, true);
  REFUSED_FOR(set(&p, &p.both, "wsrep_provider_options", NULL, e), "socket.dynamic=true");
  pair_remove(&p);
  pair_make(&p, both_plain, true);
  ALLOWED(set(&p, &p.both, "wsrep_provider_options", "gcache.size=8M", e));
  kit_sh(&kit, "mkdir -p shared; cp leaf-a.pem leaf-a.key ca-a.pem shared");
  const char *dynamic = arena_printf(&p.a, "socket.ssl=yes;socket.dynamic=true;socket.ssl_cert=%s/shared/leaf-a.pem;"
                                     "socket.ssl_key=%s/shared/leaf-a.key;socket.ssl_ca=%s/shared/ca-a.pem", kit.folder,
                                     kit.folder, kit.folder);
  ALLOWED(set(&p, &p.both, "wsrep_provider_options", dynamic, e));
  lab_db_stop(&db);
}

static void transfers_are_encrypted_on_all_or_none(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  static const char backup[] = "wsrep_sst_method=mariabackup\n";
  pair_make(&p, (const char *const[]){ backup, backup }, false);
  REFUSED_FOR(set(&p, &p.one, "ssl-mode", "REQUIRED", e), "state transfers between members would fail");
  ALLOWED(set(&p, &p.both, "ssl-mode", "REQUIRED", e));
}

static void rsync_needs_stunnel(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_plain, false);
  if (system("command -v stunnel >/dev/null") == 0)
    ALLOWED(set(&p, &p.both, "ssl_ca", "ca.pem", e));
  else
    REFUSED_FOR(set(&p, &p.both, "ssl_ca", "ca.pem", e), "the program stunnel is not there");
  pair_remove(&p);
  static const char off[] = "[sst]\nssl-mode=DISABLED\n";
  pair_make(&p, (const char *const[]){ off, off }, false);
  ALLOWED(set(&p, &p.both, "ssl_ca", "ca.pem", e));
}

static void alone_everything_goes(void **state)
{
  (void)state;
  AUTO_PAIR struct pair p;
  pair_make(&p, both_secure, false);
  assert_int_equal(store_node_delete(kit.store, p.n[1].id, NULL), ERR_NONE);
  ALLOWED(push(&p, &p.one, leaf_b, ca_b, e));
  p.n[1] = kit_node(&kit, p.n[1].name, "127.0.0.1", "[mysqld]\n", &p.a);
}

static void material_is_judged_before_it_goes_anywhere(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct push_material m;
  struct err e = { 0 };
  assert_int_equal(fleet_material(kit.fleet, leaf_a, ca_b, &a, &m, &e), ERR_INVALID);
  assert_string_equal(e.field, "authority");
  assert_int_equal(fleet_material(kit.fleet, ca_a, ca_a, &a, &m, &e), ERR_INVALID);
  assert_int_equal(fleet_material(kit.fleet, leaf_a, leaf_b, &a, &m, &e), ERR_INVALID);
  assert_non_null(strstr(e.text, "is no authority"));
  assert_int_equal(fleet_material(kit.fleet, leaf_a, 0, &a, &m, &e), ERR_NONE); /* found by the issuer's name */
  assert_int_equal(m.ca_id, ca_a);
  assert_null(fleet_verdict(m.cert_pem, m.ca_pem, "server", &a, NULL));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_leaf_of_the_same_authority_may_come),
    cmocka_unit_test(another_authority_on_one_member_is_refused),
    cmocka_unit_test(another_authority_on_all_is_refused_while_they_run),
    cmocka_unit_test(a_member_is_a_client_too),
    cmocka_unit_test(files_that_the_group_does_not_use_are_free),
    cmocka_unit_test(a_folder_behind_a_link_is_the_same_folder),
    cmocka_unit_test(what_cannot_be_seen_is_refused),
    cmocka_unit_test(one_side_tls_and_the_other_not_is_refused),
    cmocka_unit_test(transfers_are_encrypted_on_all_or_none),
    cmocka_unit_test(rsync_needs_stunnel),
    cmocka_unit_test(alone_everything_goes),
    cmocka_unit_test(material_is_judged_before_it_goes_anywhere),
  };
  return cmocka_run_group_tests_name("fleet_galera", tests, make, remove_all);
}
