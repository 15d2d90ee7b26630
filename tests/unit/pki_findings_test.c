/* pki: each rule is raised by material that breaks it, and stays quiet over material that does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/word.h"
#include "pki_material.h"

#define LEAF "subjectAltName=DNS:db\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"

static int make_all(void **state)
{
  if (material_make(state))
    return -1;
  material_root("root", "/CN=Root");
  material_root("twin", "/CN=Root");
  material_root("other", "/CN=Other");
  material_issue("inter", "root", "/CN=Inter", "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n", "");
  material_issue("good", "root", "/CN=good", LEAF "extendedKeyUsage=serverAuth,clientAuth\n", "");
  material_issue("low", "inter", "/CN=low", LEAF, "");
  return 0;
}

struct input {
  const char *certs, *key, *anchors;
  int64_t later_s;
};

static finding_list judge(struct input in)
{
  material_run("cat %s > f.pem", in.certs);
  struct pki_chain c = material_chain("f.pem");
  AUTO_PKI_KEY struct pki_key *k = in.key ? material_key(in.key) : NULL;
  char *anchors = in.anchors ? material_output(NULL, "cat %s", in.anchors) : NULL;
  finding_list list = { 0 };
  pki_findings(&c, k, anchors, clock_now_s() + in.later_s, &material, &list);
  return list;
}

/* "PAIR:accepted EKU:warning", in the order of the list */
static char *summary(finding_list list)
{
  AUTO_BUF struct buf b = BUF_INIT;
  for (size_t i = 0; i < list.count; i++)
    buf_printf(&b, "%s%s:%s", i ? " " : "", list.item[i].rule, list.item[i].severity);
  return arena_strdup(&material, buf_cstr(&b));
}

static void check_form(finding_list list)
{
  int last = 9;
  for (size_t i = 0; i < list.count; i++) {
    const struct finding *f = &list.item[i];
    int severity = word_index(severity_words, f->severity);
    assert_true(severity >= 0 && severity <= last);
    last = severity;
    assert_true(str_ends(f->text, "."));
    assert_int_equal(f->mend != NULL, severity > 0);
    assert_true(severity > 0 || !f->meets);
  }
}

static const struct finding *find(finding_list list, const char *rule)
{
  for (size_t i = 0; i < list.count; i++)
    if (strcmp(list.item[i].rule, rule) == 0)
      return &list.item[i];
  fail_msg("%s is not in %s", rule, summary(list));
  return NULL;
}

#define ASSERT_FINDINGS(expected, ...)                                  \
  do {                                                                  \
    finding_list list_ = judge((struct input){ __VA_ARGS__ });          \
    check_form(list_);                                                  \
    assert_string_equal(summary(list_), expected);                      \
  } while (0)

static void assert_finding(struct input in, const char *rule, const char *severity, const char *text, const char *meets)
{
  finding_list list = judge(in);
  check_form(list);
  const struct finding *f = find(list, rule);
  assert_string_equal(f->severity, severity);
  if (!strstr(f->text, text) || !str_eq(f->meets, meets))
    fail_msg("%s: \"%s\" (%s)", rule, f->text, f->meets ? f->meets : "none");
}

static void test_all_fine(void **state)
{
  (void)state;
  ASSERT_FINDINGS("PAIR:accepted CHAIN:accepted EKU:accepted SAN:accepted", "good.crt", "good.key", "root.crt");
  ASSERT_FINDINGS("PAIR:accepted CHAIN:accepted EKU:accepted SAN:accepted", "good.crt root.crt", "good.key");
  ASSERT_FINDINGS("EKU:accepted SAN:accepted", "good.crt");
  ASSERT_FINDINGS("CHAIN:accepted EKU:accepted SAN:accepted", "low.crt inter.crt");
  ASSERT_FINDINGS("CHAIN:accepted EKU:accepted", "root.crt");
}

static void test_pair(void **state)
{
  (void)state;
  assert_finding((struct input){ "good.crt", "low.key" }, "PAIR", "critical", "does not belong", "key values mismatch");
  assert_finding((struct input){ "inter.crt low.crt", "low.key" }, "PAIR", "critical", "belongs to certificate 2",
                 "key values mismatch");
}

