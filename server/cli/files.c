#include "cli/files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/prompt.h"
#include "cli/show.h"
#include "cli/table.h"
#include "contract/requests.h"
#include "pki/pki.h"

enum { FOUND = 4, NAMES_SHOWN = 100 };

/* What is all digits is an id; a file of such a name is ./12. */
static bool is_id(const char *operand, int64_t *id) { return int_parse(operand, 1, INT64_MAX, id); }

static enum err_code inspect_file(struct cli *c, const char *path, struct pki_chain *chain,
                                  struct certificate_detail *out, struct err *e)
{
  const char *pem;
  TRY(cli_read_file(path, &c->arena, &pem, e));
  TRY(pki_chain_read(pem, strlen(pem), "", &c->arena, chain, e));
  TRY(pki_inspect(chain, clock_now_s(), NAMES_SHOWN, &c->arena, out, e));
  out->row.created_s = TIME_NONE;
  return ERR_NONE;
}

static int show_file(struct cli *c, const char *path)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  struct pki_chain chain;
  struct certificate_detail d = { 0 };
  if (inspect_file(c, path, &chain, &d, &e)) {
    err_context(&e, "%s", path);
    return cli_fail(c, &e);
  }
  pki_findings(&chain, NULL, NULL, clock_now_s(), &c->arena, &d.findings);
  if (cli_args_has(&c->args, "json")) {
    json_write(&shape_certificate_detail, &d, &out);
    buf_char(&out, '\n');
  } else {
    show_certificate(c, &d, &out);
  }
  return cli_print(&out);
}

int files_show(struct cli *c)
{
  int64_t id;
  return is_id(c->args.operands.item[0], &id) ? cli_run(c) : show_file(c, c->args.operands.item[0]);
}

/* An "accepted" finding is a rule that is kept. */
static int judge(const char *name, const finding_list *findings)
{
  AUTO_BUF struct buf out = BUF_INIT;
  AUTO_BUF struct buf prefix = BUF_INIT;
  int code = 0;
  for (size_t i = 0; i < findings->count; i++)
    if (!str_eq(findings->item[i].severity, "accepted"))
      code = FOUND;
  text_add(&prefix, name);
  buf_str(&prefix, ": ");
  show_findings(findings, buf_cstr(&prefix), &out);
  if (!code)
    buf_printf(&out, "%sOK\n", buf_cstr(&prefix));
  int printed = cli_print(&out);
  return printed ? printed : code;
}

static enum err_code read_option(struct cli *c, const char *option, const char **out, struct err *e)
{
  const char *path = cli_args_value(&c->args, option);
  *out = NULL;
  return path ? cli_read_file(path, &c->arena, out, e) : ERR_NONE;
}

static enum err_code read_key(struct cli *c, struct pki_key **out, struct err *e)
{
  const char *pem, *password = NULL;
  TRY(read_option(c, "key", &pem, e));
  if (!pem)
    return ERR_NONE;
  if (strstr(pem, "ENCRYPTED") && prompt_possible())
    TRY(prompt_secret("Password of the key", false, &c->arena, &password, e));
  return pki_key_read(pem, strlen(pem), password, "", out, e);
}

/* What cannot be read as certificates at all is found, too. */
static int check_file(struct cli *c, const char *path, const struct pki_key *key, const char *anchors)
{
  struct err e = { 0 };
  const char *pem;
  struct pki_chain chain;
  finding_list findings = { 0 };
  if (cli_read_file(path, &c->arena, &pem, &e))
    return cli_fail(c, &e);
  if (pki_chain_read(pem, strlen(pem), "", &c->arena, &chain, &e)) {
    struct finding unreadable = { "PEM", "critical", e.text, NULL, NULL };
    return judge(path, &(finding_list){ &unreadable, 1 });
  }
  pki_findings(&chain, key, anchors, clock_now_s(), &c->arena, &findings);
  return judge(path, &findings);
}

