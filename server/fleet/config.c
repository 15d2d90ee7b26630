#include <string.h>

#include "crypt/crypt.h"
#include "fleet/inside.h"

static bool is_asked(const struct optfile_option *o, const struct option_edit *edit)
{
  return str_eq(o->group, edit->section) && optfile_same_name(o->name, edit->key);
}

static const struct optfile_option *next_other(const struct optfile *f, size_t *at, const struct option_edit *edit)
{
  while (*at < f->count && is_asked(&f->item[*at], edit))
    (*at)++;
  return *at < f->count ? &f->item[(*at)++] : NULL;
}

/* Everything that was not asked for reads as before, in the same order and from the same files. */
static enum err_code prove_rest(const struct planned_edit *p, const struct option_edit *edit, struct err *e)
{
  size_t i = 0, j = 0;
  for (;;) {
    const struct optfile_option *was = next_other(&p->before, &i, edit), *is = next_other(&p->after, &j, edit);
    if (!was && !is)
      return ERR_NONE;
    if (!was || !is || !str_eq(was->group, is->group) || !str_eq(was->name, is->name) ||
        !str_eq(was->value, is->value) || !str_eq(was->file, is->file))
      return err_set(e, ERR_REFUSED, "the edit would change more than %s (%s): nothing was written", edit->key,
                     was ? was->name : is->name);
  }
}

/* The server reads the asked value: no other section or later file wins over it. */
static enum err_code prove_asked(const struct node *n, const struct planned_edit *p, const struct option_edit *edit,
                                 struct arena *a, struct err *e)
{
  const char *const *groups = flavour_groups(flavour_find(n->flavour), n, a);
  bool read = false;
  for (size_t i = 0; groups[i]; i++)
    read = read || str_eq(groups[i], edit->section);
  const char *const own[] = { edit->section, NULL };
  const struct optfile_option *o = optfile_effective(&p->after, read ? groups : own, edit->key);
  if (edit->remove ? !o : o && str_eq(o->value, edit->value))
    return ERR_NONE;
  o = optfile_effective(&p->before, read ? groups : own, edit->key); /* its line as the file has it now */
  if (o)
    return err_set(e, ERR_REFUSED, "%s is set in [%s] of %s, line %d, too, and that wins: nothing was written",
                   edit->key,
                   o->group, o->file, o->line);
  return err_set(e, ERR_REFUSED, "%s would not be in effect in %s: nothing was written", edit->key, p->path);
}

/* Where the option is set in that section, the last time; else the node's option file. */
static const char *file_to_edit(const struct node *n, const struct optfile *f, const struct option_edit *edit)
{
  for (size_t i = f->count; i-- > 0;)
    if (is_asked(&f->item[i], edit))
      return f->item[i].file;
  return n->option_file;
}

enum err_code fleet_plan_edit(struct remote *r, const struct node *n, const struct option_edit *edit, struct arena *a,
                              struct planned_edit *out, struct err *e)
{
  struct planned_edit p = { 0 };
  AUTO_BUF struct buf now = BUF_INIT;
  TRY(fleet_options(r, n, NULL, a, &p.before, e));
  p.path = file_to_edit(n, &p.before, edit);
  TRY(remote_read(r, p.path, OPTFILE_MAX, a, &p.was, &p.was_len, e));
  TRY(optfile_edit(p.was, p.was_len, edit->section, edit->key, edit->value, edit->remove, &now, &p.changed, e));
  p.now = arena_strndup(a, buf_cstr(&now), now.len);
  p.now_len = now.len;
  const struct options_overlay overlay = { p.path, p.now, p.now_len };
  TRY(fleet_options(r, n, &overlay, a, &p.after, e));
  TRY(prove_rest(&p, edit, e));
  TRY(prove_asked(n, &p, edit, a, e));
  *out = p;
  return ERR_NONE;
}

/* A bad name or value is refused before anything is journalled. */
static enum err_code check_edit(const struct option_edit *edit, struct err *e)
{
  AUTO_BUF struct buf out = BUF_INIT;
  bool changed;
  if (!edit->remove && !edit->value)
    return err_field(e, "value", "give a value, or ask for the option to be removed");
  return optfile_edit("", 0, edit->section, edit->key, edit->value, edit->remove, &out, &changed, e);
}

