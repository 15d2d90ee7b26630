/* What a scope owns is freed by the scope: declare with one of these, return early,
 * never goto. `take_ptr` hands ownership on and disarms the cleanup. */
#ifndef OPSD_BASE_CLEANUP_H
#define OPSD_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void cleanup_free(void *p) { free(*(void **)p); }
static inline void cleanup_close(int *fd) { if (*fd >= 0) close(*fd); }
static inline void cleanup_fclose(FILE **f) { if (*f) fclose(*f); }

#define AUTO_FREE CLEANUP(cleanup_free)
#define AUTO_CLOSE CLEANUP(cleanup_close)
#define AUTO_FCLOSE CLEANUP(cleanup_fclose)

#define take_ptr(p) __extension__({ __typeof__(p) taken_ = (p); (p) = NULL; taken_; })
#define take_fd(fd) __extension__({ int taken_ = (fd); (fd) = -1; taken_; })

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#endif
