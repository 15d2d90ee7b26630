/* Building a script for a host: the parts of sh/ with values set before them. Inside this room only. */
#ifndef OPSD_REMOTE_SCRIPT_H
#define OPSD_REMOTE_SCRIPT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* NAME='value', quoted for sh */
void script_set(struct buf *b, const char *name, const char *value);
void script_set_number(struct buf *b, const char *name, int64_t value);

#endif
