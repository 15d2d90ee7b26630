#include "pki/pem.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "crypt/crypt.h"
#include "pki/der.h"

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

struct line {
  const char *p;
  size_t len; /* without the newline and blanks before it */
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static bool next_line(struct pem_reader *r, struct line *out)
{
  if (r->len == 0)
    return false;
  const char *newline = memchr(r->rest, '\n', r->len);
  size_t whole = newline ? (size_t)(newline - r->rest) + 1 : r->len;
  *out = (struct line){ r->rest, newline ? whole - 1 : whole };
  while (out->len && is_blank(out->p[out->len - 1]))
    out->len--;
  r->rest += whole;
  r->len -= whole;
  r->line++;
  return true;
}

static bool line_starts(struct line l, const char *prefix)
{
  size_t n = strlen(prefix);
  return l.len >= n && memcmp(l.p, prefix, n) == 0;
}

/* The label between prefix and the closing dashes; false when the line is not exactly that. */
static bool line_label(struct line l, const char *prefix, char out[48])
{
  size_t n = strlen(prefix);
  if (!line_starts(l, prefix) || l.len < n + 5 || memcmp(l.p + l.len - 5, dashes, 5) != 0)
    return false;
  size_t len = l.len - n - 5;
  if (len == 0 || len >= 48)
    return false;
  for (size_t i = 0; i < len; i++)
    if (l.p[n + i] < 0x20 || l.p[n + i] > 0x7e || (l.p[n + i] == '-' && i && l.p[n + i - 1] == '-'))
      return false;
  memcpy(out, l.p + n, len);
  out[len] = '\0';
  return true;
}

static enum err_code check_outside(const struct pem_reader *r, struct line l, struct err *e)
{
  if (line_starts(l, end))
    return err_field(e, r->field, "Line %zu is an END line without a BEGIN line before it: the block lost its start",
                     r->line - 1);
  if (line_starts(l, "#") || !memmem(l.p, l.len, begin, sizeof begin - 1))
    return ERR_NONE;
  return err_field(e, r->field,
                   "Line %zu: a BEGIN line must start in the first column of a line of its own, else OpenSSL does "
                   "not see it",
                   r->line - 1);
}

static enum err_code check_inside(const struct pem_reader *r, const struct pem_block *b, struct line l, struct err *e)
{
  size_t line = r->line - 1;
  if (l.len == 0)
    return err_field(e, r->field, "Line %zu: block %zu (%s) has a blank line in it: remove the line", line, b->number,
                     b->label);
  if (line_starts(l, begin))
    return err_field(e, r->field,
                     "Line %zu: a new block starts before block %zu (%s, line %zu) has ended: its END line is "
                     "missing",
                     line, b->number, b->label, b->line);
  if (line_starts(l, "-----END"))
    return err_field(e, r->field,
                     "Line %zu: bad end line of block %zu (%s, line %zu): more text follows on the line, as when "
                     "files are joined without a newline between them, or the END names something else",
                     line, b->number, b->label, b->line);
  return ERR_NONE;
}

static enum err_code read_body(struct pem_reader *r, struct pem_block *b, struct err *e)
{
  struct line l;
  b->body = r->rest;
  while (next_line(r, &l)) {
    char label[48];
    if (line_label(l, end, label) && strcmp(label, b->label) == 0) {
      b->body_len = (size_t)(l.p - b->body);
      b->text_len = (size_t)(l.p + l.len - b->text);
      return ERR_NONE;
    }
    /* a traditional encrypted key has headers and a blank line after them: for the key's reader to judge */
    if (l.len || !memmem(b->body, (size_t)(l.p - b->body), "Proc-Type:", 10))
      TRY(check_inside(r, b, l, e));
  }
  return err_field(e, r->field, "Block %zu (%s, line %zu) was cut off: its END line is missing", b->number, b->label,
                   b->line);
}

enum err_code pem_next(struct pem_reader *r, struct pem_block *out, bool *found, struct err *e)
{
  struct line l;
  if (r->line == 1 && r->len >= 3 && memcmp(r->rest, "\xef\xbb\xbf", 3) == 0) {
    r->rest += 3; /* a byte order mark */
    r->len -= 3;
  }
  *found = false;
  while (next_line(r, &l)) {
    *out = (struct pem_block){ .number = r->blocks + 1, .line = r->line - 1, .text = l.p };
    if (!line_label(l, begin, out->label)) {
      TRY(line_starts(l, begin)
            ? err_field(e, r->field, "Line %zu: a bad begin line; it must be like -----BEGIN CERTIFICATE-----",
                        r->line - 1)
            : check_outside(r, l, e));
      continue;
    }
    TRY(read_body(r, out, e));
    r->blocks++;
    *found = true;
    return ERR_NONE;
  }
  return ERR_NONE;
}

enum err_code pem_decode(const struct pem_reader *r, const struct pem_block *b, struct buf *out, struct err *e)
{
  AUTO_BUF struct buf text = BUF_INIT;
  buf_reserve(&text, b->body_len);
  struct pem_reader lines = { .rest = b->body, .len = b->body_len };
  struct line l;
  while (next_line(&lines, &l))
    buf_add(&text, l.p, l.len);
  struct err why = { 0 };
  if (memchr(buf_cstr(&text), '\0', text.len) || crypt_base64_decode(buf_cstr(&text), out, &why))
    return err_field(e, r->field, "Block %zu (%s, line %zu) is damaged: %s", b->number, b->label, b->line,
                     why.text[0] ? why.text : "it holds a NUL byte");
  return ERR_NONE;
}

void pem_copy(const struct pem_block *b, struct buf *out)
{
  struct pem_reader lines = { .rest = b->text, .len = b->text_len };
  struct line l;
  buf_reserve(out, b->text_len + 1);
  while (next_line(&lines, &l)) {
    buf_add(out, l.p, l.len);
    buf_char(out, '\n');
  }
}

void pem_write(struct buf *out, const char *label, const void *der, size_t len)
{
  AUTO_ARENA struct arena scratch = ARENA_INIT;
  const char *text = crypt_base64(&scratch, der, len);
  buf_printf(out, "-----BEGIN %s-----\n", label);
  for (size_t left = strlen(text), n; left; text += n, left -= n) {
    n = left < 64 ? left : 64;
    buf_add(out, text, n);
    buf_char(out, '\n');
  }
  buf_printf(out, "-----END %s-----\n", label);
}

/* PFX ::= SEQUENCE { version INTEGER 3, … }; an RSAPrivateKey and a PrivateKeyInfo begin with 0 or 1 */
static bool is_pkcs12(struct der seq)
{
  struct der version;
  return der_take(&seq, DER_INTEGER, &version) && version.len == 1 && version.p[0] == 3;
}

/* One SEQUENCE that fills the text, or what begins like a long one. */
static bool is_der(const char *text, size_t len)
{
  struct der in = { (const uint8_t *)text, len }, seq;
  if (len < 2 || text[0] != DER_SEQUENCE)
    return false;
  return (uint8_t)text[1] == 0x81 || (uint8_t)text[1] == 0x82 || (der_take(&in, DER_SEQUENCE, &seq) && in.len == 0);
}

enum err_code pem_explain_none(const char *text, size_t len, const char *field, const char *openssl, struct err *e)
{
  struct der in = { (const uint8_t *)text, len }, seq;
  size_t blanks = 0;
  while (blanks < len && (is_blank(text[blanks]) || text[blanks] == '\n'))
    blanks++;
  if (blanks == len)
    return err_field(e, field, "It is empty: PEM text is wanted, which begins with a line like -----BEGIN …-----");
  if (der_take(&in, DER_SEQUENCE, &seq) && is_pkcs12(seq))
    return err_field(e, field, "It is a PKCS#12 file, not PEM: convert it with openssl pkcs12 -in FILE -out FILE.pem");
  if (is_der(text, len))
    return err_field(e, field, "It is DER, not PEM: convert it with openssl %s -inform DER -in FILE -out FILE.pem",
                     openssl);
  return err_field(e, field, "It is not PEM: there is no line like -----BEGIN …----- in it");
}
