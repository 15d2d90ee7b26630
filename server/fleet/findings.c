#include <string.h>

#include "fleet/inside.h"
#include "pki/pki.h"

enum { EXPIRY_WARN_DAYS = 60, EXPIRY_CRITICAL_DAYS = 14 };

static void add(struct arena *a, finding_list *l, struct finding f)
{
  struct finding *more = arena_alloc_n(a, l->count + 1, sizeof *more);
  if (l->count)
    memcpy(more, l->item, l->count * sizeof *more);
  more[l->count++] = f;
  l->item = more;
}

static void host_key(const struct node *n, struct arena *a, finding_list *out)
{
  if (!str_eq(n->reach, "ssh"))
    return;
  if (!n->host_key)
    add(a, out, (struct finding){ "HOSTKEY", "warning", arena_printf(a,
                                                                     "nobody has confirmed the host key of %s yet%s%s",
        n->name, n->host_key_seen ? "; it offers " : "", n->host_key_seen ? n->host_key_seen : ""), NULL,
        arena_printf(a,
                     "compare it on the host (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then opsd node-trust %s",
                     n->name) });
  else if (n->host_key_seen)
    add(a, out, (struct finding){ "HOSTKEY", "critical",
        arena_printf(a, "the host of %s offers another key (%s) than the one confirmed (%s)", n->name, n->host_key_seen,
                     n->host_key), "Host key verification failed.",
        "find out why before anything else; if the host was set up anew, confirm the new key" });
}

static void unseen(const struct node *n, struct arena *a, finding_list *out)
{
  const struct probe *p = n->probe;
  if (!p)
    add(a, out, (struct finding){ "PROBE", "warning", arena_printf(a, "nobody has looked yet at what %s serves",
                                                                   n->name),
        NULL, arena_printf(a, "opsd node-probe %s", n->name) });
  else if (str_eq(p->state, "unreachable") || str_eq(p->state, "failed"))
    add(a, out, (struct finding){ "PROBE", "warning", arena_printf(a, "%s cannot be looked at", n->name),
        p->error, "see that the server runs and that its port can be reached, then probe again" });
}

static void served(const struct node *n, struct arena *a, finding_list *out)
{
  const struct probe *p = n->probe;
  if (!p || !n->wanted_cert_id)
    return;
  if (str_eq(p->state, "plaintext"))
    add(a, out, (struct finding){ "SILENT", "critical",
        arena_printf(a, "%s is meant to serve %s and speaks no TLS at all", n->name, n->wanted_cert), NULL,
        "set ssl_cert, ssl_key and ssl_ca in its option file, restart it, and read its error log if that does not help" });
  else if (str_eq(n->wire, "other"))
    add(a, out, (struct finding){ "LIVE", "critical",
        arena_printf(a, "%s is on the disk of %s, and %s is what it serves", n->wanted_cert, n->name,
                     p->subject ? p->subject : "another certificate"), NULL,
        "restart it; if that does not help, see where ssl_cert leads in its option file" });
}

static void expiry(const struct node *n, int64_t now_s, struct arena *a, finding_list *out)
{
  const struct probe *p = n->probe;
  if (!p || !str_eq(p->state, "tls") || p->not_after_s == TIME_NONE)
    return;
  int64_t days = (p->not_after_s - now_s) / 86400;
  if (p->not_after_s <= now_s)
    add(a, out, (struct finding){ "EXPIRY", "critical", arena_printf(a, "what %s serves has expired", n->name),
        "certificate has expired", "push a new certificate; do not restart a member of a Galera cluster before that" });
  else if (days < EXPIRY_WARN_DAYS)
    add(a, out, (struct finding){ "EXPIRY", days < EXPIRY_CRITICAL_DAYS ? "critical" : "warning",
        arena_printf(a, "what %s serves expires in %lld days", n->name, (long long)days), "certificate has expired",
        "push a new certificate in time" });
}

static void names(const struct node *n, struct arena *a, finding_list *out)
{
  struct pki_chain c = { 0 };
  if (!n->probe || !n->probe->chain_pem || !n->address ||
      pki_chain_read(n->probe->chain_pem, strlen(n->probe->chain_pem), "chain", a, &c, NULL) || !c.count)
    return;
  struct str_list missing = { 0 };
  if (!pki_matches_name(&c.item[0], n->address))
    str_list_add(a, &missing, n->address);
  for (size_t i = 0; i < n->dns_names.count; i++)
    if (!pki_matches_name(&c.item[0], n->dns_names.item[i]))
      str_list_add(a, &missing, n->dns_names.item[i]);
  if (missing.count)
    add(a, out, (struct finding){ "SAN", "warning", arena_printf(a, "what %s serves is not made out to %s", n->name,
        str_list_join(a, &missing, ", ")), "certificate does not match the host name (VERIFY_IDENTITY)",
        "push a certificate whose subject alternative names have every address of the node" });
}

void fleet_node_findings(struct fleet *f, const struct node *n, int64_t now_s, struct arena *a, finding_list *out)
{
  (void)f;
  host_key(n, a, out);
  served(n, a, out);
  expiry(n, now_s, a, out);
  unseen(n, a, out);
  names(n, a, out);
}
