#include <string.h>

#include "base/clock.h"
#include "pki/inspect.h"
#include "pki/name.h"
#include "pki/rules.h"

static void add(struct rules *r, const char *rule, const char *severity, const char *text, const char *meets,
                const char *mend)
{
  rules_add(r, (struct verdict_text){ rule, severity, text, meets, mend });
}

void rule_pair(struct rules *r)
{
  if (!r->key)
    return;
  if (pki_key_fits(r->key, &r->chain->item[0])) {
    add(r, "PAIR", "accepted", "The private key belongs to the certificate.", NULL, NULL);
    return;
  }
  const char *text = "The private key does not belong to the certificate.";
  const char *mend =
    "Take the key that the certificate was requested with, or have a new certificate issued for this key.";
  for (size_t i = 1; i < r->chain->count; i++)
    if (pki_key_fits(r->key, &r->chain->item[i])) {
      text = arena_printf(r->arena, "The private key belongs to certificate %zu of the file, not to the first.", i + 1);
      mend = "Put the certificate that the key belongs to first.";
    }
  add(r, "PAIR", "critical", text, "key values mismatch", mend);
}

void rule_key_format(struct rules *r)
{
  struct x509_key key;
  x509_key_describe(&r->leaf, r->arena, &key);
  if (strncmp(key.type, "Ed", 2) == 0 || strcmp(key.type, "RSA-PSS") == 0)
    add(r, "KEYFMT", "accepted",
        arena_printf(r->arena,
                     "%s keys are read by OpenSSL 1.1.1 and later alone, and no browser opens them: old servers and "
                     "clients may want RSA or P-256.",
                     key.type),
        NULL, NULL);
}

static const char *days_text(struct arena *a, int64_t days)
{
  return days == 1 ? "1 day" : arena_printf(a, "%lld days", (long long)days);
}

static const char expired[] = "certificate has expired", early[] = "certificate is not yet valid";
static const char renew[] = "Renew it and roll it out; until then do not restart the nodes that use it.";

static void judge_expiry(struct rules *r, const char *who, const struct x509 *x)
{
  struct arena *a = r->arena;
  int64_t left = inspect_days_left(x->not_after_s, r->now_s);
  if (r->now_s < x->not_before_s)
    add(r, "EXPIRY", "critical",
        arena_printf(a, "%s is not valid before %s.", who, clock_format_arena(a, x->not_before_s)), early,
        "Wait until then, or set the clocks right: it should have been issued an hour back.");
  else if (left < 0)
    add(r, "EXPIRY", "critical", arena_printf(a, "%s expired on %s.", who, clock_format_arena(a, x->not_after_s)),
        expired, renew);
  else if (left == 0)
    add(r, "EXPIRY", "critical", arena_printf(a, "%s expires in less than a day.", who), expired, renew);
  else if (left <= 60)
    add(r, "EXPIRY", left <= 30 ? "critical" : "warning", arena_printf(a, "%s expires in %s.", who, days_text(a, left)),
        expired, renew);
}

void rule_expiry(struct rules *r)
{
  for (size_t i = 0; i < r->chain->count; i++) {
    struct x509 x = x509_of(&r->chain->item[i]);
    const char *who = i ? arena_printf(r->arena, "The authority %s", x509_label(&x, r->arena)) : "The certificate";
    judge_expiry(r, who, &x);
  }
}

static void judge_strength(struct rules *r, size_t i)
{
  struct x509 x = x509_of(&r->chain->item[i]);
  struct x509_key key;
  const char *name, *digest;
  x509_key_describe(&x, r->arena, &key);
  x509_signature_describe(&x, r->arena, &name, &digest);
  const char *who = i ? arena_printf(r->arena, "The authority %s", x509_label(&x, r->arena)) : "The certificate";
  int64_t least = strcmp(key.type, "EC") == 0 ? 224 : 2048;
  bool sized = strncmp(key.type, "RSA", 3) == 0 || strcmp(key.type, "DSA") == 0 || strcmp(key.type, "EC") == 0;
  if (sized && key.bits < least)
    add(r, "STRENGTH", "critical",
        arena_printf(r->arena, "%s has an %s key of %lld bits; OpenSSL's default asks for %lld.", who, key.type,
                     (long long)key.bits, (long long)least),
        i ? "ca key too small" : "ee key too small", "Issue it again for a key of RSA 2048 or P-256.");
  /* nobody looks at the signature of a self-signed one */
  if (oid_digest_is_weak(digest) && !pki_is_self_signed(&r->chain->item[i]))
    add(r, "STRENGTH", "critical",
        arena_printf(r->arena, "%s is signed with %s, which OpenSSL's default refuses.", who, digest), "ca md too weak",
        "Have it signed again with SHA-256.");
}

