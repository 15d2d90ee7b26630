/* pki: verdicts are those of the real `openssl verify`, over cases on which TLS libraries differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "pki_material.h"

#define CA "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
#define LEAF "subjectAltName=DNS:db\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"

static int make_leaves(void)
{
  material_issue("leaf", "root", "/CN=leaf", LEAF, "");
  material_issue("v1", "root", "/CN=v1", "", "");
  material_issue("server", "root", "/CN=server", LEAF "extendedKeyUsage=serverAuth\n", "");
  material_issue("client", "root", "/CN=client", LEAF "extendedKeyUsage=clientAuth\n", "");
  material_issue("any", "root", "/CN=any", LEAF "extendedKeyUsage=anyExtendedKeyUsage\n", "");
  material_issue("both", "root", "/CN=both", LEAF "extendedKeyUsage=serverAuth,clientAuth\n", "");
  material_issue("code", "root", "/CN=code", LEAF "extendedKeyUsage=codeSigning\n", "");
  material_issue("crlsign", "root", "/CN=crlsign", LEAF "keyUsage=cRLSign\n", "");
  material_issue("encipher", "root", "/CN=encipher", LEAF "keyUsage=keyEncipherment\n", "");
  material_issue("samedn", "root", "/CN=Root", "", "");
  material_issue("samednaki", "root", "/CN=Root", LEAF, "");
  material_issue("old", "root", "/CN=old", LEAF, "-days 1");
  material_issue("critical", "root", "/CN=critical", LEAF "1.2.3.4=critical,DER:0500\n", "");
  material_issue("sha1", "root", "/CN=sha1", LEAF, "-sha1");
  material_issue("viainter", "inter", "/CN=via inter", LEAF, "");
  material_issue("viaclientca", "clientca", "/CN=via client ca", LEAF, "");
  material_issue("vialeaf", "leaf", "/CN=via leaf", LEAF, "");
  material_issue("viav1", "v1", "/CN=via v1", "", "");
  material_issue("deep", "nopath", "/CN=deep", LEAF, "");
  material_issue("bytwin", "twin", "/CN=by twin", "", "");
  material_issue("bytwinaki", "twin", "/CN=by twin", LEAF, "");
  return 0;
}

static int make_all(void **state)
{
  if (material_make(state))
    return -1;
  material_root("root", "/CN=Root");
  material_root("twin", "/CN=Root");
  material_root("other", "/CN=Other");
  material_issue("inter", "root", "/CN=Inter", CA "keyUsage=critical,keyCertSign\n", "");
  material_issue("clientca", "root", "/CN=Client CA", CA "extendedKeyUsage=clientAuth\n", "");
  material_issue("path0", "root", "/CN=Path 0", "basicConstraints=critical,CA:TRUE,pathlen:0\n", "");
  material_issue("nopath", "path0", "/CN=No path", CA, "");
  material_run("openssl req -x509 -newkey rsa:1024 -nodes -days 100 -keyout weak.key -out weak.crt -subj /CN=Weak");
  material_issue("viaweak", "weak", "/CN=via weak", LEAF, "");
  material_run("openssl req -x509 -newkey ed25519 -nodes -days 100 -keyout self.key -out self.crt -subj /CN=self "
               "-addext basicConstraints=CA:FALSE");
  material_run("openssl req -new -newkey rsa:2048 -nodes -keyout v1root.key -out v1root.csr -subj '/CN=v1 root' && "
               "openssl x509 -req -in v1root.csr -signkey v1root.key -days 100 -out v1root.crt");
  material_issue("viav1root", "v1root", "/CN=via v1 root", "subjectAltName=DNS:db\n", "");
  return make_leaves();
}

static char *joined(const char *const names)
{
  return *names ? material_output(NULL, "for n in %s; do cat $n.crt; done", names) : arena_strdup(&material, "");
}

/* "error 20 at 0 depth lookup: unable to get local issuer certificate" */
static int openssl_code(const char *output, int *depth)
{
  const char *p = strstr(output, "error ");
  int code = 0;
  *depth = 0;
  if (p)
    assert_int_equal(sscanf(p, "error %d at %d depth lookup", &code, depth), 2);
  return code;
}

/* leaf, "chain names", "anchor names": does openssl say the same as we do, for both purposes? */
static void compare(const char *leaf, const char *chain, const char *anchors, int64_t at_s)
{
  static const char *const usages[] = { "server", "client" };
  char *anchors_pem = joined(anchors), *chain_pem = joined(chain);
  char *own_pem = arena_printf(&material, "%s%s", material_text(arena_printf(&material, "%s.crt", leaf)), chain_pem);
  material_write("anchors.pem", anchors_pem, strlen(anchors_pem));
  material_write("chain.pem", chain_pem, strlen(chain_pem));
  for (size_t i = 0; i < COUNT_OF(usages); i++) {
    int status, depth;
    char *said =
      material_output(&status,
                      "openssl verify -no-CApath -no-CAstore -auth_level 2 -attime %lld -purpose ssl%s -CAfile "
                      "anchors.pem %s %s.crt",
                      (long long)at_s, usages[i], *chain ? "-untrusted chain.pem" : "", leaf);
    struct pki_verdict v;
    struct err e = { 0 };
    if (pki_verify(own_pem, anchors_pem, usages[i], at_s, &material, &v, &e))
      fail_msg("%s: %s", leaf, e.text);
    int code = openssl_code(said, &depth);
    if (v.ok != (status == 0) || v.code != code || v.depth != (v.ok ? 0 : depth) || !v.reason || !v.subject)
      fail_msg("%s [%s] against [%s] as %s: %s code %d depth %d, but openssl: %s", leaf, chain, anchors, usages[i],
               v.ok ? "ok" : v.reason, v.code, v.depth, said);
    if (!v.ok)
      assert_non_null(strstr(said, v.reason));
  }
}

