/* What needs attention, what expires when, and the clusters: the first page. */
#include <inttypes.h>
#include <string.h>

#include "api/handlers.h"
#include "contract/replies.h"
#include "contract/requests.h"

enum { ATTENTION_MAX = 50, MARKS_MAX = 160, MARKS_PER_LANE = 40, CARDS_MAX = 200, YEAR_DAYS = 365, ACTIVITY = 6, ACTIVITY_LOOKED_AT = 60, PAGE = 1000 };

struct gather {
  struct arena *a;
  struct overview_reply *reply;
  int64_t now_s;
};

static bool is_critical(const struct finding *f) { return str_eq(f->severity, "critical"); }

/* Keeps the worst: critical ones push warnings out of a full list. */
static void add_attention(struct gather *g, const struct finding *f, const char *cluster, const char *node,
                          const char *link, const char *action)
{
  attention_list *list = &g->reply->attention;
  if (str_eq(f->severity, "accepted"))
    return;
  if (is_critical(f))
    g->reply->critical++;
  else
    g->reply->warnings++;
  struct attention it = { f->rule, f->severity, f->text, f->mend, cluster, node, link, action };
  size_t at = list->count;
  if (is_critical(f))
    for (at = 0; at < list->count && str_eq(list->item[at].severity, "critical");)
      at++;
  if (at >= ATTENTION_MAX)
    return;
  if (list->count < ATTENTION_MAX)
    list->count++;
  memmove(&list->item[at + 1], &list->item[at], (list->count - 1 - at) * sizeof it);
  list->item[at] = it;
}

static struct expiry_mark *add_mark(struct gather *g, const char *lane, const char *label, int64_t at_s, int64_t id)
{
  if (g->reply->expiry.count == MARKS_MAX)
    return NULL;
  struct expiry_mark *m = &g->reply->expiry.item[g->reply->expiry.count++];
  *m = (struct expiry_mark){ at_s, (at_s - g->now_s) / 86400, lane, label, id, 1 };
  return m;
}

/* Leaves of one cluster that end on the same day are one mark. */
static void mark_served(struct gather *g, const struct node *n)
{
  const struct probe *p = n->probe;
  if (!p || !str_eq(p->state, "tls") || p->not_after_s == TIME_NONE)
    return;
  for (size_t i = 0; i < g->reply->expiry.count; i++) {
    struct expiry_mark *m = &g->reply->expiry.item[i];
    if (str_eq(m->lane, "leaf") && str_eq(m->label, n->cluster) && m->at_s / 86400 == p->not_after_s / 86400) {
      m->count++;
      return;
    }
  }
  add_mark(g, "leaf", n->cluster, p->not_after_s, n->wanted_cert_id);
}

static const char *action_for(const struct finding *f)
{
  if (str_eq(f->rule, "HOSTKEY"))
    return "Confirm host key";
  return "Open node";
}

static enum err_code take_nodes(struct gather *g, struct api *api, struct err *e)
{
  struct node_filter filter = { .now_s = g->now_s, .limit = PAGE };
  g->reply->last_probe_s = TIME_NONE;
  do {
    node_list nodes = { 0 };
    TRY(store_node_list(api->store, &filter, g->a, &nodes, &filter.after, e));
    for (size_t i = 0; i < nodes.count; i++) {
      const struct node *n = &nodes.item[i];
      finding_list found = { 0 };
      fleet_node_findings(api->fleet, n, g->now_s, g->a, &found);
      for (size_t k = 0; k < found.count; k++)
        add_attention(g, &found.item[k], n->cluster, n->name, arena_printf(g->a, "/nodes/%" PRId64, n->id),
                      action_for(&found.item[k]));
      if (n->probe && n->probe->at_s > g->reply->last_probe_s)
        g->reply->last_probe_s = n->probe->at_s;
      mark_served(g, n);
    }
    g->reply->nodes += (int64_t)nodes.count;
  } while (filter.after);
  return ERR_NONE;
}

static void attend_certificate(struct gather *g, const struct certificate *c)
{
  /* where nodes serve it, their findings say so */
  if (c->days_left > 60 || c->used_by)
    return;
  struct finding f = {
    .rule = "EXPIRY",
    .severity = c->days_left <= 30 && c->days_left >= 0 ? "critical" : "warning",
    .text = c->not_after_s < g->now_s
      ? arena_printf(g->a, "%s expired %" PRId64 " days ago.", c->name, (g->now_s - c->not_after_s) / 86400)
      : arena_printf(g->a, "%s expires in %" PRId64 " days.", c->name, c->days_left),
    .mend = "Import its successor, or delete it if nothing needs it.",
  };
  add_attention(g, &f, NULL, NULL, arena_printf(g->a, "/certificates/%" PRId64, c->id), "Open certificate");
}

