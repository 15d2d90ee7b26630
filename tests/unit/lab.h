/* Real servers for unit tests: a MariaDB of its own on a loopback address of its own, so that its port needs no
 * luck. */
#ifndef TESTS_UNIT_LAB_H
#define TESTS_UNIT_LAB_H

#include <stdbool.h>
#include <sys/types.h>

struct lab_db {
  char folder[64]; /* holds data/, sock, log and whatever a test puts there */
  char host[16];   /* 127.x.y.z; the port is LAB_PORT */
  pid_t pid;       /* 0: not running */
};
enum { LAB_PORT = 3306, LAB_TIMEOUT_MS = 60000 };

/* Makes the folder and an empty database (user mysql when we are root). Failures end the test program. */
void lab_db_make(struct lab_db *db);
/* Starts it with these further options (NULL-ended) and waits until it listens. */
void lab_db_start(struct lab_db *db, const char *const options[]);
void lab_db_stop(struct lab_db *db);
void lab_db_remove(struct lab_db *db);

/* Runs a shell command in the folder; its failure ends the test program. */
void lab_sh(const struct lab_db *db, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