void rule_strength(struct rules *r)
{
  for (size_t i = 0; i < r->chain->count; i++)
    judge_strength(r, i);
}

/* OpenSSL 1.1's words and OpenSSL 3's */
static const char purpose[] = "unsupported certificate purpose, unsuitable certificate purpose";
static const char purpose_mend[] =
  "Issue it with both serverAuth and clientAuth, or without extended key usage: in a cluster "
  "each node is a client of the others too.";

static void judge_usage(struct rules *r, const char *who, const struct x509 *x, const struct libcrypto_view *v)
{
  const char *by = x->has_ext_usage ? "extended key usage" : "key usage";
  if (v->for_server && v->for_client)
    return;
  if (v->for_server)
    add(r, "EKU", "warning",
        arena_printf(r->arena, "%s may stand in for servers, not for clients: see its %s.", who, by), purpose,
        purpose_mend);
  else if (v->for_client)
    add(r, "EKU", "warning",
        arena_printf(r->arena, "%s may stand in for clients, not for servers: see its %s.", who, by), purpose,
        purpose_mend);
  else
    add(r, "EKU", "critical",
        arena_printf(r->arena, "%s may be used neither by servers nor by clients: see its %s.", who, by), purpose,
        purpose_mend);
}

void rule_usage(struct rules *r)
{
  bool fine = r->view.for_server && r->view.for_client;
  judge_usage(r, "The certificate", &r->leaf, &r->view);
  for (size_t i = 1; i < r->chain->count; i++) {
    struct libcrypto_view view;
    struct x509 x = x509_of(&r->chain->item[i]);
    libcrypto_look(&r->chain->item[i], r->arena, &view);
    if (!view.ca)
      continue;
    fine = fine && view.for_server && view.for_client;
    judge_usage(r, arena_printf(r->arena, "What the authority %s issues", x509_label(&x, r->arena)), &x, &view);
  }
  if (fine)
    add(r, "EKU", "accepted", "It may be used by servers and by clients.", NULL, NULL);
}

void rule_names(struct rules *r)
{
  if (r->view.self_signed)
    return;
  const char *own = name_common(r->arena, r->leaf.subject), *issuer = name_common(r->arena, r->leaf.issuer);
  /* OpenSSL's own comparison, which knows case and blanks */
  if (libcrypto_issued(&r->chain->item[0], &r->chain->item[0]) != LINK_NAME)
    add(r, "DN", "critical", "Its subject is the same as its issuer's, so OpenSSL takes it for self-signed.",
        "error 18 self-signed certificate", "Issue it again with a subject that differs from the authority's.");
  else if (own && issuer && strcmp(own, issuer) == 0)
    add(r, "DN", "warning", "Its common name is the same as its issuer's, which the servers' manuals forbid.", NULL,
        "Issue it again with a common name that differs from the authority's.");
}

void rule_san(struct rules *r)
{
  if (r->view.ca)
    return;
  if (r->leaf.has_san && r->leaf.san.len) {
    add(r, "SAN", "accepted", "It has subject alternative names.", NULL, NULL);
    return;
  }
  add(
    r, "SAN", "warning", "It has no subject alternative names.", "certificate CN … did not match",
    "Issue it again with every name and address that clients connect to; until then clients cannot use VERIFY_IDENTITY "
    "and browsers refuse it.");
}

void rule_authority_id(struct rules *r)
{
  if (r->view.self_signed || r->leaf.has_aki)
    return;
  add(
    r, "AKI", "warning",
    arena_printf(r->arena, "It has no AuthorityKeyIdentifier%s.", r->leaf.version == 1 ? " (it is of version 1)" : ""),
    "certificate signature failure",
    "Issue it again as version 3 with an AuthorityKeyIdentifier: without one a new authority of the same name breaks "
    "it.");
}
