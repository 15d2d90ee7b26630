#include <string.h>

#include "optfile/line.h"
#include "optfile/optfile.h"

enum {
  DEPTH_MAX = 10,  /* the servers' own limit: directives deeper down are passed over */
  FILES_MAX = 1000 /* a file that includes itself twice is read 2^10 times */
};

struct reading {
  const struct optfile_source *src;
  struct arena *a;
  struct optfile out;
  size_t capacity, files, bytes;
  struct err *e;
};

static enum err_code read_file(struct reading *r, const char *path, int depth);

static void add_option(struct reading *r, const struct optline *l, const char *group, const char *path, int line)
{
  if (r->out.count == r->capacity) {
    r->capacity = r->capacity ? r->capacity * 2 : 64;
    struct optfile_option *more = arena_alloc_n(r->a, r->capacity, sizeof *more);
    if (r->out.count)
      memcpy(more, r->out.item, r->out.count * sizeof *more);
    r->out.item = more;
  }
  r->out.item[r->out.count++] = (struct optfile_option){
    .group = group,
    .name = optline_plain_name(arena_strndup(r->a, l->name, l->name_len)),
    .value = l->value ? optline_decode(r->a, l->value, l->value_len) : NULL,
    .file = path,
    .line = line,
  };
}

static enum err_code include_file(struct reading *r, const char *path, int depth)
{
  enum err_code rc = read_file(r, path, depth);
  return rc == ERR_NOT_FOUND ? ERR_NONE : rc; /* servers pass over what is not there */
}

static enum err_code include_folder(struct reading *r, const char *folder, int depth)
{
  struct str_list names = { 0 };
  TRY(r->src->list(r->src->ctx, folder, r->a, &names, r->e));
  for (size_t i = 0; i < names.count; i++)
    TRY(include_file(r, names.item[i], depth));
  return ERR_NONE;
}

static enum err_code follow(struct reading *r, const struct optline *l, const char *path, int line, int depth)
{
  if (depth >= DEPTH_MAX)
    return ERR_NONE;
  const char *what = arena_strndup(r->a, l->name, l->name_len);
  if (l->kind == OPTLINE_INCLUDE)
    return include_file(r, what, depth + 1);
  enum err_code rc = include_folder(r, what, depth + 1);
  if (rc == ERR_NOT_FOUND)
    return err_set(r->e, ERR_REFUSED,
                   "%s: line %d: the folder %s of !includedir is not there, and a server stops at that; make the "
                   "folder or take the line out",
                   path, line, what);
  return rc;
}

static enum err_code read_lines(struct reading *r, const char *path, const char *text, size_t len, int depth)
{
  const char *group = NULL;
  int line = 1;
  struct optline l;
  for (size_t at = 0; optline_next(text, len, &at, &l); line += l.text[l.len - 1] == '\n') {
    TRY(optline_check(&l, group, path, line, r->e));
    if (l.kind == OPTLINE_GROUP)
      group = arena_strndup(r->a, l.name, l.name_len);
    else if (l.kind == OPTLINE_OPTION)
      add_option(r, &l, group, path, line);
    else if (l.kind == OPTLINE_INCLUDE || l.kind == OPTLINE_INCLUDE_FOLDER)
      TRY(follow(r, &l, path, line, depth));
  }
  return ERR_NONE;
}

static enum err_code read_file(struct reading *r, const char *path, int depth)
{
  const char *text = NULL;
  size_t len = 0;
  if (++r->files > FILES_MAX)
    return err_set(r->e, ERR_TOO_LARGE, "%s: more than %d files are included; does a file include itself?", path,
                   FILES_MAX);
  TRY(r->src->read(r->src->ctx, path, r->a, &text, &len, r->e));
  if ((r->bytes += len) > OPTFILE_MAX)
    return err_set(r->e, ERR_TOO_LARGE, "%s: the option file and what it includes are larger than %d bytes", path,
                   OPTFILE_MAX);
  return read_lines(r, path, text, len, depth);
}

enum err_code optfile_read(const struct optfile_source *src, const char *path, struct arena *a, struct optfile *out,
                           struct err *e)
{
  struct reading r = { .src = src, .a = a, .e = e };
  TRY(read_file(&r, arena_strdup(a, path), 0));
  *out = r.out;
  return ERR_NONE;
}

bool optfile_same_name(const char *a, const char *b)
{
  for (; *a && *b; a++, b++)
    if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
      return false;
  return *a == *b;
}

static bool in_groups(const char *group, const char *const groups[])
{
  for (; *groups; groups++)
    if (optline_same_group(group, strlen(group), *groups, strlen(*groups)))
      return true;
  return false;
}

const struct optfile_option *optfile_effective(const struct optfile *f, const char *const groups[], const char *name)
{
  for (size_t i = f->count; i-- > 0;)
    if (in_groups(f->item[i].group, groups) && optfile_same_name(f->item[i].name, optline_plain_name(name)))
      return &f->item[i];
  return NULL;
}
