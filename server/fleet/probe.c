#include <string.h>

#include "fleet/inside.h"
#include "pki/pki.h"

struct probe_job {
  struct fleet *f;
  struct node *node;
  struct err e;
};

/* Found out once, with the chain at hand, so that lists can show it. */
static const char *unnamed(const struct node *n, const struct probe *p, struct arena *a)
{
  struct pki_chain c = { 0 };
  if (!p->chain_pem || pki_chain_read(p->chain_pem, strlen(p->chain_pem), "chain", a, &c, NULL) || !c.count)
    return NULL;
  struct str_list missing = { 0 };
  if (n->address && !pki_matches_name(&c.item[0], n->address))
    str_list_add(a, &missing, n->address);
  for (size_t i = 0; i < n->dns_names.count; i++)
    if (!pki_matches_name(&c.item[0], n->dns_names.item[i]))
      str_list_add(a, &missing, n->dns_names.item[i]);
  return missing.count ? str_list_join(a, &missing, ", ") : NULL;
}

static void unreachable(struct arena *a, const struct err *e, struct probe *out)
{
  *out = (struct probe){ .channel = "client", .state = "unreachable", .at_s = clock_now_s(), .not_after_s = TIME_NONE,
                         .error = arena_strdup(a, e->text) };
}

enum err_code fleet_probe_one(struct fleet *f, const struct node *n, struct remote *r, struct arena *a,
                              struct probe *out, struct err *e)
{
  AUTO_REMOTE struct remote *own = NULL;
  struct err why = { 0 };
  int fd = -1;
  enum err_code rc = ERR_NONE;
  if (!r && str_eq(n->reach, "ssh"))
    rc = fleet_reach(f, n, a, &own, &why);
  if (!rc)
    rc = fleet_db_connect(n, r ? r : own, FLEET_PROBE_MS, &fd, &why);
  if (rc)
    unreachable(a, &why, out);
  else
    wire_probe(fd, n->address, FLEET_PROBE_MS, a, out);
  out->unnamed = unnamed(n, out, a);
  return store_node_set_probe(f->config.store, n->id, out, e);
}

static void probe_run(void *item)
{
  struct probe_job *job = item;
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct probe p;
  fleet_probe_one(job->f, job->node, NULL, &a, &p, &job->e);
}

enum err_code fleet_probe(struct fleet *f, node_list *nodes, struct arena *a, struct err *e)
{
  struct probe_job *jobs = arena_alloc_n(a, nodes->count, sizeof *jobs);
  for (size_t i = 0; i < nodes->count; i++)
    jobs[i] = (struct probe_job){ .f = f, .node = &nodes->item[i] };
  pool_each(f->config.pool, jobs, nodes->count, sizeof *jobs, probe_run);
  for (size_t i = 0; i < nodes->count; i++) {
    if (jobs[i].e.code) {
      if (e)
        *e = jobs[i].e;
      return jobs[i].e.code;
    }
    TRY(store_node_get(f->config.store, arena_printf(a, "%lld", (long long)nodes->item[i].id), clock_now_s(), a,
                       &nodes->item[i], e));
  }
  return ERR_NONE;
}
