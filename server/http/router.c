#include "http/router.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static struct route routes[OP_COUNT_];
static char segments[OP_COUNT_][128]; /* the rows' paths with the slashes as NULs */

static void route_make(struct route *r, const struct contract_row *row, char *text, size_t size)
{
  assert(row->path[0] == '/' && strlen(row->path) < size);
  assert(row->role != ROLE_NONE || row->flags & CONTRACT_OPEN);
  r->row = row;
  strcpy(text, row->path + 1);
  for (char *p = text, *more = text; more; p = more) {
    more = strchr(p, '/');
    if (more)
      *more++ = '\0';
    size_t i = r->segment_count++, len = strlen(p);
    assert(i < TARGET_SEGMENTS_MAX);
    r->parameter[i] = p[0] == '{';
    if (r->parameter[i]) {
      assert(p[len - 1] == '}');
      p[len - 1] = '\0';
      p++;
    }
    r->segment[i] = p;
  }
}

/* Could one path be either's? */
static bool routes_overlap(const struct route *a, const struct route *b)
{
  if (a->segment_count != b->segment_count || strcmp(a->row->method, b->row->method) != 0)
    return false;
  for (size_t i = 0; i < a->segment_count; i++)
    if (!a->parameter[i] && !b->parameter[i] && strcmp(a->segment[i], b->segment[i]) != 0)
      return false;
  return true;
}

static void make_all(void)
{
  assert(contract_row_count == OP_COUNT_);
  for (size_t i = 0; i < contract_row_count; i++) {
    route_make(&routes[i], &contract_rows[i], segments[i], sizeof segments[i]);
    for (size_t j = 0; j < i; j++)
      assert(!routes_overlap(&routes[i], &routes[j]));
  }
}

void router_init(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_all);
}

static bool route_matches(const struct route *r, const struct target *t)
{
  if (r->segment_count != t->segment_count)
    return false;
  for (size_t i = 0; i < t->segment_count; i++)
    if (r->parameter[i] ? !*t->segment[i] : strcmp(r->segment[i], t->segment[i]) != 0)
      return false;
  return true;
}

static void allow_add(char *allow, const char *method)
{
  if (strstr(allow, method)) /* no method's name is part of another's */
    return;
  size_t used = strlen(allow);
  snprintf(allow + used, 64 - used, "%s%s%s", used ? ", " : "", method, str_eq(method, "GET") ? ", HEAD" : "");
}

enum err_code router_find(const char *method, const struct target *t, const struct route **out, char *allow,
                          struct err *e)
{
  const char *wanted = str_eq(method, "HEAD") ? "GET" : method;
  const struct route *found = NULL;
  bool path_exists = false;
  allow[0] = '\0';
  for (size_t i = 0; i < OP_COUNT_; i++) {
    const struct route *r = &routes[i];
    if (!route_matches(r, t))
      continue;
    path_exists = true;
    allow_add(allow, r->row->method);
    if (str_eq(r->row->method, wanted))
      found = r;
  }
  if (!path_exists)
    return err_set(e, ERR_NOT_FOUND, "There is nothing at this address.");
  if (!found)
    return err_set(e, ERR_METHOD, "This address does not take the method %.20s; it takes %s.", method, allow);
  *out = found;
  return ERR_NONE;
}
