/* What is not the API over TLS: plain mode behind a proxy, the redirect, the local socket, the browser's part. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_kit.h"

static struct answer a;

#define SIGN_IN "{\"name\":\"m.okafor\",\"password\":\"secret\"}"

static void plain_ask(unsigned flags, const char *method, const char *path, const char *head, const char *body)
{
  struct peer p;
  peer_open(&p, kit.http, PEER_PLAIN | flags);
  peer_say(&p, "%s %s HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, head, strlen(body), body);
  assert_true(strcmp(method, "HEAD") == 0 ? peer_read_head(&p, &a) : peer_read(&p, &a));
  peer_close(&p);
}

static void test_plain(void **state)
{
  (void)state;
  const char *chain, *key;
  struct err e = { 0 };
  kit_start(&(struct http_config){ .plain = true, .bind = "0.0.0.0", .hsts_max_age_s = 300 });
  assert_int_equal(kit.https, -1);
  plain_ask(0, "GET", "/healthz", "Host: localhost\r\n", "");
  assert_int_equal(a.status, 200);
  assert_string_equal(answer_header(&a, "Strict-Transport-Security"), "");
  plain_ask(PEER_IPV6, "GET", "/healthz", "Host: [::1]\r\n", "");
  assert_int_equal(a.status, 200);
  kit_pair("x", "ecdsa", &chain, &key);
  assert_int_equal(http_set_certificate(kit.server, chain, key, true, &e), ERR_CONFLICT);
  kit_stop();
}

/* Connects to each address of this machine that is not the loopback. */
static int reachable_from_outside(int port)
{
  struct ifaddrs *all;
  int reached = 0;
  assert_int_equal(getifaddrs(&all), 0);
  for (struct ifaddrs *i = all; i; i = i->ifa_next) {
    if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
      continue;
    struct sockaddr_in at = *(struct sockaddr_in *)i->ifa_addr;
    if (ntohl(at.sin_addr.s_addr) >> 24 == 127)
      continue;
    at.sin_port = htons((uint16_t)port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    reached += connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
  }
  freeifaddrs(all);
  return reached;
}

static void test_plain_never_leaves_the_machine(void **state)
{
  (void)state;
  kit_start(&(struct http_config){ .plain = true, .bind = "0.0.0.0" });
  assert_int_equal(reachable_from_outside(kit.http), 0);
  kit_stop();
  kit_start(&(struct http_config){ .bind = "127.0.0.1" });
  assert_int_equal(reachable_from_outside(kit.https), 0);
  kit_stop();
}

static void test_plain_cookies(void **state)
{
  (void)state;
  kit_start(&(struct http_config){ .plain = true });
  plain_ask(0, "POST", "/api/v1/session",
            "Host: localhost:9000\r\n" JSON "X-Opsd-CSRF: 1\r\nOrigin: http://localhost:9000\r\n", SIGN_IN);
  assert_int_equal(a.status, 201);
  assert_string_equal(answer_header(&a, "Set-Cookie"), "opsd=good; Path=/; HttpOnly; SameSite=Strict");
  /* a proxy that speaks HTTPS with the browser */
  plain_ask(0, "POST", "/api/v1/session",
            "Host: ops.example\r\n" JSON "X-Opsd-CSRF: 1\r\nOrigin: https://ops.example\r\n", SIGN_IN);
  assert_int_equal(a.status, 201);
  assert_string_equal(answer_header(&a, "Set-Cookie"),
                      "__Host-opsd=good; Path=/; HttpOnly; SameSite=Strict; Secure");
  plain_ask(0, "GET", "/api/v1/openapi.json", "Host: localhost\r\nCookie: opsd=good\r\n", "");
  assert_int_equal(a.status, 200);
  plain_ask(0, "GET", "/api/v1/openapi.json", "Host: localhost\r\nCookie: __Host-opsd=good\r\n", "");
  assert_int_equal(a.status, 200);
  kit_stop();
}

static void test_forwarded(void **state)
{
  (void)state;
  const char *head = "Host: localhost\r\nX-Forwarded-For: 10.9.9.9, 203.0.113.7\r\n" VIEWER;
  kit_start(&(struct http_config){ .plain = true });
  plain_ask(0, "GET", "/api/v1/openapi.json", head, "");
  assert_string_equal(kit.from_last, "127.0.0.1");
  kit_stop();
  kit_start(&(struct http_config){ .plain = true, .trust_forwarded = true });
  plain_ask(0, "GET", "/api/v1/openapi.json", head, "");
  assert_string_equal(kit.from_last, "203.0.113.7");
  plain_ask(0, "GET", "/api/v1/openapi.json", "Host: localhost\r\nX-Forwarded-For: <script>\r\n" VIEWER, "");
  assert_string_equal(kit.from_last, "127.0.0.1");
  kit_stop();
  kit_start(&(struct http_config){ .trust_forwarded = true }); /* over TLS nobody stands between */
  ask(&a, "GET", "/api/v1/openapi.json", "X-Forwarded-For: 203.0.113.7\r\n" VIEWER, NULL);
  assert_string_equal(kit.from_last, "127.0.0.1");
  kit_stop();
}

/* The port stands between before and after. */
static void expect_location(const char *host, const char *target, const char *before, const char *after)
{
  char want[256], head[256];
  snprintf(head, sizeof head, "Host: %s\r\n", host);
  plain_ask(0, "GET", target, head, "");
  assert_int_equal(a.status, 308);
  snprintf(want, sizeof want, "%s%d%s", before, kit.https, after);
  assert_string_equal(answer_header(&a, "Location"), want);
}

static void test_redirect(void **state)
{
  (void)state;
  kit_start(NULL);
  expect_location("ops.example:9000", "/a/b?c=%20d", "https://ops.example:", "/a/b?c=%20d");
  expect_location("ops.example", "/", "https://ops.example:", "/");
  expect_location("[::1]:9000", "/x", "https://[::1]:", "/x");
  expect_location("a", "http://evil.example/", "https://a:", "/");
  plain_ask(0, "POST", "/api/v1/session", "Host: a\r\n" JSON, SIGN_IN);
  assert_int_equal(a.status, 308);
  assert_int_equal(kit.handled, 0);
  plain_ask(0, "GET", "/", "Host: a/b\r\n", "");
  assert_int_equal(a.status, 400);
  plain_ask(0, "GET", "/", "", "");
  assert_int_equal(a.status, 400);
  kit_stop();
}

static void test_local_socket(void **state)
{
  (void)state;
  struct stat st;
  struct peer p;
  kit_start(NULL);
  assert_int_equal(stat(kit.socket_path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  peer_open_local(&p, kit.socket_path);
  for (int i = 0; i < 2; i++) {
    peer_say(&p, "POST /api/v1/rollouts/3/resume HTTP/1.1\r\nHost: opsd\r\n\r\n");
    assert_true(peer_read(&p, &a)); /* the peer's uid is who: no token, no CSRF */
    assert_int_equal(a.status, 202);
  }
  peer_close(&p);
  kit_stop();
}

static const struct http_asset assets[] = {
  { "/index.html", "text/html; charset=utf-8", "\"i1\"", (const unsigned char *)"<html>", 6,
    (const unsigned char *)"GZIP", 4, false },
  { "/assets/app-1a.js", "text/javascript; charset=utf-8", "\"j1\"", (const unsigned char *)"let a", 5, NULL, 0, true },
  { "/assets/app-1a.js.map", "application/json", "\"m1\"", (const unsigned char *)"{}", 2, NULL, 0, true },
};

static void start_with_assets(void)
{
  kit_start(&(struct http_config){ .assets = assets, .asset_count = 3, .hsts_max_age_s = 300 });
}

static void test_assets(void **state)
{
  (void)state;
  start_with_assets();
  ask(&a, "GET", "/assets/app-1a.js", "", NULL);
  assert_int_equal(a.status, 200);
  assert_string_equal(a.body, "let a");
  assert_string_equal(answer_header(&a, "Content-Type"), "text/javascript; charset=utf-8");
  assert_string_equal(answer_header(&a, "Cache-Control"), "public, max-age=31536000, immutable");
  assert_string_equal(answer_header(&a, "X-Content-Type-Options"), "nosniff");
  static const char *const parts[] = {
    "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  };
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    assert_non_null(strstr(answer_header(&a, "Content-Security-Policy"), parts[i]));
  assert_string_equal(answer_header(&a, "X-Frame-Options"), "DENY");
  assert_string_equal(answer_header(&a, "Referrer-Policy"), "no-referrer");
  assert_string_equal(answer_header(&a, "Cross-Origin-Opener-Policy"), "same-origin");
  assert_string_equal(answer_header(&a, "Cross-Origin-Resource-Policy"), "same-origin");
  assert_non_null(strstr(answer_header(&a, "Permissions-Policy"), "camera=()"));
  ask(&a, "GET", "/assets/app-1a.js.map?x", "", NULL);
  assert_string_equal(a.body, "{}");
  ask(&a, "GET", "/", "", NULL);
  assert_string_equal(a.body, "<html>");
  assert_string_equal(answer_header(&a, "Cache-Control"), "no-cache");
  assert_string_equal(answer_header(&a, "Vary"), "Accept-Encoding");
  ask(&a, "GET", "/", "Accept-Encoding: br, gzip;q=0.5\r\n", NULL);
  assert_string_equal(a.body, "GZIP");
  assert_string_equal(answer_header(&a, "Content-Encoding"), "gzip");
  ask(&a, "GET", "/", "Accept-Encoding: gzip;q=0, identity\r\n", NULL);
  assert_string_equal(a.body, "<html>");
  ask(&a, "HEAD", "/index.html", "", NULL);
  assert_string_equal(answer_header(&a, "Content-Length"), "6");
  ask(&a, "POST", "/index.html", JSON, "{}");
  assert_int_equal(a.status, 405);
  assert_string_equal(answer_header(&a, "Allow"), "GET, HEAD");
  kit_stop();
}

static void test_assets_unchanged(void **state)
{
  (void)state;
  start_with_assets();
  ask(&a, "GET", "/", "", NULL);
  assert_string_equal(answer_header(&a, "ETag"), "\"i1\"");
  ask(&a, "GET", "/", "If-None-Match: \"i0\", \"i1\"\r\n", NULL);
  assert_int_equal(a.status, 304);
  assert_string_equal(answer_header(&a, "ETag"), "\"i1\"");
  ask(&a, "GET", "/", "If-None-Match: \"i0\"\r\n", NULL);
  assert_int_equal(a.status, 200);
  kit_stop();
}

static void test_page_addresses(void **state)
{
  (void)state;
  start_with_assets();
  ask(&a, "GET", "/setup", "", NULL);
  assert_string_equal(a.body, "<html>");
  ask(&a, "GET", "/nodes/3?tab=disk", "", NULL);
  assert_string_equal(a.body, "<html>");
  ask(&a, "GET", "/nodes/%zz", "", NULL);
  assert_int_equal(a.status, 400);
  ask(&a, "GET", "/missing.js", "", NULL);
  assert_int_equal(a.status, 404);
  ask(&a, "GET", "/api/v2", "", NULL);
  assert_int_equal(a.status, 404);
  ask(&a, "GET", "/healthz", "", NULL);
  assert_string_equal(a.body, "{\"message\":\"ok\"}\n");
  kit_stop();
}

static void test_hsts(void **state)
{
  (void)state;
  static const char *const paths[] = { "/", "/healthz", "/api/v1/nothing" };
  start_with_assets();
  for (int real = 0; real <= 2; real++) { /* opsd's own, a real one, its own again */
    kit_serve("x", "ecdsa", real != 1);
    for (size_t i = 0; i < 3; i++) {
      ask(&a, "GET", paths[i], "", NULL);
      assert_string_equal(answer_header(&a, "Strict-Transport-Security"), real == 1 ? "max-age=300" : "");
    }
  }
  plain_ask(0, "GET", "/", "Host: a\r\n", ""); /* the redirect */
  assert_string_equal(answer_header(&a, "Strict-Transport-Security"), "");
  kit_stop();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_plain),
    cmocka_unit_test(test_plain_never_leaves_the_machine),
    cmocka_unit_test(test_plain_cookies),
    cmocka_unit_test(test_forwarded),
    cmocka_unit_test(test_redirect),
    cmocka_unit_test(test_local_socket),
    cmocka_unit_test(test_assets),
    cmocka_unit_test(test_assets_unchanged),
    cmocka_unit_test(test_page_addresses),
    cmocka_unit_test(test_hsts),
  };
  return cmocka_run_group_tests_name("http without TLS, files", tests, NULL, NULL);
}
