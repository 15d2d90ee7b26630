#include <string.h>

#include "base/str.h"
#include "store/inside.h"

enum order { BY_EXPIRY, BY_NAME, BY_NEWEST };
enum way { ALL, ONE_KIND, WITH_KEY, OF_CLUSTER, FOUND };

static const size_t statements[3][5] = {
  [BY_EXPIRY] = { SQL_CERT_LIST_EXPIRY, SQL_CERT_LIST_EXPIRY_KIND, SQL_CERT_LIST_EXPIRY_KEY,
                  SQL_CERT_LIST_EXPIRY_CLUSTER, SQL_CERT_LIST_EXPIRY_FOUND },
  [BY_NAME] = { SQL_CERT_LIST_NAME, SQL_CERT_LIST_NAME_KIND, SQL_CERT_LIST_NAME_KEY, SQL_CERT_LIST_NAME_CLUSTER,
                SQL_CERT_LIST_NAME_FOUND },
  [BY_NEWEST] = { SQL_CERT_LIST_NEWEST, SQL_CERT_LIST_NEWEST_KIND, SQL_CERT_LIST_NEWEST_KEY,
                  SQL_CERT_LIST_NEWEST_CLUSTER, SQL_CERT_LIST_NEWEST_FOUND },
};
static const char *const cursor_names[] = { [BY_EXPIRY] = "cert-expiry", [BY_NAME] = "cert-name",
                                            [BY_NEWEST] = "cert-newest" };

static enum order order_of(const char *sort)
{
  return str_eq(sort, "name") ? BY_NAME : str_eq(sort, "newest") ? BY_NEWEST : BY_EXPIRY;
}

/* What is likely to leave the fewest rows to look at. */
static enum way way_of(const struct cert_filter *f, int64_t cluster, const struct search *q)
{
  return q->few ? FOUND : cluster ? OF_CLUSTER : f->kind ? ONE_KIND : f->has_key ? WITH_KEY : ALL;
}

static struct cursor first_row(enum order order)
{
  return (struct cursor){ .number = INT64_MIN + 1, .id = order == BY_NEWEST ? INT64_MAX : -1, .text = "" };
}

static struct cursor cursor_at(enum order order, const struct certificate *last)
{
  struct cursor c = { .id = last->id };
  if (order == BY_EXPIRY)
    c.number = last->not_after_s;
  else if (order == BY_NAME)
    c.text = last->name;
  return c;
}

static int64_t latest_not_after(const struct cert_filter *f)
{
  const int64_t many_days = INT64_C(36500000);
  bool all = f->expires_within_days < 0 || f->expires_within_days > many_days;
  return all ? INT64_MAX : f->now_s + f->expires_within_days * 86400;
}

enum err_code store_cert_list(struct store *s, const struct cert_filter *f, struct arena *a, certificate_list *out,
                              const char **next, struct err *e)
{
  enum order order = order_of(f->sort);
  struct cursor at = first_row(order);
  TRY(cursor_parse(a, cursor_names[order], f->after, &at, e));
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  int64_t cluster = 0, limit = store_page_limit(f->limit);
  if (f->cluster)
    TRY(cluster_id_of(c, f->cluster, &cluster, e));
  struct search q = search_of(a, f->q);
  TRY(search_weigh(c, SQL_CERT_SEARCH_COUNT, &q, e));
  db_query(c, statements[order][way_of(f, cluster, &q)],
           DB_ARGS(order == BY_NAME ? db_t(at.text) : db_i(at.number), db_i(at.id), db_t(f->kind), db_i(f->has_key),
                   db_i(latest_not_after(f)), db_ref(cluster), db_t(q.like), db_t(q.match), db_t(q.hex_from),
                   db_t(q.hex_to), db_i(limit + 1)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct certificate), cert_row, f->now_s, a, &p, e));
  *out = (certificate_list){ p.item, p.count };
  *next = NULL;
  if (p.more) {
    struct cursor last = cursor_at(order, &out->item[p.count - 1]);
    *next = cursor_format(a, cursor_names[order], &last);
  }
  return ERR_NONE;
}
