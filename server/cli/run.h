/* One command under way, and what its special parts use. */
#ifndef OPSD_CLI_RUN_H
#define OPSD_CLI_RUN_H

#include "cli/args.h"
#include "cli/client.h"

struct cli {
  const struct cli_command *cmd;
  const struct contract_row *row; /* NULL: the command has none */
  int argc;                       /* what follows the command */
  char **argv;
  struct cli_args args;
  struct client *client;          /* NULL until cli_connect */
  struct arena arena;
};

/* The daemon that the options and the environment name. */
enum err_code cli_connect(struct cli *c, struct err *e);

/* The command as its table says: fill, ask, call, show; the exit code. */
int cli_run(struct cli *c);

/* One call, its reply read into *reply (row->out->size bytes, zeroed by the caller). */
enum err_code cli_call(struct cli *c, const struct contract_row *row, const void *in, void *reply, struct err *e);

/* "opsd: sentence" on standard error; the exit code. */
int cli_fail(const struct cli *c, const struct err *e);

/* Fills the request from the arguments; files are read here. ERR_USAGE for what cannot be right. */
enum err_code cli_fill(struct cli *c, void *in, struct err *e);
/* Passwords that are still missing, from the terminal. */
enum err_code cli_ask_secrets(struct cli *c, void *in, struct err *e);

/* A file's content, - for standard input; at most PKI_PEM_MAX bytes of text. */
enum err_code cli_read_file(const char *path, struct arena *a, const char **out, struct err *e);

/* Writes to standard output; 1 with a sentence where that fails (a full disk), 0 otherwise. */
int cli_print(const struct buf *out);

/* Follows a rollout to its end: 0 done, 1 failed, interrupted or paused. */
int cli_follow(struct cli *c, int64_t rollout);

#endif
