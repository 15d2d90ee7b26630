/* What stands before a handler: who may ask for what, and how it is said. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "http_kit.h"

static struct answer a;

#define EXPECT_ERROR(want_status, want_code) \
  do { \
    assert_int_equal(a.status, want_status); \
    assert_non_null(strstr(a.body, "{\"error\":{\"code\":\"" want_code "\",")); \
    assert_string_equal(answer_header(&a, "Content-Type"), "application/json"); \
  } while (0)

static const char sign_in[] = "{\"name\":\"m.okafor\",\"password\":\"secret\"}";

static char *own_origin(void)
{
  static char line[64];
  snprintf(line, sizeof line, "Origin: https://localhost:%d\r\n", kit.https);
  return line;
}

static void test_success(void **state)
{
  (void)state;
  ask(&a, "GET", "/healthz", "", NULL);
  assert_int_equal(a.status, 200);
  assert_string_equal(a.body, "{\"message\":\"ok\"}\n");
  assert_string_equal(answer_header(&a, "Content-Type"), "application/json");
  assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
}

static void test_headers_of_every_reply(void **state)
{
  (void)state;
  static const struct { const char *method, *path; } some[] = {
    { "GET", "/healthz" }, { "GET", "/api/v1/nothing" }, { "DELETE", "/healthz" }, { "GET", "/api/v1/status" },
  };
  for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
    ask(&a, some[i].method, some[i].path, "", NULL);
    assert_string_equal(answer_header(&a, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(answer_header(&a, "X-Frame-Options"), "DENY");
    assert_string_equal(answer_header(&a, "Referrer-Policy"), "no-referrer");
    assert_string_equal(answer_header(&a, "Cross-Origin-Resource-Policy"), "same-origin");
    assert_string_equal(answer_header(&a, "Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_string_equal(answer_header(&a, "Strict-Transport-Security"), "");
    assert_string_equal(answer_header(&a, "Server"), "");
  }
}

static void test_not_found(void **state)
{
  (void)state;
  ask(&a, "GET", "/api/v1/nothing", "", NULL);
  EXPECT_ERROR(404, "not_found");
  ask(&a, "GET", "/favicon.ico", "", NULL);
  EXPECT_ERROR(404, "not_found");
  ask(&a, "GET", "/api/v1/nodes//disk", ADMIN, NULL); /* an empty part is no name */
  EXPECT_ERROR(404, "not_found");
  ask(&a, "GET", "/api/v1/status/", ADMIN, NULL);
  EXPECT_ERROR(404, "not_found");
}

static void test_method(void **state)
{
  (void)state;
  ask(&a, "DELETE", "/api/v1/status", "", NULL);
  EXPECT_ERROR(405, "method_not_allowed");
  assert_string_equal(answer_header(&a, "Allow"), "GET, HEAD");
  ask(&a, "PATCH", "/api/v1/session", "", NULL);
  assert_string_equal(answer_header(&a, "Allow"), "GET, HEAD, POST, DELETE");
  ask(&a, "OPTIONS", "/api/v1/session", "", NULL);
  EXPECT_ERROR(405, "method_not_allowed");
}

static void test_literal_beside_parameter(void **state)
{
  (void)state;
  ask(&a, "PUT", "/api/v1/nodes/probe", ADMIN, NULL); /* {ref} has PUT, the literal has POST */
  assert_int_not_equal(a.status, 405);
  ask(&a, "PATCH", "/api/v1/nodes/probe", ADMIN, NULL);
  EXPECT_ERROR(405, "method_not_allowed");
  assert_non_null(strstr(answer_header(&a, "Allow"), "POST"));
  assert_non_null(strstr(answer_header(&a, "Allow"), "PUT"));
}

static void test_head(void **state)
{
  (void)state;
  ask(&a, "HEAD", "/healthz", "", NULL);
  assert_int_equal(a.status, 200);
  assert_string_equal(answer_header(&a, "Content-Length"), "17");
  ask(&a, "HEAD", "/api/v1/events", ADMIN, NULL); /* no stream is opened */
  assert_int_equal(a.status, 200);
}

static void test_authentication(void **state)
{
  (void)state;
  ask(&a, "GET", "/api/v1/ssh-key", "", NULL);
  EXPECT_ERROR(401, "unauthenticated");
  assert_string_equal(answer_header(&a, "WWW-Authenticate"), "Bearer realm=\"opsd\"");
  ask(&a, "GET", "/api/v1/ssh-key", "Authorization: Bearer stolen\r\n", NULL);
  EXPECT_ERROR(401, "unauthenticated");
  ask(&a, "GET", "/healthz", "Authorization: Bearer stolen\r\n", NULL); /* open to all, to them too */
  assert_int_equal(a.status, 200);
  ask(&a, "GET", "/api/v1/ssh-key", "Authorization: bearer   viewer\r\n", NULL);
  EXPECT_ERROR(409, "conflict"); /* its handler was reached */
}

