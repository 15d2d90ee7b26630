/* pki: what `opsd ssl-set-cert` takes and refuses, with the sentences that administrators see; the console's own
 * certificate; host names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "pki_material.h"

#define LEAF "subjectAltName=DNS:console.example.com\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"

static int make_all(void **state)
{
  if (material_make(state))
    return -1;
  material_root("root", "/CN=Root");
  material_root("twin", "/CN=Root");
  material_issue("inter", "root", "/CN=Inter", "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n", "");
  material_issue("leaf", "inter", "/CN=console.example.com", LEAF "extendedKeyUsage=serverAuth\n", "");
  material_issue("other", "inter", "/CN=other", LEAF, "");
  material_issue("client", "inter", "/CN=client", LEAF "extendedKeyUsage=clientAuth\n", "");
  material_issue("usage", "inter", "/CN=usage", LEAF "keyUsage=keyCertSign\n", "");
  material_issue("old", "inter", "/CN=old", LEAF, "-days 10");
  return 0;
}

static enum err_code check(const char *certs, const char *key, bool force, int64_t at_s, struct err *e)
{
  material_run("cat %s > pair.pem", certs);
  struct pki_chain c = material_chain("pair.pem");
  AUTO_PKI_KEY struct pki_key *k = material_key(arena_printf(&material, "%s.key", key));
  return pki_check_console_pair(&c, k, force, at_s, e);
}

static void assert_taken(const char *certs, const char *key, bool force)
{
  struct err e = { 0 };
  if (check(certs, key, force, clock_now_s(), &e))
    fail_msg("%s: %s", certs, e.text);
}

/* Refused; with force too unless the sentence offers it. */
static void assert_refused_at(const char *certs, const char *key, int64_t at_s, const char *field, const char *why)
{
  struct err e = { 0 };
  assert_int_equal(check(certs, key, false, at_s, &e), ERR_INVALID);
  assert_string_equal(e.field, field);
  if (!strstr(e.text, why))
    fail_msg("\"%s\" does not say \"%s\"", e.text, why);
  enum err_code forced = check(certs, key, true, at_s, NULL);
  assert_int_equal(forced, strstr(e.text, "--force") ? ERR_NONE : ERR_INVALID);
}
static void assert_refused(const char *certs, const char *key, const char *field, const char *why)
{
  assert_refused_at(certs, key, clock_now_s(), field, why);
}

static void test_taken(void **state)
{
  (void)state;
  assert_taken("leaf.crt", "leaf", false);
  assert_taken("leaf.crt inter.crt", "leaf", false);
  assert_taken("leaf.crt inter.crt root.crt", "leaf", false);
  static const char *const kinds[] = { "rsa:2048", "rsa:4096", "ec -pkeyopt ec_paramgen_curve:P-256",
                                       "ec -pkeyopt ec_paramgen_curve:P-384" };
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    material_run("openssl req -x509 -nodes -keyout self.key -out self.crt -subj /CN=self -newkey %s", kinds[i]);
    assert_taken("self.crt", "self", false);
  }
}

static void test_pair(void **state)
{
  (void)state;
  assert_refused("leaf.crt inter.crt", "other", "key", "The private key (EC P-256) does not belong to the certificate "
                 "\"console.example.com\" (EC P-256)");
  material_run("openssl genrsa -out rsa.key 2048");
  assert_refused("leaf.crt", "rsa", "key", "(RSA 2048)");
  assert_refused("leaf.crt inter.crt", "inter", "certificate", "belongs to certificate 2");
}

static void test_order(void **state)
{
  (void)state;
  assert_refused(
    "inter.crt leaf.crt", "leaf", "certificate",
    "Certificate 1 (\"Inter\") is the authority that issued certificate 2 (\"console.example.com\"): put the server's "
    "certificate first");
  assert_refused("root.crt inter.crt leaf.crt", "leaf", "certificate", "put the server's certificate first");
  assert_refused(
    "leaf.crt root.crt inter.crt", "leaf", "certificate",
    "Certificate 2 (\"Root\") did not issue certificate 1 (\"console.example.com\"), whose issuer is CN = Inter");
  assert_refused("leaf.crt leaf.crt inter.crt", "leaf", "certificate", "Certificate 2 is the same as certificate 1");
  assert_refused("leaf.crt inter.crt twin.crt", "leaf", "certificate", "its key identifier or serial number differs");
  material_issue("v1", "root", "/CN=v1", "", "");
  assert_refused("v1.crt twin.crt", "v1", "certificate", "another key signed it");
  material_issue("noca", "root", "/CN=no ca", "keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n", "");
  material_issue("below", "noca", "/CN=below", "", "");
  assert_refused("below.crt noca.crt", "below", "certificate", "lacks keyCertSign");
  assert_refused("leaf.crt other.crt", "leaf", "certificate", "did not issue");
}

