/* A private key inside this room. */
#ifndef OPSD_PKI_KEY_H
#define OPSD_PKI_KEY_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "pki/pki.h"

struct pki_key {
  gnutls_x509_privkey_t private;
  gnutls_pubkey_t public; /* derived from it */
};

struct pki_key *key_new(void); /* empty; never NULL */

#endif
