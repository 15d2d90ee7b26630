/* pki: distinguished names against the real openssl command, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "pki/der.h"
#include "pki_material.h"
#include "pki_odd.h"

#define CN "2.5.4.3"
#define O "2.5.4.10"

static const char *own_subject(const char *file)
{
  struct pki_chain c = material_chain(file);
  struct certificate_detail d;
  struct err e = { 0 };
  if (pki_inspect(&c, 0, 10, &material, &d, &e))
    fail_msg("%s", e.text);
  assert_true(utf8_valid(d.row.subject, strlen(d.row.subject)));
  assert_string_equal(d.row.subject, d.row.issuer);
  return d.row.subject;
}

static const char *openssl_subject(const char *file, const char *options)
{
  char *out = material_output(NULL, "openssl x509 -in %s -noout -subject %s", file, options);
  assert_true(str_starts(out, "subject="));
  out[strcspn(out, "\n")] = '\0';
  return out + strlen("subject=");
}

static void assert_same(struct odd *o)
{
  odd_write("odd.pem", o);
  assert_string_equal(own_subject("odd.pem"), openssl_subject("odd.pem", "-nameopt oneline,-esc_msb"));
}

static void assert_refused(const char *file, const char *why)
{
  const char *pem = material_text(file);
  struct pki_chain c;
  struct err e = { 0 };
  assert_int_equal(pki_chain_read(pem, strlen(pem), "certificate", &material, &c, &e), ERR_INVALID);
  if (!strstr(e.text, why))
    fail_msg("\"%s\" does not say \"%s\"", e.text, why);
}

/* The same name as the dirName of a SAN. */
static void assert_in_san(const struct buf *name, const char *shown)
{
  struct odd o = { .version = 3 };
  AUTO_BUF struct buf directory = BUF_INIT, san = BUF_INIT;
  odd_tlv(&directory, DER_CONTEXT_CONSTRUCTED(4), name->data, name->len);
  odd_tlv(&san, DER_SEQUENCE, directory.data, directory.len);
  odd_extension(&o.extensions, "2.5.29.17", false, san.data, san.len);
  odd_write("odd.pem", &o);
  struct pki_chain c = material_chain("odd.pem");
  struct certificate_detail d;
  assert_int_equal(pki_inspect(&c, 0, 10, &material, &d, NULL), ERR_NONE);
  assert_string_equal(d.san.item[0], arena_printf(&material, "dirName:CN = %s", shown));
}

static void assert_both(uint8_t tag, const void *value, size_t len, const char *shown)
{
  struct odd o = { 0 };
  odd_rdn(&o.name, CN, tag, value, len);
  odd_write("odd.pem", &o);
  assert_string_equal(own_subject("odd.pem"), arena_printf(&material, "CN = %s", shown));
  assert_string_equal(openssl_subject("odd.pem", "-nameopt oneline,-esc_msb"),
                      arena_printf(&material, "CN = %s", shown));
}

