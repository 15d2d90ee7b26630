#include "cli/args.h"

#include <string.h>

struct scan {
  const struct cli_command *cmd;
  int argc, at;
  char **argv;
  struct arena *a;
  struct cli_args *out;
  struct err *e;
};

static const struct cli_option *by_name(const struct cli_options *all, const char *name, size_t len)
{
  for (size_t i = 0; i < all->count; i++)
    if (strlen(all->item[i].name) == len && memcmp(all->item[i].name, name, len) == 0)
      return &all->item[i];
  return NULL;
}

static const struct cli_option *by_letter(const struct cli_options *all, char letter)
{
  for (size_t i = 0; i < all->count; i++)
    if (all->item[i].letter == letter)
      return &all->item[i];
  return NULL;
}

static void give(struct scan *s, const struct cli_option *o, const char *value)
{
  s->out->given[s->out->given_count++] = (struct cli_given){ o, value };
}

/* Only lists and words can be said more than once. */
static enum err_code check_once(struct scan *s, const struct cli_option *o)
{
  const struct json_field *f = cli_field_of(s->cmd, o->field);
  if (cli_args_has(s->out, o->name) && o->kind != CLI_FLAG && (!f || f->kind != JSON_STRINGS))
    return err_set(s->e, ERR_USAGE, "--%s is given twice", o->name);
  return ERR_NONE;
}

static enum err_code take_value(struct scan *s, const struct cli_option *o, const char *attached)
{
  TRY(check_once(s, o));
  if (attached) {
    give(s, o, attached);
    return ERR_NONE;
  }
  if (s->at >= s->argc)
    return err_set(s->e, ERR_USAGE, "--%s wants a value: %s", o->name, o->value ? o->value : "TEXT");
  give(s, o, s->argv[s->at++]);
  while (o->kind == CLI_WORDS && s->at < s->argc && s->argv[s->at][0] != '-')
    give(s, o, s->argv[s->at++]);
  return ERR_NONE;
}

static enum err_code take_long(struct scan *s, const char *arg)
{
  size_t len = strcspn(arg, "=");
  const char *attached = arg[len] ? arg + len + 1 : NULL;
  if (str_eq(arg, "help")) {
    s->out->help = true;
    return ERR_NONE;
  }
  const struct cli_option *o = by_name(&s->out->options, arg, len);
  if (!o)
    return err_set(s->e, ERR_USAGE, "opsd %s knows no option --%.*s", s->cmd->name, (int)len, arg);
  if (o->kind != CLI_FLAG)
    return take_value(s, o, attached);
  if (attached)
    return err_set(s->e, ERR_USAGE, "--%s takes no value", o->name);
  give(s, o, NULL);
  return ERR_NONE;
}

static enum err_code take_letters(struct scan *s, const char *letters)
{
  for (; *letters; letters++) {
    if (*letters == 'h') {
      s->out->help = true;
      continue;
    }
    const struct cli_option *o = by_letter(&s->out->options, *letters);
    if (!o)
      return err_set(s->e, ERR_USAGE, "opsd %s knows no option -%c", s->cmd->name, *letters);
    if (o->kind != CLI_FLAG)
      return take_value(s, o, letters[1] ? letters + 1 : NULL);
    give(s, o, NULL);
  }
  return ERR_NONE;
}

static enum err_code take_operand(struct scan *s, const char *arg)
{
  if (!s->cmd->operand)
    return err_set(s->e, ERR_USAGE, "opsd %s takes no argument: %s", s->cmd->name, arg);
  if (s->out->operands.count > 0 && !(s->cmd->flags & CLI_MANY))
    return err_set(s->e, ERR_USAGE, "opsd %s takes one %s: %s is one too many", s->cmd->name, s->cmd->operand, arg);
  str_list_add(s->a, &s->out->operands, arg);
  return ERR_NONE;
}

enum err_code cli_args_parse(const struct cli_command *cmd, int argc, char **argv, struct arena *a,
                             struct cli_args *out, struct err *e)
{
  *out = (struct cli_args){ 0 };
  cli_options_of(cmd, a, &out->options);
  /* one value an argument, and each letter of one may be a flag */
  size_t most = 1;
  for (int i = 0; i < argc; i++)
    most += strlen(argv[i]) + 1;
  out->given = arena_alloc_n(a, most, sizeof *out->given);
  struct scan s = { cmd, argc, 0, argv, a, out, e };
  bool options_end = false;
  while (s.at < argc) {
    const char *arg = argv[s.at++];
    if (options_end || arg[0] != '-' || arg[1] == '\0')
      TRY(take_operand(&s, arg));
    else if (strcmp(arg, "--") == 0)
      options_end = true;
    else
      TRY(arg[1] == '-' ? take_long(&s, arg + 2) : take_letters(&s, arg + 1));
  }
  if (!out->help && cmd->operand && out->operands.count == 0 && !(cmd->flags & CLI_OPTIONAL))
    return err_set(e, ERR_USAGE, "opsd %s wants %s", cmd->name, cmd->operand);
  return ERR_NONE;
}

bool cli_args_has(const struct cli_args *args, const char *option)
{
  for (size_t i = 0; i < args->given_count; i++)
    if (strcmp(args->given[i].option->name, option) == 0)
      return true;
  return false;
}

const char *cli_args_value(const struct cli_args *args, const char *option)
{
  const char *value = NULL;
  for (size_t i = 0; i < args->given_count; i++)
    if (strcmp(args->given[i].option->name, option) == 0)
      value = args->given[i].value;
  return value;
}
