#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum err_code file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
  AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, "Cannot open %s", path);
  size_t start = out->len;
  for (;;) {
    buf_reserve(out, 16384);
    ssize_t n = read(fd, out->data + out->len, 16384);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return err_errno(e, ERR_IO, errno, "Cannot read %s", path);
    if (n == 0)
      break;
    out->len += (size_t)n;
    out->data[out->len] = '\0';
    if (out->len - start > max)
      return err_set(e, ERR_TOO_LARGE, "%s is larger than %zu bytes", path, max);
  }
  return ERR_NONE;
}

static enum err_code write_all(int fd, const char *path, const char *data, size_t len, struct err *e)
{
  while (len) {
    ssize_t n = write(fd, data, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return err_errno(e, ERR_IO, errno, "Cannot write %s", path);
    data += n;
    len -= (size_t)n;
  }
  if (fsync(fd))
    return err_errno(e, ERR_IO, errno, "Cannot make %s durable", path);
  return ERR_NONE;
}

static enum err_code sync_folder(const char *path, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *folder = dirname(arena_strdup(&a, path));
  AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fsync(fd))
    return err_errno(e, ERR_IO, errno, "Cannot make %s durable", folder);
  return ERR_NONE;
}

enum err_code file_write_atomic(const char *path, mode_t mode, const void *data, size_t len, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *temporary = arena_printf(&a, "%s.XXXXXX", path);
  AUTO_CLOSE int fd = mkostemp(temporary, O_CLOEXEC);
  if (fd < 0)
    return err_errno(e, ERR_IO, errno, "Cannot write beside %s", path);
  enum err_code rc = write_all(fd, path, data, len, e);
  if (!rc && fchmod(fd, mode))
    rc = err_errno(e, ERR_IO, errno, "Cannot set the mode of %s", path);
  if (!rc && rename(temporary, path))
    rc = err_errno(e, ERR_IO, errno, "Cannot put %s in its place", path);
  if (rc) {
    unlink(temporary);
    return rc;
  }
  return sync_folder(path, e);
}

enum err_code file_make_folders(const char *path, mode_t mode, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  char *p = arena_strdup(&a, path);
  for (char *slash = strchr(p + 1, '/');; slash = strchr(slash + 1, '/')) {
    if (slash)
      *slash = '\0';
    if (mkdir(p, mode) && errno != EEXIST)
      return err_errno(e, ERR_IO, errno, "Cannot make the folder %s", p);
    if (!slash)
      break;
    *slash = '/';
  }
  struct stat st;
  if (stat(path, &st) || !S_ISDIR(st.st_mode))
    return err_set(e, ERR_IO, "%s is not a folder", path);
  return ERR_NONE;
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

enum err_code file_lock(const char *path, int *fd_out, struct err *e)
{
  AUTO_CLOSE int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return err_errno(e, ERR_IO, errno, "Cannot open the lock file %s", path);
  char text[32] = "";
  if (flock(fd, LOCK_EX | LOCK_NB)) {
    if (errno != EWOULDBLOCK)
      return err_errno(e, ERR_IO, errno, "Cannot lock %s", path);
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return err_set(e, ERR_CONFLICT, "%s is held by process %s", path, *text ? text : "unknown");
  }
  int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)len, 0) != len)
    return err_errno(e, ERR_IO, errno, "Cannot write the lock file %s", path);
  *fd_out = take_fd(fd);
  return ERR_NONE;
}
