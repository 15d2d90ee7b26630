/* Against a real MariaDB. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "lab.h"
#include "wire/wire.h"

enum { TIMEOUT_MS = 20000, ENOUGH = 6 };

static struct lab_db db;

static const char *const plain[] = { "--init-file=accounts.sql", NULL };
static const char *const with_tls[] = { "--init-file=accounts.sql", "--ssl-cert=leaf.pem", "--ssl-key=leaf.key",
                                        "--ssl-ca=ca.pem", "--max-connect-errors=3", NULL };
static const char *const old_tls[] = { "--ssl-cert=leaf.pem", "--ssl-key=leaf.key", "--tls-version=TLSv1.2", NULL };

static int connected(void)
{
  int fd = -1;
  struct err e = { 0 };
  if (wire_connect(db.host, LAB_PORT, TIMEOUT_MS, &fd, &e))
    fail_msg("%s", e.text);
  return fd;
}

/* Connected from another loopback address: only 127.0.0.1 is exempt from max_connect_errors. */
static int connected_from(const char *source)
{
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET, .sin_port = htons(LAB_PORT) };
  inet_pton(AF_INET, source, &from.sin_addr);
  inet_pton(AF_INET, db.host, &to.sin_addr);
  assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
  assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
  return fd;
}

static void a_server_without_tls_is_plaintext(void **state)
{
  (void)state;
  lab_db_start(&db, plain);
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct probe p;
  wire_probe(connected(), "db-1.example", TIMEOUT_MS, &a, &p);
  assert_string_equal(p.state, "plaintext");
  assert_null(p.error);
  assert_null(p.sha256);
  assert_non_null(strstr(p.server_version, "MariaDB"));
  assert_true(p.server_version[0] != '5');
  const char *version;
  assert_int_equal(wire_greeting(connected(), TIMEOUT_MS, &a, &version, NULL), ERR_NONE);
  assert_string_equal(version, p.server_version);
}

