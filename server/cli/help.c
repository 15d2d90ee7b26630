#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/table.h"
#include "config.h"

enum { INDENT = 2, LEFT = 28 };

static const char *names_of(struct arena *a, const struct cli_option *o)
{
  const char *more = o->kind == CLI_WORDS ? "…" : "";
  const char *letter = o->letter ? arena_printf(a, "-%c, ", o->letter) : "    ";
  return arena_printf(a, "%s--%s%s%s%s", letter, o->name, o->value ? " " : "", o->value ? o->value : "", more);
}

static void add_words(const struct cli_command *cmd, const struct cli_option *o, struct buf *out)
{
  const char *const *words = cli_option_words(cmd, o);
  for (size_t i = 0; words && words[i]; i++)
    buf_printf(out, "%s%s", i ? ", " : " One of ", words[i]);
  if (words)
    buf_char(out, '.');
}

static void add_option(const struct cli_command *cmd, const struct cli_option *o, struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *left = names_of(&a, o);
  size_t width = text_width(left);
  buf_printf(out, "%*s%s", INDENT, "", left);
  if (width + 2 > LEFT)
    buf_printf(out, "\n%*s", INDENT + LEFT, "");
  else
    buf_printf(out, "%*s", (int)(LEFT - width), "");
  buf_str(out, o->doc);
  add_words(cmd, o, out);
  buf_char(out, '\n');
}

static bool is_needed(const struct cli_command *cmd, const struct cli_option *o)
{
  const struct json_field *f = cli_field_of(cmd, o->field);
  return f && (f->flags & JSON_REQUIRED) && (f->kind != JSON_SECRET || o->kind == CLI_FILE);
}

static void add_usage(const struct cli_command *cmd, const struct cli_options *options, struct buf *out)
{
  buf_printf(out, "usage: opsd %s", cmd->name);
  if (cmd->operand)
    buf_printf(out, " %s%s%s%s", cmd->flags & CLI_OPTIONAL ? "[" : "", cmd->operand, cmd->flags & CLI_MANY ? "…" : "",
               cmd->flags & CLI_OPTIONAL ? "]" : "");
  for (size_t i = 0; i < options->count; i++)
    if (is_needed(cmd, &options->item[i]))
      buf_printf(out, " --%s %s", options->item[i].name, options->item[i].value);
  buf_str(out, options->count ? " [OPTION…]\n" : "\n");
}

static void add_aliases(const struct cli_command *cmd, struct buf *out)
{
  for (const struct cli_command *c = cli_commands; c->name; c++)
    if (c->alias && strcmp(c->alias, cmd->name) == 0)
      buf_printf(out, "Also as opsd %s.\n", c->name);
}

int help_command(const struct cli_command *cmd)
{
  AUTO_BUF struct buf out = BUF_INIT;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct cli_options options;
  cli_options_of(cmd, &a, &options);
  add_usage(cmd, &options, &out);
  buf_printf(&out, "\n%s\n", cli_command_summary(cmd));
  add_aliases(cmd, &out);
  if (options.count)
    buf_char(&out, '\n');
  for (size_t i = 0; i < options.count; i++)
    add_option(cmd, &options.item[i], &out);
  return cli_print(&out);
}

static int help_all(void)
{
  AUTO_BUF struct buf out = BUF_INIT;
  buf_str(&out, "usage: opsd COMMAND [OPTION…]\n");
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    if (c->group)
      buf_printf(&out, "\n%s\n", c->group);
    if (!c->alias)
      buf_printf(&out, "%*s%-22s %s\n", INDENT, "", c->name, cli_command_summary(c));
  }
  buf_str(&out, "\nopsd help COMMAND says more of one; opsd --version says which opsd this is.\n");
  return cli_print(&out);
}

static int print_completion(struct cli *c, const char *shell)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  if (strcmp(shell, "bash") == 0)
    completion_bash(&out);
  else if (strcmp(shell, "zsh") == 0)
    completion_zsh(&out);
  else if (strcmp(shell, "fish") == 0)
    completion_fish(&out);
  else
    return err_set(&e, ERR_USAGE, "--completion must be bash, zsh or fish"), cli_fail(c, &e);
  return cli_print(&out);
}

int help_run(struct cli *c)
{
  const char *shell = cli_args_value(&c->args, "completion");
  if (shell)
    return print_completion(c, shell);
  if (c->args.operands.count == 0)
    return help_all();
  struct err e = { 0 };
  const struct cli_command *cmd = cli_command_find(c->args.operands.item[0]);
  if (cmd)
    return help_command(cmd);
  err_set(&e, ERR_USAGE, "There is no command %s; opsd help lists them", c->args.operands.item[0]);
  return cli_fail(c, &e);
}
