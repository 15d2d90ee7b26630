#include "pki_material.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

struct arena material;
static char folder[] = "/tmp/opsd-pki-XXXXXX";

int material_make(void **state)
{
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

int material_drop(void **state)
{
  (void)state;
  material_run("rm -rf %s", folder);
  arena_free(&material);
  return 0;
}

static void collect(int fd, struct buf *out)
{
  char piece[4096];
  ssize_t n;
  while ((n = read(fd, piece, sizeof piece)) > 0)
    buf_add(out, piece, (size_t)n);
}

static char *run_shell(int *status, const char *line)
{
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    close(ends[0]);
    if (chdir(folder) == 0)
      execl("/bin/sh", "sh", "-c", line, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  AUTO_BUF struct buf b = BUF_INIT;
  collect(ends[0], &b);
  close(ends[0]);
  int wait_status;
  assert_int_equal(waitpid(child, &wait_status, 0), child);
  *status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128;
  return arena_strndup(&material, buf_cstr(&b), b.len);
}

char *material_output(int *status, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  char *line = arena_vprintf(&material, fmt, ap);
  va_end(ap);
  int ignored;
  return run_shell(status ? status : &ignored, line);
}

void material_run(const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  char *line = arena_vprintf(&material, fmt, ap);
  va_end(ap);
  int status;
  char *output = run_shell(&status, line);
  if (status)
    fail_msg("%s\nexit code %d: %s", line, status, output);
}

static const char *path_of(const char *name) { return arena_printf(&material, "%s/%s", folder, name); }

void material_write(const char *name, const void *data, size_t len)
{
  assert_int_equal(file_write_atomic(path_of(name), 0600, data, len, NULL), ERR_NONE);
}

char *material_text(const char *name)
{
  AUTO_BUF struct buf b = BUF_INIT;
  struct err e = { 0 };
  if (file_read(path_of(name), 4 << 20, &b, &e))
    fail_msg("%s", e.text);
  return arena_strndup(&material, buf_cstr(&b), b.len);
}

struct pki_chain material_chain(const char *name)
{
  const char *pem = material_text(name);
  struct pki_chain c;
  struct err e = { 0 };
  if (pki_chain_read(pem, strlen(pem), "certificate", &material, &c, &e))
    fail_msg("%s: %s", name, e.text);
  return c;
}

struct pki_key *material_key(const char *name)
{
  const char *pem = material_text(name);
  struct pki_key *k;
  struct err e = { 0 };
  if (pki_key_read(pem, strlen(pem), NULL, "key", &k, &e))
    fail_msg("%s: %s", name, e.text);
  return k;
}

void material_root(const char *name, const char *subject)
{
  material_run(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -keyout %s.key -out %s.crt "
    "-subj '%s' -addext keyUsage=critical,keyCertSign,cRLSign",
    name, name, subject);
}

void material_issue(const char *name, const char *issuer, const char *subject, const char *extensions, const char *more)
{
  const char *file = arena_printf(&material, "%s.ext", name);
  material_write(file, extensions, strlen(extensions));
  material_run(
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.csr -subj '%s' -utf8 && "
    "openssl x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -set_serial 0x$(openssl rand -hex 15) -days 400 -out %s.crt "
    "%s%s %s",
    name, name, subject, name, issuer, issuer, name, *extensions ? "-extfile " : "", *extensions ? file : "", more);
}
