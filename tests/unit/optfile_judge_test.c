/* Option files of all shapes, judged by the servers' own reader: my_print_defaults sees before
 * and after an edit the same but for what was asked, and sees what optfile_read sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "optfile/optfile.h"

static char folder[] = "/tmp/opsd-optfile-XXXXXX";
static const char *const groups[] = { "mysqld", "server", "client" };

static uint32_t seed;
static uint32_t roll(uint32_t below)
{
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}
#define PICK(list) (list)[roll(COUNT_OF(list))]

static const char *path_of(struct arena *a, const char *name)
{
  return arena_printf(a, "%s/%s", folder, name);
}

static void put(struct arena *a, const char *name, const struct buf *b)
{
  struct err e;
  assert_int_equal(file_write_atomic(path_of(a, name), 0644, buf_cstr(b), b->len, &e), ERR_NONE);
}

/* ---- the judge ---- */

static bool judge(struct arena *a, const char *file, const char *group, struct str_list *lines)
{
  char *command = arena_printf(a, "my_print_defaults --defaults-file=%s %s 2>%s/said", path_of(a, file), group, folder);
  FILE *p = popen(command, "r");
  assert_non_null(p);
  AUTO_FREE char *line = NULL;
  size_t cap = 0;
  *lines = (struct str_list){ 0 };
  for (ssize_t n; (n = getline(&line, &cap, p)) > 0;) {
    line[n - 1] = '\0';
    str_list_add(a, lines, line);
  }
  int status = pclose(p);
  AUTO_BUF struct buf said = BUF_INIT;
  struct err e;
  assert_int_equal(file_read(path_of(a, "said"), 65536, &said, &e), ERR_NONE);
  /* an included file that is broken is passed over with a message and exit code 0 */
  return status == 0 && !strstr(buf_cstr(&said), "error:") && !strstr(buf_cstr(&said), "Can't read dir");
}

static bool same_lines(const struct str_list *a, const struct str_list *b)
{
  if (a->count != b->count)
    return false;
  for (size_t i = 0; i < a->count; i++)
    if (!str_eq(a->item[i], b->item[i]))
      return false;
  return true;
}

static void complain(const char *what, const struct buf *text, const struct str_list *a, const struct str_list *b)
{
  print_message("%s\n--- file\n%.*s\n---\n", what, (int)text->len, text->len ? text->data : "");
  for (size_t i = 0; a && i < a->count; i++)
    print_message("A %s\n", a->item[i]);
  for (size_t i = 0; b && i < b->count; i++)
    print_message("B %s\n", b->item[i]);
}

static bool is_option(struct arena *a, const char *line, const char *name)
{
  line += strlen("--");
  line += str_starts(line, "loose-") || str_starts(line, "loose_") ? 6 : 0;
  name += str_starts(name, "loose-") ? 6 : 0;
  return optfile_same_name(arena_strndup(a, line, strcspn(line, "=")), name);
}

/* ---- our own view ---- */

static enum err_code source_read(void *ctx, const char *path, struct arena *a, const char **content, size_t *len,
                                 struct err *e)
{
  (void)ctx;
  AUTO_BUF struct buf b = BUF_INIT;
  TRY(file_read(path, OPTFILE_MAX, &b, e));
  *content = arena_strndup(a, buf_cstr(&b), b.len);
  *len = b.len;
  return ERR_NONE;
}

static enum err_code source_list(void *ctx, const char *path, struct arena *a, struct str_list *out, struct err *e)
{
  (void)ctx;
  if (!file_exists(path))
    return err_set(e, ERR_NOT_FOUND, "no folder");
  static const char *const names[] = { ".b.cnf", "Z.cnf", "a.cnf", "c.d.cnf" };
  for (size_t i = 0; i < COUNT_OF(names); i++)
    str_list_add(a, out, arena_printf(a, "%s/%s", path, names[i]));
  return ERR_NONE;
}

static const struct optfile_source source = { NULL, source_read, source_list };

static bool in_group(const struct optfile_option *o, const char *group)
{
  return strcasecmp(o->group, group) == 0;
}