static void test_role(void **state)
{
  (void)state;
  ask(&a, "POST", "/api/v1/rollouts/7/resume", VIEWER, NULL);
  EXPECT_ERROR(403, "forbidden");
  assert_non_null(strstr(a.body, "This takes the role operator; yours is viewer."));
  ask(&a, "POST", "/api/v1/rollouts/7/resume", "Authorization: Bearer operator\r\n", NULL);
  assert_int_equal(a.status, 202);
  assert_string_equal(a.body, "{\"rollout\":7,\"title\":\"again\"}\n");
}

static void test_local_rows(void **state)
{
  (void)state;
  struct peer p;
  ask(&a, "POST", "/api/v1/stop", ADMIN, NULL);
  EXPECT_ERROR(403, "forbidden");
  peer_open_local(&p, kit.socket_path);
  peer_say(&p, "POST /api/v1/stop HTTP/1.1\r\nHost: opsd\r\n\r\n");
  assert_true(peer_read(&p, &a));
  assert_int_equal(a.status, 202);
  assert_string_equal(kit.from_last, "local");
  peer_close(&p);
}

static void test_csrf_of_sessions(void **state)
{
  (void)state;
  char head[256];
  const char *path = "/api/v1/rollouts/7/resume", *cookie = "Cookie: a=b; __Host-opsd=good\r\n";
  ask(&a, "GET", "/api/v1/openapi.json", cookie, NULL); /* reading needs neither */
  assert_int_equal(a.status, 200);
  ask(&a, "POST", path, cookie, NULL);
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%sX-Opsd-CSRF: 1\r\n", cookie);
  ask(&a, "POST", path, head, NULL);
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%s%s", cookie, own_origin());
  ask(&a, "POST", path, head, NULL);
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%sX-Opsd-CSRF: 1\r\nOrigin: https://evil.example\r\n", cookie);
  ask(&a, "POST", path, head, NULL);
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%sX-Opsd-CSRF: 1\r\nOrigin: http://localhost:%d\r\n", cookie, kit.https);
  ask(&a, "POST", path, head, NULL); /* a page that came without TLS is another origin */
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%sX-Opsd-CSRF: 1\r\n%s", cookie, own_origin());
  ask(&a, "POST", path, head, NULL);
  assert_int_equal(a.status, 202);
  snprintf(head, sizeof head, "%sX-Opsd-CSRF: 1\r\nOrigin: https://proxy.example\r\n", cookie);
  ask(&a, "POST", path, head, NULL); /* allowed_origins */
  assert_int_equal(a.status, 202);
  ask(&a, "GET", "/api/v1/openapi.json", "Cookie: opsd=good\r\n", NULL); /* the name without its prefix: plain mode only */
  EXPECT_ERROR(401, "unauthenticated");
}

static void test_csrf_of_open_writes(void **state)
{
  (void)state;
  char head[256];
  ask(&a, "POST", "/api/v1/session", JSON, sign_in); /* a script */
  assert_int_equal(a.status, 201);
  ask(&a, "POST", "/api/v1/session", JSON "Origin: https://evil.example\r\nX-Opsd-CSRF: 1\r\n", sign_in);
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%s%s", JSON, own_origin());
  ask(&a, "POST", "/api/v1/session", head, sign_in);
  EXPECT_ERROR(403, "forbidden");
  snprintf(head, sizeof head, "%sX-Opsd-CSRF: 1\r\n%s", JSON, own_origin());
  ask(&a, "POST", "/api/v1/session", head, sign_in);
  assert_int_equal(a.status, 201);
}

