/* A real sshd on loopback for the tests of remote/, run by whoever runs the tests. Its port is reserved by a bound
 * socket of ours before sshd binds it too, so nothing else can get it. All of it ends with the test's process. */
#ifndef TESTS_UNIT_REMOTE_FIXTURE_H
#define TESTS_UNIT_REMOTE_FIXTURE_H

#include <sys/types.h>

#include "base/arena.h"
#include "remote/remote.h"

struct sshd {
  struct arena mem;
  const char *folder; /* temporary; files of a test may lie there */
  const char *user;
  const char *key_pem;               /* may sign in */
  const char *ed25519, *ecdsa, *rsa; /* host keys' "SHA256:…" */
  pid_t pid;
  int port;
  int reserved;
};

void sshd_start(struct sshd *s, const char *more_config); /* fails the test when it cannot */
void sshd_stop(struct sshd *s);                           /* removes the folder */
void sshd_signal_sessions(struct sshd *s, int signal);    /* to the processes that serve connections */
int sshd_count_sessions(struct sshd *s);

struct remote_target sshd_target(const struct sshd *s);
struct remote *sshd_open(const struct sshd *s);
struct remote *local_open(void);

/* Runs a command of the test's own; its exit code. */
int shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* What a command prints, without the last line end. */
char *shell_says(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Waits until a shell test is true; fails after ten seconds. */
void wait_for(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The call must go well; its last argument is &trouble. */
#define FINE(call)                                                                                                     \
  do {                                                                                                                 \
    if (call)                                                                                                          \
      fail_msg("%s", trouble.text);                                                                                    \
  } while (0)
extern struct err trouble;

#endif
