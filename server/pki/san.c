#include "pki/san.h"

#include <arpa/inet.h>

#include "base/buf.h"
#include "pki/name.h"
#include "pki/oid.h"

bool san_next(struct der *names, int *kind, struct der *content)
{
  uint8_t tag;
  if (names->len == 0 || !der_next(names, &tag, content, NULL))
    return false;
  *kind = tag & 0x1f;
  return true;
}

/* otherName: the type's number, then [0] EXPLICIT of the value */
static bool split_other(struct der in, char oid[OID_TEXT_SIZE], uint8_t *tag, struct der *value, struct der *whole)
{
  struct der id, explicit_tag;
  return der_take(&in, DER_OID, &id) && oid_text(id, oid) &&
         der_take(&in, DER_CONTEXT_CONSTRUCTED(0), &explicit_tag) && in.len == 0 &&
         der_next(&explicit_tag, tag, value, whole) && explicit_tag.len == 0;
}

static bool directory_valid(struct der in)
{
  struct der name;
  return der_take(&in, DER_SEQUENCE, &name) && in.len == 0 && name_valid(name);
}

static bool one_valid(uint8_t tag, struct der content)
{
  char oid[OID_TEXT_SIZE];
  struct der value, whole;
  uint8_t value_tag;
  switch (tag) {
  case DER_CONTEXT_CONSTRUCTED(SAN_OTHER):
    return split_other(content, oid, &value_tag, &value, &whole);
  case DER_CONTEXT_CONSTRUCTED(SAN_DIRECTORY):
    return directory_valid(content);
  case DER_CONTEXT(SAN_RID):
    return oid_text(content, oid);
  case DER_CONTEXT(SAN_EMAIL): case DER_CONTEXT(SAN_DNS): case DER_CONTEXT(SAN_URI): case DER_CONTEXT(SAN_IP):
  case DER_CONTEXT_CONSTRUCTED(SAN_X400): case DER_CONTEXT_CONSTRUCTED(SAN_EDI):
    return true;
  default:
    return false;
  }
}

bool san_valid(struct der names)
{
  uint8_t tag;
  struct der content;
  while (names.len)
    if (!der_next(&names, &tag, &content, NULL) || !one_valid(tag, content))
      return false;
  return true;
}

static void add_ascii(struct buf *b, struct der text)
{
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = text.p[i];
    if (c < 0x20 || c >= 0x7f)
      buf_printf(b, "\\%02X", c);
    else if (c == '\\')
      buf_str(b, "\\\\");
    else
      buf_char(b, (char)c);
  }
}

static void add_address(struct buf *b, struct der address)
{
  char text[INET6_ADDRSTRLEN];
  if (address.len == 4 || address.len == 16)
    buf_str(b, inet_ntop(address.len == 4 ? AF_INET : AF_INET6, address.p, text, sizeof text));
  else
    name_add_plain(b, DER_OCTET_STRING, address);
}

static void add_directory(struct buf *b, struct arena *a, struct der in)
{
  struct der name;
  der_take(&in, DER_SEQUENCE, &name);
  buf_str(b, name_text(a, name));
}

static void add_other(struct buf *b, struct der in)
{
  char oid[OID_TEXT_SIZE];
  uint8_t tag;
  struct der value, whole;
  split_other(in, oid, &tag, &value, &whole);
  buf_str(b, oid);
  buf_char(b, ':');
  bool text = tag == DER_UTF8 || tag == DER_IA5 || tag == DER_PRINTABLE;
  name_add_plain(b, text ? tag : DER_OCTET_STRING, text ? value : whole);
}

char *san_text(struct arena *a, int kind, struct der content)
{
  static const char *const prefix[] = { "other:",    "email:", "DNS:", "x400:", "dirName:",
                                        "ediParty:", "URI:",   "IP:",  "RID:" };
  AUTO_BUF struct buf b = BUF_INIT;
  char oid[OID_TEXT_SIZE];
  buf_str(&b, prefix[kind]);
  switch (kind) {
  case SAN_OTHER:
    add_other(&b, content);
    break;
  case SAN_DIRECTORY:
    add_directory(&b, a, content);
    break;
  case SAN_IP:
    add_address(&b, content);
    break;
  case SAN_RID:
    if (oid_text(content, oid))
      buf_str(&b, oid);
    break;
  case SAN_X400: case SAN_EDI:
    name_add_plain(&b, DER_OCTET_STRING, content);
    break;
  default:
    add_ascii(&b, content);
  }
  return arena_strndup(a, b.data, b.len);
}
