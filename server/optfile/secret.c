#include <string.h>

#include "base/str.h"
#include "optfile/line.h"
#include "optfile/optfile.h"

static const char *const secret_parts[] = {
  "password", "passphrase", "secret", "token", "pwd", "sst-auth", "access-key"
};
static const char *const secret_names[] = { "ekey", "encrypt-key", "file-key-management-filekey" };
/* about passwords, not one of them */
static const char *const open_starts[] = { "validate-password", "simple-password-check", "default-password",
                                           "old-passwords",     "password-history",      "password-require-current",
                                           "password-reuse",    "strict-password" };
static const char *const open_ends[] = { "-file", "-path", "-dir" };

bool optfile_is_secret(const char *name)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *plain = arena_strdup(&a, optline_plain_name(name));
  for (char *p = plain; *p; p++)
    *p = *p == '_' ? '-' : *p >= 'A' && *p <= 'Z' ? *p + 32 : *p;
  for (size_t i = 0; i < COUNT_OF(secret_names); i++)
    if (str_eq(plain, secret_names[i]))
      return true;
  for (size_t i = 0; i < COUNT_OF(open_starts); i++)
    if (str_starts(plain, open_starts[i]))
      return false;
  for (size_t i = 0; i < COUNT_OF(open_ends); i++)
    if (str_ends(plain, open_ends[i]))
      return false;
  if (str_starts(plain, "pass")) /* servers and clients take "pass" for "password" */
    return true;
  for (size_t i = 0; i < COUNT_OF(secret_parts); i++)
    if (strstr(plain, secret_parts[i]))
      return true;
  return false;
}