static void test_special_characters(void **state)
{
  (void)state;
  static const struct {
    const char *value, *shown;
  } cases[] = {
    { "plain", "plain" },
    { "", "" },
    { "a,b", "\"a,b\"" },
    { "a+b", "\"a+b\"" },
    { "a<b>c;d", "\"a<b>c;d\"" },
    { "a\"b", "a\\\"b" },
    { "a\"b,c", "\"a\\\"b,c\"" },
    { "a\\b", "a\\\\b" },
    { " lead", "\" lead\"" },
    { "trail ", "\"trail \"" },
    { " ", "\" \"" },
    { "in side", "in side" },
    { "#hash", "\"#hash\"" },
    { "ha#sh", "ha#sh" },
    { "#", "#" },
    { "a=b", "a=b" },
    { "a/b", "a/b" },
    { "tab\there", "tab\\09here" },
    { "new\nline", "new\\0Aline" },
    { "\x7f", "\\7F" },
    { "<script>alert(1)</script>", "\"<script>alert(1)</script>\"" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_both(DER_UTF8, cases[i].value, strlen(cases[i].value), cases[i].shown);
}

static void test_string_types(void **state)
{
  (void)state;
  assert_both(DER_UTF8, "a\0b.example.com", 15, "a\\00b.example.com");
  assert_both(DER_PRINTABLE, "a\0b", 3, "a\\00b");
  assert_both(DER_UTF8, "Zürich 東京 🦔", strlen("Zürich 東京 🦔"), "Zürich 東京 🦔");
  assert_both(DER_T61, "Z\xfcrich", 6, "Zürich");
  assert_both(DER_IA5, "Z\xfcrich", 6, "Zürich");
  assert_both(DER_BMP, "\0Z\0\xfc\x67\x71", 6, "Zü東");
  assert_both(DER_BMP, "\0a\0,\0b\0\0", 8, "\"a,b\\00\"");
  assert_both(DER_UNIVERSAL, "\0\0\0Z\0\1\xf9\x94", 8, "Z🦔");
  assert_both(DER_BIT_STRING, "\0\xab\xcd", 3, "#030300ABCD");
  assert_both(DER_SEQUENCE, "\x02\x01\x05", 3, "#3003020105");
}

/* Characters that do not exist: OpenSSL takes no certificate with them, so opsd refuses them and says why. */
static void test_broken_characters(void **state)
{
  (void)state;
  static const struct {
    uint8_t tag;
    const char *value;
    size_t len;
    const char *in_san; /* name.h tells */
  } cases[] = {
    { DER_UTF8, "a\xff\xc3", 3, "a\\FF\\C3" },
    { DER_UTF8, "\xed\xa0\x80", 3, "\\ED\\A0\\80" },
    { DER_UTF8, "\xc0\xaf", 2, "\\C0\\AF" },
    { DER_BMP, "\xd8\x3e\xdd\x94", 4, "🦔" },
    { DER_BMP, "\xd8\x3e\0a", 4, "\\UD83Ea" },
    { DER_BMP, "\0a\xd8\x3e", 4, "a\\UD83E" },
    { DER_BMP, "\0a\0", 3, "#1E03006100" },
    { DER_UNIVERSAL, "\0\x11\0\0", 4, "\\W00110000" },
    { DER_UNIVERSAL, "\0\0\xd8\0", 4, "\\W0000D800" },
    { DER_UNIVERSAL, "\0\0a", 3, "#1C03000061" },
    { 0x1b, "general", 7, "#1B0767656E6572616C" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct odd o = { 0 };
    odd_rdn(&o.name, CN, cases[i].tag, cases[i].value, cases[i].len);
    AUTO_BUF struct buf name = BUF_INIT;
    odd_tlv(&name, DER_SEQUENCE, o.name.data, o.name.len);
    odd_write("odd.pem", &o);
    assert_refused("odd.pem", "cannot read it (");
    assert_in_san(&name, cases[i].in_san);
  }
}

/* In one name: every attribute of the arcs that names use. */
static void test_attribute_names(void **state)
{
  (void)state;
  static const struct {
    const char *arc;
    int last;
  } arcs[] = { { "2.5.4", 110 },          { "0.9.2342.19200300.100.1", 65 }, { "1.2.840.113549.1.9", 30 },
               { "1.3.6.1.4.1.311.60.2.1", 5 }, { "1.2.643.100", 20 },       { "1.3.6.1.4.1.311.17", 3 },
               { "1.2.643.3.131.1", 3 } };
  struct odd o = { 0 };
  for (size_t i = 0; i < COUNT_OF(arcs); i++)
    for (int n = 0; n <= arcs[i].last; n++)
      odd_rdn(&o.name, arena_printf(&material, "%s.%d", arcs[i].arc, n), DER_UTF8, "x", 1);
  odd_rdn(&o.name, "2.999.18446744073709551615.0.127.128", DER_UTF8, "x", 1);
  odd_rdn(&o.name, "1.39.1", DER_UTF8, "x", 1);
  odd_rdn(&o.name, "2.0.1", DER_UTF8, "x", 1);
  odd_rdn(&o.name, "0.39", DER_UTF8, "x", 1);
  assert_same(&o);
}

static void test_huge_arc(void **state)
{
  (void)state;
  /* 2.25.UUID: an arc of 128 bits */
  struct odd o = { 0 };
  AUTO_BUF struct buf pair = BUF_INIT, seq = BUF_INIT;
  odd_tlv(&pair, DER_OID, "\x69\x83\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 20);
  odd_tlv(&pair, DER_UTF8, "x", 1);
  odd_tlv(&seq, DER_SEQUENCE, pair.data, pair.len);
  odd_tlv(&o.name, DER_SET, seq.data, seq.len);
  assert_same(&o);
}

static void test_multi_valued(void **state)
{
  (void)state;
  struct odd o = { 0 };
  AUTO_BUF struct buf set = BUF_INIT;
  odd_attribute(&set, O, DER_UTF8, "one, two", 8);
  odd_attribute(&set, "2.5.4.11", DER_PRINTABLE, "b", 1);
  odd_rdn(&o.name, "2.5.4.6", DER_PRINTABLE, "DE", 2);
  odd_tlv(&o.name, DER_SET, set.data, set.len);
  odd_tlv(&o.name, DER_SET, set.data, set.len);
  odd_rdn(&o.name, CN, DER_UTF8, "c", 1);
  assert_same(&o);
  assert_string_equal(own_subject("odd.pem"), "C = DE, O = \"one, two\" + OU = b, O = \"one, two\" + OU = b, CN = c");
}

static void test_empty_name(void **state)
{
  (void)state;
  assert_same(&(struct odd){ 0 });
}

/* What the two documents of the servers' makers print: the default of the command. */
static void test_default_form(void **state)
{
  (void)state;
  material_run(
    "openssl req -x509 -newkey ed25519 -nodes -keyout d.key -out d.pem -subj '/C=US/ST=CA/O=Example, Inc./CN=db 1'");
  assert_string_equal(own_subject("d.pem"), openssl_subject("d.pem", ""));
}

static uint64_t random_state = 7;
static unsigned pick(unsigned below)
{
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(random_state >> 33) % below;
}

/* A string of one of the types, of characters that are apt to go wrong. */
static uint8_t random_value(struct buf *out)
{
  static const char *const utf8[] = { "é", "東", "🦔", "\u2028", "\u202e" };
  static const char ascii[] = " ,+<>;#\"\\=/'ab\t\n\r\x01\x1f\x7f\0";
  static const uint8_t tags[] = { DER_UTF8, DER_PRINTABLE, DER_T61, DER_IA5, DER_NUMERIC, DER_BMP, DER_UNIVERSAL };
  uint8_t tag = tags[pick(COUNT_OF(tags))];
  for (unsigned n = pick(6); n > 0; n--) {
    unsigned c = pick(3) ? (uint8_t)ascii[pick(sizeof ascii - 1)] : 0x80 + pick(0x80);
    if (tag == DER_UTF8 && c >= 0x80)
      buf_str(out, utf8[c % COUNT_OF(utf8)]);
    else if (tag == DER_BMP)
      buf_add(out, (char[]){ (char)pick(0x80), (char)c }, 2);
    else if (tag == DER_UNIVERSAL)
      buf_add(out, (char[]){ 0, (char)pick(2), (char)pick(0x80), (char)c }, 4);
    else
      buf_char(out, (char)c);
  }
  return tag;
}

static void test_random_names(void **state)
{
  (void)state;
  static const char *const types[] = { CN, O, "2.5.4.6", "1.2.840.113549.1.9.1", "1.2.3.4", "2.5.4.97" };
  for (int round = 0; round < 150; round++) {
    struct odd o = { 0 };
    for (unsigned rdns = pick(5); rdns > 0; rdns--) {
      AUTO_BUF struct buf set = BUF_INIT;
      for (unsigned n = pick(4) ? 1 : 3; n > 0; n--) {
        AUTO_BUF struct buf value = BUF_INIT;
        uint8_t tag = random_value(&value);
        odd_attribute(&set, types[pick(COUNT_OF(types))], tag, buf_cstr(&value), value.len);
      }
      odd_tlv(&o.name, DER_SET, set.data, set.len);
    }
    assert_same(&o);
  }
}

static void test_common_name(void **state)
{
  (void)state;
  struct odd o = { 0 };
  odd_rdn(&o.name, O, DER_UTF8, "org", 3);
  odd_rdn(&o.name, CN, DER_BMP, "\0a\0,\0\xe9\0\0", 8);
  odd_rdn(&o.name, CN, DER_UTF8, "second", 6);
  odd_write("odd.pem", &o);
  struct pki_chain c = material_chain("odd.pem");
  struct certificate_detail d;
  assert_int_equal(pki_inspect(&c, 0, 10, &material, &d, NULL), ERR_NONE);
  assert_string_equal(d.row.common_name, "a,é\\00");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_special_characters), cmocka_unit_test(test_string_types),
    cmocka_unit_test(test_broken_characters),  cmocka_unit_test(test_attribute_names),
    cmocka_unit_test(test_huge_arc),           cmocka_unit_test(test_multi_valued),
    cmocka_unit_test(test_empty_name),         cmocka_unit_test(test_default_form),
    cmocka_unit_test(test_random_names),       cmocka_unit_test(test_common_name),
  };
  return cmocka_run_group_tests(tests, material_make, material_drop);
}
