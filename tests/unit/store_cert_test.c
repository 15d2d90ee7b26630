/* store: certificates. */
#include "store_fixture.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "store/inside.h"

#define TODAY INT64_MIN /* expires_within_days 0; what is left out means all */

static certificate_list listed(struct fixture *f, struct cert_filter filter, const char **next)
{
  certificate_list l = { 0 };
  const char *unused;
  filter.now_s = NOW;
  filter.limit = filter.limit ? filter.limit : 100;
  int64_t days = filter.expires_within_days;
  filter.expires_within_days = days == TODAY ? 0 : days ? days : -1;
  FINE(store_cert_list(f->store, &filter, &f->arena, &l, next ? next : &unused, &f->err));
  return l;
}

#define FILTER(...) ((struct cert_filter){ __VA_ARGS__ })

static int64_t found(struct fixture *f, const char *q)
{
  int64_t n = -1;
  const char *sorts[] = { "expiry", "name", "newest" };
  for (size_t i = 0; i < COUNT_OF(sorts); i++) {
    int64_t now = (int64_t)listed(f, FILTER(.q = q, .sort = sorts[i]), NULL).count;
    if (n >= 0)
      assert_int_equal(now, n);
    n = now;
  }
  return n;
}

static void all_of_it_comes_back(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 7);
  int64_t id = fixture_add_cert(f, &d, "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
  struct certificate row;
  const char *pem;
  FINE(store_cert_get(f->store, id, NOW, &f->arena, &row, &pem, &f->err));
  assert_string_equal(row.name, "cert-00007");
  assert_string_equal(row.kind, "leaf");
  assert_string_equal(row.subject, d.row.subject);
  assert_string_equal(row.issuer, d.row.issuer);
  assert_string_equal(row.common_name, d.row.common_name);
  assert_true(row.not_before_s == NOW - DAY && row.not_after_s == NOW + 7 * DAY);
  assert_int_equal(row.days_left, 7);
  assert_string_equal(row.key_type, "EC");
  assert_int_equal(row.key_bits, 256);
  assert_string_equal(row.curve, "P-256");
  assert_string_equal(row.sha256, d.row.sha256);
  assert_true(row.has_key);
  assert_int_equal(row.used_by, 0);
  assert_true(row.created_s == NOW);
  assert_string_equal(pem, d.pem);
  struct certificate same;
  FINE(store_cert_by_sha256(f->store, d.row.sha256, NOW, &f->arena, &same, &f->err));
  assert_int_equal(same.id, id);
  AUTO_BUF struct buf key = BUF_INIT;
  FINE(store_cert_key(f->store, id, &key, &f->err));
  assert_string_equal(key.data, "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
  REFUSED(store_cert_get(f->store, 99, NOW, &f->arena, &row, &pem, &f->err), ERR_NOT_FOUND, "99", "");
  REFUSED(store_cert_by_sha256(f->store, "nonsense", NOW, &f->arena, &row, &f->err), ERR_NOT_FOUND, "nonsense", "");
}

static void days_are_whole_and_rounded_down(void **state)
{
  (void)state;
  assert_int_equal(store_days_left(NOW + DAY - 1, NOW), 0);
  assert_int_equal(store_days_left(NOW + DAY, NOW), 1);
  assert_int_equal(store_days_left(NOW - 1, NOW), -1);
  assert_int_equal(store_days_left(NOW - DAY, NOW), -1);
  assert_int_equal(store_days_left(NOW - DAY - 1, NOW), -2);
  assert_int_equal(store_days_left(TIME_NONE, NOW), 0);
}

static void the_same_again_is_refused_unless_it_brings_the_key(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 1);
  int64_t id = fixture_add_cert(f, &d, NULL), again = 0;
  AUTO_BUF struct buf key = BUF_INIT;
  REFUSED(store_cert_key(f->store, id, &key, &f->err), ERR_NOT_FOUND, "not held", "");
  d.row.name = "other name";
  REFUSED(store_cert_add(f->store, &d, NULL, &again, &f->err), ERR_CONFLICT, "\"cert-00001\" (certificate 1)",
          "certificate");
  assert_int_equal(again, id);
  d.pem = "with its chain";
  again = 0;
  FINE(store_cert_add(f->store, &d, "KEY", &again, &f->err));
  assert_int_equal(again, id);
  FINE(store_cert_key(f->store, id, &key, &f->err));
  assert_string_equal(key.data, "KEY");
  struct certificate row;
  const char *pem;
  FINE(store_cert_get(f->store, id, NOW, &f->arena, &row, &pem, &f->err));
  assert_true(row.has_key);
  assert_string_equal(pem, "with its chain");
  REFUSED(store_cert_add(f->store, &d, "KEY", &again, &f->err), ERR_CONFLICT, "here already", "certificate");
}

