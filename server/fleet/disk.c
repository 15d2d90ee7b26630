#include <stdlib.h>
#include <string.h>

#include "fleet/inside.h"
#include "pki/pki.h"

enum { FILES_MAX = 100 };

/* A line a file: mode, owner, size, what it is, where a link leads, name; tabs between. Keys are recognised there,
 * and never carried away. */
static const char list_script[] =
  "cd %s 2>/dev/null || { echo missing; exit 0; }\n"
  "echo \"live $(readlink live 2>/dev/null)\"\n"
  "for f in * ; do\n"
  "  [ -f \"$f\" ] || [ -L \"$f\" ] || continue\n"
  "  [ \"$f\" = live ] && continue\n"
  "  what=other\n"
  "  if [ ! -r \"$f\" ]; then what=unreadable\n"
  "  elif head -c 65536 -- \"$f\" | grep -aq 'PRIVATE KEY-----'; then what=key\n"
  "  elif head -c 65536 -- \"$f\" | grep -aqE 'BEGIN (X509 |TRUSTED )?CERTIFICATE-----'; then what=certificate; fi\n"
  "  printf '%%s\\t%%s\\t%%s\\t%%s\\n' \"$(stat -Lc '%%04a\t%%U:%%G\t%%s' -- \"$f\" 2>/dev/null || printf '\\t\\t0')\" "
  "\"$what\" \"$(readlink -- \"$f\")\" \"$f\"\n"
  "done\n";

static char *field(char **at)
{
  char *start = *at, *tab = strchr(start, '\t');
  if (tab)
    *tab = '\0';
  *at = tab ? tab + 1 : start + strlen(start);
  return start;
}

static const char *or_null(const char *s) { return *s ? s : NULL; }

static void file_read_line(char *line, const char *folder, struct arena *a, struct node_file *out)
{
  out->mode = or_null(field(&line));
  out->owner = or_null(field(&line));
  out->size = strtoll(field(&line), NULL, 10);
  out->content = field(&line);
  out->target = or_null(field(&line));
  out->path = arena_printf(a, "%s/%s", folder, line);
  out->not_after_s = TIME_NONE;
}

static void read_certificate(struct remote *r, struct arena *a, struct node_file *file)
{
  const char *pem;
  size_t len;
  struct pki_chain c = { 0 };
  struct certificate_detail d = { 0 };
  if (remote_read(r, file->path, PKI_PEM_MAX, a, &pem, &len, NULL) || pki_chain_read(pem, len, "file", a, &c, NULL))
    return;
  struct pki_chain leaf = { c.item, 1 };
  file->sha256 = c.item[0].sha256;
  if (pki_inspect(&leaf, clock_now_s(), 0, a, &d, NULL))
    return;
  file->subject = d.row.subject;
  file->not_after_s = d.row.not_after_s;
}

static void read_listing(struct remote *r, const struct node *n, char *text, struct arena *a, struct node_disk *out)
{
  out->files.item = arena_alloc_n(a, FILES_MAX, sizeof *out->files.item);
  for (char *line = text, *next; *line && out->files.count < FILES_MAX; line = next) {
    next = line + strcspn(line, "\n");
    if (*next)
      *next++ = '\0';
    if (str_starts(line, "live ")) {
      out->generation = str_starts(line + 5, "gen-") ? strtoll(line + 9, NULL, 10) : 0;
      continue;
    }
    struct node_file *file = &out->files.item[out->files.count];
    file_read_line(line, n->cert_dir, a, file);
    if (str_eq(file->content, "certificate"))
      read_certificate(r, a, file);
    out->files.count++;
  }
}

enum err_code fleet_disk(struct fleet *f, const struct node *n, struct arena *a, struct node_disk *out, struct err *e)
{
  AUTO_REMOTE struct remote *r = NULL;
  struct node_disk d = { .at_s = clock_now_s() };
  const char *text;
  struct optfile options;
  TRY(fleet_reach(f, n, a, &r, e));
  TRY(fleet_script(r, arena_printf(a, list_script, sh_quote(a, n->cert_dir)), NULL, a, &text, e));
  if (!str_starts(text, "missing"))
    read_listing(r, n, arena_strdup(a, text), a, &d);
  TRY(fleet_options(r, n, NULL, a, &options, e));
  fleet_tls_options(n, &options, a, &d.options);
  *out = d;
  return ERR_NONE;
}
