#include "cli/table.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <wchar.h>

enum { COLUMNS_MAX = 16, GAP = 2 };

/* Decodes one character; malformed bytes count as one of them. */
static size_t decode(const char *s, uint32_t *code)
{
  const unsigned char *p = (const unsigned char *)s;
  size_t n = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
  if (n > strnlen(s, n) || !utf8_valid(s, n)) {
    *code = 0xfffd;
    return 1;
  }
  *code = n == 1 ? *p : *p & (0x3fu >> (n - 1));
  for (size_t i = 1; i < n; i++)
    *code = *code << 6 | (p[i] & 0x3fu);
  return n;
}

/* C0, DEL, C1, and what turns the direction of the text around (Unicode's Bidi_Control). */
static bool acts(uint32_t c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x061c;
}

size_t text_width(const char *s)
{
  size_t width = 0;
  while (*s) {
    uint32_t c;
    s += decode(s, &c);
    int w = acts(c) ? 1 : wcwidth((wchar_t)c);
    width += w < 0 ? 1 : (size_t)w;
  }
  return width;
}

void text_add(struct buf *out, const char *s)
{
  while (*s) {
    uint32_t c;
    size_t n = decode(s, &c);
    if (acts(c) || c == 0xfffd)
      buf_char(out, '?');
    else
      buf_add(out, s, n);
    s += n;
  }
}

const char *text_of_field(struct arena *a, const struct json_field *f, const void *in)
{
  const void *value = (const char *)in + f->offset;
  switch (f->kind) {
  case JSON_STRING:
  case JSON_ENUM: return *(const char *const *)value ? *(const char *const *)value : "-";
  case JSON_INT: return arena_printf(a, "%" PRId64, *(const int64_t *)value);
  case JSON_BOOL: return *(const bool *)value ? "yes" : "no";
  case JSON_STRINGS: {
    const struct str_list *list = value;
    return list->count ? str_list_join(a, list, ", ") : "-";
  }
  case JSON_TIME: {
    char text[CLOCK_RFC3339_SIZE];
    if (*(const int64_t *)value == TIME_NONE)
      return "-";
    clock_format(*(const int64_t *)value, text);
    return arena_printf(a, "%.10s %.5s UTC", text, text + 11);
  }
  default: break;
  }
  return "-";
}

/* "probe.days_left": goes down into the object; NULL where that is null. */
static const struct json_field *find(const struct json_shape *shape, const char *path, const void **in)
{
  size_t n = strcspn(path, ".");
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++) {
    if (strlen(f->name) != n || memcmp(f->name, path, n) != 0)
      continue;
    if (!path[n])
      return f;
    *in = *(const void *const *)((const char *)*in + f->offset);
    return *in ? find(f->shape, path + n + 1, in) : NULL;
  }
  assert(!"a column names a field");
  return NULL;
}

static const char *cell(struct arena *a, const struct json_shape *shape, const char *path, const void *in, bool *number)
{
  const struct json_field *f = find(shape, path, &in);
  *number = f && f->kind == JSON_INT;
  return f ? text_of_field(a, f, in) : "-";
}

struct grid {
  const char **cell;
  bool right[COLUMNS_MAX];
  size_t width[COLUMNS_MAX];
  size_t columns, rows;
};

struct items {
  const char *item;
  size_t count;
};

static void fill(struct grid *g, struct arena *a, const struct json_shape *shape, const struct cli_column *columns,
                 const struct items *list)
{
  while (columns[g->columns].heading)
    g->columns++;
  assert(g->columns <= COLUMNS_MAX);
  g->rows = list->count + 1;
  g->cell = arena_alloc_n(a, g->rows * g->columns, sizeof *g->cell);
  for (size_t c = 0; c < g->columns; c++)
    g->cell[c] = columns[c].heading;
  for (size_t r = 1; r < g->rows; r++) {
    for (size_t c = 0; c < g->columns; c++) {
      bool number;
      const char *text = cell(a, shape, columns[c].field, list->item + (r - 1) * shape->size, &number);
      g->cell[r * g->columns + c] = text;
      g->right[c] |= number;
    }
  }
}

static void measure(struct grid *g)
{
  for (size_t i = 0; i < g->rows * g->columns; i++) {
    size_t w = text_width(g->cell[i]);
    if (w > g->width[i % g->columns])
      g->width[i % g->columns] = w;
  }
}

static void pad(struct buf *out, size_t n)
{
  while (n--)
    buf_char(out, ' ');
}

static void print_row(const struct grid *g, size_t row, struct buf *out)
{
  for (size_t c = 0; c < g->columns; c++) {
    const char *text = g->cell[row * g->columns + c];
    size_t missing = g->width[c] - text_width(text);
    if (g->right[c])
      pad(out, missing);
    text_add(out, text);
    if (c + 1 < g->columns)
      pad(out, GAP + (g->right[c] ? 0 : missing));
  }
  buf_char(out, '\n');
}

void table_print(const struct json_shape *shape, const struct cli_column *columns, const void *list, struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct grid g = { 0 };
  fill(&g, &a, shape, columns, list);
  measure(&g);
  for (size_t r = 0; r < g.rows; r++)
    print_row(&g, r, out);
}

void lines_print(const struct json_shape *shape, const struct cli_column *lines, size_t width, const void *in,
                 struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  for (const struct cli_column *l = lines; l->heading; l++)
    width = text_width(l->heading) > width ? text_width(l->heading) : width;
  for (const struct cli_column *l = lines; l->heading; l++) {
    bool number;
    const char *text = cell(&a, shape, l->field, in, &number);
    if (str_eq(text, "-"))
      continue;
    buf_printf(out, "%s:", l->heading);
    pad(out, width - text_width(l->heading) + 1);
    text_add(out, text);
    buf_char(out, '\n');
  }
}
