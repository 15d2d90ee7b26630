#include "crypt/crypt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

static enum err_code check_file(int fd, const char *path, struct err *e)
{
  struct stat st;
  if (fstat(fd, &st))
    return err_errno(e, ERR_IO, errno, "Cannot look at the master key %s", path);
  if (!S_ISREG(st.st_mode))
    return err_set(e, ERR_REFUSED, "The master key %s is not a regular file", path);
  if (st.st_mode & 077)
    return err_set(e, ERR_REFUSED, "The master key %s has mode %04o, so others than its owner may use it: chmod 600 %s",
                   path, (unsigned)st.st_mode & 07777, path);
  if (st.st_uid != geteuid() && st.st_uid != 0)
    return err_set(e, ERR_REFUSED,
                   "The master key %s belongs to user %u: it must be owned by the user opsd runs as, %u", path,
                   (unsigned)st.st_uid, (unsigned)geteuid());
  if (st.st_size != CRYPT_KEY_SIZE)
    return err_set(e, ERR_REFUSED,
                   "The master key %s has %lld bytes instead of %d: it is damaged, restore it from a backup", path,
                   (long long)st.st_size, CRYPT_KEY_SIZE);
  return ERR_NONE;
}

static enum err_code read_key(int fd, const char *path, struct master_key *out, struct err *e)
{
  struct master_key k;
  ssize_t n;
  do
    n = read(fd, k.bytes, sizeof k.bytes);
  while (n < 0 && errno == EINTR);
  if (n == (ssize_t)sizeof k.bytes)
    *out = k;
  master_key_wipe(&k);
  if (n < 0)
    return err_errno(e, ERR_IO, errno, "Cannot read the master key %s", path);
  if (n != (ssize_t)sizeof k.bytes)
    return err_set(e, ERR_IO, "The master key %s ended early", path);
  return ERR_NONE;
}

static enum err_code make_key(const char *path, struct master_key *out, struct err *e)
{
  struct master_key k;
  crypt_random(k.bytes, sizeof k.bytes);
  enum err_code rc = file_write_atomic(path, 0600, k.bytes, sizeof k.bytes, e);
  if (rc)
    err_context(e, "Cannot make the master key");
  else
    *out = k;
  master_key_wipe(&k);
  return rc;
}

enum err_code master_key_load(const char *path, bool may_create, struct master_key *out, struct err *e)
{
  AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 && errno == ENOENT && may_create)
    return make_key(path, out, e);
  if (fd < 0 && errno == ENOENT)
    return err_set(
      e, ERR_IO,
      "The master key %s is missing, and the database holds secrets that it alone opens (private keys, passwords, "
      "tokens of nodes): restore it from a backup; without it they are lost and must be entered again",
      path);
  if (fd < 0)
    return err_errno(e, ERR_IO, errno, "Cannot open the master key %s", path);
  TRY(check_file(fd, path, e));
  return read_key(fd, path, out, e);
}

void master_key_wipe(struct master_key *k) { explicit_bzero(k, sizeof *k); }
