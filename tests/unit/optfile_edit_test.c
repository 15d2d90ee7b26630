/* optfile_edit's look on paper, provider strings, and which names are secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "optfile/optfile.h"

static void edits(const char *text, const char *section, const char *name, const char *value, bool remove,
                  const char *want)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  bool changed = false;
  assert_int_equal(optfile_edit(text, strlen(text), section, name, value, remove, &out, &changed, &e), ERR_NONE);
  assert_string_equal(buf_cstr(&out), want);
  assert_int_equal(changed, strcmp(text, want) != 0);
}

static void refuses(const char *text, size_t len, const char *section, const char *name, const char *value,
                    enum err_code code, const char *said)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  bool changed = true;
  assert_int_equal(optfile_edit(text, len, section, name, value, false, &out, &changed, &e), code);
  assert_non_null(strstr(code == ERR_INVALID ? e.field : e.text, said));
  assert_int_equal(out.len, 0);
}

static void replaces_in_place(void **state)
{
  (void)state;
  edits("[server]\nssl_cert = ./old.pem\n", "server", "ssl_cert", "./new.pem", false,
        "[server]\nssl_cert = ./new.pem\n");
  edits("[server]\r\n  ssl-cert\t=  \"old # 1\"   # why\r\nx\r\n", "server", "ssl_cert", "n", false,
        "[server]\r\n  ssl-cert\t=  n   # why\r\nx\r\n");
  edits("[a]\nx=1\n[b]\nx=2\n[a]\nx=3\nx=4", "a", "x", "5", false, "[a]\nx=1\n[b]\nx=2\n[a]\nx=3\nx=5");
  edits("[a]\nloose-x=1\n", "a", "x", "2", false, "[a]\nloose-x=2\n");
  edits("[a]\nx # c\n", "a", "x", "2", false, "[a]\nx=2 # c\n");
  edits("[a]\nx = 1 # c\n", "a", "x", NULL, false, "[a]\nx # c\n");
  edits("[a]\nx =\ny\n", "a", "x", "2", false, "[a]\nx =2\ny\n");
  edits("[a]\nx = \ny\n", "a", "x", "2", false, "[a]\nx = 2\ny\n");
  edits("[a]\nx = # c\n", "a", "x", "2", false, "[a]\nx =2 # c\n");
  edits("[a]\nx=", "a", "x", "2", false, "[a]\nx=2");
}

static void adds_where_a_person_would(void **state)
{
  (void)state;
  edits("", "server", "ssl_cert", "c", false, "[server]\nssl_cert = c\n");
  edits("[a]\n  x=1\n# tail\n\n[b]\ny=2\n", "a", "z", "3", false, "[a]\n  x=1\n  z=3\n# tail\n\n[b]\ny=2\n");
  edits("[a]\r\nx = 1\r\n[b]\r\n", "a", "z", "3", false, "[a]\r\nx = 1\r\nz = 3\r\n[b]\r\n");
  edits("[a]", "a", "z", "3", false, "[a]\nz = 3\n");
  edits("[a]\nx = 1", "a", "z", "3", false, "[a]\nx = 1\nz = 3\n");
  edits("[a]\r\nx = 1", "a", "z", "3", false, "[a]\r\nx = 1\r\nz = 3\r\n");
  edits("[a]\nx=1", "b", "z", "3", false, "[a]\nx=1\n\n[b]\nz = 3\n");
  edits("[a]\n# nothing\n[b]\n", "a", "skip-ssl", NULL, false, "[a]\nskip-ssl\n# nothing\n[b]\n");
  edits("[a]\nx=1\n[b]\n[a]\ny=2\n", "a", "z", "3", false, "[a]\nx=1\n[b]\n[a]\ny=2\nz=3\n");
}

static void removes(void **state)
{
  (void)state;
  edits("[a]\nx=1\ny=2\nloose_x=3\n[b]\nx=4\n[A]\nx\n", "a", "x", NULL, true, "[a]\ny=2\n[b]\nx=4\n[A]\n");
  edits("[a]\nx=1\n", "b", "x", NULL, true, "[a]\nx=1\n");
}

static void quotes_where_it_must(void **state)
{
  (void)state;
  edits("[a]\nx=1\n", "a", "x", "a;b c", false, "[a]\nx=a;b c\n");
  edits("[a]\nx=1\n", "a", "x", "a#b", false, "[a]\nx=\"a#b\"\n");
  edits("[a]\nx=1\n", "a", "x", "a\"\\", false, "[a]\nx=\"a\\\"\\\\\"\n");
  edits("[a]\nx=\"1\"\n", "a", "x", "1", false, "[a]\nx=\"1\"\n");
}

static void refuses_what_would_be_misread(void **state)
{
  (void)state;
  static const char plain[] = "[a]\nx=1\n", nul[] = "[a]\nx=1\0y\n", utf16[] = "\xff\xfe[\0a\0]\0\n\0",
                    mac[] = "[a]\rx=1\r";
  refuses(plain, strlen(plain), "a", "x", "1\n2", ERR_INVALID, "value");
  refuses(plain, strlen(plain), "a", "x", "1\r", ERR_INVALID, "value");
  refuses(plain, strlen(plain), "a", "x y", "1", ERR_INVALID, "key");
  refuses(plain, strlen(plain), "a", "", "1", ERR_INVALID, "key");
  refuses(plain, strlen(plain), "a", "x=1", "1", ERR_INVALID, "key");
  refuses(plain, strlen(plain), "a]", "x", "1", ERR_INVALID, "section");
  refuses(plain, strlen(plain), "", "x", "1", ERR_INVALID, "section");
  refuses(plain, strlen(plain), "a\nb", "x", "1", ERR_INVALID, "section");
  refuses(nul, sizeof nul - 1, "a", "x", "1", ERR_REFUSED, "Line 2 has a NUL");
  refuses(utf16, sizeof utf16 - 1, "a", "x", "1", ERR_REFUSED, "NUL");
  refuses(mac, strlen(mac), "a", "x", "1", ERR_REFUSED, "carriage return");
}

/* ---- wsrep_provider_options ---- */

