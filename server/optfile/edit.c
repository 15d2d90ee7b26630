#include <string.h>

#include "optfile/line.h"
#include "optfile/optfile.h"

/* What is asked, and what one pass over the text finds out for it. */
struct editing {
  const char *text;
  size_t len;
  const char *section, *name, *value;
  struct arena *a;
  struct buf *out;
  struct err *e;
  struct optline header; /* of the section's last occurrence; text is NULL when there is none */
  struct optline last;   /* the last option of that occurrence */
  struct optline found;  /* the option's last occurrence in any of the section's */
  struct optline end;    /* the text's last line */
};

static enum err_code check_request(const struct editing *d, bool remove)
{
  static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  if (!*d->name || d->name[strspn(d->name, name_bytes)])
    return err_field(d->e, "key", "An option's name has letters, digits, \"-\", \"_\" and \".\" only");
  if (!*d->section || strpbrk(d->section, "]\r\n") || optline_is_blank(d->section[strlen(d->section) - 1]))
    return err_field(d->e, "section",
                     "A section's name may not be empty, have a \"]\" or a line break, or end with a blank");
  if (!remove && d->value && strpbrk(d->value, "\r\n"))
    return err_field(d->e, "value", "An option's value is one line: line breaks are not allowed");
  return ERR_NONE;
}

/* What people see in the file must be what servers read from it. */
static enum err_code check_line(const struct editing *d, const struct optline *l, int line)
{
  const char *nul = memchr(l->text, '\0', l->len);
  if (nul)
    return err_set(d->e, ERR_REFUSED,
                   "Line %d has a NUL byte, and servers ignore the rest of that line; is this an option file in "
                   "UTF-8?",
                   line);
  if (l->cut)
    return err_set(d->e, ERR_REFUSED,
                   "Line %d is longer than %d bytes: servers read its rest as a line of its own; make it shorter", line,
                   OPTLINE_MAX);
  size_t end = l->len;
  while (end && (l->text[end - 1] == '\n' || l->text[end - 1] == '\r'))
    end--;
  if (memchr(l->text, '\r', end))
    return err_set(d->e, ERR_REFUSED,
                   "Line %d has a carriage return in its middle, which ends no line for servers; save the file "
                   "with usual line ends",
                   line);
  return ERR_NONE;
}

/* Servers drop the last byte of an include's path at the end of a file without a line end (line.h), and a line added
 * below would make them read another file. */
static enum err_code check_last_line(const struct editing *d)
{
  const struct optline *l = &d->end;
  size_t at = 0;
  while (at < l->len && optline_is_blank(l->text[at]))
    at++;
  if (at < l->len && l->text[at] == '!' && l->text[l->len - 1] != '\n')
    return err_set(d->e, ERR_REFUSED,
                   "The file's last line is an include without a line end, so servers read its path without the "
                   "last letter; end the line, or take it out");
  return ERR_NONE;
}

static bool is_asked(const struct editing *d, const struct optline *l)
{
  return l->kind == OPTLINE_OPTION &&
         optfile_same_name(optline_plain_name(arena_strndup(d->a, l->name, l->name_len)), optline_plain_name(d->name));
}

static bool opens_section(const struct editing *d, const struct optline *l)
{
  return optline_same_group(l->name, l->name_len, d->section, strlen(d->section));
}

static enum err_code look(struct editing *d)
{
  bool grouped = false, inside = false;
  int line = 1;
  struct optline l;
  for (size_t at = 0; optline_next(d->text, d->len, &at, &l); line++) {
    TRY(check_line(d, &l, line));
    TRY(optline_check(&l, grouped, NULL, line, d->e));
    d->end = l;
    if (l.kind == OPTLINE_GROUP) {
      grouped = true;
      inside = opens_section(d, &l);
      if (inside) {
        d->header = l;
        d->last = (struct optline){ 0 };
      }
    } else if (inside && l.kind == OPTLINE_OPTION) {
      d->last = l;
      if (is_asked(d, &l))
        d->found = l;
    }
  }
  return check_last_line(d);
}

static void copy_until(struct editing *d, const char *from, const char *until)
{
  buf_add(d->out, from, (size_t)(until - from));
}

static void remove_lines(struct editing *d)
{
  bool inside = false;
  struct optline l;
  for (size_t at = 0; optline_next(d->text, d->len, &at, &l);) {
    if (l.kind == OPTLINE_GROUP)
      inside = opens_section(d, &l);
    if (!inside || !is_asked(d, &l))
      buf_add(d->out, l.text, l.len);
  }
}

