/* `opsd serve`: puts the parts together and keeps them going until a signal says otherwise. */
#ifndef OPSD_SERVE_SERVE_H
#define OPSD_SERVE_SERVE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/* What the daemon runs with: options of the command line beat opsd.conf, which beats what was remembered, which
 * beats the defaults. -1 and NULL: not given. */
struct serve_options {
  const char *state;   /* folder */
  const char *config;  /* opsd.conf; NULL: the usual place, if it is there */
  const char *bind;
  int ssl_port, port;
};

/* argv[1] is "serve". Wrong usage: ERR_USAGE. */
enum err_code serve_read_arguments(int argc, char **argv, struct serve_options *out, struct err *e);

/* State folder where none is named: /var/lib/opsd for root, else the user's own. */
const char *serve_default_state(struct arena *a);

/* The exit code. Does not return after a restart in place. */
int serve_main(int argc, char **argv);

#endif
