#include <string.h>

#include "base/str.h"
#include "store/inside.h"

enum err_code node_role_mask(const struct str_list *roles, int64_t *out, struct err *e)
{
  int64_t mask = 0;
  for (size_t i = 0; i < roles->count; i++) {
    int bit = word_index(node_role_bits, roles->item[i]);
    if (bit < 0)
      return err_field(e, "roles", "There is no role \"%s\": master, aggregator, leaf and member are known",
                       roles->item[i]);
    mask |= 1 << bit;
  }
  *out = mask;
  return ERR_NONE;
}

static enum err_code no_such(int64_t id, struct err *e)
{
  return err_set(e, ERR_NOT_FOUND, "There is no node %lld", (long long)id);
}

static enum err_code name_is_free(struct db_conn *c, const char *name, int64_t but_for, struct err *e)
{
  int64_t taken;
  TRY(db_number(c, SQL_NODE_ID, DB_ARGS(db_t(name)), 0, &taken, e));
  return taken && taken != but_for ? store_conflict(e, "name", "There is a node %s already", name) : ERR_NONE;
}

static enum err_code cluster_is_there(struct db_conn *c, int64_t id, struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_CLUSTER_NAME, DB_ARGS(db_i(id)), &r, e));
  return r.there ? ERR_NONE : err_field(e, "cluster", "There is no cluster %lld", (long long)id);
}

static enum err_code put_text(struct db_conn *c, const struct node *n, int64_t id, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  buf_printf(&text, "%s\n%s\n", n->name, n->address);
  for (size_t i = 0; i < n->dns_names.count; i++)
    buf_printf(&text, "%s\n", n->dns_names.item[i]);
  TRY(db_run(c, SQL_NODE_TEXT_INSERT, DB_ARGS(db_i(id), db_t(text.data)), e));
  return db_run(c, SQL_NODE_FTS_INSERT, DB_ARGS(db_i(id), db_t(text.data)), e);
}

static enum err_code drop_text(struct db_conn *c, int64_t id, struct err *e)
{
  TRY(db_run(c, SQL_NODE_FTS_DELETE, DB_ARGS(db_i(id)), e));
  return db_run(c, SQL_NODE_TEXT_DELETE, DB_ARGS(db_i(id)), e);
}

/* The arguments that both insert and update take, ?1 to ?19. */
#define SETTINGS_OF(n, roles, names) \
  db_t((n)->name), db_i((n)->cluster_id), db_i(roles), db_t((n)->reach), db_t((n)->ssh_user), db_t((n)->ssh_host), \
  db_i((n)->ssh_port), db_i((n)->sudo), db_t((n)->address), db_i((n)->port), db_t((n)->option_file), \
  db_t((n)->cert_dir), db_t((n)->owner), db_t((n)->unit), db_t((n)->service), db_t((n)->bootstrap), \
  db_t((n)->base_dir), db_t((n)->group_address), db_t(names)

enum err_code node_insert(struct db_conn *c, const struct node *n, int64_t *id, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  int64_t roles;
  TRY(store_check_name(n->name, e));
  TRY(node_role_mask(&n->roles, &roles, e));
  TRY(cluster_is_there(c, n->cluster_id, e));
  TRY(name_is_free(c, n->name, 0, e));
  const char *names = str_list_join(&a, &n->dns_names, "\n");
  TRY(db_run(c, SQL_NODE_INSERT, DB_ARGS(SETTINGS_OF(n, roles, names), db_t(n->host_key), db_i(clock_now_s())), e));
  *id = db_last_id(c);
  return put_text(c, n, *id, e);
}

enum err_code store_node_add(struct store *s, const struct node *n, int64_t *id, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  int64_t added;
  TRY(node_insert(c, n, &added, e));
  TRY(store_commit(s, &c, e));
  *id = added;
  return ERR_NONE;
}

enum err_code store_node_change(struct store *s, const struct node *n, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_CONN struct db_conn *c = NULL;
  int64_t roles;
  TRY(store_check_name(n->name, e));
  TRY(node_role_mask(&n->roles, &roles, e));
  TRY(db_write(s->db, &c, e));
  TRY(cluster_is_there(c, n->cluster_id, e));
  TRY(name_is_free(c, n->name, n->id, e));
  const char *names = str_list_join(&a, &n->dns_names, "\n");
  TRY(db_run(c, SQL_NODE_UPDATE, DB_ARGS(SETTINGS_OF(n, roles, names), db_i(n->id)), e));
  if (!db_changes(c))
    return no_such(n->id, e);
  TRY(drop_text(c, n->id, e));
  TRY(put_text(c, n, n->id, e));
  return store_commit(s, &c, e);
}

static enum err_code check_idle(struct db_conn *c, int64_t id, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_NODE_NAME, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return no_such(id, e);
  int64_t rollout;
  TRY(db_number(c, SQL_NODE_ROLLOUT, DB_ARGS(db_i(id)), 0, &rollout, e));
  if (!rollout)
    return ERR_NONE;
  return err_set(e, ERR_CONFLICT, "Node %s has a part in rollout %lld, which is under way: let it end first",
                 db_str(&r, &a), (long long)rollout);
}

enum err_code store_node_delete(struct store *s, int64_t id, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(check_idle(c, id, e));
  TRY(drop_text(c, id, e));
  TRY(db_run(c, SQL_NODE_DELETE, DB_ARGS(db_i(id)), e));
  return store_commit(s, &c, e);
}

/* One statement about one node that must be there. */
static enum err_code change_one(struct store *s, size_t query, struct db_args args, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(db_run(c, query, args, e));
  if (!db_changes(c))
    return no_such(args.arg[0].number, e);
  return store_commit(s, &c, e);
}

enum err_code store_node_set_host_key(struct store *s, int64_t id, const char *pinned, const char *seen, struct err *e)
{
  return change_one(s, SQL_NODE_SET_HOST_KEY, DB_ARGS(db_i(id), db_t(pinned), db_t(seen)), e);
}

enum err_code store_node_set_wanted(struct store *s, int64_t id, int64_t cert_id, int64_t ca_id, int64_t generation,
                                    struct err *e)
{
  return change_one(s, SQL_NODE_SET_WANTED, DB_ARGS(db_i(id), db_ref(cert_id), db_ref(ca_id), db_i(generation)), e);
}

enum err_code store_node_set_probe(struct store *s, int64_t id, const struct probe *p, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  int64_t not_after = p->sha256 ? p->not_after_s : TIME_NONE;
  TRY(db_run(c, SQL_NODE_SET_PROBE, DB_ARGS(db_i(id), db_t(p->state), db_i(not_after)), e));
  if (!db_changes(c))
    return no_such(id, e);
  TRY(db_run(c, SQL_NODE_PROBE_SET,
             DB_ARGS(db_i(id), db_t(p->channel), db_t(p->state), db_t(p->error), db_i(p->at_s), db_t(p->server_version),
                     db_t(p->protocol), db_t(p->cipher), db_i(p->client_cert_asked), db_t(p->sha256), db_t(p->subject),
                     db_t(p->issuer), db_i(not_after), db_i(p->chain_length), db_t(p->unnamed)), e));
  if (p->chain_pem)
    TRY(db_run(c, SQL_NODE_CHAIN_SET, DB_ARGS(db_i(id), db_t(p->chain_pem)), e));
  else
    TRY(db_run(c, SQL_NODE_CHAIN_DELETE, DB_ARGS(db_i(id)), e));
  return store_commit(s, &c, e);
}
