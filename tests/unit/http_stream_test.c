/* Server-sent events. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_kit.h"

static struct answer a;

static void stream(struct peer *p, const char *path, const char *head)
{
  peer_open(p, kit.https, 0);
  peer_say(p, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, head);
  assert_true(peer_read_head(p, &a));
}

static void test_delivery(void **state)
{
  (void)state;
  struct peer all, seven;
  kit_start(NULL);
  stream(&all, "/api/v1/events", VIEWER);
  assert_int_equal(a.status, 200);
  assert_string_equal(answer_header(&a, "Content-Type"), "text/event-stream");
  assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
  assert_true(peer_read_until(&all, "event: state\ndata: {\"generation\":1}\n\n"));
  assert_true(peer_read_until(&all, "event: meanwhile\ndata: {}\n\n")); /* published while the handler ran */
  stream(&seven, "/api/v1/rollouts/7/events", VIEWER);
  http_publish(kit.server, "rollout:8", "rollout", "{\"id\":8}");
  http_publish(kit.server, "rollout:7", "rollout", "{\"id\":7}");
  assert_true(peer_read_until(&all, "data: {\"id\":8}\n\n"));
  assert_true(peer_read_until(&all, "data: {\"id\":7}\n\n"));
  assert_true(peer_read_until(&seven, "data: {"));
  assert_true(peer_read_until(&seven, "7}\n\n"));
  assert_null(strstr(buf_cstr(&seven.got), "8"));
  peer_close(&all);
  peer_close(&seven);
  kit_stop();
}

static void test_refused(void **state)
{
  (void)state;
  kit_start(NULL);
  ask(&a, "GET", "/api/v1/events", "", NULL);
  assert_int_equal(a.status, 401);
  ask(&a, "GET", "/api/v1/rollouts/404/events", VIEWER, NULL);
  assert_int_equal(a.status, 404);
  http_publish(kit.server, "x", "y", "{}"); /* nobody is left behind */
  kit_stop();
}

static void test_large_and_many(void **state)
{
  (void)state;
  static char big[100001];
  struct peer p;
  char end[32];
  kit_start(NULL);
  stream(&p, "/api/v1/events", VIEWER);
  memset(big, 'x', sizeof big - 1);
  http_publish(kit.server, "a", "big", big);
  for (int i = 0; i < 1000; i++) {
    snprintf(end, sizeof end, "{\"n\":%d}", i);
    http_publish(kit.server, "a", "small", end);
  }
  assert_true(peer_read_until(&p, "{\"n\":999}\n\n"));
  peer_close(&p);
  kit_stop();
}

static void test_heartbeat(void **state)
{
  (void)state;
  struct peer p;
  kit_start(&(struct http_config){ .heartbeat_s = 1 });
  stream(&p, "/api/v1/rollouts/7/events", "Cookie: __Host-opsd=good\r\n");
  assert_true(peer_read_until(&p, "\n:\n\n"));
  assert_true(peer_read_until(&p, "\n:\n\n"));
  assert_true(kit.rechecked >= 2);
  assert_int_equal(kit.authenticated, 1);
  kit.sessions_end = true;
  assert_true(peer_read_until(&p, "0\r\n\r\n")); /* a whole end, not a cut */
  peer_close(&p);
  kit_stop();
}

static void test_slow_reader_is_closed(void **state)
{
  (void)state;
  static char big[60001];
  struct peer slow, good;
  kit_start(NULL);
  stream(&slow, "/api/v1/events", VIEWER);
  stream(&good, "/api/v1/events", VIEWER);
  memset(big, 'x', sizeof big - 1);
  for (int i = 0; i < 300; i++) { /* 18 MB: more than any socket's buffers */
    http_publish(kit.server, "a", "big", big);
    assert_true(peer_read_until(&good, "event: big"));
    good.got.len = 0;
  }
  http_publish(kit.server, "a", "last", "{}");
  assert_true(peer_read_until(&good, "event: last"));
  assert_false(peer_read_until(&slow, "event: last"));
  assert_true(slow.ended);
  peer_close(&slow);
  peer_close(&good);
  kit_stop();
}

/* Clients that went away are noticed and forgotten while others go on. */
static void test_dead_clients(void **state)
{
  (void)state;
  struct peer p[20], good;
  kit_start(&(struct http_config){ .heartbeat_s = 1, .connections_per_address = 30 });
  for (int i = 0; i < 20; i++)
    stream(&p[i], "/api/v1/events", VIEWER);
  stream(&good, "/api/v1/events", VIEWER);
  for (int i = 0; i < 20; i++)
    peer_close(&p[i]);
  for (int i = 0; i < 3; i++)
    assert_true(peer_read_until(&good, "\n:\n\n"));
  int before = kit.rechecked;
  assert_true(peer_read_until(&good, "\n:\n\n"));
  assert_true(kit.rechecked - before <= 3);
  peer_close(&good);
  kit_stop();
}

static void test_ends_with_the_server(void **state)
{
  (void)state;
  struct peer p;
  kit_start(NULL);
  stream(&p, "/api/v1/events", VIEWER);
  assert_true(peer_read_until(&p, "meanwhile"));
  kit_stop(); /* does not wait five seconds for it */
  assert_true(peer_ends(&p, 1000));
  peer_close(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_delivery),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_large_and_many),
    cmocka_unit_test(test_heartbeat),
    cmocka_unit_test(test_slow_reader_is_closed),
    cmocka_unit_test(test_dead_clients),
    cmocka_unit_test(test_ends_with_the_server),
  };
  return cmocka_run_group_tests_name("http streams", tests, NULL, NULL);
}
