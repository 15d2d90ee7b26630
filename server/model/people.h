/* Who may do what, and who did. */
#ifndef OPSD_MODEL_PEOPLE_H
#define OPSD_MODEL_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"

#include "model/word.h"

struct user {
  int64_t id;
  const char *name;
  const char *role;       /* role_words */
  int64_t created_s;
  int64_t last_seen_s;    /* TIME_NONE: never */
};
typedef LIST_OF(struct user) user_list;

struct token {
  int64_t id;
  const char *name;
  const char *role;
  const char *created_by;
  int64_t created_s, expires_s; /* expires_s: TIME_NONE = never */
  int64_t last_used_s;
};
typedef LIST_OF(struct token) token_list;

struct audit_row {
  int64_t id;
  int64_t at_s;
  const char *who;        /* "m.okafor", "token:ci", "socket:root", "opsd" */
  const char *from;       /* address, or "local" */
  const char *operation;  /* contract name: "certImport" */
  const char *target;     /* "certificate 12", "node db-1"; NULL */
  const char *result;     /* "ok" or an error's API name */
  const char *detail;     /* one sentence, no secret; NULL */
};
typedef LIST_OF(struct audit_row) audit_list;

/* Whoever makes a request, as authentication established it. */
struct principal {
  enum role role;
  const char *name;       /* "m.okafor", "token:ci", "socket:root"; NULL while ROLE_NONE */
  int64_t user_id;        /* 0 unless a person's session */
  bool by_session;        /* cookie: CSRF rules apply */
  const char *session;    /* hash of the session's cookie, to end it; NULL */
};

#endif
