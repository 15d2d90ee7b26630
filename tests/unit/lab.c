#include "lab.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/wire.h"

static void fail(const struct lab_db *db, const char *what)
{
  fprintf(stderr, "lab: %s\n", what);
  char command[128];
  snprintf(command, sizeof command, "cd %s; tail -n 30 log out server.log >&2", db->folder);
  if (system(command))
    fprintf(stderr, "lab: no log\n");
  exit(99);
}

void lab_sh(const struct lab_db *db, const char *fmt, ...)
{
  char command[2048];
  int n = snprintf(command, sizeof command, "cd %s && { ", db->folder);
  va_list ap;
  va_start(ap, fmt);
  n += vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
  va_end(ap);
  snprintf(command + n, sizeof command - (size_t)n, "\n} >>log 2>&1");
  if (system(command))
    fail(db, command);
}

void lab_db_make(struct lab_db *db)
{
  *db = (struct lab_db){ .folder = "/tmp/opsd-lab-XXXXXX" };
  if (!mkdtemp(db->folder))
    fail(db, "mkdtemp");
  unsigned pid = (unsigned)getpid();
  snprintf(db->host, sizeof db->host, "127.%u.%u.%u", 100 + (pid >> 16 & 63), pid >> 8 & 255, 1 + pid % 254);
  bool root = geteuid() == 0;
  if (root)
    lab_sh(db, "chown mysql .");
  lab_sh(db, "mariadb-install-db --no-defaults %s --datadir=$PWD/data --skip-test-db", root ? "--user=mysql" : "");
}

static void server_run(const struct lab_db *db, const char *const options[])
{
  enum { MOST = 40 };
  char data[80], sock[80], bind[40];
  snprintf(data, sizeof data, "--datadir=%s/data", db->folder);
  snprintf(sock, sizeof sock, "--socket=%s/sock", db->folder);
  snprintf(bind, sizeof bind, "--bind-address=%s", db->host);
  const char *argv[MOST] = { "mariadbd", "--no-defaults", "--performance-schema=off", "--innodb-buffer-pool-size=8M",
                             "--port=3306", "--log-error=../server.log", data, sock, bind };
  size_t n = 9;
  if (geteuid() == 0)
    argv[n++] = "--user=mysql";
  for (size_t i = 0; options && options[i] && n < MOST - 1; i++)
    argv[n++] = options[i];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (chdir(db->folder) == 0 && freopen("out", "a", stderr))
    execvp("mariadbd", (char *const *)argv);
  _exit(127);
}

void lab_db_start(struct lab_db *db, const char *const options[])
{
  db->pid = fork();
  if (db->pid == 0)
    server_run(db, options);
  int64_t deadline_ms = clock_monotonic_ms() + LAB_TIMEOUT_MS;
  for (int fd; wire_connect(db->host, LAB_PORT, 1000, &fd, NULL) || (close(fd), 0);) {
    if (clock_monotonic_ms() > deadline_ms || waitpid(db->pid, NULL, WNOHANG) == db->pid)
      fail(db, "mariadbd did not start");
    nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
  }
}

void lab_db_stop(struct lab_db *db)
{
  if (!db->pid)
    return;
  kill(db->pid, SIGTERM);
  waitpid(db->pid, NULL, 0);
  db->pid = 0;
}

void lab_db_remove(struct lab_db *db)
{
  lab_db_stop(db);
  lab_sh(db, "rm -rf %s", db->folder);
}
