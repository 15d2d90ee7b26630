#include <string.h>

#include "base/str.h"
#include "store/inside.h"

const char *const node_role_bits[] = { "master", "aggregator", "leaf", "member", NULL };

static struct str_list roles_of(int64_t bits, struct arena *a)
{
  struct str_list l = { 0 };
  for (int i = 0; node_role_bits[i]; i++)
    if (bits & 1 << i)
      str_list_add(a, &l, node_role_bits[i]);
  return l;
}

static struct str_list lines_of(const char *text, struct arena *a)
{
  struct str_list l = { 0 };
  while (*text) {
    size_t len = strcspn(text, "\n");
    str_list_add(a, &l, arena_strndup(a, text, len));
    text += len + (text[len] == '\n');
  }
  return l;
}

/* An unproven connection says nothing about what is served, and without anything pushed there is nothing to compare. */
const char *node_wire(const char *probe_state, const char *served_sha256, const char *wanted_sha256)
{
  if (str_eq(probe_state, "plaintext") || str_eq(probe_state, "unreachable"))
    return probe_state;
  if (!str_eq(probe_state, "tls") || !served_sha256 || !wanted_sha256)
    return "unknown";
  return str_eq(served_sha256, wanted_sha256) ? "this" : "other";
}

static struct probe *probe_of(struct db_rows *r, int64_t now_s, struct arena *a)
{
  if (!db_int(r))
    return NULL;
  struct probe *p = arena_alloc(a, sizeof *p);
  p->channel = db_str(r, a);
  p->state = db_str(r, a);
  p->error = db_str(r, a);
  p->at_s = db_int(r);
  p->server_version = db_str(r, a);
  p->protocol = db_str(r, a);
  p->cipher = db_str(r, a);
  p->client_cert_asked = db_bool(r);
  p->sha256 = db_str(r, a);
  p->subject = db_str(r, a);
  p->issuer = db_str(r, a);
  p->not_after_s = db_time(r);
  p->days_left = store_days_left(p->not_after_s, now_s);
  p->chain_length = db_int(r);
  p->unnamed = db_str(r, a);
  return p;
}

static void reach_of(struct db_rows *r, struct arena *a, struct node *n)
{
  n->reach = db_str(r, a);
  n->ssh_user = db_str(r, a);
  n->ssh_host = db_str(r, a);
  n->ssh_port = db_int(r);
  n->sudo = db_bool(r);
  n->host_key = db_str(r, a);
  n->host_key_seen = db_str(r, a);
}

static void server_of(struct db_rows *r, struct arena *a, struct node *n)
{
  n->address = db_str(r, a);
  n->port = db_int(r);
  n->option_file = db_str(r, a);
  n->cert_dir = db_str(r, a);
  n->owner = db_str(r, a);
  n->unit = db_str(r, a);
  n->service = db_str(r, a);
  n->bootstrap = db_str(r, a);
  n->base_dir = db_str(r, a);
  n->group_address = db_str(r, a);
  n->dns_names = lines_of(db_str(r, a), a);
}

void node_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  struct node *n = item;
  n->id = db_int(r);
  n->name = db_str(r, a);
  n->cluster_id = db_int(r);
  n->cluster = db_str(r, a);
  n->flavour = db_str(r, a);
  n->roles = roles_of(db_int(r), a);
  reach_of(r, a, n);
  server_of(r, a, n);
  n->wanted_cert_id = db_int(r);
  n->wanted_cert = db_str(r, a);
  n->wanted_sha256 = cert_sha256_column(r, a);
  n->wanted_ca_id = db_int(r);
  n->generation = db_int(r);
  n->created_s = db_int(r);
  n->probe = probe_of(r, now_s, a);
  n->wire = n->probe ? node_wire(n->probe->state, n->probe->sha256, n->wanted_sha256) : "unknown";
}

enum { CHAIN_PEM_COLUMN = 45 };

static void node_row_whole(struct db_rows *r, int64_t now_s, struct arena *a, struct node *n)
{
  node_row(r, now_s, a, n);
  r->column = CHAIN_PEM_COLUMN;
  const char *chain = db_str(r, a);
  if (n->probe)
    n->probe->chain_pem = chain;
}

enum err_code store_node_get(struct store *s, const char *ref, int64_t now_s, struct arena *a, struct node *out,
                             struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  int64_t id;
  TRY(db_read(s->db, &c, e));
  if (store_ref_is_id(ref, &id))
    TRY(db_first(c, SQL_NODE_BY_ID, DB_ARGS(db_i(id)), &r, e));
  else
    TRY(db_first(c, SQL_NODE_BY_NAME, DB_ARGS(db_t(ref)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no node %s", ref);
  *out = (struct node){ 0 };
  node_row_whole(&r, now_s, a, out);
  return ERR_NONE;
}

enum err_code store_node_count(struct store *s, int64_t *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_read(s->db, &c, e));
  return db_number(c, SQL_NODE_COUNT, DB_NO_ARGS, 0, out, e);
}

enum err_code store_node_list(struct store *s, const struct node_filter *f, struct arena *a, node_list *out,
                              const char **next, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  struct cursor at = { .text = "" };
  int64_t cluster = 0, roles, limit = store_page_limit(f->limit);
  TRY(cursor_parse(a, "node", f->after, &at, e));
  TRY(node_role_mask(&f->roles, &roles, e));
  TRY(db_read(s->db, &c, e));
  if (f->cluster)
    TRY(cluster_id_of(c, f->cluster, &cluster, e));
  struct search q = search_of(a, f->q);
  TRY(search_weigh(c, SQL_NODE_SEARCH_COUNT, &q, e));
  db_query(c, q.few ? SQL_NODE_LIST_FOUND : cluster ? SQL_NODE_LIST_CLUSTER : SQL_NODE_LIST,
           DB_ARGS(db_t(at.text), db_ref(cluster), db_t(f->flavour), db_i(roles), db_t(q.like), db_t(q.match),
                   db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct node), node_row, f->now_s, a, &p, e));
  *out = (node_list){ p.item, p.count };
  *next = p.more ? cursor_format(a, "node", &(struct cursor){ .text = out->item[p.count - 1].name }) : NULL;
  return ERR_NONE;
}
