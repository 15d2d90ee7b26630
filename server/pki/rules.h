/* The rules that a certificate, its chain and its key can be judged by without a node. Each names the trouble that
 * people would have met (doc/servers.md); findings.c runs them in the order of the page. */
#ifndef OPSD_PKI_RULES_H
#define OPSD_PKI_RULES_H

#include "pki/libcrypto.h"
#include "pki/pki.h"
#include "pki/x509.h"

struct rules {
  const struct pki_chain *chain;
  const struct pki_key *key; /* NULL: not known */
  const char *anchors_pem;   /* NULL: not known */
  int64_t now_s;
  struct arena *arena;
  struct x509 leaf;
  struct libcrypto_view view; /* of the leaf */
  finding_list found;
  size_t room;
};

struct verdict_text {
  const char *rule, *severity, *text, *meets, *mend;
};
void rules_add(struct rules *r, struct verdict_text v);
bool rules_has(const struct rules *r, const char *rule, const char *severity);

void rule_pair(struct rules *r);
void rule_key_format(struct rules *r);
void rule_expiry(struct rules *r);
void rule_strength(struct rules *r);
void rule_usage(struct rules *r);
void rule_names(struct rules *r); /* DN */
void rule_authority_id(struct rules *r);
void rule_san(struct rules *r);
void rule_chain(struct rules *r); /* CHAIN, ROOT, PEM; AKI in both orders of the anchors */

#endif
