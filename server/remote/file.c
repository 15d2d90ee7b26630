#include <stdlib.h>
#include <string.h>

#include "remote/inside.h"
#include "remote/script.h"
#include "remote/scripts.h"

enum { FILE_TIMEOUT_MS = 30000 };

static enum err_code check_path(const char *path, struct err *e)
{
  if (path[0] != '/')
    return err_set(e, ERR_INVALID, "The path \"%s\" does not begin with \"/\"", path);
  return ERR_NONE;
}

enum err_code remote_read(struct remote *r, const char *path, size_t max, struct arena *a, const char **data,
                          size_t *len, struct err *e)
{
  AUTO_BUF struct buf script = BUF_INIT;
  struct remote_result result;
  TRY(check_path(path, e));
  script_set(&script, "F", path);
  script_set_number(&script, "MAX", (int64_t)max);
  buf_str(&script, remote_sh_common);
  buf_str(&script, remote_sh_read);
  TRY(remote_run_max(r, buf_cstr(&script), NULL, 0, FILE_TIMEOUT_MS, max + 1, a, &result, e));
  TRY(script_verdict(r, &result, e));
  if (result.out_len > max) /* it grew between the look at its size and the reading */
    return err_set(e, ERR_TOO_LARGE, "%s: %s is larger than %zu bytes", r->label, path, max);
  *data = result.out;
  *len = result.out_len;
  return ERR_NONE;
}

static int by_bytes(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err_code remote_list_cnf(struct remote *r, const char *folder, struct arena *a, struct str_list *out,
                              struct err *e)
{
  AUTO_BUF struct buf script = BUF_INIT;
  struct remote_result result;
  struct str_list found = { 0 };
  TRY(check_path(folder, e));
  script_set(&script, "D", folder);
  buf_str(&script, remote_sh_common);
  buf_str(&script, remote_sh_list_cnf);
  TRY(remote_run(r, buf_cstr(&script), NULL, 0, FILE_TIMEOUT_MS, a, &result, e));
  TRY(script_verdict(r, &result, e));
  const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
  for (const char *p = result.out, *end = p + result.out_len; p < end; p += strlen(p) + 1)
    str_list_add(a, &found, arena_printf(a, "%s%s%s", folder, slash, p));
  if (found.count)
    qsort(found.item, found.count, sizeof *found.item, by_bytes);
  *out = found;
  return ERR_NONE;
}

enum err_code remote_replace(struct remote *r, const char *path, const char *expect_sha256, const void *data,
                             size_t len, const char *backup_path, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf script = BUF_INIT;
  struct remote_result result;
  TRY(check_path(path, e));
  if (backup_path)
    TRY(check_path(backup_path, e));
  script_set(&script, "F", path);
  script_set_number(&script, "SIZE", (int64_t)len);
  script_set(&script, "SUM", expect_sha256);
  script_set(&script, "BACKUP", backup_path ? backup_path : "");
  buf_str(&script, remote_sh_common);
  buf_str(&script, remote_sh_replace);
  TRY(remote_run(r, buf_cstr(&script), data, len, FILE_TIMEOUT_MS, &a, &result, e));
  return script_verdict(r, &result, e);
}
