#include <crypt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth/inside.h"
#include "crypt/crypt.h"

/* yescrypt's N = 2^13, r = 32: 32 MB and some 50 ms for each guess (libxcrypt's default is half of that). Salt and cost
 * stand in each hash, so this may rise later. */
enum { COST = 6, SALT_BYTES = 16 };

static bool new_setting(char out[CRYPT_GENSALT_OUTPUT_SIZE])
{
  char salt[SALT_BYTES];
  crypt_random(salt, sizeof salt);
  return crypt_gensalt_rn("$y$", COST, salt, sizeof salt, out, CRYPT_GENSALT_OUTPUT_SIZE) != NULL;
}

/* The hash in the arena, or NULL where libcrypt refuses. */
static const char *hash_of(const char *password, const char *setting, struct arena *a)
{
  struct crypt_data *data = calloc(1, sizeof *data);
  if (!data)
    abort();
  const char *made = crypt_rn(password, setting, data, sizeof *data);
  const char *hash = arena_strdup(a, made);
  explicit_bzero(data, sizeof *data);
  free(data);
  return hash;
}

bool auth_password_fits(const char *password, const char *hash)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  if (!new_setting(setting))
    abort();
  const char *made = hash_of(password, hash ? hash : setting, &a);
  return made && hash && strlen(made) == strlen(hash) && crypt_equal(made, hash, strlen(hash));
}

static size_t characters(const char *s)
{
  size_t n = 0;
  for (; *s; s++)
    n += ((unsigned char)*s & 0xc0) != 0x80;
  return n;
}

static enum err_code check_rules(const char *name, const char *password, struct err *e)
{
  if (!password || characters(password) < AUTH_PASSWORD_MIN)
    return err_field(e, "password", "The password is too short: at least %d characters", AUTH_PASSWORD_MIN);
  if (strlen(password) > AUTH_PASSWORD_MAX)
    return err_field(e, "password", "The password is too long: at most %d bytes", AUTH_PASSWORD_MAX);
  if (strcasecmp(name, password) == 0)
    return err_field(e, "password", "The password must not be the name");
  return ERR_NONE;
}

enum err_code auth_password_hash(const char *name, const char *password, struct arena *a, const char **hash,
                                 struct err *e)
{
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  TRY(check_rules(name, password, e));
  const char *made = new_setting(setting) ? hash_of(password, setting, a) : NULL;
  if (!made)
    return err_set(e, ERR_INTERNAL, "libcrypt cannot make a yescrypt hash on this machine");
  *hash = made;
  return ERR_NONE;
}
