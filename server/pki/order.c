#include <string.h>

#include "pki/libcrypto.h"
#include "pki/name.h"
#include "pki/pki.h"
#include "pki/x509.h"

static const char *label(const struct pki_cert *c, struct arena *a)
{
  struct x509 x = x509_of(c);
  return x509_label(&x, a);
}

/* An authority that stands first although what it issued follows: the most frequent mistake. */
static size_t issued_by_first(const struct pki_chain *c)
{
  for (size_t i = 1; i < c->count; i++)
    if (libcrypto_issued(&c->item[0], &c->item[i]) == LINK_HOLDS)
      return i;
  return 0;
}

static enum err_code explain(const struct pki_chain *c, size_t at, enum libcrypto_link link, const char *field,
                             struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *upper = label(&c->item[at + 1], &a), *lower = label(&c->item[at], &a);
  struct x509 x = x509_of(&c->item[at]);
  switch (link) {
  case LINK_IDENTIFIER:
    return err_field(e, field,
                     "Certificate %zu (%s) has the name of the issuer of certificate %zu (%s), but it is another one: "
                     "its key identifier or serial number differs. Put the authority that really issued it there",
                     at + 2, upper, at + 1, lower);
  case LINK_SIGNATURE:
    return err_field(e, field,
                     "Certificate %zu (%s) has the name of the issuer of certificate %zu (%s), but another key signed "
                     "it. Put the authority that really issued it there",
                     at + 2, upper, at + 1, lower);
  case LINK_USAGE:
    return err_field(e, field, "Certificate %zu (%s) may not sign certificates: its key usage lacks keyCertSign",
                     at + 2, upper);
  default:
    return err_field(e, field,
                     "Certificate %zu (%s) did not issue certificate %zu (%s), whose issuer is %s. Put the issuer "
                     "there, or leave it out",
                     at + 2, upper, at + 1, lower, name_text(&a, x.issuer));
  }
}

enum err_code pki_chain_check_order(const struct pki_chain *c, const char *field, struct err *e)
{
  for (size_t i = 0; i + 1 < c->count; i++) {
    if (strcmp(c->item[i].sha256, c->item[i + 1].sha256) == 0)
      return err_field(e, field, "Certificate %zu is the same as certificate %zu: leave one of them out", i + 2, i + 1);
    enum libcrypto_link link = libcrypto_issued(&c->item[i + 1], &c->item[i]);
    if (link == LINK_HOLDS)
      continue;
    AUTO_ARENA struct arena a = ARENA_INIT;
    size_t issued = issued_by_first(c);
    if (issued)
      return err_field(
        e, field,
        "Certificate 1 (%s) is the authority that issued certificate %zu (%s): put the server's certificate "
        "first, then each authority behind the certificate it issued",
        label(&c->item[0], &a), issued + 1, label(&c->item[issued], &a));
    return explain(c, i, link, field, e);
  }
  return ERR_NONE;
}