/* the judge's lines without "loose-", since optfile_option has its name without it */
static void strip_loose(struct arena *a, struct str_list *l)
{
  for (size_t i = 0; i < l->count; i++)
    if (str_starts(l->item[i], "--loose-") || str_starts(l->item[i], "--loose_"))
      l->item[i] = arena_printf(a, "--%s", l->item[i] + 8);
}

static void our_lines(struct arena *a, const struct optfile *f, const char *group, struct str_list *out)
{
  *out = (struct str_list){ 0 };
  for (size_t i = 0; i < f->count; i++)
    if (in_group(&f->item[i], group))
      str_list_add(a, out,
                   f->item[i].value ? arena_printf(a, "--%s=%s", f->item[i].name, f->item[i].value)
                                    : arena_printf(a, "--%s", f->item[i].name));
}

/* ---- files ---- */

static const char *const names[] = { "ssl_cert",
                                     "ssl-cert",
                                     "ssl_key",
                                     "loose-ssl_cert",
                                     "loose_ssl-ca",
                                     "ssl_ca",
                                     "port",
                                     "skip-name-resolve",
                                     "skip_ssl",
                                     "wsrep_provider_options",
                                     "validate_password.length",
                                     "a" };
static const char *const values[] = {
  "/etc/mysql/server-cert.pem",
  "./certs/server-cert.pem",
  "a b c",
  "\"quoted\"",
  "'quoted'",
  "\"with # inside\"",
  "'a' 'b'",
  "it's",
  "a#b",
  "\"unended",
  "\"",
  "'",
  "\"\"",
  "''",
  "C:\\dir\\x",
  "a\\sb",
  "tab\\tb",
  "\\\\server\\share",
  "back\\",
  "\"back\\\"",
  "\"a\\\"b\"",
  "caf\xc3\xa0",
  "\"caf\xc3\xa0\"",
  "socket.ssl_key=/k;socket.ssl_cert=/c",
  "x=y=z",
  "",
  " ",
  "\xff\xfe",
  "\xe2\x80\x9c"
  "curly"
  "\xe2\x80\x9d",
  "[x]",
  "!include",
  ";x",
  "a\tb",
  "\"tr \"",
  "\"'\"",
  "'\"'",
  "\"a'b\"#c",
};
static const char *const equals[] = { "=", " = ", "= ", " =", "\t=\t", "   =     " };
static const char *const tails[] = {
  "", "", "", "", " ", "\t", " # comment", "# comment", "   # it's a \"comment", " ; no comment", "\xa0"
};
static const char *const indents[] = { "", "", "", " ", "\t", "    " };
static const char *const headers[] = { "[mysqld]",     "[server]",        "[client]",   "[MySQLd]",
                                       "[mysqld ]",    "[mysqld] # main", "  [server]", "[ mysqld]",
                                       "[mysqld]junk", "[other]",         "[]",         "[SERVER]" };
static const char *const fillers[] = { "",
                                       "   ",
                                       "# comment",
                                       "#ssl_cert=/old",
                                       "; another = comment",
                                       "  # ssl_key = x",
                                       "\t",
                                       "!unknown thing",
                                       "# it's \"odd" };

static void add_filler(struct arena *a, struct buf *b)
{
  switch (roll(24)) {
  case 0: buf_printf(b, "!include %s", path_of(a, "extra.cnf")); break;
  case 1: buf_printf(b, "  !  include\t%s  ", path_of(a, "extra.cnf")); break;
  case 2: buf_printf(b, "!includedir %s", path_of(a, "conf.d")); break;
  case 3: buf_printf(b, "!include %s", path_of(a, "missing.cnf")); break;
  default: buf_str(b, PICK(fillers));
  }
}

static void make_file(struct arena *a, struct buf *b)
{
  uint32_t style = roll(3), lines = roll(30);
  for (uint32_t i = 0; i < roll(3); i++)
    buf_str(b, "# head\n");
  if (roll(20))
    buf_printf(b, "%s\n", PICK(headers));
  for (uint32_t i = 0; i < lines; i++) {
    uint32_t kind = roll(10);
    if (kind < 2)
      buf_str(b, PICK(headers));
    else if (kind < 5)
      add_filler(a, b);
    else if (kind < 6)
      buf_printf(b, "%s%s%s", PICK(indents), PICK(names), PICK(tails));
    else
      buf_printf(b, "%s%s%s%s%s", PICK(indents), PICK(names), PICK(equals), PICK(values), PICK(tails));
    buf_str(b, style == 0 || (style == 1 && roll(2)) ? "\n" : "\r\n");
  }
  if (roll(3) == 0) /* no last line end */
    while (b->len && (b->data[b->len - 1] == '\n' || b->data[b->len - 1] == '\r'))
      b->data[--b->len] = '\0';
}