static void test_time(void **state)
{
  (void)state;
  int64_t now = clock_now_s();
  assert_refused_at("old.crt", "old", now + 20 * 86400, "certificate", "The certificate expired on 2");
  assert_refused_at("leaf.crt", "leaf", now - 86400, "certificate", "not valid before");
  struct certificate_detail d;
  struct pki_chain c = material_chain("old.crt");
  assert_int_equal(pki_inspect(&c, now, 1, &material, &d, NULL), ERR_NONE);
  struct err e = { 0 };
  assert_int_equal(check("old.crt", "old", false, d.row.not_after_s, &e), ERR_NONE);
  assert_int_equal(check("old.crt", "old", false, d.row.not_after_s + 1, &e), ERR_INVALID);
  assert_int_equal(check("old.crt", "old", false, d.row.not_before_s, &e), ERR_NONE);
  assert_int_equal(check("old.crt", "old", false, d.row.not_before_s - 1, &e), ERR_INVALID);
}

static void test_browsers(void **state)
{
  (void)state;
  static const struct {
    const char *options, *why;
  } kinds[] = {
    { "ed25519", "Browsers cannot open a site whose key is Ed25519" },
    { "ed448", "Browsers cannot open a site whose key is Ed448" },
    { "rsa-pss -pkeyopt rsa_keygen_bits:2048", "Browsers cannot open a site whose key is RSA-PSS" },
    { "ec -pkeyopt ec_paramgen_curve:P-521", "Browsers cannot open a site whose key is P-521" },
    { "rsa:1024", "The RSA key has 1024 bits" },
    { "rsa:2040", "The RSA key has 2040 bits" },
  };
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    material_run("openssl req -x509 -nodes -keyout self.key -out self.crt -subj /CN=self -newkey %s", kinds[i].options);
    assert_refused("self.crt", "self", "certificate", kinds[i].why);
    assert_taken("self.crt", "self", true);
  }
  assert_refused("client.crt", "client", "certificate", "extended key usage has no serverAuth");
  assert_refused("usage.crt", "usage", "certificate", "key usage forbids it");
}

/* --force does not help where GnuTLS itself cannot serve it. */
static void test_not_servable(void **state)
{
  (void)state;
  material_run(
    "openssl req -x509 -nodes -keyout e.key -out e.crt -subj /CN=e -newkey ec -pkeyopt ec_paramgen_curve:P-256 && "
    "openssl ec -in e.key -param_enc explicit -out x.key && openssl req -x509 -key x.key -out x.crt -subj /CN=e");
  struct pki_chain c = material_chain("x.crt"), none = { 0 };
  AUTO_PKI_KEY struct pki_key *k = material_key("e.key");
  struct err e = { 0 };
  assert_int_equal(pki_check_console_pair(&c, k, false, clock_now_s(), &e), ERR_INVALID);
  assert_non_null(strstr(e.text, "explicit"));
  assert_int_equal(pki_check_console_pair(&c, k, true, clock_now_s(), &e), ERR_INVALID);
  assert_string_equal(e.field, "certificate");
  assert_non_null(strstr(e.text, "GnuTLS"));
  assert_int_equal(pki_check_console_pair(&none, k, true, clock_now_s(), &e), ERR_INVALID);
}

static void test_self_signed(void **state)
{
  (void)state;
  struct str_list names = { 0 };
  str_list_add(&material, &names, "console.example.com");
  str_list_add(&material, &names, "127.0.0.1");
  str_list_add(&material, &names, "2001:db8::1");
  AUTO_BUF struct buf cert = BUF_INIT, key = BUF_INIT;
  struct err e = { 0 };
  int64_t now = clock_now_s();
  assert_int_equal(pki_self_signed("console.example.com", &names, now, 365, &cert, &key, &e), ERR_NONE);
  material_write("own.crt", cert.data, cert.len);
  material_write("own.key", key.data, key.len);
  assert_taken("own.crt", "own", false);
  struct pki_chain c = material_chain("own.crt");
  struct certificate_detail d;
  assert_int_equal(pki_inspect(&c, now, 9, &material, &d, &e), ERR_NONE);
  assert_string_equal(d.row.subject, "CN = console.example.com");
  assert_string_equal(d.row.kind, "self-signed");
  assert_string_equal(d.row.curve, "P-256");
  assert_int_equal(d.row.not_before_s, now - 3600);
  assert_int_equal(d.row.not_after_s, now + 365 * 86400);
  assert_int_equal(strlen(d.serial), 16 * 3 - 1);
  assert_string_equal(str_list_join(&material, &d.san, " "), "DNS:console.example.com IP:127.0.0.1 IP:2001:db8::1");
  assert_string_equal(str_list_join(&material, &d.ext_usage, " "), "serverAuth");
  assert_string_equal(d.signature, "ecdsa-with-SHA256");
  material_run(
    "openssl verify -x509_strict -check_ss_sig -purpose sslserver -CAfile own.crt -verify_ip 2001:db8::1 own.crt");
  material_run("openssl verify -CAfile own.crt -verify_hostname console.example.com own.crt");
}

