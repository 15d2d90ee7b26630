#include <inttypes.h>

#include "cli/show.h"
#include "cli/table.h"

static void add_line(struct buf *out, const char *label, const char *text)
{
  buf_str(out, label);
  text_add(out, text ? text : "");
  buf_char(out, '\n');
}

static void add_key(const struct certificate *row, struct buf *out)
{
  buf_printf(out, "key:          %s %" PRId64 " bit", row->key_type, row->key_bits);
  if (row->curve)
    buf_printf(out, " (%s)", row->curve);
  buf_char(out, '\n');
}

static void add_validity(const struct certificate *row, struct buf *out)
{
  char from[CLOCK_RFC3339_SIZE], until[CLOCK_RFC3339_SIZE];
  clock_format(row->not_before_s, from);
  clock_format(row->not_after_s, until);
  buf_printf(out, "not before:   %s\nnot after:    %s ", from, until);
  if (row->days_left < 0)
    buf_printf(out, "(expired %" PRId64 " days ago)\n", -row->days_left);
  else
    buf_printf(out, "(%" PRId64 " days left)\n", row->days_left);
}

static void add_names(const struct certificate_detail *d, struct buf *out)
{
  for (size_t i = 0; i < d->san.count; i++)
    add_line(out, i ? "              " : "names:        ", d->san.item[i]);
  if (d->san_count > (int64_t)d->san.count)
    buf_printf(out, "              and %" PRId64 " more\n", d->san_count - (int64_t)d->san.count);
}

static void add_chain(const chain_card_list *chain, struct buf *out)
{
  for (size_t i = 0; i < chain->count; i++) {
    const struct chain_card *card = &chain->item[i];
    buf_printf(out, "%s%zu ", i ? "              " : "chain:        ", i);
    text_add(out, card->subject ? card->subject : "");
    buf_printf(out, " (%s, %" PRId64 " days left)\n", card->kind, card->days_left);
  }
}

static void add_uses(const certificate_use_list *uses, struct buf *out)
{
  for (size_t i = 0; i < uses->count; i++) {
    const struct certificate_use *u = &uses->item[i];
    buf_str(out, i ? "              " : "used by:      ");
    text_add(out, u->node ? u->node : "opsd");
    buf_printf(out, ": on disk %s, on the wire %s\n", u->on_disk, u->on_wire);
  }
}

static const char *held(const struct certificate_detail *d)
{
  return !d->row.has_key ? "no" : d->key_fits ? "yes, and it fits" : "yes, but it does not fit";
}

void show_certificate(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  static const struct cli_column lines[] = {
    { "serial", "serial" }, { "signature", "signature" }, { "key usage", "key_usage" }, { "ext. usage", "ext_usage" },
    { "authority", "is_ca" }, { "subject id", "ski" }, { "issuer id", "aki" }, { "SHA-256", "sha256" },
    { "SHA-1", "sha1" }, { "key pin", "pin" }, { 0 },
  };
  static const struct cli_column stored[] = { { "imported", "created" }, { 0 } };
  const struct certificate_detail *d = reply;
  add_line(out, "subject=", d->row.subject);
  add_line(out, "issuer=", d->row.issuer);
  if (d->row.id)
    buf_printf(out, "id:           %" PRId64 "\n", d->row.id);
  if (d->row.name)
    add_line(out, "name:         ", d->row.name);
  buf_printf(out, "kind:         %s\n", d->row.kind);
  add_validity(&d->row, out);
  add_key(&d->row, out);
  add_names(d, out);
  lines_print(&shape_certificate_detail, lines, 12, d, out);
  if (d->row.id)
    lines_print(&shape_certificate_detail, stored, 12, d, out);
  add_line(out, "key held:     ", held(d));
  add_chain(&d->chain, out);
  add_uses(&d->uses, out);
  show_findings(&d->findings, "", out);
}

void show_certificate_added(struct cli *c, const void *reply, struct buf *out)
{
  (void)c;
  const struct certificate_detail *d = reply;
  char until[CLOCK_RFC3339_SIZE];
  clock_format(d->row.not_after_s, until);
  buf_printf(out, "certificate %" PRId64 ": ", d->row.id);
  text_add(out, d->row.name ? d->row.name : "");
  buf_printf(out, ", valid until %.10s, key held: %s\n", until, held(d));
  show_findings(&d->findings, "", out);
}

void show_console(struct cli *c, const void *reply, struct buf *out)
{
  const struct console_reply *r = reply;
  if (r->certificate)
    show_certificate(c, r->certificate, out);
  else
    buf_str(out, "TLS is disabled\n");
}
