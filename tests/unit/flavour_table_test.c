#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "flavour/flavour.h"
#include "model/word.h"

static struct arena arena;

static enum err_code read_text(void *ctx, const char *path, struct arena *a, const char **content, size_t *len,
                               struct err *e)
{
  (void)path;
  (void)e;
  *content = arena_strdup(a, ctx);
  *len = strlen(ctx);
  return ERR_NONE;
}

static enum err_code list_none(void *ctx, const char *folder, struct arena *a, struct str_list *out, struct err *e)
{
  (void)ctx, (void)folder, (void)a, (void)out, (void)e;
  return ERR_NONE;
}

static struct optfile options_of(const char *text)
{
  const struct optfile_source source = { (void *)(uintptr_t)text, read_text, list_none };
  struct optfile f = { 0 };
  struct err e = { 0 };
  if (optfile_read(&source, "/etc/my.cnf", &arena, &f, &e))
    fail_msg("%s", e.text);
  return f;
}

static struct flavour_group group_of(const char *flavour, const char *text)
{
  const struct node n = { .flavour = flavour, .name = "db-1" };
  const struct optfile o = options_of(text);
  struct flavour_group g = { 0 };
  struct err e = { 0 };
  if (flavour_find(flavour)->group(&n, &o, &arena, &g, &e))
    fail_msg("%s", e.text);
  return g;
}

static void every_word_has_its_table(void **state)
{
  (void)state;
  for (size_t i = 0; flavour_words[i]; i++) {
    const struct flavour *f = flavour_find(flavour_words[i]);
    assert_string_equal(f->name, flavour_words[i]);
    assert_true(!f->may_be_galera == !f->group);
    assert_non_null(f->section);
    assert_non_null(f->health);
  }
}

static void relative_paths_count_from_the_base_folder(void **state)
{
  (void)state;
  struct node n = { .flavour = "singlestore", .option_file = "/var/lib/memsql/master-3306/memsql.cnf" };
  struct optfile o = options_of("[server]\ndatadir=/elsewhere\n");
  assert_string_equal(flavour_path(&flavour_singlestore, &n, &o, "./certs/server-cert.pem", &arena),
                      "/var/lib/memsql/master-3306/certs/server-cert.pem");
  assert_string_equal(flavour_path(&flavour_singlestore, &n, &o, "/etc/x.pem", &arena), "/etc/x.pem");
  n = (struct node){ .flavour = "mariadb", .option_file = "/etc/mysql/my.cnf" };
  assert_string_equal(flavour_path(&flavour_mariadb, &n, &o, "a.pem", &arena), "/elsewhere/a.pem");
  o = options_of("[mysqld]\n");
  assert_string_equal(flavour_path(&flavour_mysql, &n, &o, "a.pem", &arena), "/var/lib/mysql/a.pem");
  n.base_dir = "/given/";
  assert_string_equal(flavour_path(&flavour_mysql, &n, &o, "a.pem", &arena), "/given/a.pem");
}

static void a_version_adds_its_groups(void **state)
{
  (void)state;
  struct node n = { .flavour = "mariadb" };
  const struct optfile o = options_of("[mysqld]\nssl-cert=a\n[mariadb-10.11]\nssl_cert=b\n[mariadb-10.6]\nssl-cert=c\n");
  assert_string_equal(flavour_option(&flavour_mariadb, &n, &o, "ssl_cert", &arena), "a");
  struct probe p = { .server_version = "10.11.19-MariaDB" };
  n.probe = &p;
  assert_string_equal(flavour_option(&flavour_mariadb, &n, &o, "ssl_cert", &arena), "b");
  p.server_version = "nonsense";
  assert_string_equal(flavour_option(&flavour_mariadb, &n, &o, "ssl_cert", &arena), "a");
}

static void services_are_called_their_way(void **state)
{
  (void)state;
  const struct node unit = { .unit = "mysql@boot;rm" }, service = { .service = "/etc/init.d/mysql -q" };
  assert_string_equal(flavour_service_command(&unit, "restart", &arena), "systemctl restart -- 'mysql@boot;rm'");
  assert_string_equal(flavour_service_command(&service, "status", &arena), "/etc/init.d/mysql -q status");
}

