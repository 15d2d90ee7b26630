#include "cli/list.h"

#include <string.h>

#include "cli/table.h"

enum { PAGE = 1000 };

struct items {
  char *item;
  size_t count;
};

static const struct json_field *field_of(const struct json_shape *shape, const char *name, size_t len)
{
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++)
    if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
      return f;
  return NULL;
}

void list_print_id(const struct json_shape *shape, const char *field, const void *in, struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  size_t n = strcspn(field, ".");
  const struct json_field *f = field_of(shape, field, n);
  if (field[n]) {
    list_print_id(f->shape, field + n + 1, *(const void *const *)((const char *)in + f->offset), out);
    return;
  }
  text_add(out, text_of_field(&a, f, in));
  buf_char(out, '\n');
}

/* The pages' items behind each other; everything else of the reply stays as the last page had it. */
static void append(struct cli *c, const struct json_field *f, void *all, const void *page)
{
  struct items *to = (struct items *)((char *)all + f->offset), had = *to;
  memcpy(all, page, c->row->out->size);
  struct items got = *to;
  to->count = had.count + got.count;
  to->item = arena_alloc_n(&c->arena, to->count, f->shape->size);
  if (had.count)
    memcpy(to->item, had.item, had.count * f->shape->size);
  if (got.count)
    memcpy(to->item + had.count * f->shape->size, got.item, got.count * f->shape->size);
}

static enum err_code fetch(struct cli *c, void *in, void *all, struct err *e)
{
  const struct json_field *items = field_of(c->row->out, "items", 5), *next = field_of(c->row->out, "next", 4);
  int64_t *limit = (int64_t *)((char *)in + cli_field_of(c->cmd, "limit")->offset);
  const char **after = (const char **)((char *)in + cli_field_of(c->cmd, "after")->offset);
  bool one_page = cli_args_has(&c->args, "limit");
  *limit = one_page ? *limit : PAGE;
  for (;;) {
    void *page = arena_alloc(&c->arena, c->row->out->size);
    TRY(cli_call(c, c->row, in, page, e));
    append(c, items, all, page);
    *after = *(const char **)((char *)page + next->offset);
    if (!*after || one_page)
      return ERR_NONE;
  }
}

static void print_ids(const struct cli *c, const struct json_shape *shape, const struct items *list, struct buf *out)
{
  for (size_t i = 0; i < list->count; i++)
    list_print_id(shape, c->cmd->id_field, list->item + i * shape->size, out);
}

int list_run(struct cli *c, void *in)
{
  struct err e = { 0 };
  void *all = arena_alloc(&c->arena, c->row->out->size);
  if (fetch(c, in, all, &e))
    return cli_fail(c, &e);
  AUTO_BUF struct buf out = BUF_INIT;
  const struct json_field *items = field_of(c->row->out, "items", 5);
  const struct items *list = (const struct items *)((char *)all + items->offset);
  if (cli_args_has(&c->args, "json")) {
    json_write(c->row->out, all, &out);
    buf_char(&out, '\n');
  } else if (cli_args_has(&c->args, "quiet")) {
    print_ids(c, items->shape, list, &out);
  } else if (list->count) {
    table_print(items->shape, c->cmd->columns, list, &out);
  }
  return cli_print(&out);
}
