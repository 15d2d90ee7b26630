/* Option files of any bytes: what optfile_edit did is what optfile_read sees, and nothing else changed.
 * Input: a flag byte (odd: remove), then section, name and value, a line each, then the file. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "optfile/optfile.h"

struct text {
  const char *data;
  size_t len;
};

static enum err_code read_text(void *ctx, const char *path, struct arena *a, const char **content, size_t *len,
                               struct err *e)
{
  const struct text *t = ctx;
  if (strcmp(path, "\n") != 0) /* no line can include that */
    return err_set(e, ERR_NOT_FOUND, "no such file");
  *content = arena_strndup(a, t->data, t->len);
  *len = t->len;
  return ERR_NONE;
}

static enum err_code list_nothing(void *ctx, const char *folder, struct arena *a, struct str_list *out, struct err *e)
{
  (void)ctx, (void)folder, (void)a, (void)out, (void)e;
  return ERR_NONE;
}

static enum err_code view(const char *data, size_t len, struct arena *a, struct optfile *out)
{
  struct text t = { data, len };
  struct optfile_source src = { &t, read_text, list_nothing };
  struct err e = { 0 };
  *out = (struct optfile){ 0 };
  return optfile_read(&src, "\n", a, out, &e);
}

static const char *take_line(struct arena *a, const char **at, const char *end)
{
  const char *newline = memchr(*at, '\n', (size_t)(end - *at)), *stop = newline ? newline : end;
  char *line = arena_strndup(a, *at, (size_t)(stop - *at));
  *at = newline ? newline + 1 : end;
  return line;
}

/* index of the next option at or after i that is not the asked one */
static size_t next_other(const struct optfile *f, size_t i, const char *section, const char *name, size_t *asked)
{
  const char *const groups[] = { section, NULL };
  for (; i < f->count; i++, ++*asked) {
    struct optfile one = { &f->item[i], 1 };
    if (!optfile_effective(&one, groups, name))
      break;
  }
  return i;
}

static void check_others(const struct optfile *was, const struct optfile *is, const char *section, const char *name,
                         bool remove)
{
  size_t i = 0, j = 0, asked_before = 0, asked_after = 0;
  for (;; i++, j++) {
    i = next_other(was, i, section, name, &asked_before);
    j = next_other(is, j, section, name, &asked_after);
    if (i >= was->count || j >= is->count)
      break;
    if (!str_eq(was->item[i].name, is->item[j].name) || !str_eq(was->item[i].value, is->item[j].value) ||
        !str_eq(was->item[i].group, is->item[j].group))
      abort();
  }
  if (i < was->count || j < is->count)
    abort();
  if (asked_after != (remove ? 0 : asked_before ? asked_before : 1))
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  if (len < 4)
    return 0;
  const char *at = (const char *)data + 1, *end = (const char *)data + len;
  bool remove = data[0] & 1, changed = false;
  const char *section = take_line(&a, &at, end), *name = take_line(&a, &at, end), *value = take_line(&a, &at, end);
  if (data[0] & 2)
    value = NULL;
  struct optfile was, is;
  enum err_code readable = view(at, (size_t)(end - at), &a, &was);
  AUTO_BUF struct buf out = BUF_INIT, again = BUF_INIT;
  struct err e = { 0 };
  if (optfile_edit(at, (size_t)(end - at), section, name, value, remove, &out, &changed, &e)) {
    if (!*e.text || out.len)
      abort();
    return 0;
  }
  if (readable || view(buf_cstr(&out), out.len, &a, &is))
    abort();
  check_others(&was, &is, section, name, remove);
  const char *const groups[] = { section, NULL };
  const struct optfile_option *now = optfile_effective(&is, groups, name);
  if (remove ? now != NULL : !now || !str_eq(now->value, value))
    abort();
  if (optfile_edit(buf_cstr(&out), out.len, section, name, value, remove, &again, &changed, &e) || changed)
    abort();
  struct provider_options options;
  char *merged = NULL;
  if (value && !provider_parse(value, &a, &options, &e) && !provider_set(value, "socket.ssl", "yes", &a, &merged, &e)) {
    if (provider_parse(merged, &a, &options, &e) || !str_eq(provider_get(&options, "socket.ssl"), "yes"))
      abort();
  }
  return 0;
}
