#include <stdlib.h>
#include <string.h>

#include "fleet/inside.h"

enum { COMMAND_WAIT_MS = 5000 }; /* after that the next step watches it */

/* Leaves first and the master last, as the documents order them; names within. */
static int rank(const struct node *n)
{
  return str_list_has(&n->roles, "master") ? 2 : str_list_has(&n->roles, "aggregator") ? 1 : 0;
}

static int by_rank(const void *x, const void *y)
{
  const struct node *a = x, *b = y;
  return rank(a) != rank(b) ? rank(a) - rank(b) : strcmp(a->name, b->name);
}

static enum err_code check_command(const struct node *n, struct err *e)
{
  if (n->unit || n->service)
    return ERR_NONE;
  return err_set(e, ERR_REFUSED,
                 "%s has neither a unit nor a service command: give it one, so that opsd can restart it",
                 n->name);
}

enum err_code fleet_restart(struct fleet *f, const node_list *nodes, const char *by, struct arena *a, int64_t *rollout,
                            const char **title, struct err *e)
{
  TRY(fleet_check_nodes(nodes, e));
  node_list sorted = { arena_memdup(a, nodes->item, nodes->count * sizeof *nodes->item), nodes->count };
  qsort(sorted.item, sorted.count, sizeof *sorted.item, by_rank);
  struct rollout_new r = { .cluster_id = nodes->item[0].cluster_id, .kind = "restart", .by = by };
  r.title = arena_printf(a, "Restart %s", fleet_these(nodes, a));
  for (size_t i = 0; i < sorted.count; i++) {
    const struct node *n = &sorted.item[i];
    TRY(check_command(n, e));
    bool galera = flavour_find(n->flavour)->may_be_galera;
    fleet_add_step(&r, a, n, "restart", "Restart the server");
    fleet_add_step(&r, a, n, "follow", galera ? "Wait until it answers and is Synced" : "Wait until it answers");
    fleet_add_step(&r, a, n, "probe", "Look at what it serves");
  }
  const struct order o = { 0 };
  TRY(fleet_start(f, &r, &o, a, rollout, e));
  *title = r.title;
  return ERR_NONE;
}

static enum err_code other_is_well(struct fleet *f, const struct node *other, const struct node *n,
                                   const struct flavour_group *group, struct arena *a, struct err *e)
{
  AUTO_REMOTE struct remote *r = NULL;
  struct optfile options;
  struct node_health h;
  TRY(fleet_reach(f, other, a, &r, e));
  TRY(fleet_options(r, other, NULL, a, &options, e));
  struct flavour_group theirs;
  TRY(flavour_find(other->flavour)->group(other, &options, a, &theirs, e));
  TRY(fleet_transfers_agree(n, group, other, &theirs, e));
  fleet_health(f, other, r, &options, a, &h);
  if (!h.well)
    return err_set(e, ERR_REFUSED, "%s is not well (%s): restarting %s now could stop the whole cluster", other->name,
                   h.says, n->name);
  if (!h.asked)
    return err_set(e, ERR_REFUSED, "opsd cannot ask whether %s is Synced (%s): give the cluster a database account",
                   other->name, h.says);
  return ERR_NONE;
}

/* A Galera member leaves only while all others are there to go on. One that is out already may try to come back. */
static enum err_code check_others(struct fleet *f, const struct node *n, struct remote *r,
                                  const struct optfile *options,
                                  struct arena *a, struct err *e)
{
  const struct flavour *fl = flavour_find(n->flavour);
  struct flavour_group group = { 0 };
  struct node_health own;
  node_list others = { 0 };
  if (fl->group)
    TRY(fl->group(n, options, a, &group, e));
  if (!group.member)
    return ERR_NONE;
  fleet_health(f, n, r, options, a, &own);
  if (!own.well)
    return ERR_NONE;
  TRY(fleet_transfer_check(r, n, &group, a, e));
  TRY(fleet_other_members(f, n, a, &others, e));
  if (others.count && !own.asked)
    return err_set(e, ERR_REFUSED, "opsd cannot ask whether %s is Synced (%s): give the cluster a database account", n->name,
                   own.says);
  for (size_t i = 0; i < others.count; i++)
    if (fleet_is_managed(&others.item[i]))
      TRY(other_is_well(f, &others.item[i], n, &group, a, e));
  return ERR_NONE;
}

/* Its first lines are for the step that follows: when it began by the node's clock, and how long the error log was. */
static const char *restart_script(const struct node *n, const struct optfile *options, struct arena *a)
{
  const char *log = fleet_error_log(n, options, a);
  const char *size = log ? arena_printf(a, "stat -Lc 'log %%s' -- %s 2>/dev/null || echo 'log 0'\n", sh_quote(a, log))
                         : "echo 'log 0'\n";
  return arena_printf(a, "date +'began %%s'\n%s%s\n", size, flavour_service_command(n, "restart", a));
}

enum err_code step_restart(struct step_run *s, struct err *e)
{
  struct node *n = &s->node;
  AUTO_REMOTE struct remote *r = NULL;
  struct optfile options;
  struct remote_result res;
  struct err why = { 0 };
  TRY(fleet_reach(s->f, n, s->a, &r, e));
  TRY(fleet_options(r, n, NULL, s->a, &options, e));
  TRY(check_others(s->f, n, r, &options, s->a, e));
  enum err_code rc = remote_run_detached(r, n->cert_dir, s->name, restart_script(n, &options, s->a), COMMAND_WAIT_MS,
                                         s->a,
                                         &res, &why);
  if (rc && rc != ERR_TIMEOUT)
    return err_set(e, rc, "%s", why.text);
  const char *command = flavour_service_command(n, "restart", s->a);
  s->detail = rc ? arena_printf(s->a, "%s is still running", command)
                 : arena_printf(s->a, "%s ended with %d", command, res.exit_status);
  return ERR_NONE;
}
