/* Certificates and keys for the tests of pki: made by the real openssl command in a folder of /tmp that lives as long
 * as the test program. cmocka asserts inside: a command that fails fails the test and shows its output. */
#ifndef OPSD_TESTS_PKI_MATERIAL_H
#define OPSD_TESTS_PKI_MATERIAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "crypt/crypt.h"
#include "pki/pki.h"

extern struct arena material; /* of the program; freed by material_drop */

int material_make(void **state); /* group setup: the folder */
int material_drop(void **state); /* group teardown: all gone */

/* Runs a line of sh in the folder. material_run fails the test unless it exits with 0; output gives stdout and
 * stderr, *status (may be NULL) the exit code. */
void material_run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *material_output(int *status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void material_write(const char *name, const void *data, size_t len);
char *material_text(const char *name); /* a file of the folder */

struct pki_chain material_chain(const char *name);
struct pki_key *material_key(const char *name); /* without a password */

/* An authority NAME.crt, NAME.key and certificates by it. */
void material_root(const char *name, const char *subject);
/* extensions: lines of an openssl extension section, "" for version 1. issuer is a root's or another's name. */
void material_issue(const char *name, const char *issuer, const char *subject, const char *extensions,
                    const char *more);

#endif
