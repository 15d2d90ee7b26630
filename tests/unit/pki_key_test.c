/* pki: private keys in every form that openssl writes; what is refused and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "pki_material.h"

static const struct {
  const char *name, *make, *type;
  int bits;
  const char *curve;
} kinds[] = {
  { "rsa", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", "RSA", 2048, NULL },
  { "rsa3072", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072", "RSA", 3072, NULL },
  { "pss", "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "RSA-PSS", 2048, NULL },
  { "p256", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", "EC", 256, "P-256" },
  { "p384", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384", "EC", 384, "P-384" },
  { "p521", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521", "EC", 521, "P-521" },
  { "ed25519", "genpkey -algorithm ED25519", "Ed25519", 256, NULL },
  { "ed448", "genpkey -algorithm ED448", "Ed448", 456, NULL },
};

static int make_all(void **state)
{
  if (material_make(state))
    return -1;
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    const char *n = kinds[i].name;
    material_run("openssl %s -out %s.key 2>&1 && openssl req -x509 -key %s.key -days 30 -out %s.crt -subj /CN=%s",
                 kinds[i].make, n, n, n, n);
  }
  return 0;
}

static enum err_code read_key(const char *pem, const char *password, struct pki_key **out, struct err *e)
{
  return pki_key_read(pem, strlen(pem), password, "key", out, e);
}

/* The file holds the key that belongs to CERT.crt. */
static void assert_is(const char *file, const char *password, const char *cert)
{
  AUTO_PKI_KEY struct pki_key *k = NULL;
  struct err e = { 0 };
  if (read_key(material_text(file), password, &k, &e))
    fail_msg("%s: %s", file, e.text);
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    struct pki_chain c = material_chain(arena_printf(&material, "%s.crt", kinds[i].name));
    if (pki_key_fits(k, &c.item[0]) != (strcmp(kinds[i].name, cert) == 0))
      fail_msg("%s and %s.crt", file, kinds[i].name);
  }
}

static void assert_refused(const char *pem, const char *password, const char *field, const char *why)
{
  struct pki_key *k = NULL;
  struct err e = { 0 };
  assert_int_equal(read_key(pem, password, &k, &e), ERR_INVALID);
  assert_null(k);
  assert_string_equal(e.field, field);
  if (!strstr(e.text, why))
    fail_msg("\"%s\" does not say \"%s\"", e.text, why);
  if (password && *password)
    assert_null(strstr(e.text, password));
}

static void test_every_kind(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    assert_is(arena_printf(&material, "%s.key", kinds[i].name), NULL, kinds[i].name);
    AUTO_PKI_KEY struct pki_key *k = material_key(arena_printf(&material, "%s.key", kinds[i].name));
    const char *type, *curve;
    int64_t bits;
    pki_key_describe(k, &material, &type, &bits, &curve);
    assert_string_equal(type, kinds[i].type);
    assert_int_equal(bits, kinds[i].bits);
    assert_true(str_eq(curve, kinds[i].curve));
  }
}

static void test_traditional_forms(void **state)
{
  (void)state;
  material_run("openssl rsa -in rsa.key -traditional -out t.pem && grep -q 'BEGIN RSA PRIVATE' t.pem");
  assert_is("t.pem", NULL, "rsa");
  material_run("openssl ec -in p256.key -out t.pem && grep -q 'BEGIN EC PRIVATE' t.pem");
  assert_is("t.pem", NULL, "p256");
  material_run("openssl ecparam -name secp384r1 -out t.pem && openssl ec -in p384.key >> t.pem");
  assert_is("t.pem", NULL, "p384");
  material_run("sed 's/$/\\r/' rsa.key > t.pem");
  assert_is("t.pem", NULL, "rsa");
  material_run("cat rsa.crt rsa.key rsa.crt > t.pem");
  assert_is("t.pem", NULL, "rsa");
}

static void test_encrypted(void **state)
{
  (void)state;
  static const char *const ways[] = {
    "openssl pkcs8 -topk8 -v2 aes-256-cbc -in %s.key -passout pass:gehe1m -out e.pem",
    "openssl pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -iter 10000 -in %s.key -passout pass:gehe1m -out e.pem",
    "openssl pkcs8 -topk8 -v2 des3 -in %s.key -passout pass:gehe1m -out e.pem",
    "openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in %s.key -passout pass:gehe1m -out e.pem",
  };
  static const char *const names[] = { "rsa", "p256", "ed25519" };
  for (size_t i = 0; i < COUNT_OF(ways) * COUNT_OF(names); i++) {
    const char *name = names[i % COUNT_OF(names)];
    char line[256];
    snprintf(line, sizeof line, "openssl pkcs8 -topk8 %s", strstr(ways[i / COUNT_OF(names)], "-v"));
    const char *mark = strstr(line, "%s");
    material_run("%.*s%s%s", (int)(mark - line), line, name, mark + 2);
    assert_is("e.pem", "gehe1m", name);
    assert_refused(material_text("e.pem"), NULL, "key_password", "--key-password-file");
    assert_refused(material_text("e.pem"), "", "key_password", "--key-password-file");
    assert_refused(material_text("e.pem"), "falsch", "key_password", "does not open");
  }
}

