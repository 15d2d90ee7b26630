/* pki: what is shown of certificates, ordinary and odd ones, against the real openssl command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "pki/der.h"
#include "pki_material.h"
#include "pki_odd.h"

static struct certificate_detail inspect_at(const char *file, int64_t now_s)
{
  struct pki_chain c = material_chain(file);
  struct certificate_detail d;
  struct err e = { 0 };
  if (pki_inspect(&c, now_s, 20000, &material, &d, &e))
    fail_msg("%s: %s", file, e.text);
  return d;
}
static struct certificate_detail inspect(const char *file) { return inspect_at(file, clock_now_s()); }

/* What follows "name=" in openssl's output, lower case, without colons. */
static char *plain(char *text)
{
  char *to = text;
  for (char *from = text; *from && *from != '\n'; from++)
    if (*from != ':')
      *to++ = (char)(*from >= 'A' && *from <= 'Z' ? *from + 32 : *from);
  *to = '\0';
  return text;
}

static char *openssl_says(const char *file, const char *options)
{
  int status;
  char *out = material_output(&status, "openssl x509 -in %s -noout %s", file, options);
  assert_int_equal(status, 0);
  char *value = strchr(out, '=');
  assert_non_null(value);
  value[1 + strcspn(value + 1, "\n")] = '\0';
  return value + 1;
}

static void assert_date(const char *said, int64_t at_s)
{
  char own[CLOCK_RFC3339_SIZE];
  clock_format(at_s, own);
  own[10] = ' ';
  assert_string_equal(own, said);
}

static void compare(const char *file)
{
  struct certificate_detail d = inspect(file);
  assert_string_equal(plain(arena_strdup(&material, d.serial)), plain(openssl_says(file, "-serial")));
  assert_string_equal(plain(arena_strdup(&material, d.row.sha256)), plain(openssl_says(file, "-fingerprint -sha256")));
  assert_string_equal(plain(arena_strdup(&material, d.sha1)), plain(openssl_says(file, "-fingerprint -sha1")));
  assert_date(openssl_says(file, "-startdate -dateopt iso_8601"), d.row.not_before_s);
  assert_date(openssl_says(file, "-enddate -dateopt iso_8601"), d.row.not_after_s);
  assert_string_equal(d.row.subject, openssl_says(file, "-subject -nameopt oneline,-esc_msb"));
  assert_string_equal(d.row.issuer, openssl_says(file, "-issuer -nameopt oneline,-esc_msb"));
  char *text = material_output(NULL, "openssl x509 -in %s -noout -text", file);
  assert_non_null(strstr(text, arena_printf(&material, "Version: %d (", (int)d.version)));
  assert_non_null(strstr(text, arena_printf(&material, "Signature Algorithm: %s\n", d.signature)));
  if (strstr(text, "Public-Key: ("))
    assert_non_null(strstr(text, arena_printf(&material, "Public-Key: (%d bit)", (int)d.row.key_bits)));
  char *pin =
    material_output(NULL,
                    "openssl x509 -in %s -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 "
                    "-binary | openssl base64",
                    file);
  pin[strcspn(pin, "\n")] = '\0';
  assert_string_equal(d.pin, pin);
  material_write("again.pem", d.pem, strlen(d.pem));
  material_run("openssl x509 -in %s -out normal.pem && cmp normal.pem again.pem", file);
}

static int make_all(void **state)
{
  if (material_make(state))
    return -1;
  material_root("root", "/CN=Root");
  material_issue("inter", "root", "/CN=Inter",
                 "basicConstraints=critical,CA:TRUE,pathlen:3\nsubjectKeyIdentifier=hash\n", "");
  material_issue(
    "leaf", "inter", "/C=DE/O=Größe, Ltd./CN=db1.example.com",
    "subjectAltName=DNS:db1.example.com,IP:192.0.2.7\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
    "extendedKeyUsage=serverAuth,clientAuth,1.2.3.4\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
    "");
  return 0;
}

