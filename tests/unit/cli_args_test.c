#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/args.h"
#include "cli/client.h"
#include "cli/run.h"
#include "contract/requests.h"

static struct cli c;
static struct err error;

/* "node-list -q -r leaf" → c; words are cut at blanks. */
static enum err_code parse(const char *line)
{
  static char copy[512];
  char *argv[64], *save = NULL;
  int argc = 0;
  arena_free(&c.arena);
  c = (struct cli){ 0 };
  memset(&error, 0, sizeof error);
  snprintf(copy, sizeof copy, "%s", line);
  for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
    argv[argc++] = word;
  c.cmd = cli_command_find(argv[0]);
  assert_non_null(c.cmd);
  c.row = cli_command_row(c.cmd);
  return cli_args_parse(c.cmd, argc - 1, argv + 1, &c.arena, &c.args, &error);
}

static void parses(const char *line)
{
  if (parse(line))
    fail_msg("%s: %s", line, error.text);
}

static void refuses(const char *line, const char *sentence)
{
  assert_int_equal(parse(line), ERR_USAGE);
  if (!strstr(error.text, sentence))
    fail_msg("%s: %s", line, error.text);
}

static void test_options(void **state)
{
  (void)state;
  parses("cert-import -k key.pem --certificate=c=d.pem --name x -jq --no-prompt");
  assert_string_equal(cli_args_value(&c.args, "key"), "key.pem");
  assert_string_equal(cli_args_value(&c.args, "certificate"), "c=d.pem");
  assert_string_equal(cli_args_value(&c.args, "name"), "x");
  assert_true(cli_args_has(&c.args, "json") && cli_args_has(&c.args, "quiet") && cli_args_has(&c.args, "no-prompt"));
  assert_int_equal(c.args.operands.count, 0);
  parses("cert-import -kkey.pem -c -");
  assert_string_equal(cli_args_value(&c.args, "key"), "key.pem");
  assert_string_equal(cli_args_value(&c.args, "certificate"), "-");
  parses("node-update-config --key a --value --all 7");
  assert_string_equal(cli_args_value(&c.args, "value"), "--all");
  parses("node-update-config --key a --value= -- --odd");
  assert_string_equal(cli_args_value(&c.args, "value"), "");
  assert_string_equal(c.args.operands.item[0], "--odd");
}

static void test_words_up_to_the_next_option(void **state)
{
  (void)state;
  parses("memsql-list -q -r aggregator master");
  assert_int_equal(c.args.given_count, 3);
  assert_string_equal(c.args.given[2].value, "master");
  parses("memsql-list -r aggregator master -q --role leaf");
  assert_int_equal(c.args.given_count, 4);
  assert_true(cli_args_has(&c.args, "quiet"));
  assert_string_equal(c.args.given[3].value, "leaf");
  refuses("memsql-list -r", "wants a value");
}

static void test_refusals(void **state)
{
  (void)state;
  refuses("cert-list --nonsense", "no option --nonsense");
  refuses("cert-list -Z", "no option -Z");
  refuses("cert-list extra", "takes no argument");
  refuses("cert-show", "wants ID|FILE");
  refuses("cert-show 1 2", "one too many");
  refuses("cert-import -c a -c b", "given twice");
  refuses("cert-list --json=yes", "takes no value");
  refuses("cert-import --key", "wants a value");
  refuses("user-add x --password hunter2", "no option --password"); /* a secret is no argument */
  refuses("memsql-list --flavour pxc", "no option --flavour");
}

static void test_help_needs_nothing(void **state)
{
  (void)state;
  parses("cert-show --help");
  assert_true(c.args.help);
  parses("node-add -h");
  assert_true(c.args.help);
}

static enum err_code fill(const char *line, void *in)
{
  parses(line);
  return cli_fill(&c, in, &error);
}

static void test_fill_list(void **state)
{
  (void)state;
  struct node_list_request r = { 0 };
  assert_int_equal(fill("memsql-list -q -r aggregator master --search db", &r), ERR_NONE);
  assert_string_equal(r.flavour, "singlestore");
  assert_int_equal(r.roles.count, 2);
  assert_string_equal(r.roles.item[1], "master");
  assert_string_equal(r.q, "db");
  assert_int_equal(r.limit, 100);
  assert_int_equal(fill("node-list -r agregator", &r), ERR_USAGE);
  assert_string_equal(error.text, "--role must be master, aggregator, leaf or member");
  assert_int_equal(fill("node-list --limit many", &r), ERR_USAGE);
  assert_string_equal(error.text, "--limit must be a whole number");
}