static enum err_code take_certificates(struct gather *g, struct api *api, struct err *e)
{
  struct cert_counts counts;
  TRY(store_cert_counts(api->store, g->now_s, &counts, e));
  g->reply->certificates = counts.total;
  static const char *const lanes[][2] = { { "root", "authority" }, { "intermediate", "authority" },
                                          { "leaf", "leaf" }, { "self-signed", "leaf" } };
  for (size_t i = 0; i < COUNT_OF(lanes); i++) {
    struct cert_filter filter = { .kind = lanes[i][0], .sort = "expiry", .expires_within_days = YEAR_DAYS,
                                  .now_s = g->now_s, .limit = MARKS_PER_LANE };
    certificate_list list = { 0 };
    const char *next;
    TRY(store_cert_list(api->store, &filter, g->a, &list, &next, e));
    for (size_t k = 0; k < list.count; k++) {
      const struct certificate *c = &list.item[k];
      attend_certificate(g, c);
      /* what nodes serve is marked by their cluster */
      if (c->not_after_s >= g->now_s && !(c->used_by && str_eq(lanes[i][1], "leaf")))
        add_mark(g, lanes[i][1], c->name, c->not_after_s, c->id);
    }
  }
  return ERR_NONE;
}

static enum err_code take_console(struct gather *g, struct api *api, struct err *e)
{
  struct console_reply console = { 0 };
  TRY(api_console_describe(api, g->a, &console, e));
  if (!console.tls || !console.certificate)
    return ERR_NONE;
  const struct certificate *c = &console.certificate->row;
  add_mark(g, "console", console.self_signed ? "opsd, renews itself" : "opsd", c->not_after_s, 0);
  if (console.self_signed || c->days_left > 60)
    return ERR_NONE;
  struct finding f = { "EXPIRY", c->days_left <= 30 ? "critical" : "warning",
                       arena_printf(g->a, "The console's own certificate ends in %" PRId64 " days.", c->days_left), NULL,
                       "Upload its successor on the console page or with opsd ssl-set-cert." };
  add_attention(g, &f, NULL, NULL, "/settings/console", "Replace");
  return ERR_NONE;
}

static enum err_code take_clusters(struct gather *g, struct api *api, struct err *e)
{
  const char *next;
  TRY(store_cluster_list(api->store, NULL, CARDS_MAX, NULL, g->now_s, g->a, &g->reply->cluster_cards, &next, e));
  g->reply->clusters = (int64_t)g->reply->cluster_cards.count;
  for (size_t i = 0; i < g->reply->cluster_cards.count; i++) {
    const struct cluster *c = &g->reply->cluster_cards.item[i];
    if (c->node_count)
      continue;
    struct finding f = { "EMPTY", "warning", arena_printf(g->a, "%s has no nodes yet.", c->name), NULL,
                         "Add its database servers, so that opsd can look at them." };
    add_attention(g, &f, c->name, NULL, arena_printf(g->a, "/clusters/%" PRId64, c->id), "Add node");
  }
  return ERR_NONE;
}

static enum err_code take_rollouts(struct gather *g, struct api *api, struct err *e)
{
  rollout_list list = { 0 };
  const char *next;
  TRY(store_rollout_list(api->store, NULL, "interrupted", 20, NULL, g->a, &list, &next, e));
  for (size_t i = 0; i < list.count; i++) {
    struct finding f = { "ROLLOUT", "critical",
                         arena_printf(g->a, "Rollout %" PRId64 " was interrupted: %s.", list.item[i].id, list.item[i].title), NULL,
                         "Resume it: it goes on with the first step that is not done." };
    add_attention(g, &f, list.item[i].cluster, NULL, arena_printf(g->a, "/rollouts/%" PRId64, list.item[i].id), "Open rollout");
  }
  return ERR_NONE;
}

/* What people did; that they signed in is for the audit alone. */
static enum err_code take_activity(struct gather *g, struct api *api, struct err *e)
{
  audit_list rows = { 0 };
  const char *next;
  TRY(store_audit_list(api->store, NULL, NULL, NULL, ACTIVITY_LOOKED_AT, NULL, g->a, &rows, &next, e));
  audit_list *kept = &g->reply->activity;
  kept->item = arena_alloc_n(g->a, ACTIVITY, sizeof *kept->item);
  for (size_t i = 0; i < rows.count && kept->count < ACTIVITY; i++)
    if (!str_starts(rows.item[i].operation, "session"))
      kept->item[kept->count++] = rows.item[i];
  return ERR_NONE;
}

HANDLER(api_overview)
{
  (void)in;
  struct overview_reply *reply = out;
  struct api *api = api_of(call);
  struct gather g = { .a = call->arena, .reply = reply, .now_s = clock_now_s() };
  reply->attention.item = arena_alloc_n(call->arena, ATTENTION_MAX + 1, sizeof *reply->attention.item);
  reply->expiry.item = arena_alloc_n(call->arena, MARKS_MAX, sizeof *reply->expiry.item);
  TRY(take_rollouts(&g, api, e));
  TRY(take_clusters(&g, api, e));
  TRY(take_nodes(&g, api, e));
  TRY(take_console(&g, api, e));
  TRY(take_certificates(&g, api, e));
  return take_activity(&g, api, e);
}
