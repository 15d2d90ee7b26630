/* What the store costs at 50,000 certificates, 10,000 nodes and a million audit rows. `make bench-store` builds and
 * runs it; it takes about a minute and 600 MB in TMPDIR. Only ratios count on a shared machine: quote medians. */
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "store/inside.h"

enum { CERTS = 50000, NODES = 10000, AUDIT_ROWS = 1000000, RUNS = 400, WRITES = 4000, WRITERS = 4 };

static struct store *store;
static struct err err;

#define FINE(call) do { if (call) { fprintf(stderr, "%s: %s\n", #call, err.text); exit(1); } } while (0)

static int64_t now_us(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void report(const char *what, int64_t *us, size_t n)
{
  qsort(us, n, sizeof *us, by_size);
  printf("| %-44s | %7.3f | %7.3f | %7.3f |\n", what, (double)us[n / 2] / 1e3, (double)us[n * 99 / 100] / 1e3,
         (double)us[n - 1] / 1e3);
}

static void fill_certs(struct db_conn *c)
{
  for (int i = 0; i < CERTS; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    uint8_t digest[CRYPT_SHA256_SIZE];
    int64_t id;
    crypt_sha256(&i, sizeof i, digest);
    struct certificate_detail d = {
      .row = { .name = arena_printf(&a, "host-%05d", i), .kind = i % 100 ? "leaf" : "intermediate",
               .subject = arena_printf(&a, "CN=host-%05d.example.org,O=Example", i),
               .issuer = "CN=Example Issuing CA,O=Example", .key_type = "EC", .key_bits = 256, .curve = "P-256",
               .not_after_s = 1800000000 + i * INT64_C(7919) % CERTS * 3600,
               .sha256 = hex_format(&a, digest, sizeof digest, ':') },
      .serial = hex_format(&a, digest, 16, ':'), .sha1 = hex_format(&a, digest + 4, 20, ':'),
      .pem = memset(arena_alloc(&a, 1200), 'x', 1199),
    };
    str_list_add(&a, &d.san, arena_printf(&a, "DNS:host-%05d.example.org", i));
    FINE(cert_insert(store, c, &d, i % 2 ? "a key of some two hundred bytes" : NULL, &id, &err));
  }
}

static void fill_nodes(struct db_conn *c)
{
  int64_t id;
  FINE(db_run(c, SQL_CLUSTER_INSERT, DB_ARGS(db_t("big"), db_t("mysql"), db_t(NULL), db_i(1)), &err));
  for (int i = 0; i < NODES; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct node n = { .name = arena_printf(&a, "node-%05d", i), .cluster_id = 1, .reach = "observe",
                      .address = "10.0.0.1", .port = 3306 };
    FINE(node_insert(c, &n, &id, &err));
  }
}

static struct audit_row audit_row(int i)
{
  static const char *const who[] = { "m.okafor", "token:ci", "a.lindqvist", "opsd" };
  return (struct audit_row){ .at_s = 1800000000 + i, .who = who[i % 4], .from = "10.1.2.3",
                             .operation = i % 3 ? "certImport" : "nodePush", .target = "certificate 12", .result = "ok",
                             .detail = "It was imported with its key" };
}

static void fill(void)
{
  struct db_conn *c = NULL;
  FINE(db_write(store->db, &c, &err));
  fill_certs(c);
  fill_nodes(c);
  for (int i = 0; i < AUDIT_ROWS; i++) {
    struct audit_row r = audit_row(i);
    FINE(audit_insert(c, &r, &err));
  }
  FINE(db_commit(&c, &err));
}

/* A page somewhere in the list: the one after `next`, which runs on and begins again at the end. */
static void time_certs(const char *what, struct cert_filter f)
{
  int64_t us[RUNS];
  char after[512] = "";
  f.limit = 100;
  f.now_s = 1800000000;
  for (int i = 0; i < RUNS; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    certificate_list l;
    const char *next;
    f.after = *after ? after : NULL;
    int64_t began = now_us();
    FINE(store_cert_list(store, &f, &a, &l, &next, &err));
    us[i] = now_us() - began;
    snprintf(after, sizeof after, "%s", next ? next : "");
  }
  report(what, us, RUNS);
}

static void time_audit(const char *what, const char *q, const char *who, int runs)
{
  int64_t us[RUNS];
  for (int i = 0; i < runs; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    audit_list l;
    const char *next;
    int64_t began = now_us();
    FINE(store_audit_list(store, q, who, NULL, 100, NULL, &a, &l, &next, &err));
    us[i] = now_us() - began;
  }
  report(what, us, (size_t)runs);
}

static void time_nodes(const char *what, const char *q)
{
  int64_t us[RUNS];
  for (int i = 0; i < RUNS; i++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    node_list l;
    const char *next;
    struct node_filter f = { .limit = 100, .q = q };
    int64_t began = now_us();
    FINE(store_node_list(store, &f, &a, &l, &next, &err));
    us[i] = now_us() - began;
  }
  report(what, us, RUNS);
}

static void *write_audit(void *arg)
{
  int64_t *us = arg;
  for (int i = 0; i < WRITES / WRITERS; i++) {
    struct audit_row r = audit_row(i);
    int64_t began = now_us();
    struct err e;
    if (store_audit_add(store, &r, &e))
      abort();
    us[i] = now_us() - began;
  }
  return NULL;
}

static void time_writes(void)
{
  static int64_t us[WRITES];
  pthread_t threads[WRITERS];
  int64_t began = now_us();
  for (int i = 0; i < WRITERS; i++)
    if (pthread_create(&threads[i], NULL, write_audit, us + i * (WRITES / WRITERS)))
      abort();
  for (int i = 0; i < WRITERS; i++)
    pthread_join(threads[i], NULL);
  int64_t took = now_us() - began;
  report("durable audit row, four writers", us, WRITES);
  printf("durable audit rows in a second: %lld\n", (long long)(INT64_C(1000000) * WRITES / took));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

int main(void)
{
  char folder[256];
  const char *tmp = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/opsd-bench-XXXXXX", tmp ? tmp : "/tmp");
  if (!mkdtemp(folder))
    return 1;
  FINE(store_open(folder, &store, &err));
  int64_t began = now_us();
  fill();
  printf("filled in %.1f s\n\n", (double)(now_us() - began) / 1e6);
  printf("| a page of 100, ms                            |  median |     p99 |     max |\n|---|---|---|---|\n");
  struct cert_filter all = { .expires_within_days = -1 };
  time_certs("certificates by expiry", all);
  time_certs("certificates by name", (struct cert_filter){ .expires_within_days = -1, .sort = "name" });
  time_certs("certificates, newest", (struct cert_filter){ .expires_within_days = -1, .sort = "newest" });
  time_certs("authorities", (struct cert_filter){ .expires_within_days = -1, .kind = "intermediate" });
  time_certs("with a key", (struct cert_filter){ .expires_within_days = -1, .has_key = true });
  time_certs("search that finds one", (struct cert_filter){ .expires_within_days = -1, .q = "host-31415" });
  time_certs("search that finds a thousand", (struct cert_filter){ .expires_within_days = -1, .q = "host-31" });
  time_certs("search that finds all", (struct cert_filter){ .expires_within_days = -1, .q = "example" });
  time_nodes("nodes", NULL);
  time_nodes("nodes, search that finds ten", "ode-0123");
  time_audit("audit, newest", NULL, NULL, RUNS);
  time_audit("audit of one person", NULL, "opsd", RUNS);
  time_audit("audit, search that finds nothing", "no such text", NULL, 20);
  time_writes();
  store_close(store);
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  printf("largest resident set: %ld KB\n", r.ru_maxrss);
  return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
