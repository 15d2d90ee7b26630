#include <inttypes.h>
#include <string.h>

#include "api/handlers.h"
#include "contract/replies.h"
#include "contract/requests.h"
#include "pki/pki.h"

enum { SAN_STORED = 10000, CHAIN_LOOKUPS = 16 };

HANDLER(api_cert_list)
{
  const struct cert_list_request *want = in;
  struct cert_list_reply *reply = out;
  struct store *store = api_of(call)->store;
  struct cert_counts counts;
  struct cert_filter filter = {
    .q = want->q, .kind = want->kind, .sort = want->sort, .cluster = want->cluster, .has_key = want->has_key,
    .expires_within_days = want->expires_within_days, .now_s = clock_now_s(), .limit = want->limit, .after = want->after,
  };
  TRY(store_cert_list(store, &filter, call->arena, &reply->items, &reply->next, e));
  TRY(store_cert_counts(store, filter.now_s, &counts, e));
  reply->total = counts.total;
  reply->expired = counts.expired;
  reply->within_30 = counts.within_30;
  reply->within_60 = counts.within_60;
  reply->leaves = counts.leaves;
  reply->authorities = counts.authorities;
  return ERR_NONE;
}

/* What a file says; key NULL where there is none. */
static enum err_code describe(const struct pki_chain *chain, const struct pki_key *key, struct arena *a,
                              struct certificate_detail *d, struct err *e)
{
  TRY(pki_inspect(chain, clock_now_s(), SAN_STORED, a, d, e));
  d->row.has_key = key;
  d->key_fits = key && pki_key_fits(key, &chain->item[0]);
  d->pem = pki_chain_pem(a, chain, 0);
  return ERR_NONE;
}

/* Looks in the inventory for the authority that issued what the card shows; found is false where it is not there. */
static enum err_code find_issuer(struct store *store, const struct chain_card *of, struct arena *a,
                                 struct certificate_detail *issuer, bool *found, struct err *e)
{
  certificate_list rows = { 0 };
  struct str_list pems = { 0 };
  *found = false;
  TRY(store_cert_by_subject(store, of->issuer, a, &rows, &pems, e));
  for (size_t i = 0; i < pems.count && !*found; i++) {
    struct pki_chain one;
    TRY(pki_chain_read(pems.item[i], strlen(pems.item[i]), "certificate", a, &one, e));
    one.count = 1;
    *issuer = (struct certificate_detail){ 0 };
    TRY(describe(&one, NULL, a, issuer, e));
    *found = issuer->is_ca && (!of->aki || !issuer->ski || str_eq(of->aki, issuer->ski));
    issuer->chain.item[0].id = rows.item[i].id;
    issuer->chain.item[0].source = "inventory";
  }
  return ERR_NONE;
}

/* Goes on from the last card to issuers that the inventory knows, up to a self-signed one; their PEMs are what the chain is
 * judged against. */
static enum err_code complete_chain(struct store *store, struct arena *a, struct certificate_detail *d, struct buf *anchors,
                                    struct err *e)
{
  for (int i = 0; i < CHAIN_LOOKUPS && !d->chain_complete && d->chain.count; i++) {
    struct certificate_detail issuer;
    bool found;
    TRY(find_issuer(store, &d->chain.item[d->chain.count - 1], a, &issuer, &found, e));
    if (!found)
      return ERR_NONE;
    buf_str(anchors, issuer.pem);
    struct chain_card *cards = arena_alloc_n(a, d->chain.count + 1, sizeof *cards);
    memcpy(cards, d->chain.item, d->chain.count * sizeof *cards);
    cards[d->chain.count] = issuer.chain.item[0];
    d->chain.item = cards;
    d->chain.count++;
    d->chain_complete = issuer.chain_complete;
  }
  return ERR_NONE;
}

static enum err_code detail(struct api *api, int64_t id, struct arena *a, struct certificate_detail *d, struct err *e)
{
  struct certificate row;
  const char *pem;
  struct pki_chain chain;
  AUTO_PKI_KEY struct pki_key *key = NULL;
  AUTO_BUF struct buf key_pem = BUF_INIT;
  TRY(store_cert_get(api->store, id, clock_now_s(), a, &row, &pem, e));
  TRY(pki_chain_read(pem, strlen(pem), "certificate", a, &chain, e));
  if (row.has_key) {
    TRY(store_cert_key(api->store, id, &key_pem, e));
    TRY(pki_key_read(key_pem.data, key_pem.len, NULL, "key", &key, e));
  }
  TRY(describe(&chain, key, a, d, e));
  d->row = row;
  if (d->chain.count)
    d->chain.item[0].id = id;
  AUTO_BUF struct buf anchors = BUF_INIT;
  TRY(complete_chain(api->store, a, d, &anchors, e));
  pki_findings(&chain, key, anchors.len && d->chain_complete ? buf_cstr(&anchors) : NULL, clock_now_s(), a, &d->findings);
  return store_cert_uses(api->store, id, a, &d->uses, e);
}

