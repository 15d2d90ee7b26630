#include "cli/command.h"

#include "cli/files.h"
#include "cli/help.h"
#include "cli/prepare.h"
#include "cli/show.h"

#define OPTIONS(...) .options = (const struct cli_option[]){ __VA_ARGS__, { 0 } }
#define COLUMNS(...) .columns = (const struct cli_column[]){ __VA_ARGS__, { 0 } }
#define OF(word, field) .operand = word, .operand_field = field
#define LIST(id) .flags = CLI_PAGES, .id_field = id
#define ALSO(other, command) { .name = other, .alias = command }

/* A field that another name, letter or kind fits better than what its row makes of it. */
#define AS(of, name, letter) { name, letter, of }
#define NOT(of) { .field = of }
#define OWN_FLAG(name, help) { name, 0, NULL, CLI_FLAG, NULL, help }
#define OWN_FILE(name, letter, help) { name, letter, NULL, CLI_VALUE, "FILE", help }

#define NODE_COLUMNS .columns = node_columns
#define ROLES { "role", 'r', "roles", CLI_WORDS, "ROLE" }
#define ROLLOUT .show = show_ok
#define NODES .operand = "NODE", .operand_field = "nodes"
#define SELECTED (CLI_MANY | CLI_OPTIONAL)

const struct cli_command cli_commands[] = {
  { .name = "serve", .group = "The daemon",
    .summary = "Runs the daemon in the foreground: HTTPS on port 9001, HTTP on 9000 for redirects.",
    OPTIONS({ "state", 0, NULL, CLI_VALUE, "DIR",
              "Folder for all that it keeps: /var/lib/opsd as root, else opsd in the user's state folder." },
            OWN_FILE("config", 0, "Configuration, see opsd.conf(5)."),
            { "bind", 0, NULL, CLI_VALUE, "ADDR", "Address to listen on; all when left out." },
            { "ssl-port", 0, NULL, CLI_VALUE, "PORT", "HTTPS port, 9001; 0 takes a free one. Beats a remembered one." },
            { "port", 0, NULL, CLI_VALUE, "PORT", "HTTP port, 9000; 0 takes a free one." }) },
  { .name = "status", .row = "status", .show = show_status },
  { .name = "stop", .row = "stop", .show = show_ok },
  { .name = "restart", .row = "restart", .show = show_ok, OPTIONS({ "ssl-port", 0, "ssl_port", CLI_AUTO, "PORT" }) },
  { .name = "ssl-set-cert", .row = "ssl-set-cert", .show = show_console,
    OPTIONS(AS("key", "key", 'k'), AS("certificate", "certificate", 'c')) },
  { .name = "ssl-disable", .row = "ssl-disable", .show = show_ok },

  { .name = "cert-import", .group = "Certificates", .row = "cert-import", .id_field = "id",
    .show = show_certificate_added, OPTIONS(AS("key", "key", 'k'), AS("certificate", "certificate", 'c')) },
  { .name = "cert-list", .row = "cert-list", LIST("id"),
    COLUMNS({ "ID", "id" }, { "NAME", "name" }, { "KIND", "kind" }, { "DAYS", "days_left" }, { "EXPIRES", "not_after" },
            { "KEY", "key_type" }, { "HELD", "has_key" }, { "USED", "used_by" }, { "SUBJECT", "subject" },
            { "ISSUER", "issuer" }) },
  { .name = "cert-show", .row = "cert-show", .operand = "ID|FILE", .operand_field = "id", .show = show_certificate,
    .run = files_show, .summary = "Shows a certificate of the inventory, or one in a file without a daemon." },
  { .name = "cert-export", .row = "cert-export", OF("ID", "id"), .flags = CLI_LOOKS, .show = show_ok,
    .run = files_export,
    OPTIONS(OWN_FILE("output", 'o', "Write there, mode 0600 where the key is in it; standard output when left out.")) },
  { .name = "cert-delete", .row = "cert-delete", OF("ID", "id"), .said = "deleted certificate" },
  { .name = "cert-check", .operand = "FILE|ID", .flags = CLI_MANY, .run = files_check,
    .summary = "Says what is wrong with certificates in files or in the inventory; exit code 4 where something is.",
    OPTIONS(OWN_FILE("key", 'k', "Private key that belongs to the files."),
            OWN_FILE("ca", 0, "Authorities that the chain may end in.")) },
  { .name = "cert-verify", .operand = "FILE", .flags = CLI_MANY, .run = files_verify,
    .summary = "Verifies certificates as openssl verify does, without a daemon; exit code 4 where one is not OK.",
    OPTIONS(OWN_FILE("ca", 0, "Authorities to verify against."),
            { "usage", 0, NULL, CLI_VALUE, "USAGE",
              "Verify it for a server or a client; for anything when left out." }) },

  { .name = "cluster-add", .group = "Clusters and nodes", .row = "cluster-add", OF("NAME", "name"), .id_field = "id",
    .show = show_cluster_added },
  { .name = "cluster-list", .row = "cluster-list", LIST("id"),
    COLUMNS({ "ID", "id" }, { "NAME", "name" }, { "FLAVOUR", "flavour" }, { "NODES", "node_count" },
            { "TLS", "tls_nodes" }, { "PLAIN", "plaintext_nodes" }, { "UNKNOWN", "unknown_nodes" },
            { "NEXT EXPIRY", "next_expiry" }) },
  { .name = "cluster-show", .row = "cluster-show", OF("CLUSTER", "ref"), .show = show_cluster },
  { .name = "cluster-delete", .row = "cluster-delete", OF("CLUSTER", "ref"), .said = "deleted cluster" },
  { .name = "node-add", .row = "node-add", OF("NAME", "name"), .id_field = "node.id", .show = show_node_added,
    .prepare = prepare_node,
    OPTIONS(NOT("reach"), { "name", 0, "dns_names", CLI_WORDS, "DNS" },
            OWN_FLAG("local", "The node runs on this machine."),
            OWN_FLAG("observe", "Only look at it: no SSH, an address and a probe.")) },
  { .name = "node-list", .row = "node-list", LIST("id"), NODE_COLUMNS, OPTIONS(ROLES) },
  { .name = "node-show", .row = "node-show", OF("NODE", "ref"), .show = show_node },
  { .name = "node-delete", .row = "node-delete", OF("NODE", "ref"), .said = "deleted node" },
  { .name = "ssh-key", .row = "ssh-key", .show = show_ssh_key },
  { .name = "node-trust", .row = "node-trust", OF("NODE", "ref"), .show = show_node_added },
  { .name = "node-push", .row = "node-push", NODES, .flags = SELECTED | CLI_FOLLOWS, ROLLOUT,
    .prepare = prepare_selection,
    OPTIONS({ "cert", 0, "certificate", CLI_AUTO, "ID" }, { "ca", 0, "authority", CLI_AUTO, "ID" }) },
  { .name = "node-update-config", .row = "node-update-config", NODES, .flags = SELECTED | CLI_FOLLOWS, ROLLOUT,
    .prepare = prepare_config, OPTIONS(AS("remove", "delete", 0)) },
  { .name = "node-restart", .row = "node-restart", NODES, .flags = SELECTED | CLI_FOLLOWS, ROLLOUT,
    .prepare = prepare_selection },
  { .name = "node-probe", .row = "node-probe", NODES, .flags = SELECTED | CLI_LOOKS, .show = show_ok,
    .prepare = prepare_selection, .run = run_probe,
    .summary = "Looks at nodes by a real handshake; exit code 4 where one does not serve what it should." },

  { .name = "memsql-list", .group = "The same for SingleStore, under the old names", .row = "node-list", LIST("id"),
    NODE_COLUMNS, OPTIONS(ROLES), .preset_field = "flavour", .preset = "singlestore",
    .summary = "The nodes of flavour singlestore." },
  { .name = "memsql-update-config", .row = "node-update-config", NODES,
    .flags = SELECTED | CLI_FOLLOWS | CLI_GOES_AHEAD, ROLLOUT, .prepare = prepare_config,
    .preset_field = "flavour", .preset = "singlestore",
    OPTIONS(AS("remove", "delete", 0)), .summary = "Sets or removes one option on nodes of flavour singlestore." },
  { .name = "memsql-restart", .row = "node-restart", NODES, .flags = SELECTED | CLI_FOLLOWS | CLI_GOES_AHEAD, ROLLOUT,
    .prepare = prepare_selection, .preset_field = "flavour", .preset = "singlestore",
    .summary = "Restarts nodes of flavour singlestore." },

  { .name = "rollout-list", .group = "Rollouts", .row = "rollout-list", LIST("id"),
    COLUMNS({ "ID", "id" }, { "CLUSTER", "cluster" }, { "STATE", "state" }, { "DONE", "steps_done" },
            { "OF", "steps_total" }, { "CREATED", "created" }, { "BY", "by" }, { "TITLE", "title" }) },
  { .name = "rollout-show", .row = "rollout-show", OF("ID", "id"), .show = show_rollout },
  { .name = "rollout-follow", .row = "rollout-follow", OF("ID", "id"), .show = show_rollout, .run = run_follow,
    .summary = "Follows a rollout until it ends; exit code 1 where it fails." },
  { .name = "rollout-resume", .row = "rollout-resume", OF("ID", "id"), .flags = CLI_FOLLOWS, ROLLOUT },

  { .name = "user-add", .group = "People and scripts", .row = "user-add", OF("NAME", "name"), .id_field = "name",
    .show = show_user },
  { .name = "user-list", .row = "user-list", LIST("name"),
    COLUMNS({ "NAME", "name" }, { "ROLE", "role" }, { "CREATED", "created" }, { "LAST SEEN", "last_seen" }) },
  { .name = "user-password", .row = "user-password", OF("NAME", "name"), .said = "changed the password of",
    OPTIONS(AS("current", "current-password-file", 0)) },
  { .name = "user-delete", .row = "user-delete", OF("NAME", "name"), .said = "deleted user" },
  ALSO("superuser-add", "user-add"),
  ALSO("superuser-list", "user-list"),
  ALSO("superuser-password", "user-password"),
  ALSO("superuser-delete", "user-delete"),
  { .name = "token-add", .row = "token-add", OF("NAME", "name"), .id_field = "token.id", .show = show_token_added },
  { .name = "token-list", .row = "token-list", LIST("id"),
    COLUMNS({ "ID", "id" }, { "NAME", "name" }, { "ROLE", "role" }, { "CREATED", "created" }, { "BY", "created_by" },
            { "EXPIRES", "expires" }, { "LAST USED", "last_used" }) },
  { .name = "token-delete", .row = "token-delete", OF("ID", "id"), .said = "deleted token" },
  { .name = "audit-list", .row = "audit-list", LIST("id"),
    COLUMNS({ "ID", "id" }, { "AT", "at" }, { "WHO", "who" }, { "FROM", "from" }, { "OPERATION", "operation" },
            { "TARGET", "target" }, { "RESULT", "result" }, { "DETAIL", "detail" }) },

  { .name = "api", .group = "More", .run = run_api,
    .summary = "Prints the description of the JSON API, without a daemon.",
    OPTIONS(OWN_FLAG("openapi", "As OpenAPI 3.1.")) },
  { .name = "help", .operand = "COMMAND", .flags = CLI_OPTIONAL, .run = help_run,
    .summary = "Lists the commands, or says more of one.",
    OPTIONS({ "completion", 0, NULL, CLI_VALUE, "SHELL", "Prints the completion for bash, zsh or fish." }) },
  { 0 },
};
