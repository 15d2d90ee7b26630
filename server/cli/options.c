#include "cli/command.h"

#include <string.h>

static const struct cli_option common_json = { "json", 'j', NULL, CLI_FLAG, NULL, "Print the API's JSON." };
static const struct cli_option common_quiet = { "quiet", 'q', NULL, CLI_FLAG, NULL, "Print the id alone, one a line." };
static const struct cli_option common_no_prompt = { "no-prompt", 0, NULL, CLI_FLAG, NULL,
                                                    "Do not ask first; needed where there is no terminal." };
static const struct cli_option common_async = { "async", 0, NULL, CLI_FLAG, NULL,
                                                "Print the rollout's id and return at once." };
static const struct cli_option common_remote[] = {
  { "url", 0, NULL, CLI_VALUE, "URL", "Speak to the daemon there, not through the local socket; OPSD_URL." },
  { "token-file", 0, NULL, CLI_VALUE, "FILE",
    "File with the API token for it; the token itself may stand in OPSD_TOKEN." },
  { "cacert", 0, NULL, CLI_VALUE, "FILE", "Authorities that its certificate is checked against; OPSD_CACERT." },
};

const struct contract_row *cli_command_row(const struct cli_command *cmd)
{
  return cmd->row ? contract_find(cmd->row) : NULL;
}

const char *cli_command_summary(const struct cli_command *cmd)
{
  return cmd->summary ? cmd->summary : cli_command_row(cmd)->summary;
}

bool cli_command_asks(const struct cli_command *cmd)
{
  const struct contract_row *r = cli_command_row(cmd);
  return r && (r->flags & CONTRACT_WRITE) && !(cmd->flags & CLI_LOOKS);
}

const struct cli_command *cli_command_find(const char *name)
{
  for (const struct cli_command *c = cli_commands; c->name; c++)
    if (strcmp(c->name, name) == 0)
      return c->alias ? cli_command_find(c->alias) : c;
  return NULL;
}

const struct json_field *cli_field_of(const struct cli_command *cmd, const char *field)
{
  const struct contract_row *r = cli_command_row(cmd);
  for (const struct json_field *f = r && r->in && field ? r->in->fields : NULL; f && f->kind != JSON_END; f++)
    if (strcmp(f->name, field) == 0)
      return f;
  return NULL;
}

const char *const *cli_option_words(const struct cli_command *cmd, const struct cli_option *o)
{
  const struct json_field *f = cli_field_of(cmd, o->field);
  return f ? f->names : NULL;
}

static const struct cli_option *override_of(const struct cli_command *cmd, const struct json_field *f)
{
  for (const struct cli_option *o = cmd->options; o && (o->name || o->field); o++)
    if (o->field && strcmp(o->field, f->name) == 0)
      return o;
  return NULL;
}

static enum cli_kind kind_of(const struct json_field *f)
{
  if (f->kind == JSON_BOOL)
    return CLI_FLAG;
  if (f->flags & JSON_FILE)
    return CLI_FILE;
  return f->kind == JSON_SECRET ? CLI_LINE : CLI_VALUE;
}

static const char *value_name(const struct json_field *f, enum cli_kind kind)
{
  if (kind == CLI_FLAG)
    return NULL;
  if (kind == CLI_FILE || kind == CLI_LINE)
    return "FILE";
  return f->kind == JSON_INT ? "N" : f->names ? "WORD" : "TEXT";
}

/* option_file → option-file; a secret's option names a file: password → password-file. */
static const char *option_name(const struct json_field *f, enum cli_kind kind, struct arena *a)
{
  char *name = arena_printf(a, "%s%s", f->name, kind == CLI_LINE ? "-file" : "");
  for (char *p = name; *p; p++)
    if (*p == '_')
      *p = '-';
  return name;
}

static void add(struct cli_options *out, struct cli_option o) { out->item[out->count++] = o; }

static void add_field(const struct cli_command *cmd, const struct json_field *f, struct arena *a,
                      struct cli_options *out)
{
  const struct cli_option *o = override_of(cmd, f);
  if ((o && !o->name) || str_eq(cmd->operand_field, f->name) || str_eq(cmd->preset_field, f->name))
    return;
  struct cli_option made = o ? *o : (struct cli_option){ 0 };
  made.field = f->name;
  made.kind = made.kind ? made.kind : kind_of(f);
  made.name = made.name ? made.name : option_name(f, made.kind, a);
  made.value = made.value ? made.value : value_name(f, made.kind);
  made.doc = made.doc ? made.doc : f->doc;
  if (!o && str_eq(f->name, "q"))
    made.name = "search";
  add(out, made);
}

static size_t count_of(const struct cli_command *cmd, const struct contract_row *r)
{
  size_t n = 4 + COUNT_OF(common_remote);
  for (const struct cli_option *o = cmd->options; o && (o->name || o->field); o++)
    n++;
  for (const struct json_field *f = r && r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++)
    n++;
  return n;
}

void cli_options_of(const struct cli_command *cmd, struct arena *a, struct cli_options *out)
{
  const struct contract_row *r = cli_command_row(cmd);
  *out = (struct cli_options){ arena_alloc_n(a, count_of(cmd, r), sizeof *out->item), 0 };
  for (const struct json_field *f = r && r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++)
    add_field(cmd, f, a, out);
  for (const struct cli_option *o = cmd->options; o && (o->name || o->field); o++)
    if (!o->field)
      add(out, *o);
  if (cmd->columns || cmd->show)
    add(out, common_json);
  if (cmd->id_field)
    add(out, common_quiet);
  if (cmd->flags & CLI_FOLLOWS)
    add(out, common_async);
  if (r && (r->flags & CONTRACT_WRITE))
    add(out, common_no_prompt);
  for (size_t i = 0; r && i < COUNT_OF(common_remote); i++)
    add(out, common_remote[i]);
}
