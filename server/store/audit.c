#include "store/inside.h"

enum err_code audit_insert(struct db_conn *c, const struct audit_row *r, struct err *e)
{
  return db_run(c, SQL_AUDIT_INSERT,
                DB_ARGS(db_i(r->at_s), db_t(r->who), db_t(r->from), db_t(r->operation), db_t(r->target),
                        db_t(r->result), db_t(r->detail)), e);
}

enum err_code store_audit_add(struct store *s, const struct audit_row *r, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(audit_insert(c, r, e));
  return store_commit(s, &c, e);
}

static void audit_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct audit_row *row = item;
  row->id = db_int(r);
  row->at_s = db_int(r);
  row->who = db_str(r, a);
  row->from = db_str(r, a);
  row->operation = db_str(r, a);
  row->target = db_str(r, a);
  row->result = db_str(r, a);
  row->detail = db_str(r, a);
}

/* A search for what is rare would read a million rows: a page looks through so many and no more. It may then be short,
 * or empty, and still have a next one. */
static int64_t lowest_to_look_at(int64_t before, bool search)
{
  return search && before > STORE_AUDIT_WINDOW ? before - STORE_AUDIT_WINDOW : 1;
}

enum err_code store_audit_list(struct store *s, const char *q, const char *who, const char *operation, int64_t limit,
                               const char *after, struct arena *a, audit_list *out, const char **next, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  struct cursor at = { 0 };
  TRY(cursor_parse(a, "audit", after, &at, e));
  TRY(db_read(s->db, &c, e));
  if (!after)
    TRY(db_number(c, SQL_AUDIT_NEWEST, DB_NO_ARGS, 0, &at.id, e));
  int64_t before = after ? at.id : at.id + 1;
  struct search search = search_of(a, q);
  int64_t lowest = lowest_to_look_at(before, search.like);
  limit = store_page_limit(limit);
  db_query(c, who ? SQL_AUDIT_LIST_WHO : operation ? SQL_AUDIT_LIST_OPERATION : SQL_AUDIT_LIST,
           DB_ARGS(db_i(before), db_t(who), db_t(operation), db_t(search.like), db_i(lowest), db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct audit_row), audit_row, 0, a, &p, e));
  *out = (audit_list){ p.item, p.count };
  *next = NULL;
  if (p.more)
    *next = cursor_format(a, "audit", &(struct cursor){ .id = out->item[p.count - 1].id });
  else if (lowest > 1)
    *next = cursor_format(a, "audit", &(struct cursor){ .id = lowest });
  return ERR_NONE;
}