static void test_chain(void **state)
{
  (void)state;
  assert_finding((struct input){ "inter.crt low.crt" }, "CHAIN", "critical", "put the server's certificate first",
                 "unable to verify the first certificate");
  assert_finding((struct input){ "good.crt", .anchors = "other.crt" }, "CHAIN", "critical", "does not verify",
                 "unable to get local issuer certificate");
  assert_finding((struct input){ "low.crt", .anchors = "root.crt" }, "CHAIN", "critical", "does not verify",
                 "unable to get local issuer certificate");
  assert_finding((struct input){ "good.crt root.crt", .anchors = "other.crt" }, "CHAIN", "critical", "does not verify",
                 "self-signed certificate in certificate chain");
  material_issue("critical", "root", "/CN=critical", LEAF "1.2.3.4=critical,DER:0500\n", "");
  assert_finding((struct input){ "critical.crt", .anchors = "root.crt" }, "CHAIN", "critical", "1.2.3.4",
                 "unhandled critical extension");
  ASSERT_FINDINGS("CHAIN:accepted EKU:accepted SAN:accepted", "good.crt", NULL, "other.crt twin.crt root.crt");
}

static void test_root(void **state)
{
  (void)state;
  assert_finding((struct input){ "low.crt", .anchors = "inter.crt" }, "ROOT", "critical", "no self-signed",
                 "unable to get issuer certificate");
  ASSERT_FINDINGS("CHAIN:accepted EKU:accepted SAN:accepted", "low.crt", NULL, "inter.crt root.crt");
}

static void test_anchors_broken(void **state)
{
  (void)state;
  material_run("printf '%%s' \"$(cat root.crt)\" > glued.pem && cat other.crt >> glued.pem");
  assert_finding((struct input){ "good.crt", .anchors = "glued.pem" }, "PEM", "critical", "bad end line", "PEM lib");
}

static void test_purpose(void **state)
{
  (void)state;
  static const char words[] = "unsupported certificate purpose, unsuitable certificate purpose";
  material_issue("server", "root", "/CN=server", LEAF "extendedKeyUsage=serverAuth\n", "");
  assert_finding((struct input){ "server.crt" }, "EKU", "warning", "not for clients", words);
  material_issue("client", "root", "/CN=client", LEAF "extendedKeyUsage=clientAuth\n", "");
  assert_finding((struct input){ "client.crt" }, "EKU", "warning", "not for servers", words);
  material_issue("any", "root", "/CN=any", LEAF "extendedKeyUsage=anyExtendedKeyUsage\n", "");
  assert_finding((struct input){ "any.crt" }, "EKU", "critical", "neither", words);
  material_issue("sign", "root", "/CN=sign", LEAF "keyUsage=cRLSign\n", "");
  assert_finding((struct input){ "sign.crt" }, "EKU", "critical", "see its key usage", words);
  material_issue("serverca", "root", "/CN=Server CA", "basicConstraints=CA:TRUE\nsubjectKeyIdentifier=hash\n"
                 "extendedKeyUsage=serverAuth\n", "");
  material_issue("byserverca", "serverca", "/CN=x", LEAF, "");
  assert_finding((struct input){ "byserverca.crt serverca.crt" }, "EKU", "warning",
                 "What the authority \"Server CA\" issues", words);
}

static void test_names(void **state)
{
  (void)state;
  material_issue("samedn", "root", "/CN=Root", "", "");
  assert_finding((struct input){ "samedn.crt" }, "DN", "critical", "subject is the same",
                 "error 18 self-signed certificate");
  material_issue("samecn", "root", "/O=x/CN=Root", "", "");
  assert_finding((struct input){ "samecn.crt" }, "DN", "warning", "common name is the same", NULL);
  assert_null(strstr(summary(judge((struct input){ "root.crt" })), "DN"));
}

static void test_authority_id(void **state)
{
  (void)state;
  material_issue("v1", "root", "/CN=v1", "", "");
  assert_finding((struct input){ "v1.crt" }, "AKI", "warning", "version 1", "certificate signature failure");
  assert_finding((struct input){ "v1.crt" }, "SAN", "warning", "no subject alternative",
                 "certificate CN … did not match");
  /* the trap itself: it verifies in one order of the anchors and fails in the other */
  assert_finding((struct input){ "v1.crt", .anchors = "root.crt twin.crt" }, "AKI", "critical", "signature failure",
                 "certificate signature failure");
  assert_finding((struct input){ "v1.crt", .anchors = "twin.crt root.crt" }, "AKI", "critical", "signature failure",
                 "certificate signature failure");
}