static int64_t raw(struct fixture *f, const char *sql)
{
  char path[128];
  sqlite3 *db;
  sqlite3_stmt *st;
  snprintf(path, sizeof path, "%s/opsd.db", f->folder);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
    fail_msg("%s: %s", sql, sqlite3_errmsg(db));
  int rc = sqlite3_step(st);
  int64_t v = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : rc == SQLITE_DONE ? 0 : -rc;
  sqlite3_finalize(st);
  sqlite3_close(db);
  return v;
}

static void keys_are_sealed_under_their_row(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail one = fixture_cert(&f->arena, 1), two = fixture_cert(&f->arena, 2);
  int64_t a = fixture_add_cert(f, &one, "THE-KEY-OF-ONE"), b = fixture_add_cert(f, &two, "THE-KEY-OF-TWO");
  assert_int_equal(raw(f,
                       "SELECT count(*) FROM certificate_material WHERE instr(key_sealed, CAST('THE-KEY' AS BLOB))"),
                         0);
  raw(f, "UPDATE certificate_material SET key_sealed = (SELECT key_sealed FROM certificate_material WHERE id = 1) "
         "WHERE id = 2");
  AUTO_BUF struct buf key = BUF_INIT;
  FINE(store_cert_key(f->store, a, &key, &f->err));
  assert_int_not_equal(store_cert_key(f->store, b, &key, &f->err), ERR_NONE);
}

static void orders_and_pages(void **state)
{
  struct fixture *f = *state;
  for (int i = 0; i < 25; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, (i * 7) % 25);
    if (i % 5 == 0) /* equal keys, so that only the id tells rows apart */
      d.row.name = "Same", d.row.not_after_s = NOW + 3 * DAY;
    fixture_add_cert(f, &d, i % 2 ? "KEY" : NULL);
  }
  const char *sorts[] = { "expiry", "name", "newest", NULL };
  for (size_t s = 0; s < COUNT_OF(sorts); s++) {
    bool seen[26] = { false };
    const char *next = NULL;
    struct certificate last = { 0 };
    size_t total = 0;
    do {
      certificate_list l = listed(f, (struct cert_filter){ .sort = sorts[s], .expires_within_days = -1, .limit = 4,
                                                           .after = next },
                                  &next);
      assert_true(l.count <= 4);
      for (size_t i = 0; i < l.count; i++, total++) {
        const struct certificate *c = &l.item[i];
        assert_false(seen[c->id]);
        seen[c->id] = true;
        int64_t order = s == 1 ? strcasecmp(total ? last.name : "", c->name)
                      : s == 2 ? (total ? c->id - last.id : -1)
                               : (last.not_after_s > c->not_after_s) - (last.not_after_s < c->not_after_s);
        assert_true(order < 0 || (order == 0 && last.id < c->id));
        last = *c;
      }
    } while (next);
    assert_int_equal(total, 25);
  }
}

static void a_full_last_page_has_no_next(void **state)
{
  struct fixture *f = *state;
  const char *next = "";
  assert_int_equal(listed(f, FILTER(.limit = 5), &next).count, 0);
  assert_null(next);
  for (int i = 0; i < 10; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, i);
    fixture_add_cert(f, &d, NULL);
  }
  assert_int_equal(listed(f, FILTER(.limit = 5), &next).count, 5);
  assert_non_null(next);
  assert_int_equal(listed(f, FILTER(.limit = 5, .after = next), &next).count, 5);
  assert_null(next);
}

static void strange_cursors_are_refused(void **state)
{
  struct fixture *f = *state;
  for (int i = 0; i < 3; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, i);
    fixture_add_cert(f, &d, NULL);
  }
  const char *of_name;
  listed(f, FILTER(.limit = 1, .sort = "name"), &of_name);
  const char *strange[] = { "", "x", "!!!!", "AAAA", "Y2VydC1leHBpcnk6eDp5Og", "%00", of_name,
                            "Y2VydC1leHBpcnk6OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk6MTo" };
  for (size_t i = 0; i < COUNT_OF(strange); i++) {
    certificate_list l;
    const char *next;
    struct cert_filter filter = FILTER(.after = strange[i]);
    REFUSED(store_cert_list(f->store, &filter, &f->arena, &l, &next, &f->err), ERR_INVALID, "after", "after");
  }
  certificate_list l;
  const char *next;
  struct cert_filter not_utf8 = FILTER(.sort = "name", .after = "Y2VydC1uYW1lOjA6MTr_");
  REFUSED(store_cert_list(f->store, &not_utf8, &f->arena, &l, &next, &f->err), ERR_INVALID, "after", "after");
}

