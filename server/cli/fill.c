#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/prompt.h"
#include "cli/run.h"

enum { FILE_MAX = 1 << 20 };

static enum err_code read_stdin(struct buf *out, struct err *e)
{
  for (;;) {
    buf_reserve(out, 16384);
    ssize_t n = read(STDIN_FILENO, out->data + out->len, 16384);
    if (n < 0)
      return err_set(e, ERR_IO, "Cannot read standard input");
    if (n == 0)
      return ERR_NONE;
    out->len += (size_t)n;
    out->data[out->len] = '\0';
    if (out->len > FILE_MAX)
      return err_set(e, ERR_TOO_LARGE, "Standard input is larger than %d bytes", FILE_MAX);
  }
}

enum err_code cli_read_file(const char *path, struct arena *a, const char **out, struct err *e)
{
  AUTO_BUF struct buf b = BUF_INIT;
  TRY(strcmp(path, "-") == 0 ? read_stdin(&b, e) : file_read(path, FILE_MAX, &b, e));
  if (memchr(buf_cstr(&b), '\0', b.len))
    return err_set(e, ERR_INVALID, "%s is no text: PEM is wanted (openssl x509 -inform DER -in %s makes it)", path,
                   path);
  *out = arena_strndup(a, buf_cstr(&b), b.len);
  return ERR_NONE;
}

static enum err_code read_first_line(const char *path, struct arena *a, const char **out, struct err *e)
{
  const char *text;
  TRY(cli_read_file(path, a, &text, e));
  *out = arena_strndup(a, text, strcspn(text, "\r\n"));
  if (!**out)
    return err_set(e, ERR_INVALID, "The first line of %s is empty", path);
  return ERR_NONE;
}

/* The checks name the field; a person knows it as an option or an operand. */
static enum err_code rename_field(const char *field, const char *shown, struct err *e)
{
  char text[sizeof e->text];
  size_t n = strlen(field);
  if (strncmp(e->text, field, n) != 0)
    return e->code;
  snprintf(text, sizeof text, "%s", e->text + n + (e->text[n] == '[' ? strcspn(e->text + n, " ") : 0));
  return err_set(e, ERR_USAGE, "%s%s", shown, text);
}

static enum err_code fill_option(struct cli *c, const struct cli_given *g, void *in, struct err *e)
{
  const struct json_field *f = cli_field_of(c->cmd, g->option->field);
  const char *value = g->value ? g->value : "true";
  if (g->option->kind == CLI_FILE)
    TRY(cli_read_file(value, &c->arena, &value, e));
  if (g->option->kind == CLI_LINE)
    TRY(read_first_line(value, &c->arena, &value, e));
  if (!json_read_text(f, value, &c->arena, in, e))
    return ERR_NONE;
  char shown[64];
  snprintf(shown, sizeof shown, "--%s", g->option->name);
  return rename_field(f->name, shown, e);
}

static enum err_code fill_operands(struct cli *c, void *in, struct err *e)
{
  const struct json_field *f = cli_field_of(c->cmd, c->cmd->operand_field);
  for (size_t i = 0; f && i < c->args.operands.count; i++)
    if (json_read_text(f, c->args.operands.item[i], &c->arena, in, e))
      return rename_field(f->name, c->cmd->operand, e);
  return ERR_NONE;
}

enum err_code cli_fill(struct cli *c, void *in, struct err *e)
{
  if (!c->row->in)
    return ERR_NONE;
  json_set_presets(c->row->in, in);
  TRY(fill_operands(c, in, e));
  for (size_t i = 0; i < c->args.given_count; i++)
    if (c->args.given[i].option->field)
      TRY(fill_option(c, &c->args.given[i], in, e));
  if (c->cmd->preset_field)
    TRY(json_read_text(cli_field_of(c->cmd, c->cmd->preset_field), c->cmd->preset, &c->arena, in, e));
  return c->cmd->prepare ? c->cmd->prepare(c, in, e) : ERR_NONE;
}

static const char **string_at(const struct json_field *f, void *in) { return (const char **)((char *)in + f->offset); }

/* An encrypted key wants its password; another secret is asked for where it is required. */
static bool is_wanted(const struct cli *c, const struct json_field *f, void *in)
{
  const struct json_field *key = cli_field_of(c->cmd, "key");
  if (strcmp(f->name, "key_password") == 0)
    return key && *string_at(key, in) && strstr(*string_at(key, in), "ENCRYPTED");
  const struct json_field *user = cli_field_of(c->cmd, "db_user");
  if (strcmp(f->name, "db_password") == 0)
    return *string_at(user, in) != NULL;
  return f->flags & JSON_REQUIRED;
}

static const char *option_name(const struct cli *c, const struct json_field *f)
{
  for (size_t i = 0; i < c->args.options.count; i++)
    if (str_eq(c->args.options.item[i].field, f->name))
      return c->args.options.item[i].name;
  return NULL;
}

static enum err_code ask_secret(struct cli *c, const struct json_field *f, void *in, struct err *e)
{
  bool required = f->flags & JSON_REQUIRED;
  if (prompt_possible())
    return prompt_secret(f->doc, required, &c->arena, string_at(f, in), e);
  if (!required)
    return ERR_NONE;
  return err_set(e, ERR_USAGE, "There is no terminal to ask at: --%s names a file with it, - is standard input",
                 option_name(c, f));
}

enum err_code cli_ask_secrets(struct cli *c, void *in, struct err *e)
{
  for (const struct json_field *f = c->row->in ? c->row->in->fields : NULL; f && f->kind != JSON_END; f++) {
    bool asked = f->kind == JSON_SECRET && !(f->flags & JSON_FILE) && !*string_at(f, in) && option_name(c, f);
    if (asked && is_wanted(c, f, in))
      TRY(ask_secret(c, f, in, e));
  }
  if (!c->row->in || !json_check_required(c->row->in, in, e))
    return ERR_NONE;
  const struct json_field *f = cli_field_of(c->cmd, e->field);
  const char *name = f ? option_name(c, f) : NULL;
  return err_set(e, ERR_USAGE, "opsd %s wants %s%s", c->cmd->name, name ? "--" : "", name ? name : c->cmd->operand);
}
