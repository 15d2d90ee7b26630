#include "cli/prepare.h"

#include "config.h"

#include "cli/show.h"
#include "cli/table.h"
#include "contract/requests.h"

enum err_code prepare_node(struct cli *c, void *in, struct err *e)
{
  struct node_add_request *r = in;
  bool local = cli_args_has(&c->args, "local"), observe = cli_args_has(&c->args, "observe");
  if ((r->ssh != NULL) + local + observe != 1)
    return err_set(e, ERR_USAGE, "opsd node-add wants one of --ssh, --local and --observe");
  r->reach = r->ssh ? "ssh" : local ? "local" : "observe";
  return ERR_NONE;
}

enum err_code prepare_selection(struct cli *c, void *in, struct err *e)
{
  (void)in;
  bool all = cli_args_has(&c->args, "all"), some = c->args.operands.count > 0;
  if (all == some)
    return err_set(e, ERR_USAGE, "opsd %s %s", c->cmd->name,
                   all ? "takes --all or nodes, not both" : "wants --all, or nodes by id or name");
  return ERR_NONE;
}

enum err_code prepare_config(struct cli *c, void *in, struct err *e)
{
  const struct node_config_request *r = in;
  TRY(prepare_selection(c, in, e));
  if ((r->value != NULL) == r->remove)
    return err_set(e, ERR_USAGE, "opsd %s wants either --value or --delete", c->cmd->name);
  return ERR_NONE;
}

int run_follow(struct cli *c)
{
  struct id_request in = { 0 };
  struct err e = { 0 };
  if (cli_fill(c, &in, &e))
    return cli_fail(c, &e);
  return cli_follow(c, in.id);
}

/* 4 where a node does not serve what it should. */
int run_probe(struct cli *c)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  struct node_select_request in = { 0 };
  struct probe_reply r = { 0 };
  static const struct cli_column columns[] = {
    { "NODE", "name" }, { "WIRE", "wire" }, { "SAW", "probe.state" }, { "PROTOCOL", "probe.protocol" },
    { "EXPIRES", "probe.not_after" }, { "SUBJECT", "probe.subject" }, { "WANTED", "wanted_cert" },
    { "ERROR", "probe.error" }, { 0 },
  };
  if (cli_fill(c, &in, &e) || cli_call(c, c->row, &in, &r, &e))
    return cli_fail(c, &e);
  if (cli_args_has(&c->args, "json")) {
    json_write(&shape_probe_reply, &r, &out);
    buf_char(&out, '\n');
  } else {
    table_print(&shape_node, columns, &r.items, &out);
  }
  int printed = cli_print(&out);
  return printed ? printed : r.differing ? 4 : 0;
}

int run_api(struct cli *c)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  if (!cli_args_has(&c->args, "openapi")) {
    err_set(&e, ERR_USAGE, "opsd api wants --openapi");
    return cli_fail(c, &e);
  }
  contract_openapi(PACKAGE_VERSION, &out);
  return cli_print(&out);
}