static void test_keys_and_signatures(void **state)
{
  (void)state;
  static const struct {
    const char *options, *type, *curve, *digest;
    int bits;
  } kinds[] = {
    { "-newkey rsa:2048 -sha256", "RSA", NULL, "SHA-256", 2048 },
    { "-newkey rsa:1023 -sha1", "RSA", NULL, "SHA-1", 1023 },
    { "-newkey rsa:2056 -sha512", "RSA", NULL, "SHA-512", 2056 },
    { "-newkey rsa:2048 -sha384 -sigopt rsa_padding_mode:pss", "RSA", NULL, "SHA-384", 2048 },
    { "-newkey rsa:2048 -sha1 -sigopt rsa_padding_mode:pss", "RSA", NULL, "SHA-1", 2048 },
    { "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048", "RSA-PSS", NULL, "SHA-256", 2048 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-256", "EC", "P-256", "SHA-256", 256 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384", "EC", "P-384", "SHA-384", 384 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-521", "EC", "P-521", "SHA-256", 521 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1", "EC", "secp256k1", "SHA-256", 256 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP384r1", "EC", "brainpoolP384r1", "SHA-256", 384 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:sect283r1", "EC", "1.3.132.0.17", "SHA-256", 0 },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "EC", "explicit", "SHA-256", 256 },
    { "-newkey ed25519", "Ed25519", NULL, "Ed25519", 256 },
    { "-newkey ed448", "Ed448", NULL, "Ed448", 456 },
  };
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    material_run("openssl req -x509 -nodes -days 30 -keyout k.key -out k.pem -subj /CN=k %s", kinds[i].options);
    struct certificate_detail d = inspect("k.pem");
    assert_string_equal(d.row.key_type, kinds[i].type);
    assert_true(str_eq(d.row.curve, kinds[i].curve));
    assert_string_equal(d.chain.item[0].signature, kinds[i].digest);
    if (kinds[i].bits) {
      assert_int_equal(d.row.key_bits, kinds[i].bits);
      compare("k.pem");
    }
  }
}

static void test_leaf(void **state)
{
  (void)state;
  material_run("cat leaf.crt inter.crt root.crt > all.pem");
  struct certificate_detail d = inspect("all.pem");
  compare("leaf.crt");
  compare("inter.crt");
  compare("root.crt");
  assert_string_equal(d.row.kind, "leaf");
  assert_string_equal(d.row.common_name, "db1.example.com");
  assert_int_equal(d.version, 3);
  assert_int_equal(d.san_count, 2);
  assert_string_equal(str_list_join(&material, &d.san, " "), "DNS:db1.example.com IP:192.0.2.7");
  assert_string_equal(str_list_join(&material, &d.key_usage, " "), "digitalSignature keyEncipherment");
  assert_string_equal(str_list_join(&material, &d.ext_usage, " "), "serverAuth clientAuth 1.2.3.4");
  assert_false(d.is_ca);
  assert_int_equal(d.path_len, -1);
  assert_int_equal(d.chain.count, 3);
  assert_string_equal(d.chain.item[0].kind, "leaf");
  assert_string_equal(d.chain.item[1].kind, "intermediate");
  assert_string_equal(d.chain.item[2].kind, "root");
  assert_string_equal(d.chain.item[0].aki, d.chain.item[1].ski);
  assert_string_equal(d.chain.item[1].source, "file");
  assert_int_equal(d.chain_complete, 1);
  material_run("cat leaf.crt inter.crt > two.pem");
  assert_int_equal(inspect("two.pem").chain_complete, 0);
  assert_int_equal(inspect("inter.crt").path_len, 3);
  assert_true(inspect("inter.crt").is_ca);
}

static void test_kinds(void **state)
{
  (void)state;
  static const struct {
    const char *make, *kind;
  } kinds[] = {
    { "req -x509 -key root.key -subj /CN=x -out k.pem -addext basicConstraints=CA:FALSE", "self-signed" },
    { "req -x509 -key root.key -subj /CN=x -out k.pem", "root" },
    { "req -new -key root.key -subj /CN=x -out k.csr && openssl x509 -req -in k.csr -signkey root.key -out k.pem",
      "root" },
    { "req -new -key leaf.key -subj /CN=x -out k.csr && openssl x509 -req -in k.csr -CA root.crt -CAkey root.key -out "
      "k.pem",
      "leaf" },
    /* the subject of its issuer, but another key: issued, not self-signed */
    { "req -new -key leaf.key -subj /CN=Root -out k.csr && openssl x509 -req -in k.csr -CA root.crt -CAkey root.key "
      "-out k.pem",
      "leaf" },
  };
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    material_run("openssl %s", kinds[i].make);
    assert_string_equal(inspect("k.pem").row.kind, kinds[i].kind);
    struct pki_chain c = material_chain("k.pem");
    assert_int_equal(pki_is_self_signed(&c.item[0]), strcmp(kinds[i].kind, "leaf") != 0);
  }
}

