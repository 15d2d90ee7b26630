#include <string.h>

#include "fleet/inside.h"
#include "pki/pki.h"

enum err_code fleet_push(struct fleet *f, const node_list *nodes, int64_t cert_id, int64_t ca_id, const char *by,
                         struct arena *a, int64_t *rollout, const char **title, struct err *e)
{
  struct push_material m;
  TRY(fleet_check_nodes(nodes, e));
  TRY(fleet_material(f, cert_id, ca_id, a, &m, e));
  TRY(fleet_galera_check(f, nodes, &m, NULL, a, e));
  struct rollout_new r = { .cluster_id = nodes->item[0].cluster_id, .kind = "push", .by = by, .cert_id = cert_id,
                           .ca_id = m.ca_id == cert_id ? 0 : m.ca_id };
  r.title = arena_printf(a, "Push %s to %s", m.name, fleet_these(nodes, a));
  for (size_t i = 0; i < nodes->count; i++) {
    fleet_add_step(&r, a, &nodes->item[i], "check", "Look at the host");
    fleet_add_step(&r, a, &nodes->item[i], "install", "Install certificate, key and authority");
    fleet_add_step(&r, a, &nodes->item[i], "probe", "Look at what it serves");
  }
  const struct order o = { .cert_id = cert_id, .ca_id = ca_id };
  TRY(fleet_start(f, &r, &o, a, rollout, e));
  *title = r.title;
  return ERR_NONE;
}

/* "ssl_cert leads elsewhere (/etc/…)" for the journal: a push does not touch options. */
static const char *where_options_lead(const struct node *n, const struct optfile *options, struct arena *a)
{
  const struct flavour *f = flavour_find(n->flavour);
  const char *cert = flavour_option(f, n, options, "ssl-cert", a);
  if (!cert || !*cert)
    return "ssl_cert is not set in its option file yet";
  const char *path = flavour_path(f, n, options, cert, a);
  const char *ours = arena_printf(a, "%s/%s", n->cert_dir, f->cert_file);
  return str_eq(path, ours) ? "its option file leads here" : arena_printf(a, "ssl_cert leads to %s", path);
}

enum err_code step_check(struct step_run *s, struct err *e)
{
  struct node *n = &s->node;
  AUTO_REMOTE struct remote *r = NULL;
  TRY(fleet_reach(s->f, n, s->a, &r, e));
  const char *user = arena_strndup(s->a, n->owner, strcspn(n->owner, ":")), *out;
  static const char script[] = "id -u -- %s >/dev/null 2>&1 || { echo 'there is no user '%s >&2; exit 1; }";
  const char *quoted = sh_quote(s->a, user);
  struct optfile options;
  TRY(fleet_script(r, arena_printf(s->a, script, quoted, quoted), NULL, s->a, &out, e));
  TRY(fleet_options(r, n, NULL, s->a, &options, e));
  s->detail = arena_printf(s->a, "%s; %s", str_eq(n->reach, "local") ? "on this machine" : "reached",
                           where_options_lead(n, &options, s->a));
  return ERR_NONE;
}

/* The key in the form that the server reads: MySQL up to 5.6 knows PKCS#1 alone, and with another one it starts without
 * TLS and only logs a warning. */
static enum err_code key_text(struct step_run *s, struct buf *out, struct err *e)
{
  AUTO_BUF struct buf pem = BUF_INIT;
  AUTO_PKI_KEY struct pki_key *key = NULL;
  TRY(store_cert_key(s->f->config.store, s->order->cert_id, &pem, e));
  TRY(pki_key_read(buf_cstr(&pem), pem.len, NULL, "certificate", &key, e));
  const char *version = s->node.probe ? s->node.probe->server_version : NULL;
  bool old = version && str_eq(s->node.flavour, "mysql") && (str_starts(version, "5.5.") || str_starts(version,
                                                                                                       "5.6."));
  return old ? pki_key_pem_traditional(key, out, e) : pki_key_pem(key, out, e);
}

