/* MySQL-protocol servers' option files: parsed, looked up, edited in place with not one byte
 * more than asked. Works on bytes that somebody else read (a node is remote), so includes are
 * followed through a callback. Grammar: mysys/my_default.c of MariaDB and MySQL. */
#ifndef OPSD_OPTFILE_OPTFILE_H
#define OPSD_OPTFILE_OPTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { OPTFILE_MAX = 4 << 20 };

/* Gives the content of a path, or of a folder's .cnf files in the order in which a server reads them. */
struct optfile_source {
  void *ctx;
  /* file is there: content in arena; not there: ERR_NOT_FOUND */
  enum err_code (*read)(void *ctx, const char *path, struct arena *a, const char **content, size_t *len, struct err *e);
  /* names (full paths) of the *.cnf files of a folder, sorted as the server does */
  enum err_code (*list)(void *ctx, const char *folder, struct arena *a, struct str_list *out, struct err *e);
};

struct optfile_option {
  const char *group;   /* as written */
  const char *name;    /* as written, without "loose-"; compare with optfile_same_name */
  const char *value;   /* unquoted, unescaped; NULL when there is no "=" */
  const char *file;
  int line;            /* 1-based */
};
struct optfile {
  struct optfile_option *item; /* in the order in which a server reads them: the last of a name wins */
  size_t count;
};

/* Reads path with its includes (depth 10). Lines that a server would stop at are refused with file and line. */
enum err_code optfile_read(const struct optfile_source *src, const char *path, struct arena *a, struct optfile *out,
                           struct err *e);

bool optfile_same_name(const char *a, const char *b); /* - and _ equal; case matters as in the servers */

/* The value that wins for name within groups (NULL-ended list of group names); NULL when not set. */
const struct optfile_option *optfile_effective(const struct optfile *f, const char *const groups[], const char *name);

/* Edits the text of one file: sets name=value (remove: deletes) in section. Where the option is set in that section already (in any
 * spelling; the last one, which wins), its value is replaced in place, spacing, quotes' need, comment behind it and line end
 * kept; other occurrences in the section are left when setting and all go when removing; otherwise a line is added at the section's end (its last option line), in the file's own line-end
 * style; a missing section is added at the file's end. A value is quoted only where it must be ("#", leading/trailing blanks, quotes, escapes).
 * changed tells whether out differs. Refused: names and values with newlines or NUL, a section name with ']'. */
enum err_code optfile_edit(const char *text, size_t len, const char *section, const char *name, const char *value,
                           bool remove, struct buf *out, bool *changed, struct err *e);

/* wsrep_provider_options: "key=value; key=value", `\` escapes, last duplicate wins, a second "=" in a pair is an error. */
struct provider_option { const char *key, *value; };
struct provider_options { struct provider_option *item; size_t count; };
enum err_code provider_parse(const char *text, struct arena *a, struct provider_options *out, struct err *e);
const char *provider_get(const struct provider_options *o, const char *key); /* NULL when not there */
/* Only the named key changes, the rest stays in order and spelling. value NULL removes. */
enum err_code provider_set(const char *text, const char *key, const char *value, struct arena *a, char **out,
                           struct err *e);

/* True where a value may be a secret and must be masked when shown (password, wsrep_sst_auth …). */
bool optfile_is_secret(const char *name);

#endif
