/* Server-sent events as they come: "event: NAME", "data: TEXT", an empty line. */
#ifndef OPSD_CLI_EVENTS_H
#define OPSD_CLI_EVENTS_H

#include <stdbool.h>

#include "base/buf.h"

struct events {
  struct buf line;  /* not yet ended */
  struct buf name, data;
};

typedef bool events_handler(void *arg, const char *event, const char *data, size_t len);

/* Any cut of the stream. False as soon as the handler says so; the rest is passed over. */
bool events_feed(struct events *ev, const char *bytes, size_t len, events_handler *handler, void *arg);
void events_free(struct events *ev);

#endif