enum err_code fleet_config_set(struct fleet *f, const node_list *nodes, const char *section, const char *key,
                               const char *value, bool remove, const char *by, struct arena *a, int64_t *rollout,
                               const char **title, struct err *e)
{
  const struct option_edit edit = { section ? section : flavour_find(nodes->item[0].flavour)->section, key, value,
                                    remove };
  TRY(fleet_check_nodes(nodes, e));
  TRY(check_edit(&edit, e));
  TRY(fleet_galera_check(f, nodes, NULL, &edit, a, e));
  struct rollout_new r = { .cluster_id = nodes->item[0].cluster_id, .kind = "config", .by = by };
  r.title = arena_printf(a, "%s %s %s %s", remove ? "Remove" : "Set", key, remove ? "from" : "on", fleet_these(nodes,
                                                                                                               a));
  for (size_t i = 0; i < nodes->count; i++)
    fleet_add_step(&r, a, &nodes->item[i], "option", arena_printf(a, "%s %s in its option file",
                                                                  remove ? "Remove" : "Set", key));
  const struct order o = { .section = edit.section, .key = key, .value = remove ? NULL : value, .remove = remove,
                           .secret = optfile_is_secret(key) };
  TRY(fleet_start(f, &r, &o, a, rollout, e));
  *title = r.title;
  return ERR_NONE;
}

/* The documents set options before or after the files are there, so this is a remark and no refusal. */
static const char *remark(struct remote *r, const struct node *n, const struct planned_edit *p, const struct order *o,
                          struct arena *a)
{
  static const char *const files[] = { "ssl-cert", "ssl-key", "ssl-ca" };
  bool is_file = false;
  for (size_t i = 0; i < COUNT_OF(files); i++)
    is_file = is_file || optfile_same_name(o->key, files[i]);
  if (!is_file || o->remove || !*o->value)
    return "";
  const char *path = flavour_path(flavour_find(n->flavour), n, &p->after, o->value, a), *out;
  if (!fleet_script(r, arena_printf(a, "test -e %s", sh_quote(a, path)), NULL, a, &out, NULL))
    return "";
  return arena_printf(a, "; %s is not there yet", path);
}

static const char *shown(const struct order *o, const char *value)
{
  return !value ? "nothing" : o->secret ? "********" : value;
}

static const char *what_changed(struct remote *r, const struct node *n, const struct planned_edit *p,
                                const struct order *o, struct arena *a)
{
  const char *const own[] = { o->section, NULL };
  const struct optfile_option *was = optfile_effective(&p->before, own, o->key);
  const char *old = was ? shown(o, was->value) : NULL;
  if (!p->changed)
    return o->remove ? arena_printf(a, "%s is not set in [%s]: nothing to do", o->key, o->section)
                     : arena_printf(a, "%s is %s in %s already%s", o->key, shown(o, o->value), p->path, remark(r, n, p,
                                                                                                               o, a));
  if (o->remove)
    return arena_printf(a, "removed from %s (was %s)", p->path, old ? old : "set");
  return arena_printf(a, "%s = %s in [%s] of %s (was %s)%s", o->key, shown(o, o->value), o->section, p->path,
                      old ? old : "not set", remark(r, n, p, o, a));
}

enum err_code step_option(struct step_run *s, struct err *e)
{
  struct node *n = &s->node;
  const struct order *o = s->order;
  const struct option_edit edit = { o->section, o->key, o->value, o->remove };
  AUTO_REMOTE struct remote *r = NULL;
  struct planned_edit p;
  TRY(fleet_reach(s->f, n, s->a, &r, e));
  TRY(fleet_plan_edit(r, n, &edit, s->a, &p, e));
  if (p.changed) {
    const char *slash = strrchr(p.path, '/');
    const char *backup = arena_printf(s->a, "%s/.opsd/%s.%s", n->cert_dir, slash ? slash + 1 : p.path, s->name);
    TRY(remote_replace(r, p.path, crypt_sha256_hex(s->a, p.was, p.was_len, '\0'), p.now, p.now_len, backup, e));
  }
  s->detail = what_changed(r, n, &p, o, s->a);
  return ERR_NONE;
}