static void test_serials(void **state)
{
  (void)state;
  static const struct {
    const char *octets;
    size_t len;
    const char *shown;
  } cases[] = {
    { "\0", 1, "00" },
    { "\x7f", 1, "7f" },
    { "\0\x80", 2, "80" },
    { "\x80", 1, "-80" },
    { "\xff", 1, "-01" },
    { "\xff\0", 2, "-01:00" },
    { "\xfe\xff", 2, "-01:01" },
    { "\x80\0\0", 3, "-80:00:00" },
    { "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26", 22,
      "01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct odd o = { .serial = cases[i].octets, .serial_len = cases[i].len };
    odd_write("odd.pem", &o);
    assert_string_equal(inspect("odd.pem").serial, cases[i].shown);
    compare("odd.pem");
  }
}

static void test_dates(void **state)
{
  (void)state;
  static const char *const dates[] = { "99991231235959Z", "20500101000000Z", "19500101000000Z",
                                       "19691231235959Z", "19000228235959Z", "20000229120000Z",
                                       "16000229000000Z", "10000101000000Z", "21000301000000Z" };
  for (size_t i = 0; i < COUNT_OF(dates); i++) {
    struct odd o = { .time_tag = { DER_GENERALIZED_TIME, DER_GENERALIZED_TIME }, .time = { dates[i], dates[i] } };
    odd_write("odd.pem", &o);
    compare("odd.pem");
  }
  static const char *const short_dates[] = { "500101000000Z", "491231235959Z", "700101000000Z", "000229000000Z" };
  for (size_t i = 0; i < COUNT_OF(short_dates); i++) {
    struct odd o = { .time = { short_dates[i], short_dates[i] } };
    odd_write("odd.pem", &o);
    compare("odd.pem");
  }
  assert_int_equal(inspect("odd.pem").row.not_before_s, 951782400);
  struct odd first = { .time_tag = { DER_GENERALIZED_TIME, DER_GENERALIZED_TIME },
                       .time = { "00000101000000Z", "00010101000000Z" } };
  odd_write("odd.pem", &first);
  assert_int_equal(inspect("odd.pem").row.not_before_s, -62167219200);
  assert_int_equal(inspect("odd.pem").row.not_after_s, -62135596800);
}

static void test_wrong_dates(void **state)
{
  (void)state;
  static const char *const dates[] = {
    "2001010000Z",  "200101000000+0100", "200101000000",  "201301000000Z", "200230000000Z",
    "20010124000Z", "200101240000Z",     "200101006000Z", "2a0101000000Z", ""
  };
  for (size_t i = 0; i < COUNT_OF(dates); i++) {
    struct odd o = { .time = { dates[i], NULL } };
    odd_write("odd.pem", &o);
    const char *pem = material_text("odd.pem");
    struct pki_chain c;
    struct err e = { 0 };
    assert_int_equal(pki_chain_read(pem, strlen(pem), "certificate", &material, &c, &e), ERR_INVALID);
    assert_non_null(strstr(e.text, "validity"));
  }
}

static void test_days_left(void **state)
{
  (void)state;
  struct odd o = { .time = { NULL, "300101000000Z" } };
  odd_write("odd.pem", &o);
  int64_t end = inspect("odd.pem").row.not_after_s;
  static const struct {
    int64_t before, days;
  } cases[] = {
    { 0, 0 }, { 1, 0 }, { 86399, 0 }, { 86400, 1 }, { 86401, 1 }, { -1, -1 }, { -86400, -1 }, { -86401, -2 }
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct certificate_detail d = inspect_at("odd.pem", end - cases[i].before);
    assert_int_equal(d.row.days_left, cases[i].days);
    assert_int_equal(d.chain.item[0].days_left, cases[i].days);
  }
}

static void test_every_san(void **state)
{
  (void)state;
  material_issue(
    "san", "root", "/CN=san",
    "subjectAltName=@names\n[names]\nDNS.1=*.example.com\nDNS.2=xn--bcher-kva.example\nIP.1=10.0.0.1\n"
    "IP.2=2001:db8::ff00:42:8329\nIP.3=::1\nemail=dba@example.com\nURI=spiffe://cluster/node-1\nRID=1.2.3.4\n"
    "dirName=dn\notherName=1.3.6.1.4.1.311.20.2.3;UTF8:dba@corp\notherName.2=1.2.3;INT:5\n[dn]\nC=DE\nCN=a, b\n",
    "");
  struct certificate_detail d = inspect("san.crt");
  static const char *const shown[] = {
    "DNS:*.example.com", "DNS:xn--bcher-kva.example", "IP:10.0.0.1", "IP:2001:db8::ff00:42:8329", "IP:::1",
    "email:dba@example.com", "URI:spiffe://cluster/node-1", "RID:1.2.3.4", "dirName:C = DE, CN = \"a, b\"",
    "other:1.3.6.1.4.1.311.20.2.3:dba@corp", "other:1.2.3:#020105",
  };
  assert_int_equal(d.san_count, COUNT_OF(shown));
  for (size_t i = 0; i < COUNT_OF(shown); i++)
    assert_string_equal(d.san.item[i], shown[i]);
  compare("san.crt");
}

static void test_odd_sans(void **state)
{
  (void)state;
  struct odd o = { .version = 3 };
  AUTO_BUF struct buf names = BUF_INIT, san = BUF_INIT;
  odd_tlv(&names, DER_CONTEXT(2), "bank.example\0.evil.example", 26);
  odd_tlv(&names, DER_CONTEXT(2), "caf\xc3\xa9\\", 6);
  odd_tlv(&names, DER_CONTEXT(2), "", 0);
  odd_tlv(&names, DER_CONTEXT(7), "\1\2\3", 3);
  odd_tlv(&names, DER_CONTEXT(7), "\1\2\3\4\xff\xff\xff\0", 8);
  odd_tlv(&names, DER_CONTEXT_CONSTRUCTED(3), "\x30\0", 2);
  odd_tlv(&san, DER_SEQUENCE, names.data, names.len);
  odd_extension(&o.extensions, "2.5.29.17", false, san.data, san.len);
  odd_write("odd.pem", &o);
  struct certificate_detail d = inspect("odd.pem");
  assert_string_equal(
    str_list_join(&material, &d.san, " "),
    "DNS:bank.example\\00.evil.example DNS:caf\\C3\\A9\\\\ DNS: IP:#010203 IP:#01020304FFFFFF00 x400:#3000");
}

static void test_many_sans(void **state)
{
  (void)state;
  struct odd o = { .version = 3 };
  AUTO_BUF struct buf names = BUF_INIT, san = BUF_INIT;
  for (int i = 0; i < 10000; i++) {
    char name[64];
    odd_tlv(&names, DER_CONTEXT(2), name, (size_t)snprintf(name, sizeof name, "node-%05d.cluster.example.com", i));
  }
  odd_tlv(&san, DER_SEQUENCE, names.data, names.len);
  odd_extension(&o.extensions, "2.5.29.17", false, san.data, san.len);
  odd_write("odd.pem", &o);
  const char *pem = material_text("odd.pem");
  struct pki_chain c;
  struct certificate_detail d;
  clock_t start = clock();
  assert_int_equal(pki_chain_read(pem, strlen(pem), "certificate", &material, &c, NULL), ERR_NONE);
  assert_int_equal(pki_inspect(&c, 0, 50, &material, &d, NULL), ERR_NONE);
  double spent_ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
  assert_int_equal(d.san_count, 10000);
  assert_int_equal(d.san.count, 50);
  assert_string_equal(d.san.item[49], "DNS:node-00049.cluster.example.com");
  if (spent_ms > 500) /* some 10 ms; quadratic work takes seconds */
    fail_msg("10,000 names took %.0f ms", spent_ms);
  start = clock();
  assert_true(pki_matches_name(&c.item[0], "node-09999.cluster.example.com"));
  assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 0.5);
}

