/* What the files of this room share. Nobody else includes it but the room's tests. */
#ifndef OPSD_STORE_INSIDE_H
#define OPSD_STORE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"
#include "store/sql.h"
#include "store/store.h"

enum {
  STORE_LIMIT_MAX = 1000,   /* rows of one page */
  STORE_SEARCH_FEW = 2000,  /* so many found rows are sorted; of more, the list is walked in order */
  STORE_AUDIT_WINDOW = 100000, /* rows that one page of a search looks through */
};

struct store {
  struct db *db;
  struct master_key key;
  _Atomic uint64_t generation;
  pthread_mutex_t listen_lock;
  void (*listener)(void *ctx, uint64_t generation);
  void *listener_ctx;
};

/* Commits, gives back, then raises the generation and tells the listener (without any lock of the database). */
enum err_code store_commit(struct store *s, struct db_conn **c, struct err *e);

/* ERR_CONFLICT that belongs to a field of the request. */
enum err_code store_conflict(struct err *e, const char *field, const char *fmt, ...)
  __attribute__((format(printf, 3, 4)));

/* Reads one row into a zeroed struct. */
typedef void row_fn(struct db_rows *r, int64_t now_s, struct arena *a, void *item);
/* The rows of a started statement, at most `limit` of them; more: there was one after them. */
struct page { void *item; size_t count; bool more; };
enum err_code store_page(struct db_rows *r, int64_t limit, size_t size, row_fn *row, int64_t now_s, struct arena *a,
                         struct page *out, struct err *e);
int64_t store_page_limit(int64_t asked); /* within 1 and STORE_LIMIT_MAX */
int64_t store_days_left(int64_t not_after_s, int64_t now_s); /* whole days, rounded down; TIME_NONE: 0 */
bool store_ref_is_id(const char *ref, int64_t *id);
/* Names of clusters and nodes: not empty, not all digits. */
enum err_code store_check_name(const char *name, struct err *e);

/* --- cursor.c: where the next page begins --- */
struct cursor { int64_t number, id; const char *text; };
/* `list` says which list and order it belongs to. text may be NULL. */
const char *cursor_format(struct arena *a, const char *list, const struct cursor *c);
/* after NULL leaves *out as it is. */
enum err_code cursor_parse(struct arena *a, const char *list, const char *after, struct cursor *out, struct err *e);

/* --- search.c: what a person typed, made harmless for LIKE and FTS5 --- */
struct search {
  const char *like;      /* pattern with ESCAPE '!'; NULL: no search */
  const char *match;     /* FTS5 phrase; NULL: fewer than three characters */
  const char *hex_from, *hex_to; /* hex texts that begin so: from <= hex < to; both "" when it is not hex */
  bool few;              /* set by search_weigh: come by the rows through the search index */
};
struct search search_of(struct arena *a, const char *q);
/* Asks the search index (by the count statement given) whether it finds few. */
enum err_code search_weigh(struct db_conn *c, size_t count_query, struct search *q, struct err *e);

/* --- certificates --- */
enum err_code cert_insert(struct store *s, struct db_conn *c, const struct certificate_detail *d, const char *key_pem,
                          int64_t *id, struct err *e);
row_fn cert_row;
enum err_code cert_uses(struct db_conn *c, int64_t id, int64_t limit, struct arena *a, certificate_use_list *out,
                        struct err *e);
const char *cert_sha256_column(struct db_rows *r, struct arena *a); /* NULL stays NULL */
bool cert_sha256_bytes(const char *text, uint8_t out[CRYPT_SHA256_SIZE]);

/* --- clusters, nodes --- */
enum err_code cluster_id_of(struct db_conn *c, const char *ref, int64_t *id, struct err *e); /* ERR_NOT_FOUND */
enum err_code node_insert(struct db_conn *c, const struct node *n, int64_t *id, struct err *e);
row_fn node_row;
const char *node_wire(const char *probe_state, const char *served_sha256, const char *wanted_sha256);
enum err_code node_role_mask(const struct str_list *roles, int64_t *out, struct err *e); /* unknown: field "roles" */
extern const char *const node_role_bits[]; /* word of bit 0, 1 …; the numbers are the database's format */

/* --- rollouts --- */
row_fn rollout_row;

/* --- audit --- */
enum err_code audit_insert(struct db_conn *c, const struct audit_row *r, struct err *e);

/* --- secrets: opens the sealed value in column 1 whose row id is column 0 --- */
enum err_code store_unseal(struct store *s, const char *kind, struct db_rows *r, struct buf *out, struct err *e);

/* Kinds of sealed values (associated data, see crypt.h): never change them. */
#define SEALED_KEY "certificate key"
#define SEALED_DB_PASSWORD "cluster db password"
#define SEALED_SECRET "secret setting"

#endif
