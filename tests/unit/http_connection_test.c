/* Connections: handshakes, certificates, tickets, limits, deadlines, stopping. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http_kit.h"

static struct answer a;

static void get(struct peer *p, const char *path, const char *head)
{
  peer_say(p, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, head);
}

static void expect_ok(struct peer *p)
{
  get(p, "/healthz", "");
  assert_true(peer_read(p, &a));
  assert_int_equal(a.status, 200);
}

static void test_two_requests_on_one_connection(void **state)
{
  (void)state;
  struct peer p;
  kit_start(NULL);
  peer_open(&p, kit.https, 0);
  expect_ok(&p);
  assert_string_equal(answer_header(&a, "Connection"), "");
  expect_ok(&p);
  get(&p, "/api/v1/nodes/x/host-key", ADMIN); /* a slow one */
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 200);
  get(&p, "/healthz", ""); /* two at once */
  expect_ok(&p);
  assert_true(peer_read(&p, &a));
  peer_close(&p);
  kit_stop();
}

/* TLS's own end, without which a client cannot tell the end of a connection from a cut one. */
static void test_the_end_is_announced(void **state)
{
  (void)state;
  struct peer p;
  char rest[64];
  kit_start(NULL);
  peer_open(&p, kit.https, 0);
  get(&p, "/healthz", "Connection: close\r\n");
  assert_true(peer_read(&p, &a));
  assert_int_equal(gnutls_record_recv(p.tls, rest, sizeof rest), 0); /* not GNUTLS_E_PREMATURE_TERMINATION */
  peer_close(&p);
  kit_stop();
}