#define MEMBER "[mysqld]\nwsrep_on=ON\nwsrep_provider=/usr/lib/galera/libgalera_smm.so\n"

static void mariadb_is_a_member_when_it_says_so(void **state)
{
  (void)state;
  assert_false(group_of("mariadb", "[mysqld]\n").member);
  assert_false(group_of("mariadb", "[mysqld]\nwsrep_provider=/usr/lib/galera/libgalera_smm.so\n").member);
  assert_false(group_of("mariadb", "[mysqld]\nwsrep_on=ON\nwsrep_provider=none\n").member);
  assert_true(group_of("mariadb", MEMBER).member);
  assert_true(group_of("mariadb", "[galera]\nwsrep-on\nwsrep_provider=/x.so\n").member);
  assert_false(group_of("mariadb", MEMBER "[galera]\nwsrep_on=0\n").member);
}

static void mariadb_group_goes_by_the_provider_alone(void **state)
{
  (void)state;
  struct flavour_group g = group_of("mariadb", MEMBER "ssl_cert=/client.pem\nssl_key=/client.key\n");
  assert_false(g.tls);
  assert_null(g.cert);
  g = group_of("mariadb",
               MEMBER "wsrep_provider_options=\"gcache.size=8M; socket.ssl_cert=/c.pem;socket.ssl_key=/k.pem\"\n");
  assert_true(g.tls);
  assert_string_equal(g.cert, "/c.pem");
  assert_string_equal(g.ca, "/c.pem");
  g = group_of("mariadb",
               MEMBER "wsrep_provider_options=\"socket.ssl_cert=/c;socket.ssl_key=/k;socket.ssl_ca=/a;socket.ssl=NO\"\n");
  assert_false(g.tls);
  assert_string_equal(g.ca, "/a");
  g = group_of("mariadb",
               MEMBER "wsrep_provider_options=\"socket.ssl=yes;socket.ssl_cert=/c;socket.ssl_key=/k;socket.dynamic=true\"\n");
  assert_true(g.tls);
  assert_true(g.dynamic);
}

static void a_broken_provider_string_is_refused(void **state)
{
  (void)state;
  const struct node n = { .flavour = "mariadb" };
  const struct optfile o = options_of(MEMBER "wsrep_provider_options=\"socket.ssl=yes=no\"\n");
  struct flavour_group g;
  struct err e = { 0 };
  assert_int_not_equal(flavour_mariadb.group(&n, &o, &arena, &g, &e), ERR_NONE);
  assert_true(e.text[0]);
}

static void pxc_puts_its_own_files_over_the_providers(void **state)
{
  (void)state;
  struct flavour_group g = group_of("pxc", "[mysqld]\nwsrep_provider=/x.so\n");
  assert_true(g.member);
  assert_true(g.tls); /* encrypted unless told otherwise, with the files of the data directory */
  assert_string_equal(g.cert, "server-cert.pem");
  assert_string_equal(g.ca, "ca.pem");
  g = group_of("pxc", "[mysqld]\nwsrep_provider=/x.so\nssl-cert=/c\nssl-key=/k\nssl-ca=/a\n"
                      "wsrep_provider_options=\"socket.ssl_cert=/old\"\n");
  assert_string_equal(g.cert, "/c");
  assert_string_equal(g.ca, "/a");
  g = group_of("pxc", "[mysqld]\nwsrep_provider=/x.so\nwsrep_provider_options=\"socket.ssl=NO\"\n");
  assert_false(g.tls);
  g = group_of("pxc", "[mysqld]\nwsrep_provider=/x.so\npxc-encrypt-cluster-traffic=OFF\nssl-cert=/c\n");
  assert_false(g.tls);
  assert_null(g.cert);
}

