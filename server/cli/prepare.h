/* What some commands do with their request before it is sent. */
#ifndef OPSD_CLI_PREPARE_H
#define OPSD_CLI_PREPARE_H

#include "cli/run.h"

enum err_code prepare_node(struct cli *c, void *in, struct err *e);      /* node-add: --ssh, --local or --observe */
enum err_code prepare_selection(struct cli *c, void *in, struct err *e); /* --all or nodes */
enum err_code prepare_config(struct cli *c, void *in, struct err *e);    /* --value or --delete, too */

/* Followed, or looked at once. */
int run_follow(struct cli *c);
int run_probe(struct cli *c);
int run_api(struct cli *c);

#endif
