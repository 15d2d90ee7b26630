#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "db/inside.h"

static enum err_code io_error(sqlite3 *sqlite, const char *path, int rc, struct err *e)
{
  int reason = sqlite3_system_errno(sqlite);
  if (reason == ENOSPC || reason == EDQUOT)
    return err_errno(e, ERR_IO, reason, "There is no room to write %s; nothing was changed. Make room on its disk",
                     path);
  if (reason)
    return err_errno(e, ERR_IO, reason, "%s cannot be read or written; nothing was changed. Look at its disk", path);
  return err_set(e, ERR_IO, "%s cannot be read or written; nothing was changed. Look at its disk: %s", path,
                 sqlite3_errstr(rc));
}

enum err_code db_error(sqlite3 *sqlite, const char *path, int rc, struct err *e)
{
  switch (rc & 0xff) {
  case SQLITE_NOMEM:
    abort();
  case SQLITE_FULL:
    return err_set(e, ERR_IO, "There is no room to write %s; nothing was changed. Make room on its disk", path);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return err_set(e, ERR_IO, "%s is locked by another program; nothing was changed. End that program and try again",
                   path);
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return err_set(e, ERR_IO, "%s cannot be written: look at the owner and mode of the file and its folder", path);
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return err_set(e, ERR_IO, "%s is damaged (%s): stop opsd and put a backup in its place", path,
                   sqlite3_errmsg(sqlite));
  case SQLITE_CANTOPEN:
  case SQLITE_IOERR:
    return io_error(sqlite, path, rc, e);
  default:
    return err_set(e, ERR_INTERNAL, "%s: %s", path, sqlite3_errmsg(sqlite));
  }
}