static void make_includes(struct arena *a)
{
  AUTO_BUF struct buf b = BUF_INIT;
  buf_str(&b, "[mysqld]\nextra=1\n[client]\nextra=2");
  put(a, "extra.cnf", &b);
  assert_int_equal(mkdir(path_of(a, "conf.d"), 0755), 0);
  static const char *const in[] = { ".b.cnf", "Z.cnf", "a.cnf", "c.d.cnf", "not.CNF", "not.cnf~", "not" };
  for (size_t i = 0; i < COUNT_OF(in); i++) {
    buf_clear(&b);
    buf_printf(&b, "[mysqld]\nfrom=%s\n", in[i]);
    put(a, arena_printf(a, "conf.d/%s", in[i]), &b);
  }
}

/* ---- tests ---- */

static void assert_same_view(struct arena *a, const char *file, const struct buf *text)
{
  struct optfile view = { 0 };
  struct err e = { 0 };
  enum err_code rc = optfile_read(&source, path_of(a, file), a, &view, &e);
  for (size_t g = 0; g < COUNT_OF(groups); g++) {
    struct str_list theirs, ours;
    bool fine = judge(a, file, groups[g], &theirs);
    strip_loose(a, &theirs);
    our_lines(a, &view, groups[g], &ours);
    if (fine != !rc || (fine && !same_lines(&theirs, &ours))) {
      complain(rc ? e.text : "the views differ", text, &theirs, &ours);
      fail();
    }
  }
}

/* what should come out for the section, from what was there */
static void expect(struct arena *a, const struct str_list *before, const char *name, const char *value, bool remove,
                   const struct str_list *after)
{
  struct str_list want = { 0 };
  size_t last = SIZE_MAX;
  for (size_t i = 0; i < before->count; i++)
    if (is_option(a, before->item[i], name))
      last = i;
  bool added = last == SIZE_MAX;
  for (size_t i = 0, j = 0; i < before->count || j < after->count; i++, j++) {
    if (!remove && added && j < after->count && is_option(a, after->item[j], name)) {
      str_list_add(a, &want, value ? arena_printf(a, "--%s=%s", name, value) : arena_printf(a, "--%s", name));
      added = false;
      i--;
      continue;
    }
    if (i >= before->count)
      break;
    const char *was = before->item[i];
    if (remove && is_option(a, was, name)) {
      j--;
      continue;
    }
    if (!remove && i == last)
      was = arena_printf(a, "%.*s%s%s", (int)strcspn(was, "="), was, value ? "=" : "", value ? value : "");
    str_list_add(a, &want, was);
  }
  if (!same_lines(&want, after)) {
    print_message("asked: %s %s %s\n", remove ? "remove" : "set", name, value ? value : "(bare)");
    complain("more or less than asked", &(struct buf)BUF_INIT, &want, after);
    fail();
  }
}

/* one line at most is different, the rest is there byte for byte */
static void assert_one_line(const struct buf *was, const struct buf *is)
{
  size_t head = 0, tail = 0;
  while (head < was->len && head < is->len && was->data[head] == is->data[head])
    head++;
  while (tail < was->len - head && tail < is->len - head &&
         was->data[was->len - 1 - tail] == is->data[is->len - 1 - tail])
    tail++;
  assert_null(memchr(buf_cstr(was) + head, '\n', was->len - head - tail));
}

