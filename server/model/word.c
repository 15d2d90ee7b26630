#include "model/word.h"

#include <stddef.h>
#include <string.h>

const char *const role_words[] = { "viewer", "operator", "admin", NULL };
const char *const flavour_words[] = { "singlestore", "pxc", "mariadb", "mysql", NULL };
const char *const node_role_words[] = { "master", "aggregator", "leaf", "member", NULL };
const char *const node_reach_words[] = { "ssh", "local", "observe", NULL };
const char *const cert_kind_words[] = { "leaf", "intermediate", "root", "self-signed", NULL };
const char *const cert_sort_words[] = { "expiry", "name", "newest", NULL };
const char *const rollout_kind_words[] = { "push", "config", "restart", NULL };
const char *const rollout_state_words[] = { "queued", "running", "paused", "failed", "interrupted", "done", NULL };
const char *const step_state_words[] = { "waiting", "running", "done", "failed", "skipped", NULL };
const char *const severity_words[] = { "accepted", "warning", "critical", NULL };
const char *const probe_state_words[] = { "tls", "plaintext", "unreachable", "failed", "unknown", NULL };
const char *const usage_words[] = { "server", "client", NULL };

int word_index(const char *const words[], const char *word)
{
  for (int i = 0; word && words[i]; i++)
    if (strcmp(words[i], word) == 0)
      return i;
  return -1;
}

const char *role_word(enum role r) { return r == ROLE_NONE ? "none" : role_words[r - 1]; }

enum role role_from_word(const char *w) { return (enum role)(word_index(role_words, w) + 1); }