static void sql_goes_without_tls(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_WIRE_SQL struct wire_sql *s = NULL;
  struct err e = { 0 };
  if (wire_sql_open(connected(), "opsd", "s3cret", TIMEOUT_MS, &s, &e))
    fail_msg("%s", e.text);
  const char *cipher = NULL;
  struct wire_rows rows;
  assert_int_equal(wire_sql_query(s, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", &a, &rows, NULL), ERR_NONE);
  cipher = rows.cell[1];
  assert_string_equal(cipher, "");
  lab_db_stop(&db);
}

static void a_probe_sees_what_is_served(void **state)
{
  (void)state;
  lab_db_start(&db, with_tls);
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct probe p;
  wire_probe(connected(), "db-1.example", TIMEOUT_MS, &a, &p);
  if (p.error)
    fail_msg("%s", p.error);
  assert_string_equal(p.state, "tls");
  assert_string_equal(p.protocol, "TLS1.3");
  assert_true(str_starts(p.cipher, "TLS_"));
  assert_true(p.client_cert_asked);
  assert_int_equal(p.chain_length, 2);
  char path[96], expected[128] = "";
  snprintf(path, sizeof path, "%s/fingerprint", db.folder);
  FILE *f = fopen(path, "r");
  assert_non_null(fgets(expected, sizeof expected, f));
  fclose(f);
  expected[strcspn(expected, "\n")] = 0;
  assert_string_equal(p.sha256, expected);
  assert_non_null(strstr(p.subject, "leaf.example"));
  assert_non_null(strstr(p.issuer, "Lab authority"));
  assert_in_range(p.days_left, 28, 30);
  assert_true(str_starts(p.chain_pem, "-----BEGIN CERTIFICATE-----"));
}

static void sql_goes_over_tls(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_WIRE_SQL struct wire_sql *s = NULL;
  struct err e = { 0 };
  if (wire_sql_open(connected(), "opsd", "s3cret", TIMEOUT_MS, &s, &e))
    fail_msg("%s", e.text);
  struct wire_rows rows;
  assert_int_equal(wire_sql_query(s, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", &a, &rows, NULL), ERR_NONE);
  assert_true(str_starts(rows.cell[1], "TLS_"));
  assert_int_equal(wire_sql_query(s, "SELECT NULL, 'ä' UNION ALL SELECT 1, ''", &a, &rows, NULL), ERR_NONE);
  assert_int_equal(rows.rows, 2);
  assert_int_equal(rows.columns, 2);
  assert_null(rows.cell[0]);
  assert_string_equal(rows.cell[1], "ä");
  assert_string_equal(rows.cell[2], "1");
  assert_string_equal(rows.cell[3], "");
  const char *value;
  assert_int_equal(wire_sql_variable(s, "max_connect_errors", &a, &value, NULL), ERR_NONE);
  assert_string_equal(value, "3");
  assert_int_equal(wire_sql_status(s, "uptime", &a, &value, NULL), ERR_NONE);
  assert_non_null(value);
  assert_int_equal(wire_sql_status(s, "no_such_thing", &a, &value, NULL), ERR_NONE);
  assert_null(value);
  assert_int_equal(wire_sql_query(s, "SELECT nonsense", &a, &rows, &e), ERR_REMOTE);
  assert_non_null(strstr(e.text, "Unknown column"));
  static const char many[] = "SET STATEMENT max_recursive_iterations = 20000 FOR WITH RECURSIVE n AS "
                             "(SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10001) SELECT i FROM n";
  assert_int_equal(wire_sql_query(s, many, &a, &rows, &e), ERR_TOO_LARGE);
}

static void a_wrong_password_is_refused_and_not_repeated(void **state)
{
  (void)state;
  struct wire_sql *s = NULL;
  struct err e = { 0 };
  assert_int_equal(wire_sql_open(connected(), "opsd", "wr0ng", TIMEOUT_MS, &s, &e), ERR_REMOTE);
  assert_null(s);
  assert_non_null(strstr(e.text, "Access denied"));
  assert_null(strstr(e.text, "wr0ng"));
}

static void looking_does_not_get_the_host_blocked(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct probe p;
  const char *version;
  struct err e = { 0 };
  for (int i = 0; i < ENOUGH; i++) {
    wire_probe(connected_from("127.9.9.9"), NULL, TIMEOUT_MS, &a, &p);
    assert_string_equal(p.state, "tls");
    if (wire_greeting(connected_from("127.9.9.9"), TIMEOUT_MS, &a, &version, &e))
      fail_msg("%s", e.text);
  }
  for (int i = 0; i < ENOUGH; i++) { /* what would happen otherwise */
    int fd = connected_from("127.9.9.8");
    char byte;
    assert_int_equal(read(fd, &byte, 1), 1);
    close(fd);
  }
  int64_t deadline_ms = clock_monotonic_ms() + TIMEOUT_MS;
  do /* the server counts when its thread gets to it */
    wire_probe(connected_from("127.9.9.8"), NULL, TIMEOUT_MS, &a, &p);
  while (strcmp(p.state, "failed") != 0 && clock_monotonic_ms() < deadline_ms);
  assert_string_equal(p.state, "failed");
  assert_non_null(strstr(p.error, "is blocked"));
  lab_db_stop(&db);
}

static void an_older_protocol_is_seen(void **state)
{
  (void)state;
  lab_db_start(&db, old_tls);
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct probe p;
  wire_probe(connected(), db.host, TIMEOUT_MS, &a, &p);
  assert_string_equal(p.state, "tls");
  assert_string_equal(p.protocol, "TLS1.2");
  lab_db_stop(&db);
}

static void nobody_there_is_unreachable(void **state)
{
  (void)state;
  int fd = -1;
  struct err e = { 0 };
  assert_int_equal(wire_connect(db.host, LAB_PORT, TIMEOUT_MS, &fd, &e), ERR_UNREACHABLE);
  assert_non_null(strstr(e.text, "refused"));
  assert_int_equal(wire_connect("no-such-host.invalid", 3306, TIMEOUT_MS, &fd, &e), ERR_UNREACHABLE);
  assert_int_equal(fd, -1);
}

static void a_server_that_says_nothing_costs_the_deadline_only(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  int pair[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  struct probe p;
  int64_t start_ms = clock_monotonic_ms();
  wire_probe(pair[0], NULL, 200, &a, &p);
  assert_string_equal(p.state, "failed");
  assert_string_equal(p.error, "it did not answer in time");
  assert_in_range(clock_monotonic_ms() - start_ms, 150, 5000);
  close(pair[1]);
  struct wire_sql *s = NULL;
  struct err e = { 0 };
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  assert_int_equal(wire_sql_open(pair[0], "u", "p", 1000, &s, &e), ERR_UNREACHABLE);
  assert_in_range(clock_monotonic_ms() - start_ms, 150, 15000);
  close(pair[1]);
}

static int make(void **state)
{
  (void)state;
  lab_db_make(&db);
  lab_sh(&db, "echo \"CREATE USER IF NOT EXISTS 'opsd'@'%%' IDENTIFIED BY 's3cret';\" >accounts.sql");
  static const char new_key[] = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  lab_sh(&db, "openssl req -x509 %s -keyout ca.key -out ca.pem -days 60 -subj '/CN=Lab authority'", new_key);
  lab_sh(&db, "openssl req %s -keyout leaf.key -out leaf.csr -subj '/O=Lab/CN=leaf.example'", new_key);
  lab_sh(&db, "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out leaf.pem");
  lab_sh(&db, "openssl x509 -in leaf.pem -noout -fingerprint -sha256 | cut -d= -f2 | tr A-F a-f >fingerprint");
  lab_sh(&db,
         "cat ca.pem >>leaf.pem; cp leaf.pem leaf.key ca.pem data/; chmod 644 data/leaf.key; cp accounts.sql data/");
  return 0;
}

static int remove_all(void **state)
{
  (void)state;
  lab_db_remove(&db);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_server_without_tls_is_plaintext),
    cmocka_unit_test(sql_goes_without_tls),
    cmocka_unit_test(a_probe_sees_what_is_served),
    cmocka_unit_test(sql_goes_over_tls),
    cmocka_unit_test(a_wrong_password_is_refused_and_not_repeated),
    cmocka_unit_test(looking_does_not_get_the_host_blocked),
    cmocka_unit_test(an_older_protocol_is_seen),
    cmocka_unit_test(nobody_there_is_unreachable),
    cmocka_unit_test(a_server_that_says_nothing_costs_the_deadline_only),
  };
  return cmocka_run_group_tests_name("wire_server", tests, make, remove_all);
}
