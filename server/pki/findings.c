#include <string.h>

#include "model/word.h"
#include "pki/rules.h"

void rules_add(struct rules *r, struct verdict_text v)
{
  if (r->found.count == r->room) {
    r->room = r->room ? r->room * 2 : 16;
    struct finding *item = arena_alloc_n(r->arena, r->room, sizeof *item);
    if (r->found.count)
      memcpy(item, r->found.item, r->found.count * sizeof *item);
    r->found.item = item;
  }
  r->found.item[r->found.count++] = (struct finding){ v.rule, v.severity, v.text, v.meets, v.mend };
}

bool rules_has(const struct rules *r, const char *rule, const char *severity)
{
  for (size_t i = 0; i < r->found.count; i++)
    if (strcmp(r->found.item[i].rule, rule) == 0 && strcmp(r->found.item[i].severity, severity) == 0)
      return true;
  return false;
}

/* Critical first; within a severity the rules' order stays. */
static void append_sorted(struct rules *r, finding_list *out)
{
  struct finding *item = arena_alloc_n(r->arena, out->count + r->found.count, sizeof *item);
  if (out->count)
    memcpy(item, out->item, out->count * sizeof *item);
  size_t count = out->count;
  for (int severity = word_index(severity_words, "critical"); severity >= 0; severity--)
    for (size_t i = 0; i < r->found.count; i++)
      if (strcmp(r->found.item[i].severity, severity_words[severity]) == 0)
        item[count++] = r->found.item[i];
  out->item = item;
  out->count = count;
}

void pki_findings(const struct pki_chain *c, const struct pki_key *key, const char *anchors_pem, int64_t now_s,
                  struct arena *a, finding_list *out)
{
  static void (*const all[])(struct rules *) = { rule_pair,     rule_expiry, rule_strength,     rule_chain, rule_usage,
                                                 rule_names,    rule_san,    rule_authority_id, rule_key_format };
  if (c->count == 0)
    return;
  struct rules r = {
    .chain = c, .key = key, .anchors_pem = anchors_pem, .now_s = now_s, .arena = a, .leaf = x509_of(&c->item[0])
  };
  libcrypto_look(&c->item[0], a, &r.view);
  for (size_t i = 0; i < COUNT_OF(all); i++)
    all[i](&r);
  append_sorted(&r, out);
}