static void test_unknown_critical(void **state)
{
  (void)state;
  material_issue("critical", "root", "/CN=critical", "1.2.3.4=critical,DER:0500\n1.2.3.5=DER:0500\n", "");
  compare("critical.crt");
}

static void test_one_is_fast(void **state)
{
  (void)state;
  const char *pem = material_text("leaf.crt");
  clock_t start = clock();
  enum { ROUNDS = 200 };
  for (int i = 0; i < ROUNDS; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct pki_chain c;
    struct certificate_detail d;
    assert_int_equal(pki_chain_read(pem, strlen(pem), "certificate", &a, &c, NULL), ERR_NONE);
    assert_int_equal(pki_inspect(&c, 0, 50, &a, &d, NULL), ERR_NONE);
  }
  double each_ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC / ROUNDS;
  if (each_ms > 5) /* 0.2 ms; sanitizers and a loaded machine are slower */
    fail_msg("one certificate took %.2f ms", each_ms);
  print_message("# one certificate: %.3f ms\n", each_ms);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_keys_and_signatures),
    cmocka_unit_test(test_leaf),
    cmocka_unit_test(test_kinds),
    cmocka_unit_test(test_serials),
    cmocka_unit_test(test_dates),
    cmocka_unit_test(test_wrong_dates),
    cmocka_unit_test(test_days_left),
    cmocka_unit_test(test_every_san),
    cmocka_unit_test(test_odd_sans),
    cmocka_unit_test(test_many_sans),
    cmocka_unit_test(test_unknown_critical),
    cmocka_unit_test(test_one_is_fast),
  };
  return cmocka_run_group_tests(tests, make_all, material_drop);
}
