/* Commands that judge files by themselves, and those that take a file or an id. */
#ifndef OPSD_CLI_FILES_H
#define OPSD_CLI_FILES_H

#include "cli/run.h"

int files_show(struct cli *c);   /* cert-show FILE|ID */
int files_check(struct cli *c);  /* cert-check FILE…|ID… */
int files_verify(struct cli *c); /* cert-verify --ca F FILE… */
int files_export(struct cli *c); /* cert-export ID */

#endif