static void test_encrypted_traditional(void **state)
{
  (void)state;
  static const char *const ciphers[] = { "aes128", "aes256", "des3" };
  for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
    material_run("openssl rsa -in rsa.key -traditional -%s -passout pass:gehe1m -out e.pem && grep -q DEK-Info e.pem",
                 ciphers[i]);
    assert_is("e.pem", "gehe1m", "rsa");
    assert_refused(material_text("e.pem"), NULL, "key_password", "--key-password-file");
    assert_refused(material_text("e.pem"), "falsch", "key_password", "does not open");
    material_run("openssl ec -in p384.key -%s -passout pass:gehe1m -out e.pem", ciphers[i]);
    assert_is("e.pem", "gehe1m", "p384");
    material_run("sed -i 's/$/\\r/' e.pem");
    assert_is("e.pem", "gehe1m", "p384");
  }
}

/* Lengths that no block cipher has: GnuTLS's own reader aborts the program over them. */
static void test_encrypted_damaged(void **state)
{
  (void)state;
  static const char *const edits[] = { "sed '5s/^....//'", "sed '/^DEK/s/.$//'", "sed '/^DEK/s/,.*//'",
                                       "sed '/^DEK/d'",    "sed '/^DEK/s/.$/x/'", "awk 'NR <= 4 || /END/'" };
  material_run("openssl ec -in p384.key -aes128 -passout pass:gehe1m -out e.pem");
  for (size_t i = 0; i < COUNT_OF(edits); i++) {
    material_run("%s e.pem > t.pem", edits[i]);
    struct pki_key *k = NULL;
    struct err e = { 0 };
    assert_int_equal(read_key(material_text("t.pem"), "gehe1m", &k, &e), ERR_INVALID);
    assert_string_equal(e.field, "key");
  }
}

static void test_unknown_encryption(void **state)
{
  (void)state;
  material_run("openssl pkcs8 -topk8 -scrypt -in rsa.key -passout pass:gehe1m -out e.pem");
  assert_refused(material_text("e.pem"), "gehe1m", "key", "openssl pkcs8 -topk8");
  material_run("openssl rsa -in rsa.key -traditional -aria128 -passout pass:gehe1m -out e.pem");
  assert_refused(material_text("e.pem"), "gehe1m", "key", "openssl pkcs8 -topk8");
}

/* Rounds that would keep a thread busy for an hour: the number is changed in a key with few. */
static void test_too_many_rounds(void **state)
{
  (void)state;
  material_run("openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 66051 -in p256.key -passout pass:x -outform DER -out e.der");
  material_run("python3 -c \"d=open('e.der','rb').read(); assert d.count(b'\\2\\3\\1\\2\\3')==1; "
               "open('e.der','wb').write(d.replace(b'\\2\\3\\1\\2\\3',b'\\2\\3\\x7f\\2\\3'))\"");
  material_run("(echo '-----BEGIN ENCRYPTED PRIVATE KEY-----'; openssl base64 -in e.der; echo '-----END ENCRYPTED "
               "PRIVATE KEY-----')"
               " > e.pem");
  assert_refused(material_text("e.pem"), "x", "key", "rounds");
}

