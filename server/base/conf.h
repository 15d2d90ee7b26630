/* opsd.conf: what an administrator of the host may choose about the daemon. Lines of `key = value`; a line that begins
 * with # says nothing. What is not understood refuses the start with file and line: a mistyped limit that is silently
 * the default would be found out when it is too late. conf_options is the one list: the file is read, the manual page
 * (doc/opsd.conf.5) and the example (dist/opsd.conf.example) are held against it by a test. */
#ifndef OPSD_BASE_CONF_H
#define OPSD_BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct conf {
  const char *bind;        /* NULL: all addresses */
  int ssl_port, port;      /* -1: not chosen here */
  const char *const *allowed_origins; /* ended by NULL; never NULL itself */
  int hsts_max_age_s;
  bool trust_forwarded;
  int threads;             /* 0: as many as cores */
  int connections_max, connections_per_address;
  int idle_timeout_s, request_timeout_s;
  int session_h, session_idle_min;
  int log_level;           /* enum log_level */
};

enum conf_kind { CONF_INT, CONF_TEXT, CONF_BOOL, CONF_ORIGINS, CONF_LEVEL };

struct conf_option {
  const char *name;        /* in the file: "idle_timeout" */
  enum conf_kind kind;
  size_t offset;           /* in struct conf */
  int min, max;            /* CONF_INT */
  const char *preset;      /* as it would stand in the file; "" where nothing would */
  const char *unit;        /* "seconds"; NULL */
  const char *doc;         /* one sentence */
};
extern const struct conf_option conf_options[];
extern const size_t conf_option_count;

/* file NULL: sysconfdir's opsd/opsd.conf where it exists, else the defaults. A named file must exist. */
enum err_code conf_load(const char *file, struct arena *a, struct conf *out, struct err *e);

#endif