/* What is refused with a small body behind it costs the connection nothing. */
static void test_refused_with_a_small_body(void **state)
{
  (void)state;
  struct peer p;
  kit_start(NULL);
  peer_open(&p, kit.https, 0);
  peer_say(&p, "POST /api/v1/certificates HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 401);
  peer_say(&p, "POST /api/v1/nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 404);
  expect_ok(&p);
  peer_close(&p);
  kit_stop();
}

static void test_ipv6(void **state)
{
  (void)state;
  struct peer p;
  kit_start(NULL);
  peer_open(&p, kit.https, PEER_IPV6);
  expect_ok(&p);
  assert_string_equal(kit.from_last, "::1");
  peer_close(&p);
  ask(&a, "GET", "/healthz", "", NULL);
  assert_string_equal(kit.from_last, "127.0.0.1"); /* not ::ffff:127.0.0.1 */
  kit_stop();
}

static int64_t cpu_ms(void)
{
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000) + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static void test_half_open_handshakes_cost_nothing(void **state)
{
  (void)state;
  struct peer half[4], p;
  kit_start(NULL);
  for (int i = 0; i < 4; i++) {
    peer_open(&half[i], kit.https, PEER_NO_HANDSHAKE);
    if (i % 2) /* the head of a ClientHello that promises more */
      peer_send(&half[i], "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  }
  peer_open(&p, kit.https, 0);
  expect_ok(&p);
  int64_t before = cpu_ms();
  poll(NULL, 0, 1000); /* this second is what is measured */
  assert_true(cpu_ms() - before < 150);
  for (int i = 0; i < 50; i++)
    expect_ok(&p);
  peer_close(&p);
  for (int i = 0; i < 4; i++)
    peer_close(&half[i]);
  kit_stop();
}

static void test_certificate_swap(void **state)
{
  (void)state;
  struct peer before, after;
  struct err e = { 0 };
  kit_start(NULL);
  peer_open(&before, kit.https, 0);
  assert_string_equal(before.name, "first");
  expect_ok(&before);
  kit_serve("second", "rsa", true);
  expect_ok(&before); /* lives on */
  peer_open(&after, kit.https, 0);
  assert_string_equal(after.name, "second");
  expect_ok(&after);
  peer_close(&after);
  assert_int_not_equal(http_set_certificate(kit.server, "no PEM", "no PEM", true, &e), ERR_NONE);
  peer_open(&after, kit.https, 0); /* what was served goes on being served */
  assert_string_equal(after.name, "second");
  peer_close(&after);
  peer_close(&before);
  kit_stop();
}

static void test_pair_that_does_not_fit(void **state)
{
  (void)state;
  const char *chain, *key;
  char other[4096];
  struct err e = { 0 };
  struct peer p;
  kit_start(NULL);
  kit_pair("other", "ecdsa", &chain, &key);
  snprintf(other, sizeof other, "%s", key);
  kit_pair("one", "ecdsa", &chain, &key);
  assert_int_equal(http_set_certificate(kit.server, chain, other, true, &e), ERR_INVALID);
  assert_string_equal(e.text, "The private key does not belong to the certificate.");
  peer_open(&p, kit.https, 0);
  assert_string_equal(p.name, "first");
  peer_close(&p);
  kit_stop();
}

static bool client_reads;

static ssize_t pull_when_allowed(gnutls_transport_ptr_t p, void *data, size_t len)
{
  if (client_reads)
    return recv(((struct peer *)p)->fd, data, len, 0);
  gnutls_transport_set_errno(((struct peer *)p)->tls, EAGAIN);
  return -1;
}

static int pull_ready(gnutls_transport_ptr_t p, unsigned ms)
{
  (void)p, (void)ms;
  return client_reads;
}

static ssize_t push(gnutls_transport_ptr_t p, const void *data, size_t len)
{
  return send(((struct peer *)p)->fd, data, len, MSG_NOSIGNAL);
}

/* A handshake that the server has answered when the certificate changes ends with what it began with. */
static void test_swap_within_a_handshake(void **state)
{
  (void)state;
  struct peer p;
  char one;
  kit_start(NULL);
  client_reads = false;
  peer_open(&p, kit.https, PEER_NO_HANDSHAKE);
  gnutls_init(&p.tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  gnutls_certificate_allocate_credentials(&p.credentials);
  gnutls_credentials_set(p.tls, GNUTLS_CRD_CERTIFICATE, p.credentials);
  gnutls_set_default_priority(p.tls);
  gnutls_transport_set_ptr(p.tls, &p);
  gnutls_transport_set_pull_function(p.tls, pull_when_allowed);
  gnutls_transport_set_pull_timeout_function(p.tls, pull_ready);
  gnutls_transport_set_push_function(p.tls, push);
  assert_int_equal(gnutls_handshake(p.tls), GNUTLS_E_AGAIN);
  assert_int_equal(recv(p.fd, &one, 1, MSG_PEEK), 1); /* the server's flight is here */
  kit_serve("second", "rsa", true);
  client_reads = true;
  assert_int_equal(gnutls_handshake(p.tls), 0);
  assert_int_equal(gnutls_certificate_type_get(p.tls), GNUTLS_CRT_X509);
  expect_ok(&p);
  peer_close(&p);
  kit_stop();
}

static void resume_with(unsigned flags)
{
  struct peer p;
  gnutls_datum_t session = { NULL, 0 };
  kit_start(NULL);
  peer_open(&p, kit.https, flags);
  expect_ok(&p); /* in TLS 1.3 the ticket comes behind the handshake */
  assert_int_equal(gnutls_session_get_data2(p.tls, &session), 0);
  peer_close(&p);
  assert_true(peer_open_session(&p, kit.https, flags, &session));
  assert_true(p.resumed);
  expect_ok(&p);
  peer_close(&p);
  kit_serve("second", "ecdsa", true);
  assert_true(peer_open_session(&p, kit.https, flags, &session));
  assert_false(p.resumed);
  assert_string_equal(p.name, "second");
  expect_ok(&p);
  peer_close(&p);
  gnutls_free(session.data);
  kit_stop();
}

static void test_tickets_tls13(void **state)
{
  (void)state;
  resume_with(0);
}

static void test_tickets_tls12(void **state)
{
  (void)state;
  resume_with(PEER_TLS12);
}

static void test_kinds_of_keys(void **state)
{
  (void)state;
  static const char *const kinds[] = { "ecdsa", "ecdsa384", "ecdsa521", "rsa", "ed25519" };
  kit_start(NULL);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    kit_serve(kinds[i], kinds[i], true);
    for (unsigned flags = 0; flags <= PEER_TLS12; flags += PEER_TLS12) {
      struct peer p;
      peer_open(&p, kit.https, flags);
      assert_string_equal(p.name, kinds[i]);
      expect_ok(&p);
      peer_close(&p);
    }
  }
  kit_stop();
}

static void test_old_protocols_are_refused(void **state)
{
  (void)state;
  static const char *const weak[] = {
    "NORMAL:-VERS-ALL:+VERS-TLS1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",
    "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC",
  };
  kit_start(NULL);
  kit_serve("rsa", "rsa", true);
  for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
    struct peer p;
    peer_open(&p, kit.https, PEER_NO_HANDSHAKE);
    gnutls_init(&p.tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_certificate_allocate_credentials(&p.credentials);
    gnutls_credentials_set(p.tls, GNUTLS_CRD_CERTIFICATE, p.credentials);
    assert_int_equal(gnutls_priority_set_direct(p.tls, weak[i], NULL), 0);
    gnutls_transport_set_int(p.tls, p.fd);
    assert_true(gnutls_handshake(p.tls) < 0);
    peer_close(&p);
  }
  kit_stop();
}

static void test_body_limit_by_length(void **state)
{
  (void)state;
  struct peer p;
  kit_start(NULL);
  peer_open(&p, kit.https, 0);
  peer_say(&p, "POST /api/v1/session HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 99999999999\r\n\r\n");
  assert_true(peer_read(&p, &a)); /* though not one byte of the body has come */
  assert_int_equal(a.status, 413);
  assert_non_null(strstr(a.body, "\"too_large\""));
  peer_close(&p);
  kit_stop();
}

/* A browser sends on while the answer comes; a reset under it would hide the 413. */
static void test_body_limit_with_more_on_its_way(void **state)
{
  (void)state;
  static char much[64 << 10];
  struct peer p;
  kit_start(NULL);
  peer_open(&p, kit.https, 0);
  peer_say(&p, "POST /api/v1/session HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 9999999\r\n\r\n");
  peer_send(&p, much, sizeof much);
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 413);
  for (int i = 0; i < 32; i++) /* the answer is there, the connection is closed, and nothing was reset */
    assert_int_equal(send(p.fd, much, sizeof much, MSG_NOSIGNAL), sizeof much);
  peer_close(&p);
  kit_stop();
}

static void test_body_limit_of_chunks(void **state)
{
  (void)state;
  char chunk[4096 + 16];
  struct peer p;
  kit_start(NULL);
  int n = snprintf(chunk, sizeof chunk, "1000\r\n");
  memset(chunk + n, ' ', 4096);
  memcpy(chunk + n + 4096, "\r\n", 2);
  peer_open(&p, kit.https, 0);
  peer_say(&p, "POST /api/v1/session HTTP/1.1\r\nHost: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 5; i++) /* 20 KB of 16 KB, and no end of it */
    peer_send(&p, chunk, (size_t)n + 4096 + 2);
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 413);
  assert_string_equal(answer_header(&a, "Connection"), "close");
  assert_true(peer_ends(&p, 5000));
  peer_close(&p);
  kit_stop();
}

static void test_large_body_is_taken(void **state)
{
  (void)state;
  static char body[900 << 10];
  struct peer p;
  kit_start(NULL);
  int n = snprintf(body, sizeof body, "{\"certificate\":\"");
  memset(body + n, 'x', sizeof body - (size_t)n - 2);
  memcpy(body + sizeof body - 2, "\"}", 2);
  peer_open(&p, kit.https, 0);
  peer_say(&p, "POST /api/v1/certificates/inspect HTTP/1.1\r\nHost: a\r\n" VIEWER JSON "Content-Length: %zu\r\n\r\n",
           sizeof body);
  peer_send(&p, body, sizeof body);
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 409);
  assert_non_null(strstr(a.body, "certificate of 921582 bytes"));
  peer_close(&p);
  kit_stop();
}

static void trickle(struct peer *p, const char *text, int64_t *took_ms)
{
  int64_t start = clock_monotonic_ms();
  struct pollfd fd = { p->fd, POLLIN | POLLRDHUP, 0 };
  for (const char *c = text;; c = c[1] ? c + 1 : c) {
    peer_send(p, c, 1);
    if (poll(&fd, 1, 100) > 0 && peer_ends(p, 200))
      break;
    assert_true(clock_monotonic_ms() - start < 10000);
  }
  *took_ms = clock_monotonic_ms() - start;
}

static void test_slow_head(void **state)
{
  (void)state;
  struct peer p;
  int64_t took_ms;
  kit_start(&(struct http_config){ .request_timeout_s = 1 });
  peer_open(&p, kit.https, 0);
  peer_say(&p, "GET /healthz HTTP/1.1\r\nHost: a\r\n");
  trickle(&p, "X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &took_ms);
  assert_true(took_ms < 4000);
  peer_close(&p);
  kit_stop();
}

static void test_slow_body(void **state)
{
  (void)state;
  struct peer p;
  int64_t took_ms;
  kit_start(&(struct http_config){ .request_timeout_s = 1, .idle_timeout_s = 1 });
  peer_open(&p, kit.https, 0);
  expect_ok(&p); /* on a connection that has been good before, too */
  peer_say(&p, "POST /api/v1/session HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 10000\r\n\r\n");
  trickle(&p, "{                                         ", &took_ms);
  assert_true(took_ms < 5000);
  peer_close(&p);
  kit_stop();
}

static void test_half_open_ends(void **state)
{
  (void)state;
  struct peer p;
  kit_start(&(struct http_config){ .request_timeout_s = 1 });
  peer_open(&p, kit.https, PEER_NO_HANDSHAKE);
  assert_true(peer_ends(&p, 5000));
  peer_close(&p);
  kit_stop();
}

static void test_idle_ends(void **state)
{
  (void)state;
  struct peer p;
  kit_start(&(struct http_config){ .idle_timeout_s = 1 });
  peer_open(&p, kit.https, 0);
  expect_ok(&p);
  assert_true(peer_ends(&p, 5000));
  peer_close(&p);
  kit_stop();
}

static void test_slow_handlers_are_not_cut(void **state)
{
  (void)state;
  struct peer p;
  kit_start(&(struct http_config){ .request_timeout_s = 1, .idle_timeout_s = 1 });
  kit.slow_ms = 3000;
  peer_open(&p, kit.https, 0);
  get(&p, "/api/v1/nodes/x/host-key", ADMIN);
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 200);
  peer_close(&p);
  kit_stop();
}

/* A slow handler keeps no thread of the server: with one thread another request is answered meanwhile. */
static void test_slow_handlers_keep_no_thread(void **state)
{
  (void)state;
  struct peer p;
  kit_start(&(struct http_config){ .threads = 1 });
  kit.slow_hold = true;
  peer_open(&p, kit.https, 0);
  get(&p, "/api/v1/nodes/x/host-key", ADMIN);
  kit_wait(kit.handled == 1);
  ask(&a, "GET", "/healthz", "", NULL);
  assert_int_equal(a.status, 200);
  kit.slow_hold = false;
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 200);
  peer_close(&p);
  kit_stop();
}

static void test_connections_per_address(void **state)
{
  (void)state;
  struct peer p[4];
  kit_start(&(struct http_config){ .connections_per_address = 3 });
  for (int i = 0; i < 3; i++) {
    peer_open(&p[i], kit.https, 0);
    expect_ok(&p[i]);
  }
  peer_open(&p[3], kit.https, PEER_NO_HANDSHAKE);
  assert_true(peer_ends(&p[3], 5000));
  peer_close(&p[3]);
  for (int i = 0; i < 3; i++) {
    expect_ok(&p[i]);
    peer_close(&p[i]);
  }
  kit_stop();
}

static void *stop_now(void *timeout_ms)
{
  http_stop(kit.server, *(int *)timeout_ms);
  return NULL;
}

static void wait_until_refused(void)
{
  int64_t deadline = kit_deadline();
  struct peer p;
  for (;;) {
    p.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)kit.https),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int rc = connect(p.fd, (struct sockaddr *)&at, sizeof at);
    close(p.fd);
    if (rc)
      return;
    kit_step(deadline, "connections are refused");
  }
}

