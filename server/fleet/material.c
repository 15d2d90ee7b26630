#include <string.h>

#include "fleet/inside.h"
#include "pki/pki.h"

enum { CLIMB_MAX = 8 };

struct authority {
  struct buf pem;      /* intermediates first, then the authority */
  struct str_list have; /* fingerprints in pem */
  int64_t id;
};

static void authority_cleanup(struct authority *w) { buf_free(&w->pem); }

static void add_chain(struct authority *w, const struct pki_chain *c, struct arena *a)
{
  for (size_t i = 0; i < c->count; i++) {
    struct pki_chain one = { &c->item[i], 1 };
    if (str_list_has(&w->have, c->item[i].sha256))
      continue;
    str_list_add(a, &w->have, c->item[i].sha256);
    buf_str(&w->pem, pki_chain_pem(a, &one, 0));
  }
}

static enum err_code inspect(const struct pki_cert *c, struct arena *a, struct certificate *out, struct err *e)
{
  struct certificate_detail d = { 0 };
  struct pki_chain one = { (struct pki_cert *)c, 1 };
  TRY(pki_inspect(&one, clock_now_s(), 0, a, &d, e));
  *out = d.row;
  return ERR_NONE;
}

/* Adds the inventory's certificates of the issuer's name, and of theirs, up to one that is self-signed. */
static enum err_code climb(struct fleet *f, const struct pki_cert *from, struct authority *w, struct arena *a,
                           struct err *e)
{
  const struct pki_cert *last = from;
  for (int i = 0; i < CLIMB_MAX && !pki_is_self_signed(last); i++) {
    struct certificate row;
    certificate_list found = { 0 };
    struct str_list pems = { 0 };
    TRY(inspect(last, a, &row, e));
    TRY(store_cert_by_subject(f->config.store, row.issuer, a, &found, &pems, e));
    if (!found.count)
      return err_field(e, "authority",
                       "the inventory does not have %s, which issued %s: import it, or name the authority",
                       row.issuer, row.subject);
    struct pki_chain c = { 0 };
    for (size_t k = found.count; k-- > 0;) { /* all of that name: during a rotation there are two */
      TRY(pki_chain_read(pems.item[k], strlen(pems.item[k]), "authority", a, &c, e));
      add_chain(w, &c, a);
    }
    w->id = found.item[0].id;
    last = &c.item[c.count - 1];
  }
  return ERR_NONE;
}

static enum err_code named_authority(struct fleet *f, int64_t ca_id, struct authority *w, struct arena *a,
                                     struct err *e)
{
  struct certificate row;
  const char *pem;
  struct pki_chain c;
  TRY(store_cert_get(f->config.store, ca_id, clock_now_s(), a, &row, &pem, e));
  if (str_eq(row.kind, "leaf"))
    return err_field(e, "authority", "%s is no authority: it cannot issue certificates", row.name);
  TRY(pki_chain_read(pem, strlen(pem), "authority", a, &c, e));
  add_chain(w, &c, a);
  w->id = ca_id;
  return ERR_NONE;
}

/* The CA file: intermediates and authority. Some servers' transfer scripts verify without the intermediates that a peer
 * sends, so they stand here as well as behind the leaf. */
static enum err_code find_authority(struct fleet *f, const struct pki_chain *chain, int64_t cert_id, int64_t ca_id,
                                    struct authority *w, struct arena *a, struct err *e)
{
  struct pki_chain issuers = { chain->item + 1, chain->count - 1 };
  add_chain(w, &issuers, a);
  if (ca_id)
    return named_authority(f, ca_id, w, a, e);
  const struct pki_cert *last = &chain->item[chain->count - 1];
  w->id = cert_id;
  if (!pki_is_self_signed(last))
    return climb(f, last, w, a, e);
  if (chain->count == 1)
    add_chain(w, chain, a);
  return ERR_NONE;
}

const char *fleet_verdict(const char *leaf_and_chain_pem, const char *anchors_pem, const char *usage, struct arena *a,
                          struct err *e)
{
  struct pki_verdict v = { 0 };
  if (pki_verify(leaf_and_chain_pem, anchors_pem, usage, clock_now_s(), a, &v, e))
    return e && e->text[0] ? arena_strdup(a, e->text) : "it cannot be judged";
  if (v.ok)
    return NULL;
  return arena_printf(a, "%s (%s)", v.reason, v.subject ? v.subject : "leaf");
}

static enum err_code check_pair(struct fleet *f, const struct certificate *row, const struct pki_chain *chain,
                                struct err *e)
{
  AUTO_BUF struct buf pem = BUF_INIT;
  AUTO_PKI_KEY struct pki_key *key = NULL;
  TRY(store_cert_key(f->config.store, row->id, &pem, e));
  TRY(pki_key_read(buf_cstr(&pem), pem.len, NULL, "certificate", &key, e));
  if (!pki_key_fits(key, &chain->item[0]))
    return err_field(e, "certificate", "the key of %s does not fit its certificate: import the pair again", row->name);
  return ERR_NONE;
}

static enum err_code check_row(const struct certificate *row, struct err *e)
{
  char when[CLOCK_RFC3339_SIZE];
  if (!row->has_key)
    return err_field(e, "certificate", "%s is held without its key: import the key too", row->name);
  if (str_eq(row->kind, "root") || str_eq(row->kind, "intermediate"))
    return err_field(e, "certificate", "%s is an authority: a server needs a certificate of its own", row->name);
  if (row->not_after_s <= clock_now_s()) {
    clock_format(row->not_after_s, when);
    return err_field(e, "certificate", "%s has expired (%s)", row->name, when);
  }
  if (row->not_before_s > clock_now_s()) {
    clock_format(row->not_before_s, when);
    return err_field(e, "certificate", "%s is not valid before %s", row->name, when);
  }
  return ERR_NONE;
}

/* Leaf and intermediates; a root at the end is left out, since every peer has to have it already. */
static const char *sent_pem(const struct pki_chain *chain, struct arena *a)
{
  struct pki_chain c = *chain;
  if (c.count > 1 && pki_is_self_signed(&c.item[c.count - 1]))
    c.count--;
  return pki_chain_pem(a, &c, 0);
}

enum err_code fleet_material(struct fleet *f, int64_t cert_id, int64_t ca_id, struct arena *a,
                             struct push_material *out, struct err *e)
{
  struct certificate row;
  const char *pem;
  struct pki_chain chain;
  TRY(store_cert_get(f->config.store, cert_id, clock_now_s(), a, &row, &pem, e));
  TRY(check_row(&row, e));
  TRY(pki_chain_read(pem, strlen(pem), "certificate", a, &chain, e));
  TRY(pki_chain_check_order(&chain, "certificate", e));
  TRY(check_pair(f, &row, &chain, e));
  CLEANUP(authority_cleanup) struct authority w = { 0 };
  TRY(find_authority(f, &chain, cert_id, ca_id, &w, a, e));
  struct push_material m = { .name = row.name, .sha256 = row.sha256, .ca_id = w.id };
  m.cert_pem = sent_pem(&chain, a);
  m.ca_pem = arena_strndup(a, buf_cstr(&w.pem), w.pem.len);
  const char *why = fleet_verdict(m.cert_pem, m.ca_pem, "server", a, NULL);
  if (why)
    return err_field(e, ca_id ? "authority" : "certificate", "clients with this authority would refuse %s: %s",
                     row.name,
                     why);
  *out = m;
  return ERR_NONE;
}