static void filters(void **state)
{
  struct fixture *f = *state;
  const char *kinds[] = { "leaf", "intermediate", "root", "self-signed" };
  for (int i = 0; i < 40; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, i - 5);
    d.row.kind = kinds[i % 4];
    fixture_add_cert(f, &d, i % 3 == 0 ? "KEY" : NULL);
  }
  const char *sorts[] = { "expiry", "name", "newest" };
  for (size_t s = 0; s < 3; s++) {
    assert_int_equal(listed(f, FILTER(.sort = sorts[s]), NULL).count, 40);
    assert_int_equal(listed(f, FILTER(.sort = sorts[s], .kind = "root"), NULL).count, 10);
    assert_int_equal(listed(f, FILTER(.sort = sorts[s], .has_key = true), NULL).count, 14);
    assert_int_equal(listed(f, FILTER(.sort = sorts[s], .has_key = true, .kind = "leaf"), NULL).count, 4);
    /* 5 expired, 0 to 3 */
    assert_int_equal(listed(f, FILTER(.sort = sorts[s], .expires_within_days = 3), NULL).count, 9);
    assert_int_equal(listed(f, FILTER(.sort = sorts[s], .expires_within_days = TODAY), NULL).count, 6);
    assert_int_equal(listed(f, FILTER(.sort = sorts[s], .expires_within_days = INT64_MAX), NULL).count, 40);
    certificate_list l = listed(f, FILTER(.sort = sorts[s], .kind = "leaf", .q = "HOST-0001"), NULL);
    for (size_t i = 0; i < l.count; i++)
      assert_string_equal(l.item[i].kind, "leaf");
    assert_int_equal(l.count, 3); /* 11, 15, 19 of the ten */
  }
}

static void counts(void **state)
{
  struct fixture *f = *state;
  const char *kinds[] = { "leaf", "intermediate", "root", "self-signed", "leaf" };
  const int days[] = { -2, 10, 45, 500, 30 };
  for (int i = 0; i < 5; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, i);
    d.row.kind = kinds[i];
    d.row.not_after_s = NOW + days[i] * DAY;
    fixture_add_cert(f, &d, NULL);
  }
  struct cert_counts c;
  FINE(store_cert_counts(f->store, NOW, &c, &f->err));
  assert_int_equal(c.total, 5);
  assert_int_equal(c.leaves, 3);
  assert_int_equal(c.authorities, 2);
  assert_int_equal(c.expired, 1);
  assert_int_equal(c.within_30, 3);
  assert_int_equal(c.within_60, 4);
  FINE(store_cert_delete(f->store, 1, &f->err));
  FINE(store_cert_counts(f->store, NOW, &c, &f->err));
  assert_int_equal(c.total, 4);
  assert_int_equal(c.leaves, 2);
  assert_int_equal(c.expired, 0);
}

static void search_finds(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 1);
  d.row.name = "Bestell-Übersicht 100%_a!b";
  d.row.subject = "CN=orders \\\"west\\\",OU=A+OU=B";
  str_list_add(&f->arena, &d.san, "IP:2001:db8::17");
  fixture_add_cert(f, &d, NULL);
  for (int i = 2; i < 30; i++) {
    struct certificate_detail other = fixture_cert(&f->arena, i);
    fixture_add_cert(f, &other, NULL);
  }
  const char *hits[] = { "bestell", "übersicht", "ÜBERSICHT", "Üb", "100%_a!b", "%_a", "%_", "!b", "west\\\"",
                         "\"west", "\"", "=B", "OU=A+OU=B", "2001:DB8::17", "host-00001.example", "-00001.EX" };
  for (size_t i = 0; i < COUNT_OF(hits); i++)
    if (found(f, hits[i]) != 1)
      fail_msg("%s: %lld", hits[i], (long long)found(f, hits[i]));
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *plain = arena_strdup(&a, d.row.sha256), *to = plain;
  for (const char *p = d.row.sha256; *p; p++)
    if (*p != ':')
      *to++ = (char)(*p >= 'a' ? *p - 32 : *p);
  *to = '\0';
  assert_int_equal(found(f, plain), 1);
  assert_int_equal(found(f, d.row.sha256), 1);
  assert_int_equal(found(f, d.serial), 1);
  assert_int_equal(found(f, d.sha1), 1);
  assert_int_equal(found(f, arena_strndup(&a, plain, 9)), 1);
  assert_int_equal(found(f, ""), 29);
  assert_int_equal(found(f, "xample CA"), 29);
  const char *misses[] = { "nothing like it", "%%%", "___", "AND", "\"\"\"", "NEAR(a b)", "a* OR b", "text:foo",
                           "^host", "-- x", "'; DROP TABLE", "ffffffffffffffffffffffffffffffff", "{}", "(",
                             "\xf0\x9f\x94\x92\xf0\x9f\x94\x92\xf0\x9f\x94\x92" };
  for (size_t i = 0; i < COUNT_OF(misses); i++)
    assert_int_equal(found(f, misses[i]), 0);
}

