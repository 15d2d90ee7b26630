#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/client.h"
#include "cli/events.h"
#include "cli/url.h"
#include "contract/requests.h"

static void writes(const char *operation, const void *in, const char *url)
{
  AUTO_BUF struct buf b = BUF_INIT;
  url_write(contract_find(operation), in, &b);
  assert_string_equal(buf_cstr(&b), url);
}

static void test_url(void **state)
{
  (void)state;
  const char *roles[] = { "leaf", "master" };
  writes("status", NULL, "/api/v1/status");
  writes("cert-show", &(struct id_request){ 12 }, "/api/v1/certificates/12");
  writes("node-show", &(struct ref_request){ "a/b?c#d ä%" }, "/api/v1/nodes/a%2Fb%3Fc%23d%20%C3%A4%25");
  writes("node-show", &(struct ref_request){ ".." }, "/api/v1/nodes/..");
  writes("node-list", &(struct node_list_request){ .limit = 100 }, "/api/v1/nodes");
  writes("node-list", &(struct node_list_request){ .limit = 1000, .q = "x&y=1", .roles = { roles, 2 } },
         "/api/v1/nodes?limit=1000&q=x%26y%3D1&roles=leaf%2Cmaster");
  writes("cert-list", &(struct cert_list_request){ .limit = 100, .expires_within_days = 0, .has_key = true },
         "/api/v1/certificates?expires_within_days=0&has_key=true");
  writes("rollout-resume", &(struct id_request){ 3 }, "/api/v1/rollouts/3/resume");
}

static void test_loopback(void **state)
{
  (void)state;
  static const char *const here[] = { "http://localhost:9000", "http://127.0.0.1", "http://127.1.2.3:80/x",
                                      "http://[::1]:1", "http://LOCALHOST" };
  static const char *const there[] = { "http://localhost.example.com", "http://127.0.0.1.example.com",
                                       "http://10.0.0.1", "http://[::2]", "http://localhost@example.com",
                                       "http://127.0.0.1:x@example.com",
                                       "http://example.com/127.0.0.1", "http://127." };
  for (size_t i = 0; i < COUNT_OF(here); i++)
    assert_true(url_is_loopback(here[i]));
  for (size_t i = 0; i < COUNT_OF(there); i++)
    if (url_is_loopback(there[i]))
      fail_msg("%s", there[i]);
}

static enum err_code opens(const char *url)
{
  AUTO_CLIENT struct client *c = NULL;
  struct err e;
  return client_open(&(struct client_config){ .url = url, .token = "t" }, &c, &e);
}

static void test_token_stays_off_the_network(void **state)
{
  (void)state;
  assert_int_equal(opens("https://db.example.com:9001/"), ERR_NONE);
  assert_int_equal(opens("http://127.0.0.1:9000"), ERR_NONE);
  assert_int_equal(opens("http://db.example.com:9000"), ERR_USAGE);
  assert_int_equal(opens("http://127.0.0.1:1@db.example.com"), ERR_USAGE);
  assert_int_equal(opens("db.example.com:9001"), ERR_USAGE);
  assert_int_equal(opens("file:///etc/passwd"), ERR_USAGE);
}

static void test_socket_path(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *path;
  struct err e;
  setenv("OPSD_SOCKET", "/x/y.sock", 1);
  assert_int_equal(client_socket_path(&a, &path, &e), ERR_NONE);
  assert_string_equal(path, "/x/y.sock");
  unsetenv("OPSD_SOCKET");
  setenv("XDG_STATE_HOME", "/home/x/state", 1);
  assert_int_equal(client_socket_path(&a, &path, &e), ERR_NONE);
  assert_string_equal(path, geteuid() ? "/home/x/state/opsd/opsd.sock" : "/var/lib/opsd/opsd.sock");
  unsetenv("XDG_STATE_HOME");
  setenv("HOME", "/home/x", 1);
  assert_int_equal(client_socket_path(&a, &path, &e), ERR_NONE);
  assert_string_equal(path, geteuid() ? "/home/x/.local/state/opsd/opsd.sock" : "/var/lib/opsd/opsd.sock");
}

static void test_nobody_there(void **state)
{
  (void)state;
  AUTO_CLIENT struct client *c = NULL;
  AUTO_BUF struct buf reply = BUF_INIT;
  struct err e;
  assert_int_equal(client_open(&(struct client_config){ .socket = "/nonexistent/opsd.sock" }, &c, &e), ERR_NONE);
  assert_int_equal(client_call(c, contract_find("status"), NULL, &reply, &e), ERR_UNREACHABLE);
  assert_false(client_answered(c));
  assert_non_null(strstr(e.text, "/nonexistent/opsd.sock"));
  assert_int_equal(err_code_exit(e.code), 3);
}

struct heard {
  char text[512];
  int left; /* events until we have heard enough */
};

static bool hear(void *arg, const char *event, const char *data, size_t len)
{
  struct heard *h = arg;
  size_t n = strlen(h->text);
  snprintf(h->text + n, sizeof h->text - n, "%s=%.*s;", event, (int)len, data);
  return --h->left > 0;
}

static void test_events_in_any_cut(void **state)
{
  (void)state;
  static const char stream[] = ": hello\n\nevent: rollout\ndata: {\"a\":1}\nid: 3\n\nretry: 5\n"
                               "data:x\r\ndata: y\r\n\r\nevent: empty\n\ndata: z\n\n";
  for (size_t cut = 1; cut < sizeof stream; cut++) {
    struct events ev = { 0 };
    struct heard h = { .left = 10 };
    for (size_t at = 0; at < sizeof stream - 1; at += cut) {
      size_t n = sizeof stream - 1 - at < cut ? sizeof stream - 1 - at : cut;
      assert_true(events_feed(&ev, stream + at, n, hear, &h));
    }
    assert_string_equal(h.text, "rollout={\"a\":1};message=x\ny;message=z;");
    events_free(&ev);
  }
  struct events ev = { 0 };
  struct heard h = { .left = 1 };
  assert_false(events_feed(&ev, stream, sizeof stream - 1, hear, &h));
  assert_string_equal(h.text, "rollout={\"a\":1};");
  events_free(&ev);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_url), cmocka_unit_test(test_loopback), cmocka_unit_test(test_token_stays_off_the_network),
    cmocka_unit_test(test_socket_path), cmocka_unit_test(test_nobody_there), cmocka_unit_test(test_events_in_any_cut),
  };
  return cmocka_run_group_tests_name("cli client", tests, NULL, NULL);
}