static void test_fill_config(void **state)
{
  (void)state;
  struct node_config_request r = { 0 };
  assert_int_equal(fill("memsql-update-config --key ssl_cert --value ./certs/server-cert.pem 3 db-4", &r), ERR_NONE);
  assert_string_equal(r.key, "ssl_cert");
  assert_string_equal(r.value, "./certs/server-cert.pem");
  assert_int_equal(r.nodes.count, 2);
  assert_string_equal(r.nodes.item[1], "db-4");
  assert_false(r.all);
  r = (struct node_config_request){ 0 };
  assert_int_equal(fill("node-update-config --all --cluster c --key k --delete", &r), ERR_NONE);
  assert_true(r.all && r.remove && !r.value && !r.flavour);
  r = (struct node_config_request){ 0 };
  assert_int_equal(fill("node-update-config --key k --value v", &r), ERR_USAGE);
  r = (struct node_config_request){ 0 };
  assert_int_equal(fill("node-update-config --all --key k --value v 3", &r), ERR_USAGE);
  r = (struct node_config_request){ 0 };
  assert_int_equal(fill("node-update-config --all --key k", &r), ERR_USAGE);
  r = (struct node_config_request){ 0 };
  assert_int_equal(fill("node-update-config --all --key k --value v --delete", &r), ERR_USAGE);
}

static void test_fill_node(void **state)
{
  (void)state;
  struct node_add_request r = { 0 };
  assert_int_equal(fill("node-add db-1 --cluster c --roles aggregator,leaf --ssh root@h:22 --sudo --address h:3306 "
                        "--option-file /etc/my.cnf --cert-dir /certs --owner mysql:mysql "
                        "--service ./svc --base-dir /opt "
                        "--name a.example b.example --group-address h:4567", &r), ERR_NONE);
  assert_string_equal(r.name, "db-1");
  assert_string_equal(r.reach, "ssh");
  assert_int_equal(r.roles.count, 2);
  assert_int_equal(r.dns_names.count, 2);
  assert_true(r.sudo);
  r = (struct node_add_request){ 0 };
  assert_int_equal(fill("node-add db-1 --cluster c --local --address h", &r), ERR_NONE);
  assert_string_equal(r.reach, "local");
  r = (struct node_add_request){ 0 };
  assert_int_equal(fill("node-add db-1 --cluster c --local --observe --address h", &r), ERR_USAGE);
  r = (struct node_add_request){ 0 };
  assert_int_equal(fill("node-add db-1 --cluster c --address h", &r), ERR_USAGE);
}

static void test_operand_is_checked(void **state)
{
  (void)state;
  struct id_request r = { 0 };
  assert_int_equal(fill("cert-delete 12", &r), ERR_NONE);
  assert_int_equal(r.id, 12);
  assert_int_equal(fill("cert-delete twelve", &r), ERR_USAGE);
  assert_string_equal(error.text, "ID must be a whole number");
}

static void test_what_is_missing(void **state)
{
  (void)state;
  struct cluster_add_request r = { 0 };
  assert_int_equal(fill("cluster-add c", &r), ERR_NONE);
  assert_int_equal(cli_ask_secrets(&c, &r, &error), ERR_USAGE);
  assert_string_equal(error.text, "opsd cluster-add wants --flavour");
}

static void test_asks(void **state)
{
  (void)state;
  assert_true(cli_command_asks(cli_command_find("cert-delete")));
  assert_true(cli_command_asks(cli_command_find("memsql-restart")));
  assert_true(cli_command_asks(cli_command_find("superuser-add")));
  assert_false(cli_command_asks(cli_command_find("cert-list")));
  assert_false(cli_command_asks(cli_command_find("node-probe")));
  assert_false(cli_command_asks(cli_command_find("cert-export")));
  for (const struct cli_command *cmd = cli_commands; cmd->name; cmd++)
    assert_int_equal((cmd->flags & CLI_GOES_AHEAD) != 0, str_starts(cmd->name, "memsql-") && cli_command_asks(cmd));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_options), cmocka_unit_test(test_words_up_to_the_next_option), cmocka_unit_test(test_refusals),
    cmocka_unit_test(test_help_needs_nothing), cmocka_unit_test(test_fill_list), cmocka_unit_test(test_fill_config),
    cmocka_unit_test(test_fill_node), cmocka_unit_test(test_operand_is_checked), cmocka_unit_test(test_what_is_missing),
    cmocka_unit_test(test_asks),
  };
  return cmocka_run_group_tests_name("cli args", tests, NULL, NULL);
}
