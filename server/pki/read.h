/* Reading for the other files of this room: with another limit than PKI_CHAIN_MAX, since the file of authorities that a
 * node trusts may hold all public ones. */
#ifndef OPSD_PKI_READ_H
#define OPSD_PKI_READ_H

#include "pki/pki.h"

enum { READ_ANCHORS_MAX = 1024 };

enum err_code read_certificates(const char *pem, size_t len, size_t max, const char *field, struct arena *a,
                                struct pki_chain *out, struct err *e);

#endif
