#include <string.h>

#include "fleet/inside.h"

/* Prints "hidden" where processes of others cannot be looked at, else the pids of the server. */
static const char script_body[] =
  "[ \"$(id -u)\" = 0 ] || [ \"$(id -un)\" = \"$user\" ] || echo hidden\n"
  "want=$(readlink -f \"$folder\")\n"
  "for p in /proc/[0-9]*; do\n"
  "  read -r name <\"$p/comm\" || continue\n"
  "  case $name in %s) ;; *) continue ;; esac\n"
  "  [ \"$(readlink \"$p/cwd\")\" = \"$want\" ] && echo \"${p#/proc/}\"\n"
  "done 2>/dev/null\n"
  "exit 0\n";

enum err_code fleet_process(struct remote *r, const struct node *n, const struct optfile *options, struct arena *a,
                            struct node_process *out, struct err *e)
{
  const struct flavour *f = flavour_find(n->flavour);
  const char *data = flavour_option(f, n, options, "datadir", a);
  const char *folder = data ? data : f->base_dir(n, options, a);
  struct str_list names = { 0 };
  for (size_t i = 0; f->processes[i]; i++)
    str_list_add(a, &names, f->processes[i]);
  const char *user = arena_strndup(a, n->owner, strcspn(n->owner, ":")), *text;
  const char *script = arena_printf(a, "folder=%s user=%s\n", sh_quote(a, folder), sh_quote(a, user));
  script = arena_printf(a, "%s%s", script, arena_printf(a, script_body, str_list_join(a, &names, "|")));
  TRY(fleet_script(r, script, NULL, a, &text, e));
  struct node_process p = { .visible = !str_starts(text, "hidden") };
  for (const char *line = text; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] != 0)) {
    int64_t pid;
    if (int_parse(arena_strndup(a, line, strcspn(line, "\n")), 1, INT32_MAX, &pid))
      p.pid = pid;
  }
  *out = p;
  return ERR_NONE;
}
