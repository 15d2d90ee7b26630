/* Members of a Galera cluster verify each other in both directions at every handshake, and one that restarts meets
 * others that have not yet. So before a change: whatever any member will present or hold, now and at every moment of
 * the restarts to come, has to be accepted by whatever any other holds. What cannot be seen is refused. */
#include <string.h>

#include "fleet/inside.h"
#include "pki/pki.h"

/* What a member has on disk at one time. */
struct state {
  struct flavour_group group;
  const char *cert, *ca; /* PEM */
};

struct member {
  struct fleet *f;
  struct node node;
  bool changes;          /* it is one of the nodes that the change is for */
  const struct push_material *material;
  const struct option_edit *edit;
  bool running;
  struct state before, after;
  struct arena arena;
  struct err e;
};

/* Canonical folder of a path on the node, links resolved. */
static enum err_code folder_of(struct remote *r, const char *path, struct arena *a, const char **out, struct err *e)
{
  const char *text;
  TRY(fleet_script(r, arena_printf(a, "readlink -m -- \"$(dirname -- %s)\"", sh_quote(a, path)), NULL, a, &text, e));
  *out = arena_strndup(a, text, strcspn(text, "\n"));
  return ERR_NONE;
}

/* What a push will put at this path; NULL: it leaves it alone. */
static enum err_code pushed_to(struct member *m, struct remote *r, const char *path, const char **out, struct err *e)
{
  const struct flavour *f = flavour_find(m->node.flavour);
  struct arena *a = &m->arena;
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *there, *ours;
  const char *content = str_eq(name, f->cert_file) ? m->material->cert_pem
                        : str_eq(name, f->ca_file) ? m->material->ca_pem : NULL;
  *out = NULL;
  if (!content)
    return ERR_NONE;
  TRY(folder_of(r, path, a, &there, e));
  TRY(folder_of(r, arena_printf(a, "%s/x", m->node.cert_dir), a, &ours, e));
  if (str_eq(there, ours))
    *out = content;
  return ERR_NONE;
}

static enum err_code read_file(struct member *m, struct remote *r, const struct optfile *options, const char *what,
                               const char *value, bool is_after, const char **out, struct err *e)
{
  struct arena *a = &m->arena;
  if (!value)
    return err_set(e, ERR_REFUSED, "the options of %s turn TLS of the group on and name no %s", m->node.name, what);
  const char *path = flavour_path(flavour_find(m->node.flavour), &m->node, options, value, a);
  size_t len;
  if (is_after && m->changes && m->material) {
    TRY(pushed_to(m, r, path, out, e));
    if (*out)
      return ERR_NONE;
  }
  enum err_code rc = remote_read(r, path, PKI_PEM_MAX, a, out, &len, e);
  if (!rc)
    return ERR_NONE;
  err_context(e, "what the members of the group verify each other with cannot be seen on %s", m->node.name);
  if (e && rc == ERR_NOT_FOUND)
    e->code = rc = ERR_REFUSED;
  return rc;
}

static enum err_code read_state(struct member *m, struct remote *r, const struct optfile *options, bool is_after,
                                struct state *out, struct err *e)
{
  struct state s = { 0 };
  TRY(flavour_find(m->node.flavour)->group(&m->node, options, &m->arena, &s.group, e));
  if (s.group.member && s.group.tls) {
    TRY(read_file(m, r, options, "certificate", s.group.cert, is_after, &s.cert, e));
    TRY(read_file(m, r, options, "authority", s.group.ca, is_after, &s.ca, e));
  }
  *out = s;
  return ERR_NONE;
}

/* A server whose process cannot be looked at counts as running while its port answers. */
static enum err_code is_running(struct member *m, struct remote *r, const struct optfile *options, struct err *e)
{
  struct node_process p;
  TRY(fleet_process(r, &m->node, options, &m->arena, &p, e));
  int fd = -1;
  m->running = p.pid != 0;
  if (!p.visible && !fleet_db_connect(&m->node, r, FLEET_PROBE_MS, &fd, NULL)) {
    m->running = true;
    close(fd);
  }
  return ERR_NONE;
}

static enum err_code gather(struct member *m, struct err *e)
{
  AUTO_REMOTE struct remote *r = NULL;
  struct planned_edit p = { 0 };
  TRY(fleet_reach(m->f, &m->node, &m->arena, &r, e));
  if (m->changes && m->edit) {
    TRY(fleet_plan_edit(r, &m->node, m->edit, &m->arena, &p, e));
  } else {
    TRY(fleet_options(r, &m->node, NULL, &m->arena, &p.before, e));
    p.after = p.before;
  }
  TRY(read_state(m, r, &p.before, false, &m->before, e));
  TRY(read_state(m, r, &p.after, true, &m->after, e));
  if (m->changes && m->edit)
    TRY(fleet_transfer_check(r, &m->node, &m->after.group, &m->arena, e));
  return is_running(m, r, &p.before, e);
}

static void gather_run(void *item)
{
  struct member *m = item;
  if (fleet_is_managed(&m->node))
    gather(m, &m->e);
}

