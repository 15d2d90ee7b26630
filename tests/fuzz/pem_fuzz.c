/* Certificates: PEM text as it came, or (when it begins like DER) one certificate's DER, which the mutator would hardly
 * ever get through Base64. What is read must be shown, judged and written without a fault. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "pki/pki.h"

static const int64_t now_s = 1795000000; /* so that a finding can be found again */

static void check_text(const char *s)
{
  assert(!s || utf8_valid(s, strlen(s)));
}

static void check_detail(const struct certificate_detail *d)
{
  check_text(d->row.subject);
  check_text(d->row.issuer);
  check_text(d->row.common_name);
  assert(strlen(d->row.sha256) == 32 * 3 - 1 && d->serial && d->row.key_type && d->signature);
  for (size_t i = 0; i < d->san.count; i++)
    check_text(d->san.item[i]);
  for (size_t i = 0; i < d->chain.count; i++)
    check_text(d->chain.item[i].subject);
}

static void check_chain(const struct pki_chain *c, struct arena *a)
{
  struct certificate_detail d;
  struct err e = { 0 };
  struct pki_chain again;
  assert(pki_inspect(c, now_s, 20, a, &d, &e) == ERR_NONE);
  check_detail(&d);
  assert(pki_chain_read(d.pem, strlen(d.pem), "certificate", a, &again, &e) == ERR_NONE && again.count == c->count);
  assert(strcmp(again.item[0].sha256, c->item[0].sha256) == 0);
  (void)pki_chain_check_order(c, "certificate", &e);
  pki_findings(c, NULL, c->count > 1 ? pki_chain_pem(a, c, 1) : NULL, now_s, a, &d.findings);
  for (size_t i = 0; i < d.findings.count; i++)
    check_text(d.findings.item[i].text);
  (void)pki_matches_name(&c->item[0], "db1.example.com");
  (void)pki_matches_name(&c->item[0], "2001:db8::1");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct pki_cert der = { data, len, NULL };
  const char *pem = (const char *)data;
  if (len && data[0] == 0x30) {
    pem = pki_chain_pem(&a, &(struct pki_chain){ &der, 1 }, 0);
    len = strlen(pem);
  }
  struct pki_chain c;
  struct err e = { 0 };
  if (pki_chain_read(pem, len, "certificate", &a, &c, &e))
    assert(e.text[0] && utf8_valid(e.text, strlen(e.text)));
  else
    check_chain(&c, &a);
  return 0;
}
