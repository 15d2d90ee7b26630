#include "store_fixture.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

int64_t fixture_now_s = NOW;

static int64_t now(void) { return fixture_now_s; }

void fixture_reopen(struct fixture *f)
{
  store_close(f->store);
  f->store = NULL;
  FINE(store_open(f->folder, &f->store, &f->err));
}

int fixture_setup(void **state)
{
  struct fixture *f = calloc(1, sizeof *f);
  fixture_now_s = NOW;
  clock_replace(now);
  const char *tmp = getenv("TMPDIR");
  snprintf(f->folder, sizeof f->folder, "%s/opsd-store-XXXXXX", tmp && strlen(tmp) < 32 ? tmp : "/tmp");
  assert_non_null(mkdtemp(f->folder));
  FINE(store_open(f->folder, &f->store, &f->err));
  *state = f;
  return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

int fixture_teardown(void **state)
{
  struct fixture *f = *state;
  store_close(f->store);
  arena_free(&f->arena);
  nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  free(f);
  clock_replace(NULL);
  return 0;
}

struct certificate_detail fixture_cert(struct arena *a, int n)
{
  uint8_t digest[CRYPT_SHA256_SIZE];
  crypt_sha256(&n, sizeof n, digest);
  struct certificate_detail d = {
    .row = { .name = arena_printf(a, "cert-%05d", n), .kind = "leaf",
             .subject = arena_printf(a, "CN=host-%05d,O=Example", n),
             .issuer = "CN=Example CA", .common_name = arena_printf(a, "host-%05d", n), .not_before_s = NOW - DAY,
             .not_after_s = NOW + (int64_t)n * DAY, .key_type = "EC", .key_bits = 256, .curve = "P-256",
             .sha256 = hex_format(a, digest, sizeof digest, ':') },
    .serial = hex_format(a, digest + 8, 16, ':'),
    .sha1 = hex_format(a, digest, 20, ':'),
    .pem = arena_printf(a, "-----BEGIN CERTIFICATE-----\n%d\n-----END CERTIFICATE-----\n", n),
  };
  str_list_add(a, &d.san, arena_printf(a, "DNS:host-%05d.example.org", n));
  return d;
}

int64_t fixture_add_cert(struct fixture *f, const struct certificate_detail *d, const char *key)
{
  int64_t id = 0;
  FINE(store_cert_add(f->store, d, key, &id, &f->err));
  assert_true(id > 0);
  return id;
}

int64_t fixture_add_cluster(struct fixture *f, const char *name, const char *flavour)
{
  int64_t id = 0;
  FINE(store_cluster_add(f->store, &(struct cluster){ .name = name, .flavour = flavour }, NULL, &id, &f->err));
  return id;
}

struct node fixture_node(int64_t cluster_id, const char *name)
{
  return (struct node){ .name = name, .cluster_id = cluster_id, .reach = "ssh", .ssh_user = "opsd",
                        .ssh_host = "10.0.0.1",
                        .ssh_port = 22, .address = "10.0.0.1", .port = 3306, .option_file = "/etc/my.cnf",
                        .cert_dir = "/etc/mysql/certs", .owner = "mysql:mysql", .unit = "mariadb" };
}

int64_t fixture_add_node(struct fixture *f, int64_t cluster_id, const char *name)
{
  int64_t id = 0;
  struct node n = fixture_node(cluster_id, name);
  FINE(store_node_add(f->store, &n, &id, &f->err));
  return id;
}