static void test_stop_finishes_open_requests(void **state)
{
  (void)state;
  struct peer p, other;
  pthread_t stopper;
  int timeout_ms = 10000;
  kit_start(NULL);
  kit.slow_hold = true;
  peer_open(&other, kit.https, 0);
  expect_ok(&other);
  peer_open(&p, kit.https, 0);
  get(&p, "/api/v1/nodes/x/host-key", ADMIN);
  kit_wait(kit.handled == 1);
  pthread_create(&stopper, NULL, stop_now, &timeout_ms);
  wait_until_refused();
  get(&other, "/healthz", ""); /* a new one on an old connection */
  assert_true(peer_read(&other, &a));
  assert_int_equal(a.status, 503);
  assert_string_equal(answer_header(&a, "Connection"), "close");
  kit.slow_hold = false;
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 200);
  pthread_join(stopper, NULL);
  peer_close(&p);
  peer_close(&other);
  pool_free(kit.pool);
  assert_int_equal(rmdir(kit.folder), 0);
}

static void test_stop_does_not_wait_for_ever(void **state)
{
  (void)state;
  struct peer p;
  kit_start(NULL);
  kit.slow_hold = true;
  peer_open(&p, kit.https, 0);
  get(&p, "/api/v1/nodes/x/host-key", ADMIN);
  kit_wait(kit.handled == 1);
  http_stop(kit.server, 50);
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 503);
  peer_close(&p);
  kit.slow_hold = false;
  pool_free(kit.pool); /* the handler ends here, without a server */
  assert_int_equal(rmdir(kit.folder), 0);
}

