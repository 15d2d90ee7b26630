#include <string.h>

#include "base/str.h"
#include "store/inside.h"

enum { SUBJECT_MAX = 64, USES_MAX = 1000 };

bool cert_sha256_bytes(const char *text, uint8_t out[CRYPT_SHA256_SIZE])
{
  static const char digits[] = "0123456789abcdef";
  size_t n = 0;
  for (; text && *text && n < 2 * CRYPT_SHA256_SIZE; text++) {
    if (*text == ':')
      continue;
    const char *digit = strchr(digits, *text);
    if (!digit)
      return false;
    out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] << 4 | (digit - digits) : digit - digits);
    n++;
  }
  return n == 2 * CRYPT_SHA256_SIZE && !*text;
}

const char *cert_sha256_column(struct db_rows *r, struct arena *a)
{
  size_t len;
  const void *data = db_blob(r, &len);
  return data ? hex_format(a, data, len, ':') : NULL;
}

void cert_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  struct certificate *c = item;
  c->id = db_int(r);
  c->name = db_str(r, a);
  c->kind = db_str(r, a);
  c->subject = db_str(r, a);
  c->issuer = db_str(r, a);
  c->common_name = db_str(r, a);
  c->not_before_s = db_int(r);
  c->not_after_s = db_int(r);
  c->key_type = db_str(r, a);
  c->key_bits = db_int(r);
  c->curve = db_str(r, a);
  c->sha256 = cert_sha256_column(r, a);
  c->has_key = db_bool(r);
  c->used_by = db_int(r);
  c->created_s = db_int(r);
  c->days_left = store_days_left(c->not_after_s, now_s);
}

enum err_code store_cert_counts(struct store *s, int64_t now_s, struct cert_counts *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_CERT_TOTALS, DB_ARGS(db_i(now_s)), &r, e));
  out->leaves = db_int(&r);
  out->authorities = db_int(&r);
  out->expired = db_int(&r);
  out->within_30 = db_int(&r);
  out->within_60 = db_int(&r);
  out->total = out->leaves + out->authorities;
  return ERR_NONE;
}

static enum err_code no_such(int64_t id, struct err *e)
{
  return err_set(e, ERR_NOT_FOUND, "There is no certificate %lld", (long long)id);
}

enum err_code store_cert_get(struct store *s, int64_t id, int64_t now_s, struct arena *a, struct certificate *row,
                             const char **pem, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_CERT_GET, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return no_such(id, e);
  cert_row(&r, now_s, a, row);
  *pem = db_str(&r, a);
  return ERR_NONE;
}

enum err_code store_cert_by_sha256(struct store *s, const char *sha256, int64_t now_s, struct arena *a,
                                   struct certificate *row, struct err *e)
{
  uint8_t bytes[CRYPT_SHA256_SIZE];
  if (!cert_sha256_bytes(sha256, bytes))
    return err_set(e, ERR_NOT_FOUND, "\"%s\" is not a SHA-256 fingerprint", sha256);
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_CERT_BY_SHA256, DB_ARGS(db_b(bytes, sizeof bytes)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no certificate with the fingerprint %s", sha256);
  cert_row(&r, now_s, a, row);
  return ERR_NONE;
}

struct subject_row { struct certificate row; const char *pem; };

static void subject_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  struct subject_row *s = item;
  cert_row(r, now_s, a, &s->row);
  s->pem = db_str(r, a);
}

enum err_code store_cert_by_subject(struct store *s, const char *subject, struct arena *a, certificate_list *rows,
                                    struct str_list *pems, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  db_query(c, SQL_CERT_BY_SUBJECT, DB_ARGS(db_t(subject), db_i(SUBJECT_MAX)), &r);
  struct page p;
  TRY(store_page(&r, SUBJECT_MAX, sizeof(struct subject_row), subject_row, clock_now_s(), a, &p, e));
  const struct subject_row *found = p.item;
  *rows = (certificate_list){ arena_alloc_n(a, p.count, sizeof *rows->item), p.count };
  *pems = (struct str_list){ arena_alloc_n(a, p.count, sizeof *pems->item), p.count };
  for (size_t i = 0; i < p.count; i++) {
    rows->item[i] = found[i].row;
    pems->item[i] = found[i].pem;
  }
  return ERR_NONE;
}

enum err_code store_cert_key(struct store *s, int64_t id, struct buf *key_pem, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_read(s->db, &c, e));
  TRY(db_first(c, SQL_CERT_KEY, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return no_such(id, e);
  db_skip(&r);
  size_t len;
  const void *sealed = db_blob(&r, &len);
  if (!sealed)
    return err_set(e, ERR_NOT_FOUND, "The key of certificate %lld is not held here: import it with its key",
                   (long long)id);
  return crypt_open(&s->key, SEALED_KEY, id, sealed, len, key_pem, e);
}

static void use_row(struct db_rows *r, int64_t now_s, struct arena *a, void *item)
{
  (void)now_s;
  struct certificate_use *u = item;
  u->node_id = db_int(r);
  u->node = db_str(r, a);
  u->cluster = db_str(r, a);
  u->path = db_str(r, a);
  bool pushed = db_int(r) > 0;
  const char *wanted = cert_sha256_column(r, a), *state = db_str(r, a), *served = db_str(r, a);
  bool as_certificate = db_bool(r);
  const char *wire = as_certificate ? node_wire(state, served, wanted) : "unknown";
  u->on_disk = pushed ? "this" : "unknown";
  u->on_wire = str_eq(wire, "this") || str_eq(wire, "other") ? wire : "unknown";
}

/* Does the console serve it? */
static enum err_code console_uses(struct db_conn *c, int64_t id, bool *out, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows setting = DB_ROWS_INIT, same = DB_ROWS_INIT;
  uint8_t bytes[CRYPT_SHA256_SIZE];
  *out = false;
  TRY(db_first(c, SQL_SETTING_GET, DB_ARGS(db_t(STORE_CONSOLE_SHA256)), &setting, e));
  if (!setting.there || !cert_sha256_bytes(db_str(&setting, &a), bytes))
    return ERR_NONE;
  TRY(db_first(c, SQL_CERT_SAME, DB_ARGS(db_b(bytes, sizeof bytes)), &same, e));
  *out = same.there && db_int(&same) == id;
  return ERR_NONE;
}

enum err_code cert_uses(struct db_conn *c, int64_t id, int64_t limit, struct arena *a, certificate_use_list *out,
                        struct err *e)
{
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  db_query(c, SQL_CERT_USES, DB_ARGS(db_i(id), db_i(limit)), &r);
  struct page p;
  TRY(store_page(&r, limit, sizeof(struct certificate_use), use_row, 0, a, &p, e));
  bool console;
  TRY(console_uses(c, id, &console, e));
  certificate_use_list list = { arena_alloc_n(a, p.count + 1, sizeof *list.item), 0 };
  if (console)
    list.item[list.count++] = (struct certificate_use){ .node = "", .cluster = "", .path = "console", .on_disk = "this",
                                                        .on_wire = "this" };
  if (p.count)
    memcpy(list.item + list.count, p.item, p.count * sizeof *list.item);
  list.count += p.count;
  *out = list;
  return ERR_NONE;
}

enum err_code store_cert_uses(struct store *s, int64_t id, struct arena *a, certificate_use_list *out, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_read(s->db, &c, e));
  return cert_uses(c, id, USES_MAX, a, out, e);
}