static void what_is_deleted_is_gone_from_everywhere(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 1), other = fixture_cert(&f->arena, 2);
  int64_t id = fixture_add_cert(f, &d, "KEY");
  fixture_add_cert(f, &other, NULL);
  FINE(store_cert_delete(f->store, id, &f->err));
  assert_int_equal(found(f, "host-00001"), 0);
  assert_int_equal(found(f, d.row.sha256), 0);
  assert_int_equal(found(f, "host-00002"), 1);
  assert_int_equal(raw(f,
                       "SELECT (SELECT count(*) FROM certificate_material) + (SELECT count(*) FROM certificate_text)"),
                         2);
  REFUSED(store_cert_delete(f->store, id, &f->err), ERR_NOT_FOUND, "no certificate 1", "");
  assert_true(fixture_add_cert(f, &d, NULL) > 2); /* ids are not given twice */
  assert_int_equal(raw(f, "INSERT INTO certificate_fts (certificate_fts, rank) VALUES ('integrity-check', 1)"), 0);
}

static void issuers_are_found_by_subject(void **state)
{
  struct fixture *f = *state;
  for (int i = 0; i < 3; i++) {
    struct certificate_detail d = fixture_cert(&f->arena, i);
    d.row.subject = i < 2 ? "CN=CA" : "CN=ca";
    fixture_add_cert(f, &d, NULL);
  }
  certificate_list rows;
  struct str_list pems;
  FINE(store_cert_by_subject(f->store, "CN=CA", &f->arena, &rows, &pems, &f->err));
  assert_int_equal(rows.count, 2);
  assert_int_equal(pems.count, 2);
  assert_int_equal(rows.item[0].id, 2); /* the one that lasts longest first */
  assert_non_null(strstr(pems.item[0], "\n1\n"));
  FINE(store_cert_by_subject(f->store, "CN=nobody", &f->arena, &rows, &pems, &f->err));
  assert_int_equal(rows.count, 0);
}

static void what_is_in_use_stays(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail leaf = fixture_cert(&f->arena, 1), ca = fixture_cert(&f->arena, 2),
    shown = fixture_cert(&f->arena, 3);
  int64_t cert = fixture_add_cert(f, &leaf, "KEY"), authority = fixture_add_cert(f, &ca, NULL);
  int64_t console = fixture_add_cert(f, &shown, "KEY");
  int64_t cluster = fixture_add_cluster(f, "orders", "mariadb");
  for (int i = 0; i < 7; i++) {
    int64_t node = fixture_add_node(f, cluster, arena_printf(&f->arena, "db-%d", i));
    FINE(store_node_set_wanted(f->store, node, cert, authority, 3, &f->err));
  }
  FINE(store_setting_set(f->store, STORE_CONSOLE_SHA256, shown.row.sha256, &f->err));
  REFUSED(store_cert_delete(f->store, cert, &f->err), ERR_CONFLICT,
          "node db-0, node db-1, node db-2, node db-3, node db-4, 2 more nodes", "");
  REFUSED(store_cert_delete(f->store, authority, &f->err), ERR_CONFLICT, "node db-0", "");
  REFUSED(store_cert_delete(f->store, console, &f->err), ERR_CONFLICT, "the console", "");
  certificate_use_list uses;
  FINE(store_cert_uses(f->store, cert, &f->arena, &uses, &f->err));
  assert_int_equal(uses.count, 7);
  assert_string_equal(uses.item[0].node, "db-0");
  assert_string_equal(uses.item[0].cluster, "orders");
  assert_string_equal(uses.item[0].path, "/etc/mysql/certs");
  assert_string_equal(uses.item[0].on_disk, "this");
  assert_string_equal(uses.item[0].on_wire, "unknown");
  FINE(store_cert_uses(f->store, console, &f->arena, &uses, &f->err));
  assert_int_equal(uses.count, 1);
  assert_string_equal(uses.item[0].path, "console");
  struct certificate row;
  const char *pem;
  FINE(store_cert_get(f->store, cert, NOW, &f->arena, &row, &pem, &f->err));
  assert_int_equal(row.used_by, 7);
  assert_int_equal(listed(f, FILTER(.cluster = "orders"), NULL).count, 2);
  assert_int_equal(listed(f, FILTER(.cluster = "orders", .q = "host-00001", .sort = "name"), NULL).count, 1);
  assert_int_equal(listed(f, FILTER(.cluster = "orders", .q = "ho", .sort = "newest"), NULL).count, 2);
  certificate_list l;
  const char *next;
  struct cert_filter nowhere = FILTER(.cluster = "nowhere");
  REFUSED(store_cert_list(f->store, &nowhere, &f->arena, &l, &next, &f->err), ERR_NOT_FOUND, "nowhere", "");
  for (int i = 1; i <= 7; i++)
    FINE(store_node_set_wanted(f->store, i, 0, 0, 4, &f->err));
  FINE(store_cert_get(f->store, cert, NOW, &f->arena, &row, &pem, &f->err));
  assert_int_equal(row.used_by, 0);
  FINE(store_cert_delete(f->store, cert, &f->err));
  FINE(store_setting_set(f->store, STORE_CONSOLE_SHA256, NULL, &f->err));
  FINE(store_cert_delete(f->store, console, &f->err));
}

