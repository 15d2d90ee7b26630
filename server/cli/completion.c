#include "cli/help.h"

#include <string.h>

enum completion completion_of(const struct cli_command *cmd, const struct cli_option *o)
{
  if (o->kind == CLI_FLAG)
    return COMPLETE_NOTHING;
  if (cli_option_words(cmd, o))
    return COMPLETE_WORDS;
  return o->kind == CLI_FILE || o->kind == CLI_LINE || str_eq(o->value, "FILE") || str_eq(o->value, "DIR")
           ? COMPLETE_FILES : COMPLETE_NOTHING;
}

bool completion_operand_is_file(const struct cli_command *cmd) { return cmd->operand && strstr(cmd->operand, "FILE"); }

static const struct cli_command *real(const struct cli_command *c) { return c->alias ? cli_command_find(c->alias) : c; }

static void add_words(const struct cli_command *cmd, const struct cli_option *o, struct buf *out)
{
  const char *const *words = cli_option_words(cmd, o);
  for (size_t i = 0; words[i]; i++)
    buf_printf(out, "%s%s", i ? " " : "", words[i]);
}

static void bash_command_names(struct buf *out)
{
  for (const struct cli_command *c = cli_commands; c->name; c++)
    buf_printf(out, "%s%s", c == cli_commands ? "" : " ", c->name);
}

static void bash_values(const struct cli_command *c, const struct cli_options *options, struct buf *out)
{
  for (size_t i = 0; i < options->count; i++) {
    const struct cli_option *o = &options->item[i];
    enum completion kind = completion_of(real(c), o);
    if (kind == COMPLETE_NOTHING)
      continue;
    buf_printf(out, "    '%s --%s'", c->name, o->name);
    if (o->letter)
      buf_printf(out, "|'%s -%c'", c->name, o->letter);
    if (kind == COMPLETE_FILES) {
      buf_str(out, ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
      continue;
    }
    buf_str(out, ") COMPREPLY=($(compgen -W '");
    add_words(real(c), o, out);
    buf_str(out, "' -- \"$cur\")); return ;;\n");
  }
}

static void bash_options(const struct cli_command *c, const struct cli_options *options, struct buf *out)
{
  buf_printf(out, "    %s) words='--help", c->name);
  for (size_t i = 0; i < options->count; i++)
    buf_printf(out, " --%s", options->item[i].name);
  buf_printf(out, "'%s ;;\n", completion_operand_is_file(real(c)) ? " files=yes" : "");
}

void completion_bash(struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct cli_options options;
  buf_str(out, "# bash completion of opsd: opsd help --completion bash\n_opsd()\n{\n"
               "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd=${COMP_WORDS[1]}\n"
               "  local words= files=\n"
               "  if [ \"$COMP_CWORD\" -eq 1 ] || [ \"$cmd\" = help ]; then\n    COMPREPLY=($(compgen -W '");
  bash_command_names(out);
  buf_str(out, "' -- \"$cur\")); return\n  fi\n  case \"$cmd $prev\" in\n");
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    cli_options_of(real(c), &a, &options);
    bash_values(c, &options, out);
  }
  buf_str(out, "  esac\n  case $cmd in\n");
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    cli_options_of(real(c), &a, &options);
    bash_options(c, &options, out);
  }
  buf_str(out, "  esac\n"
               "  if [ -n \"$files\" ] && [ \"${cur#-}\" = \"$cur\" ]; then\n"
               "    COMPREPLY=($(compgen -f -- \"$cur\")); return\n  fi\n"
               "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o filenames -F _opsd opsd\n");
}

/* Inside '…' of zsh and fish: a quote ends it, zsh's _arguments also acts upon [ ] and colons. */
static void add_doc(const char *doc, struct buf *out)
{
  for (; *doc; doc++) {
    if (*doc == '\'')
      buf_str(out, "’");
    else if (strchr("[]:\\", *doc))
      buf_printf(out, "\\%c", *doc);
    else
      buf_char(out, *doc);
  }
}

static void zsh_option(const struct cli_command *cmd, const struct cli_option *o, struct buf *out)
{
  enum completion kind = completion_of(cmd, o);
  if (o->letter)
    buf_printf(out, " \\\n      '(-%c --%s)'{-%c,--%s}'[", o->letter, o->name, o->letter, o->name);
  else
    buf_printf(out, " \\\n      '--%s[", o->name);
  add_doc(o->doc, out);
  buf_char(out, ']');
  if (o->kind != CLI_FLAG)
    buf_printf(out, ":%s:", o->value ? o->value : "TEXT");
  if (kind == COMPLETE_FILES)
    buf_str(out, "_files");
  if (kind == COMPLETE_WORDS) {
    buf_char(out, '(');
    add_words(cmd, o, out);
    buf_char(out, ')');
  }
  buf_char(out, '\'');
}

static void zsh_command(const struct cli_command *c, struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct cli_options options;
  cli_options_of(real(c), &a, &options);
  buf_printf(out, "    %s) _arguments '--help[Help]'", c->name);
  for (size_t i = 0; i < options.count; i++)
    zsh_option(real(c), &options.item[i], out);
  if (completion_operand_is_file(real(c)))
    buf_str(out, " \\\n      '*:FILE:_files'");
  if (strcmp(c->name, "help") == 0)
    buf_str(out, " \\\n      '1:COMMAND:{_describe command commands}'");
  buf_str(out, " ;;\n");
}

void completion_zsh(struct buf *out)
{
  buf_str(out, "#compdef opsd\n# zsh completion of opsd: opsd help --completion zsh\n_opsd()\n{\n"
               "  local -a commands\n  commands=(\n");
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    buf_printf(out, "    '%s:", c->name);
    add_doc(cli_command_summary(real(c)), out);
    buf_str(out, "'\n");
  }
  buf_str(out, "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
               "  local cmd=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $cmd in\n");
  for (const struct cli_command *c = cli_commands; c->name; c++)
    zsh_command(c, out);
  buf_str(out, "  esac\n}\n_opsd \"$@\"\n");
}

static void add_fish_doc(const char *doc, struct buf *out)
{
  buf_str(out, " -d '");
  for (; *doc; doc++) {
    if (*doc == '\'')
      buf_str(out, "’");
    else
      buf_printf(out, *doc == '\\' ? "\\%c" : "%c", *doc);
  }
  buf_str(out, "'\n");
}

static void fish_option(const struct cli_command *c, const struct cli_option *o, struct buf *out)
{
  enum completion kind = completion_of(real(c), o);
  buf_printf(out, "complete -c opsd -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
  if (o->letter)
    buf_printf(out, " -s %c", o->letter);
  if (o->kind != CLI_FLAG)
    buf_str(out, " -r");
  if (kind == COMPLETE_FILES)
    buf_str(out, " -F");
  if (kind == COMPLETE_WORDS) {
    buf_str(out, " -a '");
    add_words(real(c), o, out);
    buf_char(out, '\'');
  }
  add_fish_doc(o->doc, out);
}

void completion_fish(struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct cli_options options;
  buf_str(out, "# fish completion of opsd: opsd help --completion fish\ncomplete -c opsd -f\n");
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    buf_printf(out, "complete -c opsd -n __fish_use_subcommand -a %s", c->name);
    add_fish_doc(cli_command_summary(real(c)), out);
    if (completion_operand_is_file(real(c)))
      buf_printf(out, "complete -c opsd -n '__fish_seen_subcommand_from %s' -F\n", c->name);
    cli_options_of(real(c), &a, &options);
    for (size_t i = 0; i < options.count; i++)
      fish_option(c, &options.item[i], out);
  }
}