/* What OpenSSL leaves out on request and Java's older PKCS#8 always: the way out that the sentence names works. */
static void test_no_public_part(void **state)
{
  (void)state;
  material_run("openssl ec -in p521.key -no_public -out t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "openssl ec -in FILE -out FILE.new");
  material_run("openssl pkcs8 -topk8 -nocrypt -in t.pem -out u.pem");
  assert_refused(material_text("u.pem"), NULL, "key", "openssl ec -in FILE -out FILE.new");
  material_run("openssl ec -in u.pem -out v.pem");
  assert_is("v.pem", NULL, "p521");
}

static void test_refused(void **state)
{
  (void)state;
  assert_refused("", NULL, "key", "empty");
  assert_refused("no key", NULL, "key", "not PEM");
  assert_refused(material_text("rsa.crt"), NULL, "key", "CERTIFICATE");
  material_run("openssl pkey -in rsa.key -pubout -out t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "PUBLIC KEY");
  material_run("cat rsa.key p256.key > t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "two private keys");
  material_run("openssl dsaparam -genkey -out t.pem 1024 && openssl pkcs8 -topk8 -nocrypt -in t.pem -out u.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "DSA");
  assert_refused(material_text("u.pem"), NULL, "key", "DSA");
  material_run(
    "openssl dsa -in t.pem -out u.pem && sed -i 's/BEGIN PRIV/BEGIN DSA PRIV/; s/END PRIV/END DSA PRIV/' u.pem");
  assert_refused(material_text("u.pem"), NULL, "key", "DSA private keys");
  material_run("openssl ecparam -name secp224r1 -genkey -noout -out t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "P-256");
  material_run("openssl ecparam -name secp256k1 -genkey -noout -out t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "cannot be read");
  material_run("rm -f s s.pub; ssh-keygen -q -t ed25519 -N '' -f s && cp s t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "ssh-keygen -p -m PKCS8");
  material_run("head -c 900 rsa.key > t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "cut off");
  material_run("sed '5s/./-/' rsa.key > t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "cannot be read");
}

static void test_der_and_large(void **state)
{
  (void)state;
  static const char *const names[] = { "rsa", "p256", "ed25519" };
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    AUTO_BUF struct buf der = BUF_INIT;
    material_run("openssl pkey -in %s.key -outform DER | openssl base64 -A > t.b64", names[i]);
    assert_int_equal(crypt_base64_decode(material_text("t.b64"), &der, NULL), ERR_NONE);
    struct pki_key *k;
    struct err e = { 0 };
    assert_int_equal(pki_key_read(der.data, der.len, NULL, "key", &k, &e), ERR_INVALID);
    assert_non_null(strstr(e.text, "openssl pkey -inform DER"));
  }
  AUTO_BUF struct buf large = BUF_INIT;
  while (large.len <= 64 << 10)
    buf_str(&large, "text before the key\n");
  buf_str(&large, material_text("rsa.key"));
  assert_refused(large.data, NULL, "key", "larger");
}

/* p * q is not n: what a disk error leaves. */
static void test_damaged_numbers(void **state)
{
  (void)state;
  material_run(
    "openssl rsa -in rsa.key -traditional -outform DER -out t.der && python3 -c "
    "\"d=bytearray(open('t.der','rb').read()); "
    "d[-450]^=1; open('t.der','wb').write(d)\" && (echo '-----BEGIN RSA PRIVATE KEY-----'; openssl base64 -in t.der; "
    "echo '-----END RSA PRIVATE KEY-----') > t.pem");
  assert_refused(material_text("t.pem"), NULL, "key", "damaged");
}

static void test_written(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    const char *n = kinds[i].name;
    AUTO_PKI_KEY struct pki_key *k = material_key(arena_printf(&material, "%s.key", n));
    AUTO_BUF struct buf pkcs8 = BUF_INIT, traditional = BUF_INIT;
    assert_int_equal(pki_key_pem(k, &pkcs8, NULL), ERR_NONE);
    assert_true(str_starts(pkcs8.data, "-----BEGIN PRIVATE KEY-----\n"));
    material_write("w.pem", pkcs8.data, pkcs8.len);
    material_run("openssl pkey -in w.pem -pubout -out w.pub && openssl x509 -in %s.crt -noout -pubkey | cmp - w.pub",
                 n);
    struct err e = { 0 };
    enum err_code rc = pki_key_pem_traditional(k, &traditional, &e);
    bool has_form = strcmp(kinds[i].type, "RSA") == 0 || strcmp(kinds[i].type, "EC") == 0;
    assert_int_equal(rc, has_form ? ERR_NONE : ERR_REFUSED);
    if (!has_form)
      continue;
    assert_true(
      str_starts(traditional.data, arena_printf(&material, "-----BEGIN %s PRIVATE KEY-----\n", kinds[i].type)));
    material_write("w.pem", traditional.data, traditional.len);
    material_run("openssl pkey -in w.pem -pubout -out w.pub && openssl x509 -in %s.crt -noout -pubkey | cmp - w.pub",
                 n);
  }
}

/* Validity does not matter, and neither do the parameters' spelling. */
static void test_fits(void **state)
{
  (void)state;
  material_run(
    "openssl req -new -key p256.key -subj /CN=x -out t.csr && openssl x509 -req -in t.csr -signkey p256.key -days -1 "
    "-out t.crt");
  struct pki_chain c = material_chain("t.crt");
  AUTO_PKI_KEY struct pki_key *k = material_key("p256.key");
  assert_true(pki_key_fits(k, &c.item[0]));
  material_run(
    "openssl ec -in p256.key -conv_form compressed -out t.pem && openssl req -x509 -key t.pem -subj /CN=x -out t.crt");
  c = material_chain("t.crt");
  assert_true(pki_key_fits(k, &c.item[0]));
  /* the same numbers, another kind: OpenSSL says key type mismatch */
  AUTO_PKI_KEY struct pki_key *pss = material_key("pss.key");
  c = material_chain("rsa.crt");
  assert_false(pki_key_fits(pss, &c.item[0]));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_kind),      cmocka_unit_test(test_traditional_forms),
    cmocka_unit_test(test_encrypted),       cmocka_unit_test(test_encrypted_traditional),
    cmocka_unit_test(test_unknown_encryption), cmocka_unit_test(test_too_many_rounds),
    cmocka_unit_test(test_refused),         cmocka_unit_test(test_der_and_large),
    cmocka_unit_test(test_damaged_numbers), cmocka_unit_test(test_written),
    cmocka_unit_test(test_encrypted_damaged),
    cmocka_unit_test(test_fits),            cmocka_unit_test(test_no_public_part),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
