/* Arguments of a command, before anything is opened or sent. */
#ifndef OPSD_CLI_ARGS_H
#define OPSD_CLI_ARGS_H

#include "base/err.h"
#include "base/str.h"
#include "cli/command.h"

struct cli_given {
  const struct cli_option *option;
  const char *value; /* NULL for a flag */
};

struct cli_args {
  struct cli_options options;
  struct cli_given *given; /* in their order */
  size_t given_count;
  struct str_list operands;
  bool help;
};

/* argv without the program and the command. --name value, --name=value, -n value, -nvalue, -jq; -- ends
 * the options. What is not right: ERR_USAGE. */
enum err_code cli_args_parse(const struct cli_command *cmd, int argc, char **argv, struct arena *a,
                             struct cli_args *out, struct err *e);

bool cli_args_has(const struct cli_args *args, const char *option);
const char *cli_args_value(const struct cli_args *args, const char *option); /* the last one; NULL: not given */

#endif
