#include "store/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "store/inside.h"

/* Generations of two runs differ, so that a page kept from before a restart is never taken for a current one. Below
 * 2^53, since browsers read it as a number. */
static uint64_t first_generation(void)
{
  uint32_t r;
  crypt_random(&r, sizeof r);
  return ((uint64_t)(r & 0xfffff) + 1) << 32;
}

enum err_code store_unseal(struct store *s, const char *kind, struct db_rows *r, struct buf *out, struct err *e)
{
  int64_t id = db_int(r);
  size_t len;
  const void *sealed = db_blob(r, &len);
  return crypt_open(&s->key, kind, id, sealed, len, out, e);
}

static const struct { const char *kind; size_t query; } sealed_tables[] = {
  { SEALED_KEY, SQL_SEALED_CERTIFICATE },
  { SEALED_DB_PASSWORD, SQL_SEALED_CLUSTER },
  { SEALED_SECRET, SQL_SEALED_SECRET },
};

static enum err_code any_sealed(struct db_conn *c, bool *any, struct err *e)
{
  *any = false;
  for (size_t i = 0; i < COUNT_OF(sealed_tables); i++) {
    AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
    TRY(db_first(c, sealed_tables[i].query, DB_NO_ARGS, &r, e));
    *any |= r.there;
  }
  return ERR_NONE;
}

/* The key must be the one that sealed what is there: better said at the start than at the first push. */
static enum err_code try_key(struct store *s, struct db_conn *c, struct err *e)
{
  for (size_t i = 0; i < COUNT_OF(sealed_tables); i++) {
    AUTO_ROWS struct db_rows r = DB_ROWS_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    TRY(db_first(c, sealed_tables[i].query, DB_NO_ARGS, &r, e));
    if (r.there)
      TRY(store_unseal(s, sealed_tables[i].kind, &r, &text, e));
  }
  return ERR_NONE;
}

static enum err_code load_key(struct store *s, const char *path, struct err *e)
{
  AUTO_CONN struct db_conn *c = NULL;
  TRY(db_write(s->db, &c, e)); /* no reader yet: its connection is opened when the first page is asked for */
  bool any;
  TRY(any_sealed(c, &any, e));
  TRY(master_key_load(path, !any, &s->key, e));
  enum err_code rc = try_key(s, c, e);
  if (rc)
    err_context(e, "%s does not open what the database holds: put the key back that belongs to it", path);
  return rc;
}

enum err_code store_open(const char *folder, struct store **out, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct store *s = calloc(1, sizeof *s);
  if (!s)
    abort();
  atomic_init(&s->generation, first_generation());
  pthread_mutex_init(&s->listen_lock, NULL);
  enum err_code rc = db_open(arena_printf(&a, "%s/opsd.db", folder), &sql_schema, &s->db, e);
  if (!rc)
    rc = load_key(s, arena_printf(&a, "%s/master.key", folder), e);
  if (rc) {
    store_close(s);
    return rc;
  }
  *out = s;
  return ERR_NONE;
}

void store_close(struct store *s)
{
  if (!s)
    return;
  db_close(s->db);
  master_key_wipe(&s->key);
  pthread_mutex_destroy(&s->listen_lock);
  free(s);
}

uint64_t store_generation(const struct store *s) { return atomic_load(&s->generation); }

void store_listen(struct store *s, void (*fn)(void *ctx, uint64_t generation), void *ctx)
{
  pthread_mutex_lock(&s->listen_lock);
  s->listener = fn;
  s->listener_ctx = ctx;
  pthread_mutex_unlock(&s->listen_lock);
}

enum err_code store_commit(struct store *s, struct db_conn **c, struct err *e)
{
  TRY(db_commit(c, e));
  uint64_t generation = atomic_fetch_add(&s->generation, 1) + 1;
  pthread_mutex_lock(&s->listen_lock);
  void (*fn)(void *, uint64_t) = s->listener;
  void *ctx = s->listener_ctx;
  pthread_mutex_unlock(&s->listen_lock);
  if (fn)
    fn(ctx, generation);
  return ERR_NONE;
}

enum err_code store_conflict(struct err *e, const char *field, const char *fmt, ...)
{
  if (!e)
    return ERR_CONFLICT;
  va_list ap;
  va_start(ap, fmt);
  char text[sizeof e->text];
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  err_set(e, ERR_CONFLICT, "%s", text);
  snprintf(e->field, sizeof e->field, "%s", field);
  return ERR_CONFLICT;
}

int64_t store_page_limit(int64_t asked)
{
  return asked < 1 ? 1 : asked > STORE_LIMIT_MAX ? STORE_LIMIT_MAX : asked;
}

enum err_code store_page(struct db_rows *r, int64_t limit, size_t size, row_fn *row, int64_t now_s, struct arena *a,
                         struct page *out, struct err *e)
{
  struct page p = { NULL };
  for (size_t room = 0;; p.count++) {
    TRY(db_next(r, e));
    p.more = r->there && p.count == (size_t)limit;
    if (!r->there || p.more)
      break;
    if (p.count == room) {
      void *had = p.item;
      room = room ? room * 2 : 16;
      p.item = arena_alloc_n(a, room, size);
      if (had)
        memcpy(p.item, had, p.count * size);
    }
    row(r, now_s, a, (char *)p.item + p.count * size);
  }
  *out = p;
  return ERR_NONE;
}

int64_t store_days_left(int64_t not_after_s, int64_t now_s)
{
  if (not_after_s == TIME_NONE)
    return 0;
  int64_t left_s = not_after_s - now_s;
  return left_s >= 0 ? left_s / 86400 : -((-left_s + 86399) / 86400);
}

bool store_ref_is_id(const char *ref, int64_t *id) { return int_parse(ref, 0, INT64_MAX, id); }

enum err_code store_check_name(const char *name, struct err *e)
{
  if (!name || !*name)
    return err_field(e, "name", "The name is missing");
  if (strspn(name, "0123456789") == strlen(name))
    return err_field(e, "name", "The name \"%s\" would be read as a number: add a letter", name);
  return ERR_NONE;
}
