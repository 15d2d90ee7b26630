/* What single things look like to people. */
#ifndef OPSD_CLI_SHOW_H
#define OPSD_CLI_SHOW_H

#include "cli/run.h"
#include "contract/replies.h"

void show_certificate(struct cli *c, const void *reply, struct buf *out);       /* struct certificate_detail */
void show_certificate_added(struct cli *c, const void *reply, struct buf *out); /* the same, in short */
void show_console(struct cli *c, const void *reply, struct buf *out);
void show_cluster(struct cli *c, const void *reply, struct buf *out);           /* struct cluster_reply */
void show_cluster_added(struct cli *c, const void *reply, struct buf *out);     /* struct cluster */
void show_node(struct cli *c, const void *reply, struct buf *out);              /* struct node_reply */
void show_node_added(struct cli *c, const void *reply, struct buf *out);
void show_rollout(struct cli *c, const void *reply, struct buf *out);
void show_status(struct cli *c, const void *reply, struct buf *out);
void show_ok(struct cli *c, const void *reply, struct buf *out);
void show_user(struct cli *c, const void *reply, struct buf *out);
void show_token_added(struct cli *c, const void *reply, struct buf *out);
void show_ssh_key(struct cli *c, const void *reply, struct buf *out);

/* "critical EXPIRY: text" and, indented, what to do; the prefix stands before each. Rules that are kept
 * are passed over. */
void show_findings(const finding_list *findings, const char *prefix, struct buf *out);

extern const struct cli_column node_columns[];

#endif
