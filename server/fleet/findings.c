/* What the inventory and the last probe say of a node; nothing is asked of the node itself. */
#include <string.h>

#include "fleet/inside.h"

enum { EXPIRY_WARN_DAYS = 60, EXPIRY_CRITICAL_DAYS = 30 };

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
  struct finding f = { .rule = "HOSTKEY" };
  if (!n->host_key) {
    f.severity = "warning";
    f.text = arena_printf(a, "Nobody has confirmed the host key of %s yet%s%s.", n->name,
                          n->host_key_seen ? "; it offers " : "", n->host_key_seen ? n->host_key_seen : "");
    f.mend = arena_printf(a, "Compare it on the host (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then opsd "
                          "node-trust %s.", n->name);
  } else if (n->host_key_seen) {
    f.severity = "critical";
    f.text = arena_printf(a, "The host of %s offers another key (%s) than the one confirmed (%s).", n->name,
                          n->host_key_seen, n->host_key);
    f.meets = "Host key verification failed.";
    f.mend = "Find out why before anything else; if the host was set up anew, confirm the new key.";
  } else {
    return;
  }
  add(a, out, f);
}

static void unseen(const struct node *n, struct arena *a, finding_list *out)
{
  const struct probe *p = n->probe;
  struct finding f = { .rule = "PROBE", .severity = "warning" };
  if (!p) {
    f.text = arena_printf(a, "Nobody has looked yet at what %s serves.", n->name);
    f.mend = arena_printf(a, "Probe it, here or with opsd node-probe %s.", n->name);
  } else if (str_eq(p->state, "unreachable") || str_eq(p->state, "failed")) {
    f.text = arena_printf(a, "%s cannot be looked at.", n->name);
    f.meets = p->error;
    f.mend = "See that the server runs and that its port can be reached, then probe again.";
  } else {
    return;
  }
  add(a, out, f);
}

static void plaintext(const struct node *n, struct arena *a, finding_list *out)
{
  struct finding f = { .rule = "SILENT" };
  if (n->wanted_cert_id) {
    f.severity = "critical";
    f.text = arena_printf(a, "%s is meant to serve %s and speaks no TLS at all.", n->name, n->wanted_cert);
    f.mend = "Set ssl_cert, ssl_key and ssl_ca in its option file and restart it; its error log says more if that does not help.";
  } else {
    f.severity = "warning";
    f.text = arena_printf(a, "%s speaks no TLS: what clients send can be read on the way.", n->name);
    f.mend = "Push a certificate to it, set ssl_cert and ssl_key in its option file, and restart it.";
  }
  add(a, out, f);
}

static void served(const struct node *n, struct arena *a, finding_list *out)
{
  const struct probe *p = n->probe;
  if (p && str_eq(p->state, "plaintext"))
    plaintext(n, a, out);
  else if (p && str_eq(n->wire, "other"))
    add(a, out, (struct finding){
      .rule = "LIVE", .severity = "critical",
      .text = arena_printf(a, "%s lies on the disk of %s, but what it serves is %s.", n->wanted_cert, n->name,
                           p->subject ? p->subject : "another certificate"),
      .mend = "Restart it; if that does not help, see where ssl_cert leads in its option file." });
}

static void expiry(const struct node *n, int64_t now_s, struct arena *a, finding_list *out)
{
  const struct probe *p = n->probe;
  if (!p || !str_eq(p->state, "tls") || p->not_after_s == TIME_NONE)
    return;
  int64_t days = (p->not_after_s - now_s) / 86400;
  struct finding f = { .rule = "EXPIRY", .severity = days <= EXPIRY_CRITICAL_DAYS ? "critical" : "warning",
                       .meets = "certificate has expired" };
  if (p->not_after_s <= now_s) {
    f.text = arena_printf(a, "What %s serves has expired.", n->name);
    f.mend = "Push a new certificate; do not restart a member of a Galera cluster before that.";
  } else if (days <= EXPIRY_WARN_DAYS) {
    f.text = arena_printf(a, "What %s serves expires in %lld day%s.", n->name, (long long)days, days == 1 ? "" : "s");
    f.mend = "Push a new certificate in time.";
  } else {
    return;
  }
  add(a, out, f);
}

static void names(const struct node *n, struct arena *a, finding_list *out)
{
  if (!n->probe || !n->probe->unnamed)
    return;
  add(a, out, (struct finding){
    .rule = "SAN", .severity = "warning",
    .text = arena_printf(a, "What %s serves is not made out to %s.", n->name, n->probe->unnamed),
    .meets = "certificate does not match the host name (VERIFY_IDENTITY)",
    .mend = "Push a certificate whose subject alternative names have every address of the node." });
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
