/* The commands as a table. Most of a command comes from its row in the contract: its options are the
 * fields of the row's request, and the names here only say what differs. Help, completion and the test
 * of the man page read the same table. */
#ifndef OPSD_CLI_COMMAND_H
#define OPSD_CLI_COMMAND_H

#include "base/arena.h"
#include "contract/contract.h"

struct cli;

enum cli_kind {
  CLI_AUTO = 0, /* by the kind of the field */
  CLI_FLAG,
  CLI_VALUE,
  CLI_FILE,     /* a file whose content is sent; - is standard input */
  CLI_LINE,     /* a file whose first line is sent: a secret */
  CLI_WORDS,    /* one or more words, up to the next option */
};

struct cli_option {
  const char *name;   /* without the dashes; NULL with a field: no option for it */
  char letter;        /* 0: none */
  const char *field;  /* of the request; NULL: the command's own */
  enum cli_kind kind;
  const char *value;  /* what help calls the value */
  const char *doc;    /* NULL: the field's */
};

enum cli_flag {
  CLI_MANY = 1,        /* any number of operands */
  CLI_OPTIONAL = 2,    /* the operand may be left out */
  CLI_LOOKS = 4,       /* changes nothing, though its row is a write: asks for no confirmation */
  CLI_GOES_AHEAD = 8,  /* without a terminal it does not need --no-prompt */
  CLI_FOLLOWS = 16,    /* starts a rollout and follows it */
  CLI_PAGES = 32,      /* a list: fetched page by page */
};

struct cli_column {
  const char *heading;
  const char *field;   /* of an item; "probe.days_left" of an object in it */
};

struct cli_command {
  const char *name;
  const char *alias;         /* the command that this is another name of; nothing else is set then */
  const char *group;         /* heading in help, for itself and those that follow */
  const char *row;           /* its name in the contract; NULL: none */
  const char *operand;       /* "ID"; NULL: takes none */
  const char *operand_field; /* of the request; NULL: the command's own */
  unsigned flags;
  const struct cli_option *options; /* ended by one with neither name nor field */
  const char *preset_field, *preset; /* a field that the command itself fills in */
  const char *id_field;      /* what -q prints: of each item of a list, of the reply otherwise */
  const struct cli_column *columns; /* of a list; ended by a NULL heading */
  void (*show)(struct cli *c, const void *reply, struct buf *out); /* of anything else; NULL: nothing to show */
  const char *said;          /* where there is no reply: "deleted" */
  enum err_code (*prepare)(struct cli *c, void *in, struct err *e); /* after the options were read */
  int (*run)(struct cli *c); /* in the place of all of that; the exit code */
  const char *summary;       /* NULL: the row's */
};

extern const struct cli_command cli_commands[]; /* ended by a NULL name */

/* Aliases are followed; NULL: no such command. */
const struct cli_command *cli_command_find(const char *name);
const struct contract_row *cli_command_row(const struct cli_command *cmd); /* NULL: none */
const char *cli_command_summary(const struct cli_command *cmd);
bool cli_command_asks(const struct cli_command *cmd); /* is a change: asks first */

/* All options of a command: its own, those that its row's request makes, the common ones. */
struct cli_options {
  struct cli_option *item;
  size_t count;
};
void cli_options_of(const struct cli_command *cmd, struct arena *a, struct cli_options *out);

const struct json_field *cli_field_of(const struct cli_command *cmd, const char *field);
/* The words that an option's value is one of; NULL: free. */
const char *const *cli_option_words(const struct cli_command *cmd, const struct cli_option *o);

#endif
