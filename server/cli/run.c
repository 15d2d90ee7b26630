#include "cli/run.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/help.h"
#include "cli/list.h"
#include "cli/prompt.h"
#include "cli/table.h"
#include "config.h"
#include "contract/replies.h"

int cli_fail(const struct cli *c, const struct err *e)
{
  const char *option = NULL;
  for (size_t i = 0; i < c->args.options.count; i++)
    if (e->field[0] && str_eq(c->args.options.item[i].field, e->field))
      option = c->args.options.item[i].name;
  if (option && !strstr(e->text, option) && !strstr(e->text, e->field))
    fprintf(stderr, "opsd: %s (--%s)\n", e->text, option);
  else
    fprintf(stderr, "opsd: %s\n", e->text);
  if (e->code == ERR_USAGE && c->cmd)
    fprintf(stderr, "opsd help %s says more\n", c->cmd->name);
  /* a node that cannot be reached is the daemon's answer, not its absence */
  if (c->client && client_answered(c->client) && e->code == ERR_UNREACHABLE)
    return 1;
  return err_code_exit(e->code);
}

int cli_print(const struct buf *out)
{
  if (fwrite(buf_cstr(out), 1, out->len, stdout) == out->len && fflush(stdout) == 0)
    return 0;
  perror("opsd: standard output");
  return 1;
}

static enum err_code read_token(struct cli *c, const char **out, struct err *e)
{
  const char *path = cli_args_value(&c->args, "token-file"), *text;
  *out = getenv("OPSD_TOKEN");
  if (!path)
    return ERR_NONE;
  TRY(cli_read_file(path, &c->arena, &text, e));
  *out = arena_strndup(&c->arena, text, strcspn(text, "\r\n"));
  return ERR_NONE;
}

static const char *option_or(const struct cli *c, const char *option, const char *variable)
{
  const char *value = cli_args_value(&c->args, option);
  value = value ? value : getenv(variable);
  return value && *value ? value : NULL;
}

enum err_code cli_connect(struct cli *c, struct err *e)
{
  if (c->client)
    return ERR_NONE;
  struct client_config config = { .url = option_or(c, "url", "OPSD_URL"),
                                  .cacert = option_or(c, "cacert", "OPSD_CACERT") };
  TRY(read_token(c, &config.token, e));
  if (config.url && !config.token)
    return err_set(e, ERR_USAGE, "%s wants a token: --token-file, or OPSD_TOKEN", config.url);
  if (config.token && config.token[strcspn(config.token, "\r\n")])
    return err_set(e, ERR_USAGE, "The token must be one line");
  return client_open(&config, &c->client, e);
}

enum err_code cli_call(struct cli *c, const struct contract_row *row, const void *in, void *reply, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  TRY(cli_connect(c, e));
  TRY(client_call(c->client, row, in, &text, e));
  return json_read_reply(row->out, buf_cstr(&text), text.len, &c->arena, reply, e);
}

static enum err_code confirm(struct cli *c, struct err *e)
{
  if (!cli_command_asks(c->cmd) || cli_args_has(&c->args, "no-prompt"))
    return ERR_NONE;
  if (!prompt_possible()) {
    if (c->cmd->flags & CLI_GOES_AHEAD)
      return ERR_NONE;
    return err_set(e, ERR_USAGE, "opsd %s changes something, and there is no terminal to ask at: say --no-prompt",
                   c->cmd->name);
  }
  AUTO_BUF struct buf question = BUF_INIT;
  buf_printf(&question, "opsd %s", c->cmd->name);
  for (int i = 0; i < c->argc; i++) {
    buf_char(&question, ' ');
    text_add(&question, c->argv[i]);
  }
  buf_printf(&question, "\n%s Go on?", cli_command_summary(c->cmd));
  if (!prompt_yes(buf_cstr(&question)))
    return err_set(e, ERR_CONFLICT, "Nothing was changed");
  return ERR_NONE;
}

static int show_reply(struct cli *c, const struct buf *text, struct err *e)
{
  AUTO_BUF struct buf out = BUF_INIT;
  if (!c->row->out) {
    buf_printf(&out, "%s %s\n", c->cmd->said, str_list_join(&c->arena, &c->args.operands, " "));
    return cli_print(&out);
  }
  if (cli_args_has(&c->args, "json")) {
    buf_printf(&out, "%s%s", buf_cstr(text), str_ends(buf_cstr(text), "\n") ? "" : "\n");
    return cli_print(&out);
  }
  void *reply = arena_alloc(&c->arena, c->row->out->size);
  if (json_read_reply(c->row->out, buf_cstr(text), text->len, &c->arena, reply, e))
    return cli_fail(c, e);
  if (cli_args_has(&c->args, "quiet"))
    list_print_id(c->row->out, c->cmd->id_field, reply, &out);
  else
    c->cmd->show(c, reply, &out);
  return cli_print(&out);
}

static int follow_reply(struct cli *c, const struct buf *text, struct err *e)
{
  struct rollout_ref ref = { 0 };
  if (json_read_reply(c->row->out, buf_cstr(text), text->len, &c->arena, &ref, e))
    return cli_fail(c, e);
  if (!cli_args_has(&c->args, "async"))
    return cli_follow(c, ref.rollout);
  AUTO_BUF struct buf out = BUF_INIT;
  if (cli_args_has(&c->args, "json"))
    buf_printf(&out, "%s\n", buf_cstr(text));
  else
    buf_printf(&out, "%lld\n", (long long)ref.rollout);
  return cli_print(&out);
}

static int run_request(struct cli *c, void *in, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  if (c->cmd->flags & CLI_PAGES)
    return list_run(c, in);
  if (cli_connect(c, e) || client_call(c->client, c->row, in, &text, e))
    return cli_fail(c, e);
  return c->cmd->flags & CLI_FOLLOWS ? follow_reply(c, &text, e) : show_reply(c, &text, e);
}

int cli_run(struct cli *c)
{
  struct err e = { 0 };
  void *in = arena_alloc(&c->arena, c->row->in ? c->row->in->size : 0);
  if (cli_fill(c, in, &e) || cli_ask_secrets(c, in, &e) || confirm(c, &e))
    return cli_fail(c, &e);
  return run_request(c, in, &e);
}

static int run(struct cli *c)
{
  struct err e = { 0 };
  if (cli_args_parse(c->cmd, c->argc, c->argv, &c->arena, &c->args, &e))
    return cli_fail(c, &e);
  if (c->args.help || (!c->cmd->run && !c->row)) /* serve is main's */
    return help_command(c->cmd);
  return c->cmd->run ? c->cmd->run(c) : cli_run(c);
}

int cli_main(int argc, char **argv)
{
  setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth; nothing else here depends on a locale */
  json_init();
  struct cli c = { 0 };
  struct err e = { 0 };
  const char *name = argc > 1 ? argv[1] : "help";
  if (strcmp(name, "--version") == 0) {
    puts("opsd " PACKAGE_VERSION);
    return 0;
  }
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
    name = "help";
  c.cmd = cli_command_find(name);
  if (!c.cmd) {
    err_set(&e, ERR_USAGE, "There is no command %s; opsd help lists them", name);
    return cli_fail(&c, &e);
  }
  c.row = cli_command_row(c.cmd);
  c.argc = argc > 2 ? argc - 2 : 0;
  c.argv = argv + 2;
  int code = run(&c);
  if (c.client)
    client_close(c.client);
  arena_free(&c.arena);
  return code;
}