static void test_self_signed_names(void **state)
{
  (void)state;
  AUTO_BUF struct buf one = BUF_INIT, two = BUF_INIT, key = BUF_INIT, none = BUF_INIT;
  struct str_list names = { 0 };
  char host[130];
  memset(host, 'h', sizeof host);
  host[63] = host[127] = '.';
  host[sizeof host - 1] = '\0';
  str_list_add(&material, &names, host);
  assert_int_equal(pki_self_signed(host, &names, 0, 1, &one, &key, NULL), ERR_NONE);
  assert_int_equal(pki_self_signed(host, &names, 0, 1, &two, &key, NULL), ERR_NONE);
  assert_string_not_equal(one.data, two.data);
  material_write("own.crt", one.data, one.len);
  struct pki_chain c = material_chain("own.crt");
  assert_true(pki_matches_name(&c.item[0], host));
  str_list_add(&material, &names, "bücher.example");
  struct err e = { 0 };
  assert_int_equal(pki_self_signed("x", &names, 0, 1, &none, &none, &e), ERR_INVALID);
  assert_non_null(strstr(e.text, "xn--"));
  assert_int_equal(none.len, 0);
}

static void assert_matches(const char *file, const char *name, bool expected)
{
  struct pki_chain c = material_chain(file);
  if (pki_matches_name(&c.item[0], name) != expected)
    fail_msg("%s and %s", file, name);
}

/* As `openssl x509 -checkhost` and -checkip, but that a CN does not count beside any SAN (RFC 6125, 6.4.4), and what is
 * no host name matches nothing (to openssl a leading dot means any host below). */
static void test_host_names(void **state)
{
  (void)state;
  static const char *const names[] = {
    "a.example.com",
    "A.Example.COM",
    "a.example.com.",
    "b.example.com",
    "x.w.example.com",
    "y.x.w.example.com",
    "w.example.com",
    "example.com",
    ".w.example.com",
    "cn.example.com",
    "com",
    "x.com",
    "",
    "10.0.0.1",
    "10.0.0.2",
    "2001:db8::1",
    "2001:0DB8:0:0::1",
    "2001:db8::2",
    "xn--bcher-kva.example",
    "*.w.example.com",
    "f1.p.example.com",
  };
  material_issue("names", "root", "/CN=cn.example.com",
                 "subjectAltName=DNS:a.example.com,DNS:*.w.example.com,DNS:*.com,"
                 "IP:10.0.0.1,IP:2001:db8::1,DNS:xn--bcher-kva.example\n",
                 "");
  material_issue("cn", "root", "/CN=cn.example.com", "", "");
  material_issue("star", "root", "/CN=*.w.example.com", "", "");
  static const char *const files[] = { "names.crt", "cn.crt", "star.crt" };
  for (size_t f = 0; f < COUNT_OF(files); f++)
    for (size_t i = 0; i < COUNT_OF(names); i++) {
      const char *option =
        strspn(names[i], "0123456789.") == strlen(names[i]) || strchr(names[i], ':') ? "checkip" : "checkhost";
      bool dotted = str_ends(names[i], "com."), odd = strspn(names[i], ".*") > 0 || !*names[i];
      char *said = material_output(NULL, "openssl x509 -in %s -noout -%s '%s'", files[f], option,
                                   dotted ? "a.example.com" : names[i]);
      assert_matches(files[f], names[i], !odd && strstr(said, "does match") != NULL);
    }
  material_issue("iponly", "root", "/CN=cn.example.com", "subjectAltName=IP:10.0.0.1\n", "");
  assert_matches("iponly.crt", "cn.example.com", false);
  assert_matches("iponly.crt", "10.0.0.1", true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_taken),       cmocka_unit_test(test_pair),              cmocka_unit_test(test_order),
    cmocka_unit_test(test_time),        cmocka_unit_test(test_browsers),          cmocka_unit_test(test_self_signed),
    cmocka_unit_test(test_self_signed_names), cmocka_unit_test(test_host_names),   cmocka_unit_test(test_not_servable),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
