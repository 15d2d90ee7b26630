#include <string.h>

#include "base/clock.h"
#include "pki/read.h"
#include "pki/rules.h"

static void refuse(struct rules *r, const char *rule, const char *text, const char *meets, const char *mend)
{
  rules_add(r, (struct verdict_text){ rule, "critical", text, meets, mend });
}

static bool order_holds(struct rules *r)
{
  struct err e = { 0 };
  if (!pki_chain_check_order(r->chain, "certificate", &e))
    return true;
  refuse(r, "CHAIN", arena_printf(r->arena, "%s.", e.text), "unable to verify the first certificate",
         "Join the files again: the server's certificate, then the authority that issued it, then that one's issuer.");
  return false;
}

static void check_critical_extensions(struct rules *r)
{
  for (size_t i = 0; i < r->chain->count; i++) {
    struct libcrypto_view view;
    libcrypto_look(&r->chain->item[i], r->arena, &view);
    if (view.unknown_critical)
      refuse(
        r, "CHAIN",
        arena_printf(
          r->arena, "Certificate %zu has the critical extension %s, which OpenSSL does not know and therefore refuses.",
          i + 1, view.unknown_critical),
        "unhandled critical extension", "Have it issued without this extension, or with the extension not critical.");
  }
}

/* The anchors given, else the self-signed end of the chain itself. False when nothing can be verified. */
static bool find_anchors(struct rules *r, struct pki_chain *out)
{
  struct err e = { 0 };
  if (r->anchors_pem) {
    if (!read_certificates(r->anchors_pem, strlen(r->anchors_pem), READ_ANCHORS_MAX, "ca", r->arena, out, &e))
      return true;
    refuse(r, "PEM", arena_printf(r->arena, "The file of authorities cannot be used. %s.", e.text), "PEM lib",
           "Put whole PEM certificates into it, each ended by a newline.");
    return false;
  }
  const struct pki_cert *last = &r->chain->item[r->chain->count - 1];
  *out = (struct pki_chain){ (struct pki_cert *)last, 1 };
  return pki_is_self_signed(last);
}

static bool has_root(const struct pki_chain *anchors)
{
  for (size_t i = 0; i < anchors->count; i++)
    if (pki_is_self_signed(&anchors->item[i]))
      return true;
  return false;
}

static struct pki_chain reversed(const struct pki_chain *c, struct arena *a)
{
  struct pki_chain out = { arena_alloc_n(a, c->count, sizeof *c->item), c->count };
  for (size_t i = 0; i < c->count; i++)
    out.item[i] = c->item[c->count - 1 - i];
  return out;
}

static void refuse_verdict(struct rules *r, const struct pki_verdict *v)
{
  const char *where =
    v->depth == 0 ? "" : arena_printf(r->arena, " (%d above it: %s)", v->depth, v->subject ? v->subject : "?");
  const char *text = arena_printf(r->arena, "It does not verify against its authorities: %s%s.", v->reason, where);
  switch (v->code) {
  case VERDICT_SIGNATURE_FAILURE:
    refuse(r, "AKI", text, "certificate signature failure",
           "Two authorities have the same name, and nothing tells which one issued it: issue it again with an "
           "AuthorityKeyIdentifier, and give a new authority a new name.");
    break;
  case VERDICT_EE_KEY_TOO_SMALL: case VERDICT_CA_KEY_TOO_SMALL: case VERDICT_CA_MD_TOO_WEAK:
    if (!rules_has(r, "STRENGTH", "critical"))
      refuse(r, "STRENGTH", text, v->reason, "Use keys of at least RSA 2048 or P-256 and signatures with SHA-256.");
    break;
  default:
    refuse(r, "CHAIN", text, v->reason,
           "Use the authority that issued it as CA, and put the authorities between the two behind the certificate.");
  }
}

/* Time and purpose have rules of their own. In both orders of the anchors, since OpenSSL takes the first of a name. */
static void verify(struct rules *r, const struct pki_chain *anchors)
{
  struct pki_chain backwards = reversed(anchors, r->arena);
  struct pki_verdict v = { 0 };
  struct err e = { 0 };
  const struct pki_chain *order[] = { anchors, &backwards };
  for (size_t i = 0; i < COUNT_OF(order) && (i == 0 || anchors->count > 1); i++) {
    if (libcrypto_verify(r->chain, order[i], NULL, TIME_NONE, r->arena, &v, &e)) {
      refuse(r, "CHAIN", e.text[0] ? arena_strdup(r->arena, e.text) : "It cannot be verified.", NULL,
             "Import it again.");
      return;
    }
    if (!v.ok) {
      refuse_verdict(r, &v);
      return;
    }
  }
  rules_add(r,
            (struct verdict_text){ "CHAIN", "accepted",
                                   r->anchors_pem ? "It verifies against its authorities, in whatever order they stand."
                                                  : "Its chain is in order and verifies up to its self-signed end." });
}

void rule_chain(struct rules *r)
{
  struct pki_chain anchors;
  check_critical_extensions(r);
  if (!order_holds(r))
    return;
  if (!find_anchors(r, &anchors)) {
    if (!r->anchors_pem && r->chain->count > 1)
      rules_add(
        r, (struct verdict_text){ "CHAIN", "accepted", "Each certificate is followed by the one that issued it." });
    return;
  }
  if (!has_root(&anchors)) {
    refuse(r, "ROOT", "The file of authorities holds no self-signed one: OpenSSL wants the chain to end at a root.",
           "unable to get issuer certificate", "Add the root authority to the file, behind the intermediate one.");
    return;
  }
  if (!rules_has(r, "CHAIN", "critical"))
    verify(r, &anchors);
}
