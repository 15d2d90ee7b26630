/* pki: PEM and DER read strictly, chains in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pki_material.h"
#include "pki_odd.h"

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

static void test_labels_refused(void **state)
{
  (void)state;
  assert_refused(JOIN("leaf.key"), "is a PRIVATE KEY");
  assert_refused(JOIN("leaf.crt", "leaf.key"), "Block 2");
  assert_refused(JOIN("leaf.csr"), "an authority must sign it first");
  material_run("openssl x509 -in leaf.crt -trustout -out t.pem");
  assert_refused(JOIN("t.pem"), "TRUSTED CERTIFICATE");
  material_run("openssl crl2pkcs7 -nocrl -certfile leaf.crt -out t.pem");
  assert_refused(JOIN("t.pem"), "openssl pkcs7 -print_certs");
  material_run("openssl pkey -in leaf.key -pubout -out t.pem");
  assert_refused(JOIN("t.pem"), "is a PUBLIC KEY");
  material_run("sed 's/CERTIFICATE/X509 CERTIFICATE/' leaf.crt > t.pem");
  assert_read(JOIN("t.pem"), 1);
}

static void test_not_pem(void **state)
{
  (void)state;
  assert_refused("", "empty");
  assert_refused(" \n\t\r\n", "empty");
  assert_refused("hello", "not PEM");
  assert_refused("0000", "not PEM");
  AUTO_BUF struct buf der = BUF_INIT, p12 = BUF_INIT;
  material_run("openssl x509 -in leaf.crt -outform DER | openssl base64 -A > t.b64");
  crypt_base64_decode(material_text("t.b64"), &der, NULL);
  assert_refused_len(der.data, der.len, "openssl x509 -inform DER -in FILE -out FILE.pem");
  material_run("openssl pkcs12 -export -in leaf.crt -inkey leaf.key -passout pass:x | openssl base64 -A > t.b64");
  crypt_base64_decode(material_text("t.b64"), &p12, NULL);
  assert_refused_len(p12.data, p12.len, "openssl pkcs12 -in FILE -out FILE.pem");
}

/* Whatever OpenSSL would stumble over or pass over in silence. */
static void test_damaged_lines(void **state)
{
  (void)state;
  static const struct {
    const char *edit, *why;
  } cases[] = {
    { "printf '%s' \"$(cat leaf.crt)\" > t.pem; cat inter.crt >> t.pem",
      "bad end line of block 1 (CERTIFICATE, line 1)" },
    { "sed '$s/-$//' leaf.crt > t.pem", "bad end line" },
    { "sed '$s/-----END/----END/' leaf.crt > t.pem", "is missing" },
    { "sed '$s/CERTIFICATE/CERT/' leaf.crt > t.pem", "bad end line" },
    { "sed '$d' leaf.crt > t.pem; cat inter.crt >> t.pem", "a new block starts before block 1" },
    { "sed '$d' leaf.crt > t.pem", "cut off" },
    { "head -c 300 leaf.crt > t.pem", "cut off" },
    { "sed '1d' leaf.crt > t.pem", "lost its start" },
    { "sed 's/^/  /' leaf.crt > t.pem", "first column" },
    { "(printf 'x'; cat leaf.crt) > t.pem", "first column" },
    { "sed '1s/-----$/----/' leaf.crt > t.pem", "bad begin line" },
    { "sed '1s/CERTIFICATE//' leaf.crt > t.pem", "bad begin line" },
    { "sed '3s/^/\\n/' leaf.crt > t.pem", "blank line" },
    { "sed '4s/./!/' leaf.crt > t.pem", "is damaged" },
    { "sed '4s/./=/' leaf.crt > t.pem", "is damaged" },
    { "sed '4s/.//' leaf.crt > t.pem", "is damaged" },
    { "sed '4d' leaf.crt > t.pem", "is refused" },
    { "cat inter.crt leaf.crt > t.pem; sed -i '$d' t.pem", "Block 2" },
    { "printf -- '-----BEGIN CERTIFICATE-----\\n-----END CERTIFICATE-----\\n' > t.pem", "is refused" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    material_run("%s", cases[i].edit);
    assert_refused(JOIN("t.pem"), cases[i].why);
  }
  AUTO_BUF struct buf nul = BUF_INIT;
  buf_str(&nul, JOIN("leaf.crt"));
  nul.data[100] = '\0';
  assert_refused_len(nul.data, nul.len, "NUL");
}

static void test_line_ends(void **state)
{
  (void)state;
  material_run("sed 's/$/\\r/' leaf.crt > t.pem");
  assert_read(JOIN("t.pem"), 1);
  material_run("sed 's/$/  /' leaf.crt > t.pem");
  assert_read(JOIN("t.pem"), 1);
  material_run("printf '%%s' \"$(cat leaf.crt)\" > t.pem");
  assert_read(JOIN("t.pem"), 1);
  material_run("(head -1 leaf.crt; sed '1d;$d' leaf.crt | tr -d '\\n'; echo; tail -1 leaf.crt) > t.pem");
  assert_read(JOIN("t.pem"), 1);
  struct pki_chain c = material_chain("t.pem");
  assert_string_equal(pki_chain_pem(&material, &c, 0), JOIN("leaf.crt"));
}

/* The bytes that came, and no others: a hash of what another program would re-encode is another hash. */
static void test_der_is_kept(void **state)
{
  (void)state;
  struct pki_chain c = material_chain("leaf.crt");
  material_run("openssl x509 -in leaf.crt -outform DER | openssl base64 -A > t.b64");
  AUTO_BUF struct buf der = BUF_INIT;
  crypt_base64_decode(material_text("t.b64"), &der, NULL);
  assert_int_equal(c.item[0].der_len, der.len);
  assert_memory_equal(c.item[0].der, der.data, der.len);
  assert_string_equal(c.item[0].sha256, crypt_sha256_hex(&material, der.data, der.len, ':'));
}

static void assert_der_refused(const uint8_t *der, size_t len, const char *why)
{
  struct pki_cert cert = { der, len, NULL };
  assert_refused(pki_chain_pem(&material, &(struct pki_chain){ &cert, 1 }, 0), why);
}

static void test_der_edges(void **state)
{
  (void)state;
  struct pki_chain c = material_chain("leaf.crt");
  uint8_t *der = arena_alloc(&material, c.item[0].der_len + 1);
  memcpy(der, c.item[0].der, c.item[0].der_len);
  assert_der_refused(der, c.item[0].der_len + 1, "1 bytes follow behind its end");
  assert_der_refused(der, c.item[0].der_len - 1, "cut short");
  assert_der_refused((const uint8_t *)"\x30\x03\x02\x01\x05", 5, "no certificate");
  /* an end that is not told, as BER allows */
  uint8_t *ber = arena_alloc(&material, c.item[0].der_len + 2);
  memcpy(ber, der, c.item[0].der_len);
  ber[1] = 0x80;
  assert_der_refused(ber, c.item[0].der_len + 2, "is refused");
}

/* Each byte changed: never a crash, and what is still taken must be what OpenSSL takes. */
static void test_every_byte_changed(void **state)
{
  (void)state;
  struct pki_chain c = material_chain("leaf.crt");
  uint8_t *der = arena_memdup(&material, c.item[0].der, c.item[0].der_len);
  for (size_t i = 0; i < c.item[0].der_len; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct pki_cert cert = { der, c.item[0].der_len, NULL };
    der[i] ^= 0x41;
    const char *pem = pki_chain_pem(&a, &(struct pki_chain){ &cert, 1 }, 0);
    struct pki_chain changed;
    struct certificate_detail d;
    struct err e = { 0 };
    if (pki_chain_read(pem, strlen(pem), "certificate", &a, &changed, &e))
      assert_true(e.text[0]);
    else
      assert_int_equal(pki_inspect(&changed, 0, 10, &a, &d, NULL), ERR_NONE);
    der[i] ^= 0x41;
  }
}

static void assert_odd_refused(struct odd *o, const char *why)
{
  odd_write("odd.pem", o);
  assert_refused(JOIN("odd.pem"), why);
}

static void test_odd_structure(void **state)
{
  (void)state;
  assert_odd_refused(&(struct odd){ .version = 4 }, "version number is 4");
  struct odd twice = { .version = 3 };
  odd_extension(&twice.extensions, "1.2.3", false, "\5\0", 2);
  odd_extension(&twice.extensions, "1.2.3", false, "\5\0", 2);
  assert_odd_refused(&twice, "same extension twice");
  static const char *const known[] = { "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.35", "2.5.29.37" };
  for (size_t i = 0; i < COUNT_OF(known); i++) {
    struct odd o = { .version = 3 };
    odd_extension(&o.extensions, known[i], false, "\2\1\1", 3);
    assert_odd_refused(&o, "cannot be read");
  }
  struct odd many = { .version = 3 };
  for (int i = 0; i < 65; i++)
    odd_extension(&many.extensions, arena_printf(&material, "1.2.%d", i), false, "\5\0", 2);
  assert_odd_refused(&many, "more than 64 extensions");
  struct odd v1 = { 0 };
  odd_write("odd.pem", &v1);
  assert_read(JOIN("odd.pem"), 1);
}

static void test_counts(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  for (int i = 0; i < PKI_CHAIN_MAX; i++)
    buf_str(&b, JOIN("leaf.crt"));
  assert_read(b.data, PKI_CHAIN_MAX);
  buf_str(&b, JOIN("leaf.crt"));
  assert_refused(b.data, "more than 64 certificates");
  AUTO_BUF struct buf large = BUF_INIT;
  while (large.len <= PKI_PEM_MAX)
    buf_str(&large, "some text that only takes room\n");
  buf_str(&large, JOIN("leaf.crt"));
  assert_refused(large.data, "more than 1048576");
}

/* A chain as long as a file may be: in order, shown, verified. */
static void test_long_chain(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  material_root("c0", "/CN=c0");
  for (int i = 1; i < PKI_CHAIN_MAX; i++)
    material_issue(arena_printf(&material, "c%d", i), arena_printf(&material, "c%d", i - 1),
                   arena_printf(&material, "/CN=c%d", i),
                   "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n", "");
  for (int i = PKI_CHAIN_MAX - 1; i >= 0; i--)
    buf_str(&b, material_text(arena_printf(&material, "c%d.crt", i)));
  material_write("long.pem", b.data, b.len);
  struct pki_chain c = material_chain("long.pem");
  struct certificate_detail d;
  assert_int_equal(pki_chain_check_order(&c, "certificate", NULL), ERR_NONE);
  assert_int_equal(pki_inspect(&c, 0, 10, &material, &d, NULL), ERR_NONE);
  assert_int_equal(d.chain.count, PKI_CHAIN_MAX);
  assert_string_equal(d.chain.item[PKI_CHAIN_MAX - 1].kind, "root");
  assert_int_equal(d.chain_complete, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_reads),         cmocka_unit_test(test_order),      cmocka_unit_test(test_labels_refused),
    cmocka_unit_test(test_not_pem),       cmocka_unit_test(test_damaged_lines), cmocka_unit_test(test_line_ends),
    cmocka_unit_test(test_der_is_kept),   cmocka_unit_test(test_der_edges),  cmocka_unit_test(test_every_byte_changed),
    cmocka_unit_test(test_odd_structure), cmocka_unit_test(test_counts),     cmocka_unit_test(test_long_chain),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
