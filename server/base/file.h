/* Files on this machine. */
#ifndef OPSD_BASE_FILE_H
#define OPSD_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the file's bytes to out. More than max bytes: ERR_TOO_LARGE. Missing: ERR_NOT_FOUND. */
enum err_code file_read(const char *path, size_t max, struct buf *out, struct err *e);

/* All or nothing and durable: a temporary name beside it, fsync, rename, fsync of the folder.
 * mode is the file's mode, whatever the umask. */
enum err_code file_write_atomic(const char *path, mode_t mode, const void *data, size_t len, struct err *e);

/* mkdir -p; folders that are made get mode. */
enum err_code file_make_folders(const char *path, mode_t mode, struct err *e);

bool file_exists(const char *path);

/* Takes an exclusive lock that dies with the process and writes our pid into the file.
 * Held by another: ERR_CONFLICT, the text names its pid. *fd is the caller's. */
enum err_code file_lock(const char *path, int *fd, struct err *e);

#endif