static const char *default_name(const struct certificate_detail *d, struct arena *a)
{
  if (d->row.common_name && *d->row.common_name)
    return d->row.common_name;
  if (d->san.count && strchr(d->san.item[0], ':'))
    return strchr(d->san.item[0], ':') + 1;
  return arena_printf(a, "certificate %.11s", d->row.sha256);
}

static enum err_code read_upload(const struct cert_import_request *want, struct arena *a, struct pki_chain *chain,
                                 struct pki_key **key, struct err *e)
{
  AUTO_BUF struct buf all = BUF_INIT;
  buf_str(&all, want->certificate);
  TRY(pki_chain_read(want->certificate, strlen(want->certificate), "certificate", a, chain, e));
  if (want->chain) {
    struct pki_chain more;
    TRY(pki_chain_read(want->chain, strlen(want->chain), "chain", a, &more, e));
    buf_str(&all, "\n");
    buf_str(&all, pki_chain_pem(a, &more, 0));
    TRY(pki_chain_read(all.data, all.len, "chain", a, chain, e));
  }
  TRY(pki_chain_check_order(chain, want->chain ? "chain" : "certificate", e));
  if (!want->key)
    return ERR_NONE;
  TRY(pki_key_read(want->key, strlen(want->key), want->key_password, "key", key, e));
  return pki_check_pair(chain, *key, e);
}

HANDLER(api_cert_import)
{
  const struct cert_import_request *want = in;
  struct certificate_detail *d = out;
  struct api *api = api_of(call);
  struct pki_chain chain;
  AUTO_PKI_KEY struct pki_key *key = NULL;
  AUTO_BUF struct buf key_pem = BUF_INIT;
  int64_t id;
  TRY(read_upload(want, call->arena, &chain, &key, e));
  TRY(describe(&chain, key, call->arena, d, e));
  if (key)
    TRY(pki_key_pem(key, &key_pem, e));
  d->row.name = want->name ? want->name : default_name(d, call->arena);
  TRY(store_cert_add(api->store, d, key ? buf_cstr(&key_pem) : NULL, &id, e));
  call->audit_target = arena_printf(call->arena, "certificate %" PRId64, id);
  call->audit_detail = arena_printf(call->arena, "%s, sha256:%s%s", d->row.name, d->row.sha256, key ? ", with its key" : "");
  *d = (struct certificate_detail){ 0 };
  return detail(api, id, call->arena, d, e);
}

HANDLER(api_cert_inspect)
{
  const struct cert_inspect_request *want = in;
  struct inspect_reply *reply = out;
  struct pki_chain chain;
  AUTO_PKI_KEY struct pki_key *key = NULL;
  TRY(pki_chain_read(want->certificate, strlen(want->certificate), "certificate", call->arena, &chain, e));
  if (want->key)
    TRY(pki_key_read(want->key, strlen(want->key), want->key_password, "key", &key, e));
  struct certificate_detail *d = reply->certificate = arena_alloc(call->arena, sizeof *d);
  TRY(describe(&chain, key, call->arena, d, e));
  pki_findings(&chain, key, NULL, clock_now_s(), call->arena, &d->findings);
  return ERR_NONE;
}

HANDLER(api_cert_show)
{
  const struct id_request *want = in;
  return detail(api_of(call), want->id, call->arena, out, e);
}

static const char *file_name(struct arena *a, const char *name)
{
  char *safe = arena_strdup(a, name);
  for (char *p = safe; *p; p++)
    if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_", *p))
      *p = '_';
  return arena_printf(a, "%s.pem", *safe == '.' ? safe + 1 : safe);
}

HANDLER(api_cert_export)
{
  const struct cert_export_request *want = in;
  struct export_reply *reply = out;
  struct api *api = api_of(call);
  struct certificate row;
  call->audit_target = arena_printf(call->arena, "certificate %" PRId64, want->id);
  call->audit_detail = want->with_key ? "with its private key" : "without its private key";
  TRY(store_cert_get(api->store, want->id, clock_now_s(), call->arena, &row, &reply->certificate, e));
  reply->file_name = file_name(call->arena, row.name);
  if (!want->with_key)
    return ERR_NONE;
  if (!row.has_key)
    return err_field(e, "with_key", "No private key is held for %s", row.name);
  AUTO_BUF struct buf key = BUF_INIT;
  TRY(store_cert_key(api->store, want->id, &key, e));
  reply->key = arena_strndup(call->arena, key.data, key.len);
  return ERR_NONE;
}

HANDLER(api_cert_delete)
{
  (void)out;
  const struct id_request *want = in;
  call->audit_target = arena_printf(call->arena, "certificate %" PRId64, want->id);
  return store_cert_delete(api_of(call)->store, want->id, e);
}