static void test_taken_port(void **state)
{
  (void)state;
  struct http_server *s;
  struct err e = { 0 };
  kit_start(NULL);
  struct http_config c = { .https_port = kit.https, .http_port = -1 };
  assert_int_equal(http_start(&c, &s, &e), ERR_CONFLICT);
  assert_non_null(strstr(e.text, "Address already in use"));
  kit_stop();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_two_requests_on_one_connection),
    cmocka_unit_test(test_the_end_is_announced),
    cmocka_unit_test(test_refused_with_a_small_body),
    cmocka_unit_test(test_ipv6),
    cmocka_unit_test(test_half_open_handshakes_cost_nothing),
    cmocka_unit_test(test_certificate_swap),
    cmocka_unit_test(test_pair_that_does_not_fit),
    cmocka_unit_test(test_swap_within_a_handshake),
    cmocka_unit_test(test_tickets_tls13),
    cmocka_unit_test(test_tickets_tls12),
    cmocka_unit_test(test_kinds_of_keys),
    cmocka_unit_test(test_old_protocols_are_refused),
    cmocka_unit_test(test_body_limit_by_length),
    cmocka_unit_test(test_body_limit_with_more_on_its_way),
    cmocka_unit_test(test_body_limit_of_chunks),
    cmocka_unit_test(test_large_body_is_taken),
    cmocka_unit_test(test_slow_head),
    cmocka_unit_test(test_slow_body),
    cmocka_unit_test(test_half_open_ends),
    cmocka_unit_test(test_idle_ends),
    cmocka_unit_test(test_slow_handlers_are_not_cut),
    cmocka_unit_test(test_slow_handlers_keep_no_thread),
    cmocka_unit_test(test_connections_per_address),
    cmocka_unit_test(test_stop_finishes_open_requests),
    cmocka_unit_test(test_stop_does_not_wait_for_ever),
    cmocka_unit_test(test_taken_port),
  };
  return cmocka_run_group_tests_name("http connections", tests, NULL, NULL);
}