static void test_cookie(void **state)
{
  (void)state;
  char head[256];
  ask(&a, "POST", "/api/v1/session", JSON, sign_in);
  assert_string_equal(answer_header(&a, "Set-Cookie"),
                      "__Host-opsd=good; Path=/; HttpOnly; SameSite=Strict; Secure");
  snprintf(head, sizeof head, "Cookie: __Host-opsd=good\r\nX-Opsd-CSRF: 1\r\n%s", own_origin());
  ask(&a, "DELETE", "/api/v1/session", head, NULL);
  assert_int_equal(a.status, 204);
  assert_string_equal(answer_header(&a, "Set-Cookie"),
                      "__Host-opsd=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
}

static void test_throttled(void **state)
{
  (void)state;
  ask(&a, "POST", "/api/v1/session", JSON, "{\"name\":\"x\",\"password\":\"throttle me\"}");
  EXPECT_ERROR(429, "throttled");
  assert_string_equal(answer_header(&a, "Retry-After"), "7");
}

static void test_media_type(void **state)
{
  (void)state;
  ask(&a, "POST", "/api/v1/session", "Content-Type: application/x-www-form-urlencoded\r\n", "name=x");
  EXPECT_ERROR(415, "unsupported_media_type");
  ask(&a, "POST", "/api/v1/session", "Content-Type: application/jsonp\r\n", sign_in);
  EXPECT_ERROR(415, "unsupported_media_type");
  ask(&a, "POST", "/api/v1/session", "", sign_in);
  EXPECT_ERROR(415, "unsupported_media_type");
  ask(&a, "POST", "/api/v1/session", "Content-Type: application/json; charset=utf-8\r\n", sign_in);
  assert_int_equal(a.status, 201);
}

static void test_body(void **state)
{
  (void)state;
  ask(&a, "POST", "/api/v1/session", JSON, "{\"name\":");
  EXPECT_ERROR(400, "malformed");
  ask(&a, "POST", "/api/v1/session", JSON, "{\"name\":\"x\",\"password\":\"y\",\"extra\":1}");
  EXPECT_ERROR(422, "invalid");
  assert_non_null(strstr(a.body, "\"field\":\"extra\""));
  ask(&a, "POST", "/api/v1/session", JSON, "{\"name\":\"x\"}");
  EXPECT_ERROR(422, "invalid");
  assert_non_null(strstr(a.body, "\"field\":\"password\""));
  ask(&a, "POST", "/api/v1/session", "", NULL); /* no body at all */
  EXPECT_ERROR(422, "invalid");
  ask(&a, "POST", "/api/v1/rollouts/7/resume", ADMIN JSON, "{}");
  assert_int_equal(a.status, 202);
  ask(&a, "POST", "/api/v1/rollouts/7/resume", ADMIN JSON, "{\"id\":8}"); /* the path says which */
  EXPECT_ERROR(422, "invalid");
}

static void test_path_and_query(void **state)
{
  (void)state;
  ask(&a, "GET", "/api/v1/nodes/db%2D1%2F%C3%A9/host-key", ADMIN, NULL);
  assert_non_null(strstr(a.body, "\"db-1/\303\251\""));
  ask(&a, "POST", "/api/v1/rollouts/x/resume", ADMIN, NULL);
  EXPECT_ERROR(422, "invalid");
  assert_non_null(strstr(a.body, "\"field\":\"id\""));
  ask(&a, "GET", "/api/v1/certificates?limit=5&q=a+b%26c", ADMIN, NULL);
  assert_int_equal(a.status, 200);
  assert_non_null(strstr(a.body, "\"total\":5"));
  assert_non_null(strstr(a.body, "\"a b&c\""));
  ask(&a, "GET", "/api/v1/certificates", ADMIN, NULL);
  assert_non_null(strstr(a.body, "\"total\":100")); /* the preset */
  ask(&a, "GET", "/api/v1/certificates?limit=0", ADMIN, NULL);
  EXPECT_ERROR(422, "invalid");
  ask(&a, "GET", "/api/v1/certificates?lim=5", ADMIN, NULL);
  EXPECT_ERROR(422, "invalid");
  assert_non_null(strstr(a.body, "\"field\":\"lim\""));
  ask(&a, "GET", "/api/v1/certificates?limit=5&limit=6", ADMIN, NULL);
  EXPECT_ERROR(422, "invalid");
  ask(&a, "GET", "/healthz?x=1", "", NULL);
  EXPECT_ERROR(422, "invalid");
  ask(&a, "GET", "/api/v1/nodes/%zz/host-key", ADMIN, NULL);
  EXPECT_ERROR(400, "malformed");
  ask(&a, "GET", "/api/v1/nodes/%00/host-key", ADMIN, NULL);
  EXPECT_ERROR(400, "malformed");
  ask(&a, "GET", "/api/v1/nodes/%ff/host-key", ADMIN, NULL);
  EXPECT_ERROR(400, "malformed");
  ask(&a, "GET", "/api/v1/x/../status", ADMIN, NULL);
  EXPECT_ERROR(400, "malformed");
}

static void expect_refused(const char *head)
{
  struct peer p;
  peer_open(&p, kit.https, 0);
  peer_say(&p, "%s\r\n", head);
  assert_true(peer_read(&p, &a));
  EXPECT_ERROR(400, "malformed");
  peer_close(&p);
}

static void test_unreadable_heads(void **state)
{
  (void)state;
  expect_refused("GET /healthz HTTP/1.1\r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: \r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: a b\r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: a/b\r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: [::1\r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: a]\r\n");
  expect_refused("GET /healthz HTTP/1.1\r\nHost: a[::1]\r\n");
  expect_refused("GET https://a/healthz HTTP/1.1\r\nHost: a\r\n");
  expect_refused("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n");
  expect_refused("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n");
  expect_refused("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n");
  expect_refused("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length : 2\r\n");
  expect_refused("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n");
  expect_refused("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n");
}

static void test_etag(void **state)
{
  (void)state;
  char head[160];
  kit.generation = 5;
  /* the tag holds the minute: once more, should one end right here */
  for (int i = 0; i < 2; i++) {
    ask(&a, "GET", "/api/v1/certificates", ADMIN, NULL);
    assert_int_equal(a.status, 200);
    snprintf(head, sizeof head, ADMIN "If-None-Match: %s\r\n", answer_header(&a, "ETag"));
    int handled = kit.handled;
    ask(&a, "GET", "/api/v1/certificates", head, NULL);
    if (a.status == 304) {
      assert_int_equal(kit.handled, handled);
      break;
    }
  }
  assert_int_equal(a.status, 304);
  kit.generation = 6;
  ask(&a, "GET", "/api/v1/certificates", head, NULL);
  assert_int_equal(a.status, 200);
  snprintf(head, sizeof head, "If-None-Match: %s\r\n", answer_header(&a, "ETag"));
  ask(&a, "GET", "/api/v1/certificates", head, NULL); /* nobody learns that way that nothing changed */
  assert_int_equal(a.status, 401);
}

static void test_audit(void **state)
{
  (void)state;
  int before = kit.audited;
  ask(&a, "POST", "/api/v1/rollouts/7/resume", ADMIN, NULL);
  assert_string_equal(kit.audit_last, "rolloutResume ok");
  ask(&a, "POST", "/api/v1/rollouts/7/resume", VIEWER, NULL);
  assert_string_equal(kit.audit_last, "rolloutResume forbidden");
  ask(&a, "POST", "/api/v1/certificates", ADMIN JSON, "{}");
  assert_string_equal(kit.audit_last, "certImport invalid");
  ask(&a, "POST", "/api/v1/certificates", ADMIN, "x");
  assert_string_equal(kit.audit_last, "certImport unsupported_media_type");
  assert_int_equal(kit.audited, before + 4);
  ask(&a, "POST", "/api/v1/rollouts/7/resume", "", NULL); /* nobody */
  ask(&a, "GET", "/api/v1/certificates", ADMIN, NULL);   /* a read */
  assert_int_equal(kit.audited, before + 4);
}

static void test_raw_and_request_id(void **state)
{
  (void)state;
  ask(&a, "GET", "/api/v1/openapi.json", ADMIN, NULL);
  assert_string_equal(a.body, "{\"openapi\":\"3.1.0\"}");
  assert_string_equal(answer_header(&a, "Content-Type"), "application/vnd.oai.openapi+json");
  char first[200];
  ask(&a, "GET", "/api/v1/ssh-key", "", NULL);
  const char *id = strstr(a.body, "\"request\":\"");
  assert_non_null(id);
  snprintf(first, sizeof first, "%.30s", id);
  ask(&a, "GET", "/api/v1/ssh-key", "", NULL);
  assert_null(strstr(a.body, first));
}

/* Toy replies that break their row's shape are a 500 under check_replies. */
static void test_checked_replies(void **state)
{
  (void)state;
  ask(&a, "GET", "/api/v1/session", "", NULL);
  assert_int_equal(a.status, 200);
  ask(&a, "GET", "/api/v1/nodes/odd/host-key", ADMIN, NULL);
  EXPECT_ERROR(500, "internal");
}

static int start(void **state)
{
  (void)state;
  static const char *const origins[] = { "https://proxy.example", NULL };
  kit_start(&(struct http_config){ .allowed_origins = origins, .check_replies = true });
  log_set_level(LOG_LEVEL_ERROR - 1); /* the two 500s above are wanted */
  return 0;
}

static int stop(void **state)
{
  (void)state;
  kit_stop();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_success),
    cmocka_unit_test(test_headers_of_every_reply),
    cmocka_unit_test(test_not_found),
    cmocka_unit_test(test_method),
    cmocka_unit_test(test_literal_beside_parameter),
    cmocka_unit_test(test_head),
    cmocka_unit_test(test_authentication),
    cmocka_unit_test(test_role),
    cmocka_unit_test(test_local_rows),
    cmocka_unit_test(test_csrf_of_sessions),
    cmocka_unit_test(test_csrf_of_open_writes),
    cmocka_unit_test(test_cookie),
    cmocka_unit_test(test_throttled),
    cmocka_unit_test(test_media_type),
    cmocka_unit_test(test_body),
    cmocka_unit_test(test_path_and_query),
    cmocka_unit_test(test_unreadable_heads),
    cmocka_unit_test(test_etag),
    cmocka_unit_test(test_audit),
    cmocka_unit_test(test_raw_and_request_id),
    cmocka_unit_test(test_checked_replies),
  };
  return cmocka_run_group_tests_name("http policy", tests, start, stop);
}