static void test_expiry(void **state)
{
  (void)state;
  struct pki_chain c = material_chain("good.crt");
  struct certificate_detail d;
  int64_t now = clock_now_s();
  assert_int_equal(pki_inspect(&c, now, 1, &material, &d, NULL), ERR_NONE);
  int64_t end = d.row.not_after_s;
  static const struct {
    int64_t left_s;
    const char *severity, *text;
  } cases[] = {
    { 60 * 86400 + 5, "warning", "expires in 60 days." }, { 31 * 86400, "warning", "expires in 31 days." },
    { 31 * 86400 - 1, "critical", "expires in 30 days." }, { 14 * 86400, "critical", "expires in 14 days." },
    { 86400, "critical", "expires in 1 day." }, { 86399, "critical", "expires in less than a day." },
    { -1, "critical", "expired on 2" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    finding_list list = { 0 };
    pki_findings(&c, NULL, NULL, end - cases[i].left_s, &material, &list);
    const struct finding *f = find(list, "EXPIRY");
    assert_string_equal(f->severity, cases[i].severity);
    assert_non_null(strstr(f->text, cases[i].text));
    assert_string_equal(f->meets, "certificate has expired");
  }
  assert_null(strstr(summary(judge((struct input){ "good.crt", .later_s = end - now - 61 * 86400 - 60 })), "EXPIRY"));
  assert_finding((struct input){ "good.crt", .later_s = -86400 }, "EXPIRY", "critical", "not valid before",
                 "certificate is not yet valid");
  /* an expired authority in the chain */
  assert_finding((struct input){ "low.crt inter.crt", .later_s = 390 * 86400 }, "EXPIRY", "critical", "expires in",
                 "certificate has expired");
}

static void test_strength(void **state)
{
  (void)state;
  material_issue("sha1", "root", "/CN=sha1", LEAF, "-sha1");
  assert_finding((struct input){ "sha1.crt", .anchors = "root.crt" }, "STRENGTH", "critical", "signed with SHA-1",
                 "ca md too weak");
  ASSERT_FINDINGS("STRENGTH:critical EKU:accepted SAN:accepted", "sha1.crt", NULL, "root.crt");
  material_run(
    "openssl req -x509 -newkey rsa:1024 -nodes -sha1 -days 100 -keyout weak.key -out weak.crt -subj /CN=Weak "
    "-addext basicConstraints=CA:FALSE");
  ASSERT_FINDINGS("STRENGTH:critical SAN:warning EKU:accepted", "weak.crt");
  assert_finding((struct input){ "weak.crt" }, "STRENGTH", "critical", "RSA key of 1024 bits", "ee key too small");
  material_run(
    "openssl req -x509 -newkey rsa:1024 -nodes -days 100 -keyout weakca.key -out weakca.crt -subj /CN=WeakCA");
  material_issue("byweak", "weakca", "/CN=by weak", LEAF, "");
  assert_finding((struct input){ "byweak.crt weakca.crt" }, "STRENGTH", "critical", "\"WeakCA\"", "ca key too small");
  assert_finding((struct input){ "byweak.crt", .anchors = "weakca.crt" }, "STRENGTH", "critical",
                 "CA certificate key too weak", "CA certificate key too weak");
}

static void test_key_format(void **state)
{
  (void)state;
  material_run("openssl req -x509 -newkey ed25519 -nodes -days 100 -keyout ed.key -out ed.crt -subj /CN=ed");
  ASSERT_FINDINGS("PAIR:accepted CHAIN:accepted EKU:accepted KEYFMT:accepted", "ed.crt", "ed.key");
}

/* More findings than the list has room for at first. */
static void test_many(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  for (int i = 0; i < 40; i++)
    buf_str(&b, "inter.crt ");
  finding_list list = judge((struct input){ b.data, .later_s = 3000LL * 86400 });
  check_form(list);
  assert_true(list.count > 40);
  assert_string_equal(list.item[39].rule, "EXPIRY");
}

static void test_appended(void **state)
{
  (void)state;
  struct finding before = { "LIVE", "critical", "x", NULL, NULL };
  finding_list list = { &before, 1 };
  struct pki_chain c = material_chain("good.crt");
  pki_findings(&c, NULL, NULL, clock_now_s(), &material, &list);
  assert_string_equal(summary(list), "LIVE:critical EKU:accepted SAN:accepted");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_all_fine), cmocka_unit_test(test_pair),           cmocka_unit_test(test_chain),
    cmocka_unit_test(test_root),     cmocka_unit_test(test_anchors_broken), cmocka_unit_test(test_purpose),
    cmocka_unit_test(test_names),    cmocka_unit_test(test_authority_id),   cmocka_unit_test(test_expiry),
    cmocka_unit_test(test_strength), cmocka_unit_test(test_key_format),     cmocka_unit_test(test_appended),
    cmocka_unit_test(test_many),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
