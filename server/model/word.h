/* Words with a fixed spelling: roles, flavours, states. In structs they are the enum; in the
 * API, the database and on the command line the text. model/word.c holds every table. */
#ifndef OPSD_MODEL_WORD_H
#define OPSD_MODEL_WORD_H

/* What a person or a token may do; each includes those before it. */
enum role { ROLE_NONE = 0, ROLE_VIEWER, ROLE_OPERATOR, ROLE_ADMIN };
extern const char *const role_words[]; /* "viewer", "operator", "admin", NULL: index role - 1 */

extern const char *const flavour_words[];       /* "singlestore", "pxc", "mariadb", "mysql", NULL */
extern const char *const node_role_words[];     /* "master", "aggregator", "leaf", "member", NULL */
extern const char *const node_reach_words[];    /* "ssh", "local", "observe", NULL */
extern const char *const cert_kind_words[];     /* "leaf", "intermediate", "root", "self-signed", NULL */
extern const char *const cert_sort_words[];     /* "expiry", "name", "newest", NULL */
extern const char *const rollout_kind_words[];  /* "push", "config", "restart", NULL */
extern const char *const rollout_state_words[]; /* "queued", "running", "paused", "failed", "interrupted", "done", NULL */
extern const char *const step_state_words[];    /* "waiting", "running", "done", "failed", "skipped", NULL */
extern const char *const severity_words[];      /* "accepted", "warning", "critical", NULL */
extern const char *const probe_state_words[];   /* "tls", "plaintext", "unreachable", "failed", "unknown", NULL */
extern const char *const usage_words[];         /* "server", "client", NULL */

/* Index of word in a table, -1 when it is not there (or NULL). */
int word_index(const char *const words[], const char *word);
const char *role_word(enum role r);      /* "none" for ROLE_NONE */
enum role role_from_word(const char *w); /* ROLE_NONE when unknown */

#endif
