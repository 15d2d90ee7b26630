/* Certificates as the inventory keeps and the API shows them. All strings lie in the arena
 * they were loaded into. Distinguished names are in the form that
 * `openssl x509 -subject -issuer -nameopt oneline,-esc_msb` prints: see pki/name.h. */
#ifndef OPSD_MODEL_CERTIFICATE_H
#define OPSD_MODEL_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"

struct finding {
  const char *rule;     /* id of the rule book: "PAIR", "EXPIRY", … */
  const char *severity; /* severity_words */
  const char *text;     /* what is so, one sentence */
  const char *meets;    /* the error that the user would have met, quoted; NULL when none */
  const char *mend;     /* what to do; NULL when accepted */
};
typedef LIST_OF(struct finding) finding_list;

/* A row of a list: narrow. */
struct certificate {
  int64_t id;
  const char *name;       /* what people call it; unique is not required */
  const char *kind;       /* cert_kind_words */
  const char *subject, *issuer;
  const char *common_name; /* NULL when the subject has none */
  int64_t not_before_s, not_after_s;
  int64_t days_left;      /* whole days until not_after, negative when expired */
  const char *key_type;   /* "RSA", "EC", "Ed25519", "Ed448", "RSA-PSS", "DSA" */
  int64_t key_bits;
  const char *curve;      /* "P-256"; NULL unless EC */
  const char *sha256;     /* colon-separated lower-case hex of the DER */
  bool has_key;
  int64_t used_by;        /* number of nodes whose wanted certificate this is */
  int64_t created_s;
};
typedef LIST_OF(struct certificate) certificate_list;

/* One card of the drawn chain, leaf first. */
struct chain_card {
  const char *subject, *issuer, *common_name;
  const char *kind;
  int64_t id;            /* in the inventory, 0 when only part of a bundle */
  int64_t not_after_s, days_left;
  const char *key_type, *curve;
  int64_t key_bits;
  const char *signature; /* "SHA-256" … */
  const char *ski, *aki; /* hex; NULL when absent */
  const char *sha256;
  const char *source;    /* "file": came with the import; "inventory": found there by issuer */
};
typedef LIST_OF(struct chain_card) chain_card_list;

struct certificate_use {
  int64_t node_id;
  const char *node, *cluster;
  const char *path;      /* certificate folder on the node; "console" for opsd's own */
  const char *on_disk, *on_wire; /* "this", "other", "unknown" */
};
typedef LIST_OF(struct certificate_use) certificate_use_list;

/* All there is to see of one certificate. What inspection alone cannot know (id, name, uses)
 * is 0, NULL or empty there. */
struct certificate_detail {
  struct certificate row;
  int64_t version;          /* 1 or 3 */
  const char *serial;       /* colon-separated hex, a leading "-" when negative */
  const char *signature;    /* "ecdsa-with-SHA256" */
  struct str_list san;      /* "DNS:…", "IP:…", "email:…", "URI:…", "other:…" in the certificate's order */
  int64_t san_count;        /* of all, when san was cut */
  struct str_list key_usage, ext_usage; /* RFC 5280 names: "digitalSignature", "serverAuth", or a dotted OID */
  bool is_ca;
  int64_t path_len;         /* -1: none */
  const char *ski, *aki;
  const char *sha1;
  const char *pin;          /* base64 of SHA-256 over SubjectPublicKeyInfo (RFC 7469) */
  bool key_fits;            /* meaningful where row.has_key */
  const char *pem;          /* the certificate and what came with it, leaf first */
  int64_t chain_complete;   /* 1: ends in a self-signed certificate; 0: the issuer of the last card is not known */
  chain_card_list chain;
  finding_list findings;
  certificate_use_list uses;
};

#endif
