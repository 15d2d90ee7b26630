/* The console's own certificate: ssl-set-cert, ssl-disable, the self-signed one that renews itself.
 * The pair lies in the store as one sealed value, so that a crash never leaves half of it. */
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "api/handlers.h"
#include "base/log.h"
#include "contract/replies.h"
#include "contract/requests.h"
#include "pki/pki.h"

enum { SELF_SIGNED_DAYS = 397, RENEW_DAYS = 30, SAN_SHOWN = 1000 };
#define PAIR_SETTING "console_pair"
#define DISABLED_SETTING "tls_disabled"

/* The sealed value: "own" or "given", the chain and the key, each ended by a NUL. */
struct pair {
  struct buf bytes;
  bool own;
  const char *chain, *key;
};
static void pair_free(struct pair *p) { buf_free(&p->bytes); }
#define AUTO_PAIR CLEANUP(pair_free)

static void pair_make(struct pair *p, bool own, const char *chain, const char *key)
{
  const char *part[] = { own ? "own" : "given", chain, key };
  for (size_t i = 0; i < COUNT_OF(part); i++)
    buf_add(&p->bytes, part[i], strlen(part[i]) + 1);
}

static enum err_code pair_split(struct pair *p, struct err *e)
{
  const char *part[3], *at = p->bytes.data, *end = at + p->bytes.len;
  for (size_t i = 0; i < COUNT_OF(part); i++) {
    const char *nul = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
    if (!nul)
      return err_set(e, ERR_INTERNAL, "The stored certificate of the console is not whole; run opsd ssl-set-cert");
    part[i] = at;
    at = nul + 1;
  }
  p->own = strcmp(part[0], "own") == 0;
  p->chain = part[1];
  p->key = part[2];
  return ERR_NONE;
}

static enum err_code pair_load(struct api *api, struct pair *p, bool *found, struct err *e)
{
  TRY(store_secret_get(api->store, PAIR_SETTING, &p->bytes, found, e));
  return *found ? pair_split(p, e) : ERR_NONE;
}

static enum err_code pair_keep(struct api *api, struct pair *p, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct pki_chain chain;
  TRY(pair_split(p, e));
  TRY(pki_chain_read(p->chain, strlen(p->chain), "certificate", &a, &chain, e));
  TRY(store_setting_set(api->store, STORE_CONSOLE_SHA256, chain.item[0].sha256, e));
  return store_secret_set(api->store, PAIR_SETTING, p->bytes.data, p->bytes.len, e);
}

static enum err_code serve(struct api *api, const struct pair *p, struct arena *a, struct err *e)
{
  struct pki_chain chain;
  TRY(pki_chain_read(p->chain, strlen(p->chain), "certificate", a, &chain, e));
  pthread_rwlock_rdlock(&api->http_lock);
  enum err_code rc = api->http && !api->plain
    ? http_set_certificate(api->http, p->chain, p->key, pki_is_self_signed(&chain.item[0]), e) : ERR_NONE;
  pthread_rwlock_unlock(&api->http_lock);
  return rc;
}

static void add_name(struct arena *a, struct str_list *names, const char *name)
{
  if (name && *name && !str_list_has(names, name))
    str_list_add(a, names, name);
}

static void add_addresses(struct arena *a, struct str_list *names)
{
  struct ifaddrs *all = NULL;
  if (getifaddrs(&all))
    return;
  for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
    char text[INET6_ADDRSTRLEN] = "";
    if (!i->ifa_addr || !(i->ifa_flags & IFF_UP))
      continue;
    if (i->ifa_addr->sa_family == AF_INET)
      inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)i->ifa_addr)->sin_addr, text, sizeof text);
    else if (i->ifa_addr->sa_family == AF_INET6 &&
             !IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)(void *)i->ifa_addr)->sin6_addr))
      inet_ntop(AF_INET6, &((struct sockaddr_in6 *)(void *)i->ifa_addr)->sin6_addr, text, sizeof text);
    add_name(a, names, text);
  }
  freeifaddrs(all);
}

/* Every name and address by which a browser may come. */
static const char *host_names(struct arena *a, struct str_list *names)
{
  char host[HOST_NAME_MAX + 1] = "";
  gethostname(host, sizeof host - 1);
  struct addrinfo hints = { .ai_flags = AI_CANONNAME, .ai_family = AF_UNSPEC }, *found = NULL;
  if (*host && getaddrinfo(host, NULL, &hints, &found) == 0) {
    if (found->ai_canonname && strchr(found->ai_canonname, '.'))
      add_name(a, names, arena_strdup(a, found->ai_canonname));
    freeaddrinfo(found);
  }
  add_name(a, names, arena_strdup(a, host));
  add_name(a, names, "localhost");
  add_addresses(a, names);
  return names->item[0];
}

static enum err_code make_self_signed(struct api *api, struct pair *p, struct arena *a, struct err *e)
{
  struct str_list names = { 0 };
  AUTO_BUF struct buf cert = BUF_INIT;
  AUTO_BUF struct buf key = BUF_INIT;
  const char *name = host_names(a, &names);
  TRY(pki_self_signed(name, &names, clock_now_s(), SELF_SIGNED_DAYS, &cert, &key, e));
  pair_make(p, true, buf_cstr(&cert), buf_cstr(&key));
  return pair_keep(api, p, e);
}

static enum err_code fingerprint_of(const char *chain_pem, struct arena *a, const char **out, struct err *e)
{
  struct pki_chain chain;
  TRY(pki_chain_read(chain_pem, strlen(chain_pem), "certificate", a, &chain, e));
  *out = arena_printf(a, "sha256:%s", chain.item[0].sha256);
  return ERR_NONE;
}

