/* PEM texts (RFC 7468) as strictly as OpenSSL reads them: BEGIN and END on lines of their own, no blank line
 * within, nothing cut off. Text around the blocks is passed over. */
#ifndef OPSD_PKI_PEM_H
#define OPSD_PKI_PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct pem_reader {
  const char *rest;
  size_t len;
  size_t line;   /* of rest, from 1 */
  size_t blocks; /* so far */
  const char *field;
};
#define PEM_READER(text, text_len, field_name) { .rest = (text), .len = (text_len), .line = 1, .field = (field_name) }

struct pem_block {
  size_t number, line; /* from 1; the BEGIN line */
  char label[48];      /* "CERTIFICATE" */
  const char *text;    /* from BEGIN to the end of the END line */
  size_t text_len;
  const char *body;    /* between the two lines */
  size_t body_len;
};

/* *found false at the end. Errors name the reader's field, the block and the line. */
enum err_code pem_next(struct pem_reader *r, struct pem_block *out, bool *found, struct err *e);

/* The bytes of the body, appended. */
enum err_code pem_decode(const struct pem_reader *r, const struct pem_block *b, struct buf *out, struct err *e);

/* The block's text, appended, each line ended by a newline alone. */
void pem_copy(const struct pem_block *b, struct buf *out);

/* Appends a block, 64 columns wide, ended by a newline. Leaves no copy behind. */
void pem_write(struct buf *out, const char *label, const void *der, size_t len);

/* Why a text has no block: it is empty, DER, PKCS#12 or something else. openssl: the command that converts DER
 * ("x509", "pkey"). */
enum err_code pem_explain_none(const char *text, size_t len, const char *field, const char *openssl, struct err *e);

#endif
