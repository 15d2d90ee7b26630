#include <inttypes.h>
#include <string.h>

#include "remote/inside.h"
#include "remote/script.h"
#include "remote/scripts.h"

/* A script waits for the lock as long as the caller says; then its own work may take this long. */
enum { WORK_MS = 30000 };

static bool is_plain_name(const char *s)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return *s && strlen(s) < 200 && strchr(letters, *s) &&
         !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789_.-")];
}

static enum err_code check_names(const char *folder, const char *step, struct err *e)
{
  if (folder[0] != '/' || strcmp(folder, "/") == 0)
    return err_set(e, ERR_INVALID, "The folder \"%s\" is no absolute path", folder);
  if (!is_plain_name(step))
    return err_set(e, ERR_INVALID,
                   "The step's name \"%s\" has other characters than letters, digits, \"_\", \"-\" and \".\"", step);
  return ERR_NONE;
}

static enum err_code check_files(const struct remote_file *files, size_t count, const char *owner, struct err *e)
{
  for (size_t i = 0; i < count; i++) {
    if (!is_plain_name(files[i].name) || strcmp(files[i].name, "live") == 0 || strncmp(files[i].name, "gen-", 4) == 0)
      return err_set(e, ERR_INVALID, "\"%s\" cannot be the name of a certificate file", files[i].name);
    for (size_t k = 0; k < i; k++)
      if (strcmp(files[i].name, files[k].name) == 0)
        return err_set(e, ERR_INVALID, "The file name \"%s\" is given twice", files[i].name);
  }
  if (!*owner || *owner == '-' || *owner == ':' || strpbrk(owner, " \t\n/'\""))
    return err_field(e, "owner", "The owner is USER or USER:GROUP");
  return ERR_NONE;
}

static void begin_script(struct buf *b, const char *folder, const char *step, int timeout_ms)
{
  script_set(b, "D", folder);
  script_set(b, "STEP", step);
  script_set_number(b, "WAIT_MS", timeout_ms);
}

static enum err_code run_for_number(struct remote *r, const struct buf *script, const struct buf *in, int timeout_ms,
                                    int64_t *out, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct remote_result result;
  TRY(remote_run(r, buf_cstr(script), in->data, in->len, timeout_ms + WORK_MS, &a, &result, e));
  TRY(script_verdict(r, &result, e));
  if (!int_parse(arena_strndup(&a, result.out, strcspn(result.out, "\n")), 1, INT64_MAX, out))
    return err_set(e, ERR_REMOTE, "%s: the number of the generation did not come back", r->label);
  return ERR_NONE;
}

enum err_code remote_install_generation(struct remote *r, const char *folder, const char *owner, const char *step,
                                        const struct remote_file *files, size_t count, int timeout_ms,
                                        int64_t *generation, struct err *e)
{
  AUTO_BUF struct buf script = BUF_INIT, bytes = BUF_INIT;
  TRY(check_names(folder, step, e));
  TRY(check_files(files, count, owner, e));
  begin_script(&script, folder, step, timeout_ms);
  script_set(&script, "OWNER", owner);
  buf_str(&script, "set --");
  for (size_t i = 0; i < count; i++) {
    buf_printf(&script, " %s %zu %04o", files[i].name, files[i].len, (unsigned)files[i].mode & 07777);
    buf_add(&bytes, files[i].data, files[i].len);
  }
  buf_printf(&script, "\n%s%s%s", remote_sh_common, remote_sh_folder, remote_sh_install);
  return run_for_number(r, &script, &bytes, timeout_ms, generation, e);
}

enum err_code remote_flip_back(struct remote *r, const char *folder, const char *step, int timeout_ms,
                               int64_t *generation, struct err *e)
{
  AUTO_BUF struct buf script = BUF_INIT, nothing = BUF_INIT;
  TRY(check_names(folder, step, e));
  begin_script(&script, folder, step, timeout_ms);
  buf_printf(&script, "%s%s%s", remote_sh_common, remote_sh_folder, remote_sh_flip_back);
  return run_for_number(r, &script, &nothing, timeout_ms, generation, e);
}

enum err_code remote_run_detached(struct remote *r, const char *folder, const char *step, const char *command,
                                  int timeout_ms, struct arena *a, struct remote_result *out, struct err *e)
{
  AUTO_BUF struct buf script = BUF_INIT;
  struct remote_result result;
  TRY(check_names(folder, step, e));
  begin_script(&script, folder, step, timeout_ms);
  script_set(&script, "COMMAND", command);
  buf_printf(&script, "%s%s%s", remote_sh_common, remote_sh_folder, remote_sh_detached);
  TRY(remote_run(r, buf_cstr(&script), NULL, 0, timeout_ms + WORK_MS, a, &result, e));
  TRY(script_verdict(r, &result, e));
  size_t first = strcspn(result.out, "\n");
  int64_t status;
  if (result.out[first] != '\n' || !int_parse(arena_strndup(a, result.out, first), 0, 255, &status))
    return err_set(e, ERR_REMOTE, "%s: the exit code of the command did not come back", r->label);
  *out = (struct remote_result){
    .exit_status = (int)status,
    .out = result.out + first + 1,
    .out_len = result.out_len - first - 1,
    .err = "",
  };
  return ERR_NONE;
}
