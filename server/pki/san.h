/* Subject alternative names (RFC 5280, 4.2.1.6) as text, one a name:
 *
 *   DNS:db1.example.com   IP:192.0.2.7   IP:2001:db8::7   email:a@b   URI:https://…   RID:1.2.3
 *   dirName:CN = x, O = y   other:1.3.6.1.4.1.311.20.2.3:user@corp   x400:#…   ediParty:#…
 *
 * Host names stand as the certificate holds them, so an IDN in its A-label form. Control characters (an embedded NUL
 * too), backslashes and bytes above 7F are \00, \\ and \FF; addresses of a wrong length and values that are no strings
 * are # and hex. */
#ifndef OPSD_PKI_SAN_H
#define OPSD_PKI_SAN_H

#include "base/arena.h"
#include "base/str.h"
#include "pki/der.h"

enum {
  SAN_OTHER = 0,
  SAN_EMAIL = 1,
  SAN_DNS = 2,
  SAN_X400 = 3,
  SAN_DIRECTORY = 4,
  SAN_EDI = 5,
  SAN_URI = 6,
  SAN_IP = 7,
  SAN_RID = 8
};

/* names: the GeneralNames one after the other. */
bool san_valid(struct der names);
/* Takes the next name: which of the above, and its content. False at the end. */
bool san_next(struct der *names, int *kind, struct der *content);
char *san_text(struct arena *a, int kind, struct der content);

#endif
