/* Errors. What can fail for a reason outside the program returns `enum err_code`
 * (0 = fine) and takes `struct err *` last. It is set once, where the reason is found,
 * in a sentence that a person can act on; callers pass it on or put context before it.
 * A bug is an assert; out of memory aborts (base/arena.h, base/buf.h). */
#ifndef OPSD_BASE_ERR_H
#define OPSD_BASE_ERR_H

enum err_code {
  ERR_NONE = 0,
  ERR_INVALID,         /* a value is refused: `field` names it */
  ERR_MALFORMED,       /* the body or the request as such cannot be read */
  ERR_UNAUTHENTICATED, /* nobody is signed in */
  ERR_FORBIDDEN,       /* signed in, but the role does not suffice, or a CSRF check failed */
  ERR_NOT_FOUND,
  ERR_METHOD,          /* the path exists, the method does not */
  ERR_CONFLICT,        /* the state of things forbids it: exists already, is in use, changed meanwhile */
  ERR_GONE,            /* was there once, is used up */
  ERR_TOO_LARGE,
  ERR_MEDIA_TYPE,
  ERR_THROTTLED,       /* try again later */
  ERR_REFUSED,         /* a rule of opsd forbids it, since it would do harm */
  ERR_REMOTE,          /* a node or its server answered wrongly */
  ERR_UNREACHABLE,     /* no answer at all; the CLI exits with 3 when it is the daemon */
  ERR_TIMEOUT,
  ERR_UNAVAILABLE,     /* opsd itself is stopping or not ready */
  ERR_IO,              /* this machine: disk, file, socket */
  ERR_INTERNAL,
  ERR_USAGE,           /* command line only */
  ERR_COUNT_
};

struct err {
  enum err_code code;
  char field[64];   /* the offending field's name in the API, or empty */
  char text[1024];  /* one sentence, UTF-8, no newline, no secret */
};

/* Sets e (which may be NULL) and returns code, so that `return err_set(…)` is one line. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
  __attribute__((format(printf, 3, 4)));

/* The same with ERR_INVALID and the name of the field that is at fault. */
enum err_code err_field(struct err *e, const char *field, const char *fmt, ...)
  __attribute__((format(printf, 3, 4)));

/* The same with strerror(errno_value) behind the sentence: "…: No such file or directory". */
enum err_code err_errno(struct err *e, enum err_code code, int errno_value, const char *fmt, ...)
  __attribute__((format(printf, 4, 5)));

/* Puts "context: " before the text that is there. Returns e->code. */
enum err_code err_context(struct err *e, const char *fmt, ...)
  __attribute__((format(printf, 2, 3)));

/* The one table: API name ("not_found"), HTTP status (404), exit code of the CLI (1). */
const char *err_code_name(enum err_code code);
int err_code_status(enum err_code code);
int err_code_exit(enum err_code code);
enum err_code err_code_from_name(const char *name); /* ERR_INTERNAL when unknown */

#define TRY(call) do { enum err_code try_rc_ = (call); if (try_rc_) return try_rc_; } while (0)

#endif