static bool says_already(const struct editing *d)
{
  const struct optline *l = &d->found;
  if (!d->value || !l->value)
    return !d->value && !l->value;
  return strcmp(optline_decode(d->a, l->value, l->value_len), d->value) == 0;
}

static enum err_code replace_value(struct editing *d)
{
  const struct optline *l = &d->found;
  if (says_already(d)) {
    buf_add(d->out, d->text, d->len);
    return ERR_NONE;
  }
  const char *name_end = l->name + l->name_len;
  const char *old_start = l->value && d->value ? l->value : name_end;
  const char *old_end = l->value ? l->value + l->value_len : name_end;
  size_t before = d->out->len;
  copy_until(d, d->text, old_start);
  if (d->value && !l->value)
    buf_char(d->out, '=');
  if (d->value)
    buf_str(d->out, optline_encode(d->a, d->value));
  copy_until(d, old_end, l->text + l->len);
  size_t len = d->out->len - before - (size_t)(l->text - d->text);
  copy_until(d, l->text + l->len, d->text + d->len);
  if (len > OPTLINE_MAX)
    return err_field(d->e, "value", "The value is too long: servers read at most %d bytes of a line", OPTLINE_MAX);
  return ERR_NONE;
}

static const char *line_end_of(const struct optline *l)
{
  return l->text && l->len > 1 && l->text[l->len - 2] == '\r' && l->text[l->len - 1] == '\n' ? "\r\n" : "\n";
}

static bool is_ended(const struct optline *l)
{
  return !l->text || l->text[l->len - 1] == '\n';
}

/* name=value in the manner of a neighbour: its indentation, blanks around "=" where it has any */
static enum err_code add_line(struct editing *d, const struct optline *like, const char *line_end)
{
  size_t before = d->out->len;
  if (like->text)
    copy_until(d, like->text, like->name);
  buf_str(d->out, d->name);
  if (d->value) {
    bool tight = like->value && like->name[like->name_len] == '=';
    buf_printf(d->out, "%s%s", tight ? "=" : " = ", optline_encode(d->a, d->value));
  }
  buf_str(d->out, line_end);
  if (d->out->len - before > OPTLINE_MAX)
    return err_field(d->e, "value", "The value is too long: servers read at most %d bytes of a line", OPTLINE_MAX);
  return ERR_NONE;
}

static enum err_code add_to_section(struct editing *d)
{
  const struct optline *above = d->last.text ? &d->last : &d->header;
  const char *line_end = line_end_of(is_ended(above) ? above : &d->header);
  copy_until(d, d->text, above->text + above->len);
  if (!is_ended(above))
    buf_str(d->out, line_end);
  TRY(add_line(d, &d->last, line_end));
  copy_until(d, above->text + above->len, d->text + d->len);
  return ERR_NONE;
}

static enum err_code add_section(struct editing *d)
{
  size_t at = 0;
  struct optline first = { 0 }, none = { 0 };
  optline_next(d->text, d->len, &at, &first);
  const char *line_end = line_end_of(&first);
  buf_add(d->out, d->text, d->len);
  if (!is_ended(&d->end))
    buf_str(d->out, line_end);
  if (d->len)
    buf_str(d->out, line_end);
  buf_printf(d->out, "[%s]%s", d->section, line_end);
  return add_line(d, &none, line_end);
}

enum err_code optfile_edit(const char *text, size_t len, const char *section, const char *name, const char *value,
                           bool remove, struct buf *out, bool *changed, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf edited = BUF_INIT;
  struct editing d = {
    .text = text, .len = len, .section = section, .name = name, .value = value, .a = &a, .out = &edited, .e = e
  };
  if (len > OPTFILE_MAX)
    return err_set(e, ERR_TOO_LARGE, "The option file is larger than %d bytes", OPTFILE_MAX);
  TRY(check_request(&d, remove));
  TRY(look(&d));
  if (remove)
    remove_lines(&d);
  else if (d.found.text)
    TRY(replace_value(&d));
  else if (d.header.text)
    TRY(add_to_section(&d));
  else
    TRY(add_section(&d));
  buf_add(out, edited.data, edited.len);
  *changed = edited.len != len || (len && memcmp(edited.data, text, len) != 0);
  return ERR_NONE;
}
