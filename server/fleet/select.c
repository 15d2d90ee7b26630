#include <string.h>

#include "fleet/inside.h"

enum { PAGE = 500 };

static void add(struct arena *a, node_list *l, size_t *room, const struct node *n)
{
  for (size_t i = 0; i < l->count; i++)
    if (l->item[i].id == n->id)
      return;
  if (l->count == *room) {
    *room = *room ? *room * 2 : 16;
    struct node *more = arena_alloc_n(a, *room, sizeof *more);
    if (l->count)
      memcpy(more, l->item, l->count * sizeof *more);
    l->item = more;
  }
  l->item[l->count++] = *n;
}

static enum err_code nodes_of_cluster(struct fleet *f, const char *cluster, struct arena *a, node_list *out,
                                      struct err *e)
{
  struct node_filter filter = { .cluster = cluster, .now_s = clock_now_s(), .limit = PAGE };
  size_t room = 0;
  do {
    node_list page = { 0 };
    TRY(store_node_list(f->config.store, &filter, a, &page, &filter.after, e));
    for (size_t i = 0; i < page.count; i++)
      add(a, out, &room, &page.item[i]);
  } while (filter.after);
  return ERR_NONE;
}

/* The one cluster that "all" can mean, where none is named. */
static enum err_code only_cluster(struct fleet *f, const char *flavour, struct arena *a, const char **name,
                                  struct err *e)
{
  struct str_list names = { 0 };
  const char *after = NULL;
  do {
    cluster_list page = { 0 };
    TRY(store_cluster_list(f->config.store, NULL, PAGE, after, clock_now_s(), a, &page, &after, e));
    for (size_t i = 0; i < page.count; i++)
      if (!flavour || str_eq(page.item[i].flavour, flavour))
        str_list_add(a, &names, page.item[i].name);
  } while (after);
  if (names.count == 0)
    return err_field(e, "cluster", "there is no cluster%s%s yet", flavour ? " of flavour " : "",
                     flavour ? flavour : "");
  if (names.count > 1)
    return err_field(e, "cluster", "there are %zu clusters (%s and others): name the one that is meant", names.count,
                     names.item[0]);
  *name = names.item[0];
  return ERR_NONE;
}

static enum err_code select_all(struct fleet *f, const struct fleet_selection *sel, struct arena *a, node_list *out,
                                struct err *e)
{
  const char *name = sel->cluster;
  if (!name)
    TRY(only_cluster(f, sel->flavour, a, &name, e));
  struct cluster c;
  TRY(store_cluster_get(f->config.store, name, clock_now_s(), a, &c, e));
  if (sel->flavour && !str_eq(c.flavour, sel->flavour))
    return err_field(e, "cluster", "%s is of flavour %s, not %s", c.name, c.flavour, sel->flavour);
  TRY(nodes_of_cluster(f, c.name, a, out, e));
  if (!out->count)
    return err_set(e, ERR_REFUSED, "the cluster %s has no nodes yet", c.name);
  return ERR_NONE;
}

static enum err_code check_fits(const struct fleet_selection *sel, const struct node *n, const struct node *first,
                                struct err *e)
{
  if (sel->flavour && !str_eq(n->flavour, sel->flavour))
    return err_field(e, "nodes", "%s belongs to %s, which is of flavour %s, not %s", n->name, n->cluster, n->flavour,
                     sel->flavour);
  if (sel->cluster && !str_eq(n->cluster, sel->cluster))
    return err_field(e, "nodes", "%s belongs to the cluster %s, not %s", n->name, n->cluster, sel->cluster);
  if (sel->one_cluster && n->cluster_id != first->cluster_id)
    return err_field(e, "nodes", "%s belongs to the cluster %s and %s to %s: do one cluster at a time", first->name,
                     first->cluster, n->name, n->cluster);
  return ERR_NONE;
}

static enum err_code select_named(struct fleet *f, const struct fleet_selection *sel, struct arena *a, node_list *out,
                                  struct err *e)
{
  size_t room = 0;
  for (size_t i = 0; i < sel->nodes.count; i++) {
    struct node n;
    TRY(store_node_get(f->config.store, sel->nodes.item[i], clock_now_s(), a, &n, e));
    add(a, out, &room, &n);
    TRY(check_fits(sel, &n, &out->item[0], e));
  }
  return ERR_NONE;
}

enum err_code fleet_select(struct fleet *f, const struct fleet_selection *sel, struct arena *a, node_list *out,
                           struct err *e)
{
  if (sel->all && sel->nodes.count)
    return err_field(e, "nodes", "name nodes or say all, not both");
  if (!sel->all && !sel->nodes.count)
    return err_field(e, "nodes", "name at least one node, or say all");
  node_list found = { 0 };
  TRY(sel->all ? select_all(f, sel, a, &found, e) : select_named(f, sel, a, &found, e));
  *out = found;
  return ERR_NONE;
}

enum err_code fleet_other_members(struct fleet *f, const struct node *n, struct arena *a, node_list *out, struct err *e)
{
  node_list all = { 0 };
  TRY(nodes_of_cluster(f, n->cluster, a, &all, e));
  size_t kept = 0;
  for (size_t i = 0; i < all.count; i++)
    if (all.item[i].id != n->id)
      all.item[kept++] = all.item[i];
  all.count = kept;
  *out = all;
  return ERR_NONE;
}