static void edit_and_judge(struct arena *a, const struct buf *text, const char *section, const char *name,
                           const char *value, bool remove)
{
  AUTO_BUF struct buf out = BUF_INIT, again = BUF_INIT;
  struct str_list before[COUNT_OF(groups)], after;
  struct err e = { 0 };
  bool changed = false, fine = true;
  for (size_t g = 0; g < COUNT_OF(groups); g++)
    fine = judge(a, "main.cnf", groups[g], &before[g]) && fine;
  enum err_code rc = optfile_edit(buf_cstr(text), text->len, section, name, value, remove, &out, &changed, &e);
  if (!fine || rc) {
    /* refused is what the judge refuses, and an include that it misreads */
    if (rc != ERR_REFUSED || (fine && !strstr(e.text, "without the last letter"))) {
      complain(e.text, text, NULL, NULL);
      fail();
    }
    return;
  }
  put(a, "main.cnf", &out);
  for (size_t g = 0; g < COUNT_OF(groups); g++) {
    assert_true(judge(a, "main.cnf", groups[g], &after));
    if (strcasecmp(groups[g], section) == 0)
      expect(a, &before[g], name, value, remove, &after);
    else
      assert_true(same_lines(&before[g], &after));
  }
  if (!remove)
    assert_one_line(text, &out);
  assert_int_equal(changed, out.len != text->len || memcmp(buf_cstr(&out), buf_cstr(text), out.len) != 0);
  assert_int_equal(optfile_edit(buf_cstr(&out), out.len, section, name, value, remove, &again, &changed, &e), ERR_NONE);
  assert_false(changed);
  assert_int_equal(again.len, out.len);
  assert_memory_equal(buf_cstr(&again), buf_cstr(&out), out.len);
}

static const char *const asked_values[] = {
  "./certs/server-cert.pem",
  "/etc/mysql/certs/server-key.pem",
  "with blanks inside",
  " leading",
  "trailing ",
  "has # hash",
  "#",
  "it's",
  "\"",
  "'",
  "\"quoted\"",
  "'quoted'",
  "both \" and '",
  "back\\slash",
  "back\\",
  "\\n",
  "\\\\",
  "\\\"",
  "",
  "caf\xc3\xa0",
  "socket.ssl=yes;socket.ssl_key=/k",
  "=",
  "x=y",
  "[x]",
  "!include x",
  "; x",
  "\t",
  "\xa0",
  "\xff",
  "a\\sb # c",
  "\\",
  "\"\\",
  "'\\\"#",
};
static const char *const asked_names[] = { "ssl_cert",  "ssl-cert",   "ssl-ca",
                                           "port",      "skip-ssl",   "wsrep-provider-options",
                                           "fresh_one", "loose-fresh" };
static const char *const asked_sections[] = { "mysqld", "server", "client" };

static void corpus_is_judged(void **state)
{
  (void)state;
  for (uint32_t round = 1; round <= 400; round++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    seed = round * 2654435761u;
    make_file(&a, &text);
    put(&a, "main.cnf", &text);
    assert_same_view(&a, "main.cnf", &text);
    bool remove = roll(5) == 0;
    edit_and_judge(&a, &text, PICK(asked_sections), PICK(asked_names), roll(8) ? PICK(asked_values) : NULL, remove);
  }
}

/* each byte alone, at both ends and within: read back as it was */
static void every_byte_comes_back(void **state)
{
  (void)state;
  for (int c = 1; c < 256; c++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    if (c == '\n' || c == '\r')
      continue;
    buf_str(&text, "[mysqld]\na = 1 # kept\n[server]\n");
    put(&a, "main.cnf", &text);
    edit_and_judge(&a, &text, "mysqld", "a", arena_printf(&a, "%cx%cy%c", c, c, c), false);
  }
}

static void long_lines(void **state)
{
  (void)state;
  static const size_t lengths[] = { 4090, 4091, 4092, 4093, 4094, 4095, 4096, 5000, 8187, 8188, 8189, 9000 };
  for (size_t i = 0; i < COUNT_OF(lengths); i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    AUTO_BUF struct buf text = BUF_INIT, out = BUF_INIT;
    buf_str(&text, "[mysqld]\n# ");
    while (text.len < 9 + lengths[i])
      buf_char(&text, "ab=\\"[text.len % 4]);
    buf_str(&text, "\nssl_key = /k\n");
    put(&a, "main.cnf", &text);
    assert_same_view(&a, "main.cnf", &text);
    struct err e = { 0 };
    bool changed;
    enum err_code rc = optfile_edit(text.data, text.len, "mysqld", "port", "1", false, &out, &changed, &e);
    assert_int_equal(rc, lengths[i] > 4093 ? ERR_REFUSED : ERR_NONE);
    if (rc)
      assert_non_null(strstr(e.text, "Line 2 is longer"));
  }
}

