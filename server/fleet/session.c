#include <string.h>

#include "fleet/inside.h"

/* The client program on the node: its user is root there (through sudo, or opsd itself), or an ordinary one that the
 * server knows by its socket. No account, no password, no secret in its arguments. */
struct client {
  struct remote *r;
  const char *script;
};

/* What --batch prints: cells between tabs, with \t \n \0 and \\ written out; SQL's NULL is the word. */
static const char *cell_read(const char *text, size_t len, struct arena *a)
{
  if (len == 4 && memcmp(text, "NULL", 4) == 0)
    return NULL;
  char *out = arena_alloc(a, len + 1), *p = out;
  for (size_t i = 0; i < len; i++) {
    if (text[i] != '\\' || i + 1 == len) {
      *p++ = text[i];
      continue;
    }
    char c = text[++i];
    *p++ = c == 't' ? '\t' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
  }
  return out;
}

static void rows_read(const char *text, struct arena *a, struct wire_rows *out)
{
  size_t lines = 0, tabs = strcspn(text, "\n"), columns = 1, at = 0;
  for (const char *p = text; *p; p++)
    lines += *p == '\n';
  for (size_t i = 0; i < tabs; i++)
    columns += text[i] == '\t';
  *out = (struct wire_rows){ arena_alloc_n(a, lines * columns, sizeof *out->cell), lines, columns };
  while (*text && at < lines * columns) {
    size_t len = strcspn(text, "\t\n");
    out->cell[at++] = cell_read(text, len, a);
    text += len + (text[len] != 0);
  }
}

static enum err_code query_client(void *ctx, const char *sql, struct arena *a, struct wire_rows *out, struct err *e)
{
  struct client *c = ctx;
  const char *text;
  TRY(fleet_script(c->r, c->script, arena_printf(a, "%s;\n", sql), a, &text, e));
  rows_read(text, a, out);
  return ERR_NONE;
}

static const char *client_script(const struct node *n, const struct optfile *options, struct arena *a)
{
  const struct flavour *f = flavour_find(n->flavour);
  const char *socket = flavour_option(f, n, options, "socket", a);
  const char *at = socket ? arena_printf(a, "--socket=%s ", sh_quote(a, flavour_path(f, n, options, socket, a))) : "";
  AUTO_BUF struct buf b = BUF_INIT;
  buf_str(&b, "for c in");
  for (size_t i = 0; f->clients[i]; i++)
    buf_printf(&b, " %s", f->clients[i]);
  buf_printf(&b,
             "; do if command -v \"$c\" >/dev/null; then exec \"$c\" %s--connect-timeout=10 --batch --skip-column-names; "
             "fi; done; echo 'there is no client program (%s)' >&2; exit 127", at, f->clients[0]);
  return arena_strndup(a, buf_cstr(&b), b.len);
}

static enum err_code open_account(struct fleet *f, const struct node *n, const char *user, struct remote *r,
                                  struct wire_sql **out, struct err *e)
{
  AUTO_BUF struct buf password = BUF_INIT;
  bool found;
  TRY(store_cluster_db_password(f->config.store, n->cluster_id, &password, &found, e));
  int fd;
  TRY(fleet_db_connect(n, r, FLEET_PROBE_MS, &fd, e));
  return wire_sql_open(fd, user, buf_cstr(&password), FLEET_PROBE_MS, out, e);
}

enum err_code fleet_sql(struct fleet *f, const struct node *n, struct remote *r, const struct optfile *options,
                        struct arena *a, struct wire_sql **out, struct err *e)
{
  struct cluster c;
  char ref[24];
  snprintf(ref, sizeof ref, "%lld", (long long)n->cluster_id);
  TRY(store_cluster_get(f->config.store, ref, clock_now_s(), a, &c, e));
  if (c.db_user)
    return open_account(f, n, c.db_user, r, out, e);
  if (!r || !options)
    return err_set(e, ERR_REFUSED, "the cluster %s has no database account that opsd could ask with", n->cluster);
  struct client *client = arena_alloc(a, sizeof *client);
  *client = (struct client){ r, client_script(n, options, a) };
  *out = wire_sql_through(query_client, client);
  return ERR_NONE;
}
