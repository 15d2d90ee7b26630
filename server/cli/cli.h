/* `opsd COMMAND`: speaks to the daemon through the local socket or over HTTPS, and judges files by
 * itself. `serve` alone is not run here: main.c does that, and help describes it. */
#ifndef OPSD_CLI_CLI_H
#define OPSD_CLI_CLI_H

/* argv as main got it. Exit codes: 0 done; 1 refused or failed; 2 wrong usage; 3 the daemon cannot be
 * reached; 4 a check found something. */
int cli_main(int argc, char **argv);

#endif