static void a_value_may_not_make_a_line_too_long(void **state)
{
  (void)state;
  for (size_t n = 4080; n < 4094; n++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    AUTO_BUF struct buf text = BUF_INIT, out = BUF_INIT;
    char *value = arena_alloc(&a, n + 1);
    memset(value, 'v', n);
    buf_str(&text, "[mysqld]\nport=1\n");
    put(&a, "main.cnf", &text);
    struct err e = { 0 };
    bool changed;
    if (!optfile_edit(text.data, text.len, "mysqld", "port", value, false, &out, &changed, &e))
      edit_and_judge(&a, &text, "mysqld", "port", value, false);
    else
      assert_true(n > 4088);
    assert_true(n <= 4088 || e.code == ERR_INVALID);
  }
}

/* what servers stop at is refused by both, with the line */
static void broken_files(void **state)
{
  (void)state;
  static const struct {
    const char *text, *said;
  } cases[] = {
    { "\xef\xbb\xbf[mysqld]\na=1\n", "byte order mark" },
    { "a=1\n[mysqld]\n", "line 1 has an option before" },
    { "[mysqld]\na=1\n[server\nb=2\n", "line 3 begins a group" },
    { "[mysqld]\n!include\n", "line 2 has an !include" },
    { "[mysqld]\n!includedir   \n", "line 2 has an !include" },
    { "[mysqld]\n!includedir /nonexistent/opsd\nb=1\n", "folder /nonexistent/opsd" },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    buf_str(&text, cases[i].text);
    put(&a, "main.cnf", &text);
    struct optfile view;
    struct str_list lines;
    struct err e = { 0 };
    assert_false(judge(&a, "main.cnf", "mysqld", &lines));
    assert_int_equal(optfile_read(&source, path_of(&a, "main.cnf"), &a, &view, &e), ERR_REFUSED);
    assert_non_null(strstr(e.text, cases[i].said));
    assert_non_null(strstr(e.text, "main.cnf"));
  }
}

static void an_include_at_the_end_without_line_end(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf text = BUF_INIT, out = BUF_INIT;
  buf_printf(&text, "[mysqld]\na=1\n!include %s", path_of(&a, "extra.cnf"));
  put(&a, "main.cnf", &text);
  assert_same_view(&a, "main.cnf", &text);
  struct err e = { 0 };
  bool changed;
  assert_int_equal(optfile_edit(text.data, text.len, "client", "b", "2", false, &out, &changed, &e), ERR_REFUSED);
  assert_non_null(strstr(e.text, "without the last letter"));
}

static void a_file_that_includes_itself(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf text = BUF_INIT;
  struct optfile view;
  struct err e = { 0 };
  buf_printf(&text, "[mysqld]\na=1\n!include %s\n", path_of(&a, "main.cnf"));
  put(&a, "main.cnf", &text);
  assert_same_view(&a, "main.cnf", &text);
  for (int i = 0; i < 3; i++)
    buf_printf(&text, "!include %s\n", path_of(&a, "main.cnf"));
  put(&a, "main.cnf", &text);
  assert_int_equal(optfile_read(&source, path_of(&a, "main.cnf"), &a, &view, &e), ERR_TOO_LARGE);
}

static int make_folder(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  if (!mkdtemp(folder))
    return -1;
  make_includes(&a);
  return 0;
}

static int remove_folder(void **state)
{
  (void)state;
  AUTO_ARENA struct arena a = ARENA_INIT;
  return system(arena_printf(&a, "rm -rf %s", folder));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(corpus_is_judged),
    cmocka_unit_test(every_byte_comes_back),
    cmocka_unit_test(long_lines),
    cmocka_unit_test(a_value_may_not_make_a_line_too_long),
    cmocka_unit_test(broken_files),
    cmocka_unit_test(an_include_at_the_end_without_line_end),
    cmocka_unit_test(a_file_that_includes_itself),
  };
  return cmocka_run_group_tests_name("optfile, judged by my_print_defaults", tests, make_folder, remove_folder);
}
