/* Help and completion, printed from the table of commands. */
#ifndef OPSD_CLI_HELP_H
#define OPSD_CLI_HELP_H

#include "cli/run.h"

int help_run(struct cli *c);                      /* help [COMMAND] [--completion SHELL] */
int help_command(const struct cli_command *cmd);  /* COMMAND --help */

/* What completion offers for an option's value or an operand. */
enum completion { COMPLETE_NOTHING, COMPLETE_WORDS, COMPLETE_FILES };
enum completion completion_of(const struct cli_command *cmd, const struct cli_option *o);
bool completion_operand_is_file(const struct cli_command *cmd);

void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);

#endif