static void transfers_encrypt_as_their_scripts_do(void **state)
{
  (void)state;
  assert_false(group_of("mariadb", MEMBER).transfer_tls);
  assert_string_equal(group_of("mariadb", MEMBER).transfer, "rsync");
  assert_false(group_of("mariadb", MEMBER "ssl_cert=/c\n").transfer_tls);
  assert_true(group_of("mariadb", MEMBER "ssl_cert=/c\nssl_key=/k\n").transfer_tls);
  assert_true(group_of("mariadb", MEMBER "ssl_ca=/a\n").transfer_tls);
  assert_false(group_of("mariadb", MEMBER "ssl_ca=/a\n[sst]\nssl-mode=disabled\n").transfer_tls);
  assert_true(group_of("mariadb", MEMBER "[sst]\ntca=/a\n").transfer_tls);
  assert_false(group_of("mariadb",
                        MEMBER "wsrep_sst_method=mariabackup\nssl_ca=/a\nssl_cert=/c\nssl_key=/k\n").transfer_tls);
  assert_true(group_of("mariadb", MEMBER "wsrep_sst_method=mariabackup\n[sst]\nencrypt=4\n").transfer_tls);
  assert_true(group_of("mariadb", MEMBER "wsrep_sst_method=mariabackup\nssl-mode=REQUIRED\n").transfer_tls);
  assert_true(group_of("pxc", "[mysqld]\nwsrep_provider=/x.so\n").transfer_tls);
  assert_false(group_of("pxc", "[mysqld]\nwsrep_provider=/x.so\npxc-encrypt-cluster-traffic=OFF\n").transfer_tls);
}

/* A server's answers to SHOW … LIKE 'NAME'. */
static const char *const *answers;
static enum err_code answer(void *ctx, const char *sql, struct arena *a, struct wire_rows *out, struct err *e)
{
  (void)ctx, (void)e;
  *out = (struct wire_rows){ arena_alloc_n(a, 2, sizeof *out->cell), 0, 2 };
  for (size_t i = 0; answers[i]; i += 2)
    if (strstr(sql, answers[i])) {
      out->cell[0] = answers[i];
      out->cell[1] = answers[i + 1];
      out->rows = 1;
    }
  return ERR_NONE;
}

static bool is_well(const char *const *given, const char **says)
{
  AUTO_WIRE_SQL struct wire_sql *sql = wire_sql_through(answer, NULL);
  bool well;
  answers = given;
  assert_int_equal(flavour_pxc.health(sql, &arena, &well, says, NULL), ERR_NONE);
  return well;
}

#define STATUS(state, component, ready) (const char *const[]){ "wsrep_on", "ON", "wsrep_local_state_comment", state, \
  "wsrep_cluster_status", component, "wsrep_ready", ready, NULL }

static void members_are_well_when_synced_in_a_primary_component(void **state)
{
  (void)state;
  const char *says;
  assert_true(is_well(STATUS("Synced", "Primary", "ON"), &says));
  assert_string_equal(says, "Synced, Primary");
  assert_false(is_well(STATUS("Joining: receiving State Transfer", "Primary", "OFF"), &says));
  assert_non_null(strstr(says, "Joining"));
  assert_false(is_well(STATUS("Synced", "non-Primary", "ON"), &says));
  assert_false(is_well(STATUS("Synced", "Primary", "OFF"), &says));
  assert_true(is_well((const char *const[]){ "wsrep_on", "OFF", NULL }, &says));
  assert_true(is_well((const char *const[]){ NULL }, &says));
}

static int forget(void **state)
{
  (void)state;
  arena_free(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_word_has_its_table),
    cmocka_unit_test(relative_paths_count_from_the_base_folder),
    cmocka_unit_test(a_version_adds_its_groups),
    cmocka_unit_test(services_are_called_their_way),
    cmocka_unit_test(mariadb_is_a_member_when_it_says_so),
    cmocka_unit_test(mariadb_group_goes_by_the_provider_alone),
    cmocka_unit_test(a_broken_provider_string_is_refused),
    cmocka_unit_test(pxc_puts_its_own_files_over_the_providers),
    cmocka_unit_test(transfers_encrypt_as_their_scripts_do),
    cmocka_unit_test(members_are_well_when_synced_in_a_primary_component),
  };
  return cmocka_run_group_tests_name("flavour_table", tests, NULL, forget);
}
