#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "pki/name.h"
#include "pki/pki.h"
#include "pki/san.h"
#include "pki/x509.h"

static bool same_text(struct der pattern, const char *name, size_t len)
{
  return pattern.len == len && strncasecmp((const char *)pattern.p, name, len) == 0;
}

/* RFC 6125, 6.4.3: a star stands for the whole leftmost label, and only with two more labels behind it. */
static bool matches_dns(struct der pattern, const char *name, size_t len)
{
  if (pattern.len == 0 || memchr(pattern.p, '\0', pattern.len))
    return false;
  if (pattern.p[pattern.len - 1] == '.')
    pattern.len--;
  if (pattern.len < 3 || memcmp(pattern.p, "*.", 2) != 0)
    return same_text(pattern, name, len);
  const char *dot = memchr(name, '.', len);
  struct der rest = { pattern.p + 1, pattern.len - 1 };
  if (!dot || dot == name || !memchr(rest.p + 1, '.', rest.len - 1))
    return false;
  return same_text(rest, dot, len - (size_t)(dot - name));
}

static bool is_address(const char *name, uint8_t out[16], size_t *len)
{
  *len = inet_pton(AF_INET, name, out) == 1 ? 4 : inet_pton(AF_INET6, name, out) == 1 ? 16 : 0;
  return *len != 0;
}

static bool matches_common_name(const struct x509 *x, const char *name, size_t len)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *cn = name_common(&a, x->subject);
  return cn && matches_dns((struct der){ (const uint8_t *)cn, strlen(cn) }, name, len);
}

bool pki_matches_name(const struct pki_cert *leaf, const char *name)
{
  struct x509 x = x509_of(leaf);
  uint8_t address[16];
  size_t address_len, len = strlen(name);
  bool by_address = is_address(name, address, &address_len);
  if (len && !by_address && name[len - 1] == '.')
    len--;
  if (len == 0 || strchr(name, '*'))
    return false;
  if (!x.has_san)
    return !by_address && matches_common_name(&x, name, len);
  int kind;
  struct der content;
  while (san_next(&x.san, &kind, &content)) {
    if (by_address && kind == SAN_IP && der_equal(content, (struct der){ address, address_len }))
      return true;
    if (!by_address && kind == SAN_DNS && matches_dns(content, name, len))
      return true;
  }
  return false;
}