static int check_id(struct cli *c, const char *name, int64_t id)
{
  struct err e = { 0 };
  struct id_request in = { id };
  struct certificate_detail d = { 0 };
  if (cli_call(c, contract_find("cert-show"), &in, &d, &e))
    return cli_fail(c, &e);
  return judge(name, &d.findings);
}

/* The worst of several: what failed before what was found. */
static int worse(int a, int b)
{
  static const int order[] = { 0, FOUND, 1, 2, 3 };
  for (size_t i = COUNT_OF(order); i-- > 0;)
    if (a == order[i] || b == order[i])
      return order[i];
  return 1;
}

int files_check(struct cli *c)
{
  AUTO_PKI_KEY struct pki_key *key = NULL;
  const char *anchors;
  struct err e = { 0 };
  if (read_option(c, "ca", &anchors, &e) || read_key(c, &key, &e))
    return cli_fail(c, &e);
  int code = 0;
  for (size_t i = 0; i < c->args.operands.count; i++) {
    const char *name = c->args.operands.item[i];
    int64_t id;
    code = worse(code, is_id(name, &id) ? check_id(c, name, id) : check_file(c, name, key, anchors));
  }
  return code;
}

static int verify_file(struct cli *c, const char *path, const char *anchors, const char *usage)
{
  AUTO_BUF struct buf out = BUF_INIT;
  struct err e = { 0 };
  const char *pem;
  struct pki_verdict v = { 0 };
  if (cli_read_file(path, &c->arena, &pem, &e))
    return cli_fail(c, &e);
  if (pki_verify(pem, anchors, usage, clock_now_s(), &c->arena, &v, &e))
    v = (struct pki_verdict){ .reason = e.text };
  text_add(&out, path);
  buf_str(&out, ": ");
  text_add(&out, v.ok ? "OK" : v.reason);
  if (!v.ok && v.code)
    buf_printf(&out, " (error %d at depth %d)", v.code, v.depth);
  if (!v.ok && v.subject) {
    buf_str(&out, ": ");
    text_add(&out, v.subject);
  }
  buf_char(&out, '\n');
  int printed = cli_print(&out);
  return printed ? printed : v.ok ? 0 : FOUND;
}

int files_verify(struct cli *c)
{
  struct err e = { 0 };
  const char *anchors, *usage = cli_args_value(&c->args, "usage");
  if (usage && word_index(usage_words, usage) < 0) {
    err_set(&e, ERR_USAGE, "--usage must be server or client");
    return cli_fail(c, &e);
  }
  if (!cli_args_has(&c->args, "ca")) {
    err_set(&e, ERR_USAGE, "opsd cert-verify wants --ca: the file with the authorities to verify against");
    return cli_fail(c, &e);
  }
  if (read_option(c, "ca", &anchors, &e))
    return cli_fail(c, &e);
  int code = 0;
  for (size_t i = 0; i < c->args.operands.count; i++)
    code = worse(code, verify_file(c, c->args.operands.item[i], anchors, usage));
  return code;
}

static int write_export(struct cli *c, const struct export_reply *r)
{
  AUTO_BUF struct buf out = BUF_INIT;
  const char *path = cli_args_value(&c->args, "output");
  struct err e = { 0 };
  buf_printf(&out, "%s%s", r->certificate ? r->certificate : "", r->key ? r->key : "");
  if (!path || strcmp(path, "-") == 0)
    return cli_print(&out);
  return file_write_atomic(path, r->key ? 0600 : 0644, out.data, out.len, &e) ? cli_fail(c, &e) : 0;
}

int files_export(struct cli *c)
{
  AUTO_BUF struct buf text = BUF_INIT;
  struct err e = { 0 };
  struct cert_export_request in = { 0 };
  struct export_reply r = { 0 };
  if (cli_fill(c, &in, &e) || cli_call(c, c->row, &in, &r, &e))
    return cli_fail(c, &e);
  if (cli_args_has(&c->args, "json")) {
    json_write(&shape_export_reply, &r, &text);
    buf_char(&text, '\n');
    return cli_print(&text);
  }
  return write_export(c, &r);
}
