#include "cli/events.h"

#include <string.h>

static const char *value_of(const char *line, const char *field)
{
  size_t n = strlen(field);
  if (strncmp(line, field, n) != 0 || line[n] != ':')
    return NULL;
  return line[n + 1] == ' ' ? line + n + 2 : line + n + 1;
}

static bool take_line(struct events *ev, events_handler *handler, void *arg)
{
  const char *line = buf_cstr(&ev->line), *value;
  bool go_on = true;
  if (!*line) {
    if (ev->data.len)
      go_on = handler(arg, ev->name.len ? ev->name.data : "message", ev->data.data, ev->data.len);
    buf_clear(&ev->name);
    buf_clear(&ev->data);
  } else if ((value = value_of(line, "event"))) {
    buf_clear(&ev->name);
    buf_str(&ev->name, value);
  } else if ((value = value_of(line, "data"))) {
    if (ev->data.len)
      buf_char(&ev->data, '\n');
    buf_str(&ev->data, value);
  }
  buf_clear(&ev->line);
  return go_on;
}

bool events_feed(struct events *ev, const char *bytes, size_t len, events_handler *handler, void *arg)
{
  for (size_t i = 0; i < len; i++) {
    if (bytes[i] != '\n' && bytes[i] != '\r')
      buf_char(&ev->line, bytes[i]);
    else if (bytes[i] == '\n' && !take_line(ev, handler, arg))
      return false;
  }
  return true;
}

void events_free(struct events *ev)
{
  buf_free(&ev->line);
  buf_free(&ev->name);
  buf_free(&ev->data);
}
