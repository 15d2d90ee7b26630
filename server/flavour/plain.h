/* What servers without Galera share. Inside flavour only. */
#ifndef OPSD_FLAVOUR_PLAIN_H
#define OPSD_FLAVOUR_PLAIN_H

#include "flavour/flavour.h"

/* Any answer to a statement is well. */
enum err_code plain_health(struct wire_sql *sql, struct arena *a, bool *well, const char **says, struct err *e);

#endif
