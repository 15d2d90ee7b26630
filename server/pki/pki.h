/* Certificates and keys: read, shown, matched, judged, made. GnuTLS reads and makes;
 * pki/verify.c alone asks libcrypto, since the servers' verdict is OpenSSL's. */
#ifndef OPSD_PKI_PKI_H
#define OPSD_PKI_PKI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "model/certificate.h"

enum {
  PKI_PEM_MAX = 1 << 20,   /* bytes of one upload */
  PKI_CHAIN_MAX = 64,      /* certificates in one file */
  PKI_DER_MAX = 768 << 10, /* one certificate; 10,000 SANs take about 300 KB */
};

/* One certificate as it came. The DER is what came, byte for byte. */
struct pki_cert {
  const uint8_t *der;
  size_t der_len;
  char *sha256; /* colon-separated lower-case hex */
};
struct pki_chain {
  struct pki_cert *item; /* leaf first, in the file's order */
  size_t count;
};

/* Reads all CERTIFICATE (also X509 CERTIFICATE, TRUSTED CERTIFICATE is refused) blocks of a PEM text;
 * text around them is passed over, other blocks (a private key) are refused with their name. Strict: bad
 * base64, "bad end line" (two blocks joined without a newline), truncated blocks, DER with trailing bytes are
 * refused with the block's number. field names the request's field in errors. */
enum err_code pki_chain_read(const char *pem, size_t len, const char *field, struct arena *a, struct pki_chain *out,
                             struct err *e);

/* Leaf first, then each certificate the issuer of the one before it; else refused, naming the first that is out of
 * order ("certificate 1 is the authority …: put the server's certificate first"). */
enum err_code pki_chain_check_order(const struct pki_chain *c, const char *field, struct err *e);

/* The chain as normalised PEM, 64 columns, each block ended by a newline. */
char *pki_chain_pem(struct arena *a, const struct pki_chain *c, size_t from);

/* Fills what the certificates themselves say (row, detail and chain cards; not ids, uses, findings).
 * san_max: how many SANs are listed (san_count has the number of all). now_s: for days_left. */
enum err_code pki_inspect(const struct pki_chain *c, int64_t now_s, size_t san_max, struct arena *a,
                          struct certificate_detail *out, struct err *e);

/* A private key. PEM: PKCS#8 (plain or encrypted), PKCS#1 RSA, SEC1 EC, with or without legacy
 * encryption (Proc-Type). Password NULL: an encrypted key is refused, saying so. Also accepts a file that
 * holds other blocks before (EC PARAMETERS). */
struct pki_key; /* wiped on free */
enum err_code pki_key_read(const char *pem, size_t len, const char *password, const char *field, struct pki_key **out,
                           struct err *e);
void pki_key_free(struct pki_key *k);
static inline void pki_key_cleanup(struct pki_key **k) { pki_key_free(*k); }
#define AUTO_PKI_KEY CLEANUP(pki_key_cleanup)

bool pki_key_fits(const struct pki_key *k, const struct pki_cert *leaf);
/* The same for an upload, as an error that says what the key is and what it would have to be (fields "key",
 * "certificate"). */
enum err_code pki_check_pair(const struct pki_chain *c, const struct pki_key *k, struct err *e);
/* "RSA" 2048 / "EC" 256 "P-256" / "Ed25519" 256 */
void pki_key_describe(const struct pki_key *k, struct arena *a, const char **type, int64_t *bits, const char **curve);
/* Unencrypted PKCS#8 PEM, appended. */
enum err_code pki_key_pem(const struct pki_key *k, struct buf *out, struct err *e);
/* PKCS#1 ("RSA PRIVATE KEY") or SEC1 ("EC PRIVATE KEY") for consumers that need it; Ed25519 has PKCS#8 alone. */
enum err_code pki_key_pem_traditional(const struct pki_key *k, struct buf *out, struct err *e);

/* The console's own certificate: P-256, serverAuth, valid from an hour back for `days` days, random
 * serial, SANs from names (DNS or IP text). PEMs appended. */
enum err_code pki_self_signed(const char *common_name, const struct str_list *names, int64_t now_s, int days,
                              struct buf *cert_pem, struct buf *key_pem, struct err *e);
bool pki_is_self_signed(const struct pki_cert *c);

/* What libcrypto's X509_verify_cert says with the anchors and intermediates given, in the place of a
 * server (usage "server") or of a client. PEM texts; at_s is the instant judged. A refused certificate is no error of
 * the call: *ok is false, *code OpenSSL's X509_V_ERR number and *reason its words ("unable to get issuer certificate"),
 * *depth where. */
struct pki_verdict { bool ok; int code; const char *reason; int depth; const char *subject; };
enum err_code pki_verify(const char *leaf_and_chain_pem, const char *anchors_pem, const char *usage, int64_t at_s,
                         struct arena *a, struct pki_verdict *out, struct err *e);

/* Rules over material alone: PAIR, CHAIN (order), EXPIRY, EKU, DN, SAN, STRENGTH, KEYFMT … Findings are appended,
 * critical first. key may be NULL. anchors_pem NULL: only what comes with the chain is known. */
void pki_findings(const struct pki_chain *c, const struct pki_key *key, const char *anchors_pem, int64_t now_s,
                  struct arena *a, finding_list *out);

/* For the console: refuses (with force false) what browsers cannot open, and (always) what is expired, not yet valid,
 * has no key that fits, or is out of order. Self-signed and CA-issued pairs are both fine. */
enum err_code pki_check_console_pair(const struct pki_chain *c, const struct pki_key *k, bool force, int64_t now_s,
                                     struct err *e);

/* Does the name or IP text match the leaf's SANs (RFC 6125; a CN counts only where there is no SAN)? */
bool pki_matches_name(const struct pki_cert *leaf, const char *name);

#endif