static void a_rollout_holds_its_certificates(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail leaf = fixture_cert(&f->arena, 1), ca = fixture_cert(&f->arena, 2);
  int64_t cert = fixture_add_cert(f, &leaf, "KEY"), authority = fixture_add_cert(f, &ca, NULL), id;
  struct rollout_new r = { .cluster_id = fixture_add_cluster(f, "orders", "mariadb"), .kind = "push", .title = "Push",
                           .by = "ann",
                           .order = "{}", .cert_id = cert, .ca_id = authority };
  FINE(store_rollout_add(f->store, &r, &id, &f->err));
  REFUSED(store_cert_delete(f->store, cert, &f->err), ERR_CONFLICT, "rollout 1", "");
  REFUSED(store_cert_delete(f->store, authority, &f->err), ERR_CONFLICT, "rollout 1", "");
  FINE(store_rollout_set_state(f->store, id, "done", NULL, &f->err));
  FINE(store_cert_delete(f->store, cert, &f->err));
  FINE(store_cert_delete(f->store, authority, &f->err));
}

static void the_master_key_is_needed(void **state)
{
  struct fixture *f = *state;
  struct certificate_detail d = fixture_cert(&f->arena, 1);
  char path[128], aside[128];
  snprintf(path, sizeof path, "%s/master.key", f->folder);
  snprintf(aside, sizeof aside, "%s/aside", f->folder);
  store_close(f->store); /* nothing is sealed yet: a new key does no harm */
  assert_int_equal(unlink(path), 0);
  FINE(store_open(f->folder, &f->store, &f->err));
  int64_t id = fixture_add_cert(f, &d, "KEY");
  store_close(f->store);
  f->store = NULL;
  assert_int_equal(rename(path, aside), 0);
  assert_int_not_equal(store_open(f->folder, &f->store, &f->err), ERR_NONE);
  assert_false(file_exists(path));
  char other[32] = "another key of thirty-two bytes";
  assert_int_equal(file_write_atomic(path, 0600, other, sizeof other, &f->err), ERR_NONE);
  assert_int_not_equal(store_open(f->folder, &f->store, &f->err), ERR_NONE);
  assert_non_null(strstr(f->err.text, "put the key back"));
  assert_int_equal(rename(aside, path), 0);
  FINE(store_open(f->folder, &f->store, &f->err));
  AUTO_BUF struct buf key = BUF_INIT;
  FINE(store_cert_key(f->store, id, &key, &f->err));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(all_of_it_comes_back),
    TEST(days_are_whole_and_rounded_down),
    TEST(the_same_again_is_refused_unless_it_brings_the_key),
    TEST(keys_are_sealed_under_their_row),
    TEST(orders_and_pages),
    TEST(a_full_last_page_has_no_next),
    TEST(strange_cursors_are_refused),
    TEST(filters),
    TEST(counts),
    TEST(search_finds),
    TEST(what_is_deleted_is_gone_from_everywhere),
    TEST(issuers_are_found_by_subject),
    TEST(what_is_in_use_stays),
    TEST(a_rollout_holds_its_certificates),
    TEST(the_master_key_is_needed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