/* rsync has its TLS from another program, and without it the next join ends in an abort. */
enum err_code fleet_transfer_check(struct remote *r, const struct node *n, const struct flavour_group *group,
                                   struct arena *a, struct err *e)
{
  const char *out;
  if (!group->member || !group->transfer_tls || !str_eq(group->transfer, "rsync") ||
      !fleet_script(r, "command -v stunnel >/dev/null || exit 1", NULL, a, &out, NULL))
    return ERR_NONE;
  return err_set(e, ERR_REFUSED,
                 "%s could not join its group again: with these ssl options state transfers by rsync are "
                 "encrypted, and the program stunnel is not there; install it, or set ssl-mode=DISABLED in [sst]",
                   n->name);
}

enum err_code fleet_transfers_agree(const struct node *one, const struct flavour_group *x, const struct node *other,
                                    const struct flavour_group *y, struct err *e)
{
  if (!x->member || !y->member || x->transfer_tls == y->transfer_tls)
    return ERR_NONE;
  const struct node *on = x->transfer_tls ? one : other, *off = x->transfer_tls ? other : one;
  return err_set(e, ERR_REFUSED,
                 "state transfers between members would fail: by its ssl options %s would encrypt them and %s "
                 "would not; set the same on all members, or ssl-mode=DISABLED in [sst]", on->name, off->name);
}

static bool answers_both(const struct state *s) { return s->group.dynamic; }

/* Would `one`, in state x, and `other`, in state y, come to an understanding? */
static enum err_code check_pair(const struct member *one, const struct state *x, const struct member *other,
                                const struct state *y, struct arena *a, struct err *e)
{
  if (!x->group.member || !y->group.member)
    return ERR_NONE;
  if (x->group.tls != y->group.tls && !answers_both(x) && !answers_both(y))
    return err_set(e, ERR_REFUSED,
                   "%s would speak TLS in the group while %s does not: with two running members that is not "
                   "to be had one after the other unless socket.dynamic=true stands in wsrep_provider_options first",
                   x->group.tls ? one->node.name : other->node.name, x->group.tls ? other->node.name : one->node.name);
  if (!x->group.tls || !y->group.tls)
    return ERR_NONE;
  static const char *const usages[] = { "server", "client" };
  for (size_t i = 0; i < COUNT_OF(usages); i++) {
    const char *why = fleet_verdict(x->cert, y->ca, usages[i], a, NULL);
    if (why)
      return err_set(e, ERR_REFUSED,
                     "%s would refuse the certificate of %s as a %s: %s. Members restart one after the other "
                     "and have to accept each other all the while; another authority comes as an operation of its own",
                     other->node.name, one->node.name, usages[i], why);
  }
  return ERR_NONE;
}

/* A member that runs holds what was there when it started until it restarts; one that does not holds what is on
 * disk. */
static enum err_code check_members(const struct member *one, const struct member *other, struct arena *a, struct err *e)
{
  if ((one->changes && one->edit) || (other->changes && other->edit))
    TRY(fleet_transfers_agree(&one->node, &one->after.group, &other->node, &other->after.group, e));
  if (one->changes || other->changes)
    TRY(check_pair(one, &one->after, other, &other->after, a, e));
  if (one->changes && other->running)
    TRY(check_pair(one, &one->after, other, &other->before, a, e));
  if (other->changes && one->running)
    TRY(check_pair(one, &one->before, other, &other->after, a, e));
  return ERR_NONE;
}

static enum err_code check_seen(const struct member *m, bool tls, struct err *e)
{
  if (m->e.code) {
    if (e)
      *e = m->e;
    return m->e.code;
  }
  if (tls && !fleet_is_managed(&m->node))
    return err_set(e, ERR_REFUSED,
                   "%s is only observed: opsd cannot see whether it would still accept the other members",
                   m->node.name);
  return ERR_NONE;
}

static enum err_code check_all(const struct member *all, size_t count, struct arena *a, struct err *e)
{
  bool tls = false;
  for (size_t i = 0; i < count; i++)
    tls = tls || all[i].before.group.tls || all[i].after.group.tls;
  for (size_t i = 0; i < count; i++)
    TRY(check_seen(&all[i], tls, e));
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < count; j++)
      if (i != j)
        TRY(check_members(&all[i], &all[j], a, e));
  return ERR_NONE;
}

static bool has_node(const node_list *l, int64_t id)
{
  for (size_t i = 0; i < l->count; i++)
    if (l->item[i].id == id)
      return true;
  return false;
}

static void members_free(struct member *all, size_t count)
{
  for (size_t i = 0; i < count; i++)
    arena_free(&all[i].arena);
}

enum err_code fleet_galera_check(struct fleet *f, const node_list *nodes, const struct push_material *material,
                                 const struct option_edit *edit, struct arena *a, struct err *e)
{
  const struct node *first = &nodes->item[0];
  node_list others = { 0 };
  if (!flavour_find(first->flavour)->may_be_galera)
    return ERR_NONE;
  TRY(fleet_other_members(f, first, a, &others, e));
  if (!others.count)
    return ERR_NONE;
  size_t count = others.count + 1;
  struct member *all = arena_alloc_n(a, count, sizeof *all);
  for (size_t i = 0; i < count; i++) {
    const struct node *n = i ? &others.item[i - 1] : first;
    all[i] = (struct member){ .f = f, .node = *n, .changes = has_node(nodes, n->id), .material = material,
                              .edit = edit };
  }
  pool_each(f->config.pool, all, count, sizeof *all, gather_run);
  enum err_code rc = check_all(all, count, a, e);
  members_free(all, count);
  return rc;
}
