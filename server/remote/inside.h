/* What the files of this room share. */
#ifndef OPSD_REMOTE_INSIDE_H
#define OPSD_REMOTE_INSIDE_H

#include <libssh/libssh.h>

#include "remote/remote.h"

struct remote {
  struct arena mem; /* target's strings, label */
  struct remote_target target;
  const char *label;   /* for sentences: "root@db1", "this machine" */
  ssh_session session; /* NULL where the target is local */
  struct tunnel *tunnels;
};

/* One command: `sh -c script`, its input, what it may give back. */
struct exec_job {
  const char *script;
  const void *in;
  size_t in_len;
  size_t out_max; /* standard output; what is more is dropped */
  int64_t deadline_ms;
  int timeout_ms; /* for the sentence */
  struct buf out, err;
  int exit_status;
};

enum { EXEC_OUT_MAX = 8 << 20, EXEC_ERR_MAX = 64 << 10 };

/* Appends to b without passing max. */
void exec_keep(struct buf *b, const void *data, size_t len, size_t max);

enum err_code exec_link(struct remote *r, struct exec_job *j, struct err *e);
enum err_code exec_local(struct remote *r, struct exec_job *j, struct err *e);

/* remote_run with a bound of its own for the output. */
enum err_code remote_run_max(struct remote *r, const char *script, const void *in, size_t in_len, int timeout_ms,
                             size_t out_max, struct arena *a, struct remote_result *out, struct err *e);

/* The exit codes of the scripts under sh/ (fail in common.sh): 0, or an error whose sentence is the last line on
 * standard error. */
enum err_code script_verdict(const struct remote *r, const struct remote_result *result, struct err *e);

void tunnels_close(struct remote *r);

#endif