/* Opens all three as the user that the server runs as: a folder above, an owner, a mode may forbid it. */
static enum err_code read_as_server(struct remote *r, const struct node *n, const struct remote_file *files,
                                    size_t count,
                                    struct arena *a, struct err *e)
{
  AUTO_BUF struct buf cat = BUF_INIT;
  buf_str(&cat, "cat --");
  for (size_t i = 0; i < count; i++)
    buf_printf(&cat, " %s", sh_quote(a, arena_printf(a, "%s/%s", n->cert_dir, files[i].name)));
  buf_str(&cat, " >/dev/null");
  const char *command = sh_quote(a, buf_cstr(&cat));
  const char *user = sh_quote(a, arena_strndup(a, n->owner, strcspn(n->owner, ":")));
  const char *script = arena_printf(a, "if [ \"$(id -u)\" != 0 ] || [ \"$(id -u -- %s)\" = 0 ]; then sh -c %s; "
                                    "elif command -v runuser >/dev/null; then runuser -u %s -- sh -c %s; "
                                    "else su -s /bin/sh %s -c %s; fi", user, command, user, command, user, command);
  const char *out;
  return fleet_script(r, script, NULL, a, &out, e);
}

static enum err_code check_on_disk(struct step_run *s, struct remote *r, const struct remote_file *files, size_t count,
                                   struct err *e)
{
  const char *data;
  size_t len;
  enum err_code rc = read_as_server(r, &s->node, files, count, s->a, e);
  if (rc)
    return err_context(e, "the server's user %s cannot read what was installed", s->node.owner), rc;
  TRY(remote_read(r, arena_printf(s->a, "%s/%s", s->node.cert_dir, files[0].name), PKI_PEM_MAX, s->a, &data, &len, e));
  if (len != files[0].len || memcmp(data, files[0].data, len) != 0)
    return err_set(e, ERR_REMOTE, "%s/%s is not what was installed", s->node.cert_dir, files[0].name);
  return ERR_NONE;
}

enum err_code step_install(struct step_run *s, struct err *e)
{
  struct node *n = &s->node;
  const struct flavour *f = flavour_find(n->flavour);
  struct push_material m;
  AUTO_BUF struct buf key = BUF_INIT;
  AUTO_REMOTE struct remote *r = NULL;
  TRY(fleet_material(s->f, s->order->cert_id, s->order->ca_id, s->a, &m, e));
  TRY(key_text(s, &key, e));
  TRY(fleet_reach(s->f, n, s->a, &r, e));
  const struct remote_file files[] = {
    { f->cert_file, m.cert_pem, strlen(m.cert_pem), 0644 },
    { f->key_file, buf_cstr(&key), key.len, 0600 },
    { f->ca_file, m.ca_pem, strlen(m.ca_pem), 0644 },
  };
  int64_t generation = 0, back;
  TRY(remote_install_generation(r, n->cert_dir, n->owner, s->name, files, COUNT_OF(files), FLEET_LOCK_MS, &generation,
                                e));
  enum err_code rc = check_on_disk(s, r, files, COUNT_OF(files), e);
  if (rc) {
    if (!remote_flip_back(r, n->cert_dir, s->name, FLEET_LOCK_MS, &back, NULL))
      err_context(e, "generation %lld is back in place", (long long)back);
    return rc;
  }
  s->detail = arena_printf(s->a, "generation %lld in %s, read back as %s", (long long)generation, n->cert_dir,
                           n->owner);
  return store_node_set_wanted(s->f->config.store, n->id, s->order->cert_id, m.ca_id, generation, e);
}

static const char *what_it_serves(const struct node *n, const struct probe *p, struct arena *a)
{
  if (str_eq(p->state, "unreachable") || str_eq(p->state, "failed"))
    return arena_printf(a, "it cannot be looked at: %s", p->error);
  if (str_eq(p->state, "plaintext"))
    return "it speaks no TLS: with ssl_cert and ssl_key set in its option file a restart turns it on";
  if (!n->wanted_sha256)
    return arena_printf(a, "it serves %s", p->subject ? p->subject : p->sha256);
  if (str_eq(p->sha256, n->wanted_sha256))
    return arena_printf(a, "it serves %s (%s, %s)", n->wanted_cert, p->protocol, p->cipher);
  return arena_printf(a, "it still serves %s: restart it to serve %s", p->subject ? p->subject : "another certificate",
                      n->wanted_cert);
}

enum err_code step_probe(struct step_run *s, struct err *e)
{
  struct probe p;
  TRY(fleet_probe_one(s->f, &s->node, NULL, s->a, &p, e));
  s->detail = what_it_serves(&s->node, &p, s->a);
  return ERR_NONE;
}