bool api_console_is_disabled(struct api *api)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *value = NULL;
  struct err e = { 0 };
  return !store_setting_get(api->store, DISABLED_SETTING, &a, &value, &e) && value;
}

enum err_code api_console_start(struct api *api, struct arena *a, const char **fingerprint, bool *first, struct err *e)
{
  AUTO_PAIR struct pair p = { 0 };
  bool found;
  TRY(pair_load(api, &p, &found, e));
  *first = !found;
  if (!found)
    TRY(make_self_signed(api, &p, a, e));
  TRY(fingerprint_of(p.chain, a, fingerprint, e));
  return serve(api, &p, a, e);
}

enum err_code api_console_fingerprint(struct api *api, struct arena *a, const char **out, struct err *e)
{
  AUTO_PAIR struct pair p = { 0 };
  bool found;
  *out = NULL;
  if (api->plain)
    return ERR_NONE;
  TRY(pair_load(api, &p, &found, e));
  return found ? fingerprint_of(p.chain, a, out, e) : ERR_NONE;
}

void api_console_renew(struct api *api)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  AUTO_PAIR struct pair p = { 0 };
  AUTO_PAIR struct pair renewed = { 0 };
  struct certificate_detail d = { 0 };
  struct pki_chain chain;
  struct err e = { 0 };
  bool found;
  if (pair_load(api, &p, &found, &e) || !found || !p.own)
    return;
  if (pki_chain_read(p.chain, strlen(p.chain), "certificate", &a, &chain, &e) ||
      pki_inspect(&chain, clock_now_s(), 0, &a, &d, &e) || d.row.days_left >= RENEW_DAYS)
    return;
  if (make_self_signed(api, &renewed, &a, &e) || serve(api, &renewed, &a, &e)) {
    log_warning("the console's self-signed certificate cannot be renewed: %s", e.text);
    return;
  }
  log_info("the console's self-signed certificate was renewed, %lld days before its end", (long long)d.row.days_left);
}

/* The console is a server alone: that its certificate would not do for a client is no finding. */
static void leave_out_client_use(finding_list *l)
{
  size_t kept = 0;
  for (size_t i = 0; i < l->count; i++)
    if (!str_eq(l->item[i].rule, "EKU") || !str_eq(l->item[i].severity, "warning"))
      l->item[kept++] = l->item[i];
  l->count = kept;
}

enum err_code api_console_describe(struct api *api, struct arena *a, struct console_reply *reply, struct err *e)
{
  AUTO_PAIR struct pair p = { 0 };
  bool found;
  reply->tls = !api->plain;
  TRY(pair_load(api, &p, &found, e));
  if (!found)
    return ERR_NONE;
  struct pki_chain chain;
  struct certificate_detail *d = arena_alloc(a, sizeof *d);
  TRY(pki_chain_read(p.chain, strlen(p.chain), "certificate", a, &chain, e));
  TRY(pki_inspect(&chain, clock_now_s(), SAN_SHOWN, a, d, e));
  pki_findings(&chain, NULL, NULL, clock_now_s(), a, &d->findings);
  leave_out_client_use(&d->findings);
  d->row.has_key = d->key_fits = true;
  d->row.name = "console";
  d->pem = arena_strdup(a, p.chain);
  reply->self_signed = p.own;
  reply->hsts = api->hsts_max_age_s > 0 && !pki_is_self_signed(&chain.item[0]) && !api->plain;
  reply->certificate = d;
  return ERR_NONE;
}

HANDLER(api_console_show)
{
  (void)in;
  return api_console_describe(api_of(call), call->arena, out, e);
}

HANDLER(api_console_set)
{
  const struct console_set_request *want = in;
  struct api *api = api_of(call);
  struct pki_chain chain;
  AUTO_PKI_KEY struct pki_key *key = NULL;
  AUTO_BUF struct buf key_pem = BUF_INIT;
  AUTO_PAIR struct pair p = { 0 };
  call->audit_target = "console";
  TRY(pki_chain_read(want->certificate, strlen(want->certificate), "certificate", call->arena, &chain, e));
  TRY(pki_chain_check_order(&chain, "certificate", e));
  TRY(pki_key_read(want->key, strlen(want->key), want->key_password, "key", &key, e));
  TRY(pki_check_console_pair(&chain, key, want->force, clock_now_s(), e));
  TRY(pki_key_pem(key, &key_pem, e));
  pair_make(&p, false, pki_chain_pem(call->arena, &chain, 0), buf_cstr(&key_pem));
  TRY(pair_split(&p, e));
  /* served first: what GnuTLS cannot serve must not be what the next start finds */
  TRY(serve(api, &p, call->arena, e));
  TRY(pair_keep(api, &p, e));
  call->audit_detail = arena_printf(call->arena, "sha256:%s", chain.item[0].sha256);
  if (api->plain) {
    TRY(store_setting_set(api->store, DISABLED_SETTING, NULL, e));
    api->wish(API_WISH_RELISTEN);
  }
  TRY(api_console_describe(api, call->arena, out, e));
  ((struct console_reply *)out)->tls = true;
  return ERR_NONE;
}

HANDLER(api_console_disable)
{
  (void)in;
  struct api *api = api_of(call);
  call->audit_target = "console";
  if (api->plain)
    return err_set(e, ERR_CONFLICT, "TLS is disabled already; opsd ssl-set-cert turns it on again");
  TRY(store_setting_set(api->store, DISABLED_SETTING, "1", e));
  ((struct ok_reply *)out)->message = "TLS is off: plain HTTP on loopback alone; opsd ssl-set-cert turns it on again";
  api->wish(API_WISH_RELISTEN);
  return ERR_NONE;
}