static void sets(const char *text, const char *key, const char *value, const char *want)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  char *out = NULL;
  assert_int_equal(provider_set(text, key, value, &a, &out, &e), ERR_NONE);
  assert_string_equal(out, want);
  struct provider_options o;
  assert_int_equal(provider_parse(out, &a, &o, &e), ERR_NONE);
  if (value)
    assert_string_equal(provider_get(&o, key), value);
  else
    assert_null(provider_get(&o, key));
}

static void provider_strings(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct provider_options o;
  struct err e = { 0 };
  assert_int_equal(provider_parse(" gcache.size = 1G ;; socket.ssl=no;a=x\\;y; socket.ssl =yes; ", &a, &o, &e),
                   ERR_NONE);
  assert_int_equal(o.count, 4);
  assert_string_equal(provider_get(&o, "gcache.size"), "1G");
  assert_string_equal(provider_get(&o, "socket.ssl"), "yes");
  assert_string_equal(provider_get(&o, "a"), "x;y");
  assert_null(provider_get(&o, "socket"));
  assert_int_equal(provider_parse("", &a, &o, &e), ERR_NONE);
  assert_int_equal(o.count, 0);
  assert_int_equal(provider_parse("a=b=c", &a, &o, &e), ERR_REFUSED);
  assert_int_equal(provider_parse("a", &a, &o, &e), ERR_REFUSED);
  assert_int_equal(provider_parse("a=1; =2", &a, &o, &e), ERR_REFUSED);
}

static void provider_edits(void **state)
{
  (void)state;
  sets("", "socket.ssl", "yes", "socket.ssl=yes");
  sets("gcache.size=1G; gcs.fc_limit = 5", "socket.ssl", "yes", "gcache.size=1G; gcs.fc_limit = 5; socket.ssl=yes");
  sets("gcache.size=1G;", "socket.ssl", "yes", "gcache.size=1G; socket.ssl=yes");
  sets("a=1; b = 2 ;c=3", "b", "5", "a=1; b = 5 ;c=3");
  sets("a=1;a=2;c=3", "a", "5", "a=1;a=5;c=3");
  sets("a=1; b=2; c=3", "a", NULL, "b=2; c=3");
  sets("a=1; b=2; c=3", "b", NULL, "a=1; c=3");
  sets("a=1; b=2; c=3", "c", NULL, "a=1; b=2");
  sets("a=1;a=2", "a", NULL, "");
  sets("a=1", "b", NULL, "a=1");
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  char *out = NULL;
  assert_int_equal(provider_set("a=1", "a", "x;y", &a, &out, &e), ERR_INVALID);
  assert_int_equal(provider_set("a=1", "a", "x\\y", &a, &out, &e), ERR_INVALID);
  assert_int_equal(provider_set("a=1", "a", " x", &a, &out, &e), ERR_INVALID);
  assert_int_equal(provider_set("a", "a", "x", &a, &out, &e), ERR_REFUSED);
  assert_int_equal(provider_set("a=1\\;", "b", "x", &a, &out, &e), ERR_REFUSED);
  assert_null(out);
}

static void secrets(void **state)
{
  (void)state;
  static const char *const secret[] = { "password",
                                        "PASSWORD",
                                        "pass",
                                        "wsrep_sst_auth",
                                        "loose-wsrep-sst-auth",
                                        "report_password",
                                        "ssl_passphrase",
                                        "hashicorp-key-management-token",
                                        "ekey",
                                        "authentication_ldap_simple_bind_root_pwd" };
  static const char *const open[] = {
    "ssl_key",       "ssl-cert", "validate_password_policy", "validate-password.length",
    "old_passwords", "port",     "socket.ssl_password_file", "default_password_lifetime",
    "tkey"
  };
  for (size_t i = 0; i < COUNT_OF(secret); i++)
    assert_true(optfile_is_secret(secret[i]));
  for (size_t i = 0; i < COUNT_OF(open); i++)
    assert_false(optfile_is_secret(open[i]));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(replaces_in_place),
    cmocka_unit_test(adds_where_a_person_would),
    cmocka_unit_test(removes),
    cmocka_unit_test(quotes_where_it_must),
    cmocka_unit_test(refuses_what_would_be_misread),
    cmocka_unit_test(provider_strings),
    cmocka_unit_test(provider_edits),
    cmocka_unit_test(secrets),
  };
  return cmocka_run_group_tests_name("optfile edits", tests, NULL, NULL);
}
