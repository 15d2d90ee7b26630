#include <string.h>

#include "base/log.h"
#include "fleet/inside.h"

bool fleet_is_managed(const struct node *n) { return !str_eq(n->reach, "observe"); }

enum err_code fleet_check_managed(const struct node *n, struct err *e)
{
  if (!fleet_is_managed(n))
    return err_set(e, ERR_REFUSED, "%s is only observed: opsd has no way to its host", n->name);
  if (str_eq(n->reach, "ssh") && !n->host_key)
    return err_set(e, ERR_REFUSED,
                   "the host key of %s is not confirmed yet: compare it on the host, then run opsd node-trust "
                   "%s --host-key %s", n->name, n->name, n->host_key_seen ? n->host_key_seen : "SHA256:…");
  return ERR_NONE;
}

enum err_code fleet_check_nodes(const node_list *nodes, struct err *e)
{
  for (size_t i = 0; i < nodes->count; i++)
    TRY(fleet_check_managed(&nodes->item[i], e));
  return ERR_NONE;
}

const char *fleet_these(const node_list *nodes, struct arena *a)
{
  return nodes->count == 1 ? nodes->item[0].name : arena_printf(a, "%zu nodes", nodes->count);
}

static enum err_code secret_key(struct fleet *f, struct buf *pem, struct err *e)
{
  bool found;
  TRY(store_secret_get(f->config.store, "ssh_key", pem, &found, e));
  if (found)
    return ERR_NONE;
  AUTO_BUF struct buf line = BUF_INIT;
  TRY(remote_key_make("opsd", pem, &line, e));
  return store_secret_set(f->config.store, "ssh_key", pem->data, pem->len, e);
}

/* Made at first use: two first users must not make two. */
static enum err_code ssh_key_load(struct fleet *f, struct buf *pem, struct err *e)
{
  static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&making);
  enum err_code rc = secret_key(f, pem, e);
  pthread_mutex_unlock(&making);
  return rc;
}

enum err_code fleet_ssh_key(struct fleet *f, struct arena *a, const char **public_line, const char **fingerprint,
                            struct err *e)
{
  AUTO_BUF struct buf pem = BUF_INIT;
  TRY(ssh_key_load(f, &pem, e));
  return remote_key_public(buf_cstr(&pem), "opsd", a, public_line, fingerprint, e);
}

/* What a host offers is kept beside what is pinned, so that a page can show both. */
static void note_seen(struct fleet *f, const struct node *n, const char *seen)
{
  struct err e = { 0 };
  const char *waiting = str_eq(seen, n->host_key) ? NULL : seen;
  if (seen && !str_eq(waiting, n->host_key_seen) &&
      store_node_set_host_key(f->config.store, n->id, n->host_key, waiting, &e))
    log_warning("node %s: its host key could not be noted: %s", n->name, e.text);
}

static enum err_code open_target(struct fleet *f, const struct node *n, const char *pinned, struct arena *a,
                                 struct remote **out, const char **seen, struct err *e)
{
  AUTO_BUF struct buf pem = BUF_INIT;
  struct remote_target t = { .local = str_eq(n->reach, "local"), .sudo = n->sudo };
  if (!t.local) {
    TRY(ssh_key_load(f, &pem, e));
    t.user = n->ssh_user;
    t.host = n->ssh_host;
    t.port = (int)n->ssh_port;
    t.host_key = pinned;
    t.key_pem = buf_cstr(&pem);
  }
  enum err_code rc = remote_open(&t, a, out, seen, e);
  note_seen(f, n, *seen);
  return rc;
}

enum err_code fleet_reach(struct fleet *f, const struct node *n, struct arena *a, struct remote **out, struct err *e)
{
  TRY(fleet_check_managed(n, e));
  const char *seen = NULL;
  enum err_code rc = open_target(f, n, n->host_key, a, out, &seen, e);
  if (rc)
    err_context(e, "%s", n->name);
  return rc;
}

enum err_code fleet_host_key(struct fleet *f, const struct node *n, struct arena *a, const char **host_key,
                             struct err *e)
{
  if (!str_eq(n->reach, "ssh"))
    return err_set(e, ERR_REFUSED, "%s is not reached over SSH: it has no host key", n->name);
  AUTO_REMOTE struct remote *r = NULL;
  const char *seen = NULL;
  enum err_code rc = open_target(f, n, NULL, a, &r, &seen, e);
  if (!seen)
    return rc ? rc : err_set(e, ERR_REMOTE, "%s did not offer a host key", n->name);
  *host_key = seen;
  return ERR_NONE;
}

enum err_code fleet_db_connect(const struct node *n, struct remote *r, int timeout_ms, int *fd, struct err *e)
{
  if (str_eq(n->reach, "ssh"))
    return remote_tunnel(r, n->address, (int)n->port, NULL, timeout_ms, fd, e);
  return wire_connect(n->address, (int)n->port, timeout_ms, fd, e);
}

/* The last line that is not empty, where programs say why they gave up. */
static const char *last_line(const char *text, struct arena *a)
{
  size_t end = strlen(text);
  while (end && strchr("\r\n \t", text[end - 1]))
    end--;
  size_t start = end;
  while (start && text[start - 1] != '\n')
    start--;
  return arena_strndup(a, text + start, end - start);
}

enum err_code fleet_script(struct remote *r, const char *script, const char *input, struct arena *a, const char **out,
                           struct err *e)
{
  struct remote_result res;
  TRY(remote_run(r, script, input, input ? strlen(input) : 0, FLEET_SCRIPT_MS, a, &res, e));
  if (res.exit_status) {
    const char *why = last_line(res.err ? res.err : "", a);
    return err_set(e, ERR_REMOTE, "%s", *why ? why : "a command failed on the node and did not say why");
  }
  *out = res.out ? res.out : "";
  return ERR_NONE;
}
