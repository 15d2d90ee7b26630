#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "store/inside.h"

enum { USERS_NAMED = 5 };

static enum err_code put_hex(struct db_conn *c, int64_t id, const char *text, struct err *e)
{
  if (!text)
    return ERR_NONE;
  AUTO_BUF struct buf hex = BUF_INIT;
  for (; *text; text++)
    if (isxdigit((unsigned char)*text))
      buf_char(&hex, (char)tolower((unsigned char)*text));
  return hex.len ? db_run(c, SQL_CERT_HEX_INSERT, DB_ARGS(db_t(hex.data), db_i(id)), e) : ERR_NONE;
}

static void add_line(struct buf *b, const char *s)
{
  if (s) {
    buf_str(b, s);
    buf_char(b, '\n');
  }
}

static enum err_code put_text(struct db_conn *c, int64_t id, const struct certificate_detail *d, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  add_line(&text, d->row.name);
  add_line(&text, d->row.subject);
  if (!str_eq(d->row.issuer, d->row.subject))
    add_line(&text, d->row.issuer);
  for (size_t i = 0; i < d->san.count; i++)
    add_line(&text, d->san.item[i]);
  TRY(db_run(c, SQL_CERT_TEXT_INSERT, DB_ARGS(db_i(id), db_t(buf_cstr(&text))), e));
  return db_run(c, SQL_CERT_FTS_INSERT, DB_ARGS(db_i(id), db_t(buf_cstr(&text))), e);
}

static void seal_key(struct store *s, int64_t id, const char *key_pem, struct buf *sealed)
{
  if (key_pem)
    crypt_seal(&s->key, SEALED_KEY, id, key_pem, strlen(key_pem), sealed);
}

static enum err_code put_new(struct store *s, struct db_conn *c, const struct certificate_detail *d,
                             const char *key_pem, const uint8_t sha256[CRYPT_SHA256_SIZE], int64_t *id, struct err *e)
{
  const struct certificate *r = &d->row;
  TRY(db_run(c, SQL_CERT_INSERT,
             DB_ARGS(db_t(r->name), db_t(r->kind), db_t(r->subject), db_t(r->issuer), db_t(r->common_name),
                     db_i(r->not_before_s), db_i(r->not_after_s), db_t(r->key_type), db_i(r->key_bits), db_t(r->curve),
                     db_b(sha256, CRYPT_SHA256_SIZE), db_i(key_pem != NULL), db_i(clock_now_s())), e));
  *id = db_last_id(c);
  AUTO_BUF struct buf sealed = BUF_INIT;
  seal_key(s, *id, key_pem, &sealed);
  TRY(db_run(c, SQL_CERT_MATERIAL_INSERT, DB_ARGS(db_i(*id), db_t(d->pem), db_b(sealed.data, sealed.len)), e));
  TRY(put_text(c, *id, d, e));
  TRY(put_hex(c, *id, r->sha256, e));
  TRY(put_hex(c, *id, d->sha1, e));
  return put_hex(c, *id, d->serial, e);
}

/* The certificate is here without its key, and now the key comes, perhaps with the rest of the chain. */
static enum err_code put_key(struct store *s, struct db_conn *c, const struct certificate_detail *d,
                             const char *key_pem, int64_t id, struct err *e)
{
  AUTO_BUF struct buf sealed = BUF_INIT;
  seal_key(s, id, key_pem, &sealed);
  TRY(db_run(c, SQL_CERT_MATERIAL_UPDATE, DB_ARGS(db_i(id), db_t(d->pem), db_b(sealed.data, sealed.len)), e));
  return db_run(c, SQL_CERT_SET_HAS_KEY, DB_ARGS(db_i(id)), e);
}

enum err_code cert_insert(struct store *s, struct db_conn *c, const struct certificate_detail *d, const char *key_pem,
                          int64_t *id, struct err *e)
{
  uint8_t sha256[CRYPT_SHA256_SIZE];
  if (!cert_sha256_bytes(d->row.sha256, sha256))
    return err_set(e, ERR_INTERNAL, "A certificate without a fingerprint cannot be kept");
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows same = DB_ROWS_INIT;
  TRY(db_first(c, SQL_CERT_SAME, DB_ARGS(db_b(sha256, sizeof sha256)), &same, e));
  if (!same.there)
    return put_new(s, c, d, key_pem, sha256, id, e);
  int64_t held = db_int(&same);
  const char *name = db_str(&same, &a);
  *id = held;
  if (key_pem && !db_bool(&same))
    return put_key(s, c, d, key_pem, held, e);
  return store_conflict(e, "certificate", "This certificate is here already: \"%s\" (certificate %lld)", name,
                        (long long)held);
}

enum err_code store_cert_add(struct store *s, const struct certificate_detail *d, const char *key_pem, int64_t *id,
                             struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(cert_insert(s, c, d, key_pem, id, e));
  return store_commit(s, &c, e);
}

/* "node db-1, node db-2, 3 more nodes, rollout 12" */
static enum err_code users_of(struct db_conn *c, int64_t id, struct arena *a, struct str_list *out, struct err *e)
{
  certificate_use_list uses;
  TRY(cert_uses(c, id, USERS_NAMED, a, &uses, e));
  for (size_t i = 0; i < uses.count; i++)
    str_list_add(a, out, uses.item[i].node_id ? arena_printf(a, "node %s", uses.item[i].node) : "the console");
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_CERT_USE_COUNTS, DB_ARGS(db_i(id)), &r, e));
  int64_t nodes = db_int(&r), as_cert = db_int(&r), as_ca = db_int(&r);
  if (nodes > USERS_NAMED)
    str_list_add(a, out, arena_printf(a, "%lld more nodes", (long long)nodes - USERS_NAMED));
  if (as_cert || as_ca)
    str_list_add(a, out, arena_printf(a, "rollout %lld", (long long)(as_cert ? as_cert : as_ca)));
  return ERR_NONE;
}

static enum err_code check_unused(struct db_conn *c, int64_t id, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
  TRY(db_first(c, SQL_CERT_NAME, DB_ARGS(db_i(id)), &r, e));
  if (!r.there)
    return err_set(e, ERR_NOT_FOUND, "There is no certificate %lld", (long long)id);
  const char *name = db_str(&r, &a);
  struct str_list users = { 0 };
  TRY(users_of(c, id, &a, &users, e));
  if (!users.count)
    return ERR_NONE;
  return err_set(e, ERR_CONFLICT, "\"%s\" is in use by %s: give them another certificate first", name,
                 str_list_join(&a, &users, ", "));
}

enum err_code store_cert_delete(struct store *s, int64_t id, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e));
  TRY(check_unused(c, id, e));
  TRY(db_run(c, SQL_CERT_FTS_DELETE, DB_ARGS(db_i(id)), e));
  TRY(db_run(c, SQL_CERT_DELETE, DB_ARGS(db_i(id)), e));
  return store_commit(s, &c, e);
}
