#include "fleet_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pki/pki.h"

void kit_sh(struct kit *k, const char *fmt, ...)
{
  char command[2048];
  int n = snprintf(command, sizeof command, "cd %s && { ", k->folder);
  va_list ap;
  va_start(ap, fmt);
  n += vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
  va_end(ap);
  snprintf(command + n, sizeof command - (size_t)n, "\n} >>log 2>&1");
  if (system(command))
    fail_msg("%s", command);
}

void kit_make(struct kit *k, const struct cluster *cluster, const char *password)
{
  struct err e = { 0 };
  *k = (struct kit){ .folder = "/tmp/opsd-kit-XXXXXX" };
  assert_non_null(mkdtemp(k->folder));
  kit_sh(k, "chmod 755 . && mkdir state");
  AUTO_ARENA struct arena a = ARENA_INIT;
  if (store_open(arena_printf(&a, "%s/state", k->folder), &k->store, &e))
    fail_msg("%s", e.text);
  k->pool = pool_new("test", 4);
  const struct fleet_config c = { .store = k->store, .pool = k->pool, .scratch_folder = k->folder };
  assert_int_equal(fleet_new(&c, &k->fleet, &e), ERR_NONE);
  if (store_cluster_add(k->store, cluster, password, &k->cluster, &e))
    fail_msg("%s", e.text);
}

void kit_remove(struct kit *k)
{
  fleet_free(k->fleet, 10000);
  pool_free(k->pool);
  store_close(k->store);
  kit_sh(k, "cd / && rm -rf %s && mkdir %s", k->folder, k->folder);
  rmdir(k->folder);
}

void kit_write(struct kit *k, const char *node, const char *file, const char *text)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *path = arena_printf(&a, "%s/%s/%s", k->folder, node, file);
  assert_int_equal(file_write_atomic(path, 0644, text, strlen(text), NULL), ERR_NONE);
}

struct node kit_node(struct kit *k, const char *name, const char *address, const char *options, struct arena *a)
{
  static const char *const role = "member";
  struct err e = { 0 };
  int64_t id;
  kit_sh(k, "mkdir -p %s/certs", name);
  kit_write(k, name, "my.cnf", options);
  struct node n = { .name = name, .cluster_id = k->cluster, .reach = "local", .address = address, .port = 3306,
                    .owner = geteuid() ? getenv("USER") : "mysql", .service = "/bin/false" };
  n.roles = (struct str_list){ (const char **)(uintptr_t)&role, 1 };
  n.option_file = arena_printf(a, "%s/%s/my.cnf", k->folder, name);
  n.cert_dir = arena_printf(a, "%s/%s/certs", k->folder, name);
  if (store_node_add(k->store, &n, &id, &e) || store_node_get(k->store, name, clock_now_s(), a, &n, &e))
    fail_msg("%s", e.text);
  return n;
}

void kit_authority(struct kit *k, const char *name)
{
  kit_sh(k, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.pem -days 90 "
         "-subj '/O=opsd tests/CN=%s'", name, name, name);
}

void kit_leaf(struct kit *k, const char *name, const char *authority, const char *usages)
{
  kit_sh(k, "printf 'basicConstraints=CA:FALSE\\nextendedKeyUsage=%s\\nauthorityKeyIdentifier=keyid\\n' >%s.ext",
         usages, name);
  kit_sh(k, "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.csr -subj '/CN=%s'",
         name,
         name, name);
  kit_sh(k,
         "openssl x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -days 30 -extfile %s.ext -out %s.pem",
           name,
         authority, authority, name, name);
}

static void read_text(struct kit *k, const char *path, const char *kind, struct buf *out)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct err e = { 0 };
  if (file_read(arena_printf(&a, "%s/%s.%s", k->folder, path, kind), PKI_PEM_MAX, out, &e))
    fail_msg("%s", e.text);
}

int64_t kit_import(struct kit *k, const char *path, bool has_key)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_BUF struct buf pem = BUF_INIT;
  AUTO_BUF struct buf key = BUF_INIT;
  struct certificate_detail d = { 0 };
  struct pki_chain c;
  struct err e = { 0 };
  int64_t id = 0;
  read_text(k, path, "pem", &pem);
  if (has_key)
    read_text(k, path, "key", &key);
  if (pki_chain_read(pem.data, pem.len, "certificate", &a, &c, &e) || pki_inspect(&c, clock_now_s(), 100, &a, &d, &e))
    fail_msg("%s", e.text);
  d.row.name = path;
  d.pem = buf_cstr(&pem);
  d.row.has_key = has_key;
  if (store_cert_add(k->store, &d, has_key ? buf_cstr(&key) : NULL, &id, &e))
    fail_msg("%s", e.text);
  return id;
}
