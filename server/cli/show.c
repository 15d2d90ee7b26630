#include "cli/show.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/table.h"

const struct cli_column node_columns[] = {
  { "ID", "id" }, { "NAME", "name" }, { "CLUSTER", "cluster" }, { "ROLES", "roles" }, { "ADDRESS", "address" },
  { "PORT", "port" }, { "WIRE", "wire" }, { "EXPIRES", "probe.not_after" }, { "WANTED", "wanted_cert" }, { 0 },
};

void show_findings(const finding_list *findings, const char *prefix, struct buf *out)
{
  for (size_t i = 0; i < findings->count; i++) {
    const struct finding *f = &findings->item[i];
    if (str_eq(f->severity, "accepted"))
      continue;
    buf_printf(out, "%s%s %s: ", prefix, f->severity, f->rule);
    text_add(out, f->text);
    buf_char(out, '\n');
    if (!f->mend)
      continue;
    buf_printf(out, "%s  ", prefix);
    text_add(out, f->mend);
    buf_char(out, '\n');
  }
}

static void add_line(struct buf *out, const char *label, const char *text)
{
  buf_str(out, label);
  text_add(out, text ? text : "-");
  buf_char(out, '\n');
}

void show_cluster_added(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  static const struct cli_column lines[] = {
    { "id", "id" }, { "name", "name" }, { "flavour", "flavour" }, { "database account", "db_user" },
    { "nodes", "node_count" }, { "nodes with TLS", "tls_nodes" }, { "nodes without TLS", "plaintext_nodes" },
    { "nodes unknown", "unknown_nodes" }, { "next expiry", "next_expiry" }, { "rollout under way", "rollout_id" },
    { "created", "created" }, { 0 },
  };
  lines_print(&shape_cluster, lines, 0, reply, out);
}

void show_cluster(struct cli *c, const void *reply, struct buf *out)
{
  const struct cluster_reply *r = reply;
  show_cluster_added(c, r->cluster, out);
  if (r->nodes.count) {
    buf_char(out, '\n');
    table_print(&shape_node, node_columns, &r->nodes, out);
  }
  if (r->findings.count)
    buf_char(out, '\n');
  show_findings(&r->findings, "", out);
}

void show_node(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  static const struct cli_column lines[] = {
    { "id", "id" }, { "name", "name" }, { "cluster", "cluster" }, { "flavour", "flavour" }, { "roles", "roles" },
    { "address", "address" }, { "port", "port" }, { "reach", "reach" }, { "option file", "option_file" },
    { "certificate folder", "cert_dir" }, { "owner", "owner" }, { "unit", "unit" }, { "service", "service" },
    { "bootstrap", "bootstrap" }, { "base folder", "base_dir" }, { "group address", "group_address" },
    { "DNS names", "dns_names" }, { "wanted certificate", "wanted_cert" }, { "its SHA-256", "wanted_sha256" },
    { "generation on disk", "generation" }, { "on the wire", "wire" }, { 0 },
  };
  static const struct cli_column ssh_lines[] = {
    { "SSH user", "ssh_user" }, { "SSH host", "ssh_host" }, { "SSH port", "ssh_port" }, { "sudo", "sudo" },
    { "host key", "host_key" }, { "host key offered", "host_key_seen" }, { 0 },
  };
  static const struct cli_column probe_lines[] = {
    { "probed", "probe.at" }, { "saw", "probe.state" }, { "error", "probe.error" },
    { "server", "probe.server_version" }, { "protocol", "probe.protocol" }, { "cipher", "probe.cipher" },
    { "subject", "probe.subject" }, { "issuer", "probe.issuer" }, { "SHA-256", "probe.sha256" },
    { "valid until", "probe.not_after" }, { "days left", "probe.days_left" }, { 0 },
  };
  const struct node_reply *r = reply;
  lines_print(&shape_node, lines, 18, r->node, out);
  if (r->node->ssh_host)
    lines_print(&shape_node, ssh_lines, 18, r->node, out);
  if (r->node->probe)
    buf_char(out, '\n');
  lines_print(&shape_node, probe_lines, 18, r->node, out);
  if (r->findings.count)
    buf_char(out, '\n');
  show_findings(&r->findings, "", out);
}

void show_node_added(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  const struct node_reply *r = reply;
  buf_printf(out, "node %" PRId64 ": ", r->node->id);
  add_line(out, "", r->node->name);
  if (r->node->host_key_seen && !r->node->host_key) {
    add_line(out, "its sshd offers the host key ", r->node->host_key_seen);
    buf_str(out, "compare it with ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub on the host, then: "
                 "opsd node-trust ");
    text_add(out, r->node->name);
    add_line(out, " --host-key ", r->node->host_key_seen);
  }
  show_findings(&r->findings, "", out);
}

void show_rollout(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  static const struct cli_column lines[] = {
    { "id", "id" }, { "cluster", "cluster" }, { "kind", "kind" }, { "title", "title" }, { "state", "state" },
    { "error", "error" }, { "by", "by" }, { "created", "created" }, { "ended", "ended" },
    { "steps done", "steps_done" }, { "of", "steps_total" }, { 0 },
  };
  static const struct cli_column steps[] = {
    { "NODE", "node" }, { "STATE", "state" }, { "STEP", "title" }, { "DETAIL", "detail" }, { 0 },
  };
  const struct rollout *r = reply;
  lines_print(&shape_rollout, lines, 0, r, out);
  for (const struct json_field *f = shape_rollout.fields; r->steps.count && f->kind != JSON_END; f++) {
    if (f->kind != JSON_OBJECTS)
      continue;
    buf_char(out, '\n');
    table_print(f->shape, steps, &r->steps, out);
  }
}

void show_status(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  static const struct cli_column lines[] = {
    { "version", "version" }, { "host", "host" }, { "pid", "pid" }, { "started", "started" },
    { "HTTPS port", "https_port" }, { "HTTP port", "http_port" }, { "state folder", "state_folder" },
    { "fingerprint", "fingerprint" }, { "certificates", "certificates" }, { "clusters", "clusters" },
    { "nodes", "nodes" }, { 0 },
  };
  lines_print(&shape_status_reply, lines, 0, reply, out);
}

void show_ok(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  add_line(out, "", ((const struct ok_reply *)reply)->message);
}

void show_user(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  const struct user *u = reply;
  buf_printf(out, "user %" PRId64 ": ", u->id);
  text_add(out, u->name);
  buf_printf(out, ", %s\n", u->role);
}

/* The value alone on standard output, for $(…); what to know about it beside. */
void show_token_added(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  const struct token_added_reply *r = reply;
  fprintf(stderr, "token %" PRId64 "; it is shown this once\n", r->token->id);
  add_line(out, "", r->value);
}

void show_ssh_key(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  add_line(out, "", ((const struct ssh_key_reply *)reply)->public_key);
}