static const struct {
  const char *leaf, *chain, *anchors;
} cases[] = {
  { "leaf", "", "root" },           { "leaf", "", "other" },             { "leaf", "root", "other" },
  { "leaf", "", "root other" },     { "leaf", "", "other root" },        { "leaf", "", "twin" },
  { "leaf", "", "root twin" },      { "leaf", "", "twin root" },         { "v1", "", "root" },
  { "v1", "", "twin" },             { "v1", "", "root twin" },           { "v1", "", "twin root" },
  { "server", "", "root" },         { "client", "", "root" },            { "any", "", "root" },
  { "both", "", "root" },           { "code", "", "root" },              { "crlsign", "", "root" },
  { "encipher", "", "root" },       { "samedn", "", "root" },            { "samednaki", "", "root" },
  { "old", "", "root" },            { "critical", "", "root" },          { "sha1", "", "root" },
  { "viainter", "", "root" },          { "viainter", "inter", "root" },
  { "viainter", "", "inter" },      { "viainter", "", "inter root" },    { "viainter", "", "root inter" },
  { "viainter", "root", "inter" },  { "viainter", "root inter", "root" }, { "viainter", "inter root", "other" },
  { "viaclientca", "clientca", "root" }, { "vialeaf", "leaf", "root" },  { "viav1", "v1", "root" },
  { "deep", "nopath path0", "root" }, { "bytwin", "", "root" },          { "bytwin", "", "twin" },
  { "bytwin", "", "root twin" },    { "bytwin", "", "twin root" },       { "bytwinaki", "", "root twin" },
  { "bytwinaki", "", "twin root" }, { "viaweak", "", "weak" },           { "weak", "", "weak" },
  { "self", "", "self" },           { "self", "", "root" },              { "viav1root", "", "v1root" },
  { "v1root", "", "v1root" },       { "root", "", "root" },              { "root", "", "twin" },
  { "inter", "", "root" },          { "leaf", "leaf leaf", "root" },     { "leaf", "", "leaf" },
  { "leaf", "", "leaf root" },
};

static void test_as_openssl(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    compare(cases[i].leaf, cases[i].chain, cases[i].anchors, clock_now_s());
}

static void test_time_is_the_one_given(void **state)
{
  (void)state;
  int64_t now = clock_now_s();
  compare("old", "", "root", now + 3600);
  compare("old", "", "root", now + 2 * 86400);
  compare("leaf", "", "root", now - 86400);
  compare("leaf", "", "root", now + 4000LL * 86400);
  compare("leaf", "", "root", 0);
}

/* The words that people meet in the logs of OpenSSL 3. */
static void test_words(void **state)
{
  (void)state;
  static const struct {
    const char *leaf, *anchors, *usage, *reason;
    int code;
  } known[] = {
    { "viainter", "inter", "server", "unable to get issuer certificate", 2 },
    { "server", "root", "client", "unsuitable certificate purpose", 26 },
    { "samedn", "root", "server", "self-signed certificate", 18 },
    { "bytwin", "root twin", "server", "certificate signature failure", 7 },
    { "leaf", "other", "server", "unable to get local issuer certificate", 20 },
    { "sha1", "root", "server", "CA signature digest algorithm too weak", 68 },
  };
  for (size_t i = 0; i < COUNT_OF(known); i++) {
    struct pki_verdict v;
    assert_int_equal(
      pki_verify(joined(known[i].leaf), joined(known[i].anchors), known[i].usage, clock_now_s(), &material, &v, NULL),
      ERR_NONE);
    assert_false(v.ok);
    assert_string_equal(v.reason, known[i].reason);
    assert_int_equal(v.code, known[i].code);
  }
}

static void test_refused_input(void **state)
{
  (void)state;
  struct pki_verdict v;
  struct err e = { 0 };
  assert_int_equal(pki_verify("nothing", joined("root"), "server", 0, &material, &v, &e), ERR_INVALID);
  assert_string_equal(e.field, "certificate");
  assert_int_equal(pki_verify(joined("leaf"), "", "server", 0, &material, &v, &e), ERR_INVALID);
  assert_string_equal(e.field, "ca");
}

static void test_many_anchors(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  for (int i = 0; i < 100; i++)
    buf_str(&b, joined("other twin"));
  buf_str(&b, joined("root"));
  struct pki_verdict v;
  assert_int_equal(pki_verify(joined("leaf"), b.data, "server", clock_now_s(), &material, &v, NULL), ERR_NONE);
  assert_true(v.ok);
  assert_string_equal(v.subject, "CN = leaf");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_as_openssl),    cmocka_unit_test(test_time_is_the_one_given), cmocka_unit_test(test_words),
    cmocka_unit_test(test_refused_input), cmocka_unit_test(test_many_anchors),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
