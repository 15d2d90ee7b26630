/* pki: PEM and DER read strictly, chains in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pki_material.h"

static int make_all(void **state)
{
  if (material_make(state))
    return -1;
  material_root("root", "/CN=Root");
  material_issue("inter", "root", "/CN=Inter", "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n", "");
  material_issue("leaf", "inter", "/CN=leaf.example.com",
                 "subjectAltName=DNS:leaf.example.com\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n", "");
  return 0;
}

static char *join(const char *const names[])
{
  AUTO_BUF struct buf b = BUF_INIT;
  for (; *names; names++)
    buf_str(&b, strchr(*names, '.') ? material_text(*names) : *names);
  return arena_strdup(&material, buf_cstr(&b));
}
#define JOIN(...) join((const char *const[]){ __VA_ARGS__, NULL })

static void assert_read(const char *pem, size_t count)
{
  struct pki_chain c;
  struct err e = { 0 };
  if (pki_chain_read(pem, strlen(pem), "certificate", &material, &c, &e))
    fail_msg("%s", e.text);
  assert_int_equal(c.count, count);
}

static void assert_refused_len(const char *pem, size_t len, const char *why)
{
  struct pki_chain c;
  struct err e = { 0 };
  assert_int_equal(pki_chain_read(pem, len, "certificate", &material, &c, &e), ERR_INVALID);
  assert_string_equal(e.field, "certificate");
  if (!strstr(e.text, why))
    fail_msg("\"%s\" does not say \"%s\"", e.text, why);
}
static void assert_refused(const char *pem, const char *why) { assert_refused_len(pem, strlen(pem), why); }

static void test_reads(void **state)
{
  (void)state;
  assert_read(JOIN("leaf.crt"), 1);
  assert_read(JOIN("leaf.crt", "inter.crt", "root.crt"), 3);
  assert_read(JOIN("subject=CN = leaf\n# -----BEGIN CERTIFICATE-----\n", "leaf.crt", "\n\nother text\n", "inter.crt"),
              2);
  assert_read(JOIN("\xef\xbb\xbf", "leaf.crt"), 1);
}

static void test_order(void **state)
{
  (void)state;
  material_write("good.pem", JOIN("leaf.crt", "inter.crt", "root.crt"),
                 strlen(JOIN("leaf.crt", "inter.crt", "root.crt")));
  struct pki_chain c = material_chain("good.pem");
  struct err e = { 0 };
  assert_int_equal(pki_chain_check_order(&c, "certificate", &e), ERR_NONE);
}

static void test_refuses(void **state)
{
  (void)state;
  assert_refused("", "empty");
  assert_refused("hello", "not PEM");
  assert_refused(JOIN("leaf.key"), "PRIVATE KEY");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_reads), cmocka_unit_test(test_order), cmocka_unit_test(test_refuses),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
