#include "http_kit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "contract/replies.h"
#include "contract/requests.h"

struct kit kit;

int64_t kit_deadline(void) { return clock_monotonic_ms() + 10000; }

void kit_step(int64_t deadline, const char *what)
{
  if (clock_monotonic_ms() > deadline)
    fail_msg("did not happen within ten seconds: %s", what);
  poll(NULL, 0, 5);
}

static enum err_code authenticate(struct http_call *call, int64_t peer_uid, struct err *e)
{
  (*(call->recheck ? &kit.rechecked : &kit.authenticated))++;
  snprintf(kit.from_last, sizeof kit.from_last, "%s", call->from);
  if (peer_uid >= 0 && peer_uid == (int64_t)getuid())
    call->who = (struct principal){ .role = ROLE_ADMIN, .name = "socket:me" };
  if (call->bearer) {
    enum role role = role_from_word(call->bearer);
    if (role == ROLE_NONE)
      return err_set(e, ERR_UNAUTHENTICATED, "This token is not known.");
    call->who = (struct principal){ .role = role, .name = arena_printf(call->arena, "token:%s", call->bearer) };
  } else if (str_eq(call->cookie, "good") && !kit.sessions_end) {
    call->who = (struct principal){ .role = ROLE_ADMIN, .name = "m.okafor", .by_session = true };
  }
  return ERR_NONE;
}

static void audit(struct http_call *call, const struct err *e)
{
  snprintf(kit.audit_last, sizeof kit.audit_last, "%s %s", call->row->name, e ? err_code_name(e->code) : "ok");
  kit.audited++;
}

static uint64_t generation(void *user)
{
  (void)user;
  return kit.generation;
}

static enum err_code toy_healthz(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)call, (void)in, (void)e;
  ((struct ok_reply *)out)->message = "ok";
  return ERR_NONE;
}

static enum err_code toy_stop(struct http_call *call, const void *in, void *out, struct err *e)
{
  kit.handled++;
  return toy_healthz(call, in, out, e);
}

static enum err_code toy_sign_in(struct http_call *call, const void *in, void *out, struct err *e)
{
  const struct session_request *q = in;
  struct session_reply *reply = out;
  kit.handled++;
  if (strcmp(q->password, "throttle me") == 0) {
    call->retry_after_s = 7;
    return err_set(e, ERR_THROTTLED, "Try again in 7 seconds.");
  }
  reply->name = q->name;
  reply->role = "admin";
  reply->expires_s = 4000000000;
  call->set_cookie = "good";
  return ERR_NONE;
}

static enum err_code toy_sign_out(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)in, (void)out, (void)e;
  call->set_cookie = "";
  return ERR_NONE;
}

static enum err_code toy_openapi(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)in, (void)out, (void)e;
  buf_str(call->raw, "{\"openapi\":\"3.1.0\"}");
  call->raw_type = "application/vnd.oai.openapi+json";
  return ERR_NONE;
}

/* Echoes the path's parameter and waits as it is told to. */
static enum err_code toy_host_key(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)call;
  const struct ref_request *q = in;
  struct host_key_reply *reply = out;
  kit.handled++;
  if (kit.slow_ms)
    poll(NULL, 0, kit.slow_ms);
  while (kit.slow_hold)
    poll(NULL, 0, 5);
  if (strcmp(q->ref, "broken") == 0)
    return err_set(e, ERR_INTERNAL, "it broke");
  reply->host_key = strcmp(q->ref, "odd") == 0 ? NULL : q->ref; /* NULL is not as the row says */
  return ERR_NONE;
}

static enum err_code toy_inspect(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)call, (void)out;
  const struct cert_inspect_request *q = in;
  kit.handled++;
  return err_set(e, ERR_REFUSED, "certificate of %zu bytes", strlen(q->certificate));
}

static enum err_code toy_cert_list(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)call, (void)e;
  const struct cert_list_request *q = in;
  struct cert_list_reply *reply = out;
  kit.handled++;
  reply->total = q->limit;
  reply->next = q->q;
  return ERR_NONE;
}

static enum err_code toy_session(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)in, (void)e;
  struct session_reply *reply = out;
  reply->name = call->who.name;
  reply->role = role_word(call->who.role);
  reply->expires_s = TIME_NONE;
  return ERR_NONE;
}

static enum err_code toy_events(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)in, (void)out, (void)e;
  call->topic = "";
  call->first_event = "event: state\ndata: {\"generation\":1}\n\n";
  http_publish(kit.server, "any", "meanwhile", "{}"); /* between the snapshot and the stream */
  return ERR_NONE;
}

static enum err_code toy_rollout_events(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)out;
  const struct id_request *q = in;
  if (q->id == 404)
    return err_set(e, ERR_NOT_FOUND, "There is no rollout 404.");
  call->topic = arena_printf(call->arena, "rollout:%d", (int)q->id);
  return ERR_NONE;
}

static enum err_code toy_resume(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)e;
  const struct id_request *q = in;
  struct rollout_ref *reply = out;
  kit.handled++;
  call->audit_target = "rollout";
  reply->rollout = q->id;
  reply->title = "again";
  return ERR_NONE;
}

static enum err_code toy_none(struct http_call *call, const void *in, void *out, struct err *e)
{
  (void)in, (void)out;
  return err_set(e, ERR_CONFLICT, "%s has no toy", call->row->name);
}

static http_handler *handlers[OP_COUNT_];

static void bind_handlers(void)
{
  for (int i = 0; i < OP_COUNT_; i++)
    handlers[i] = toy_none;
  handlers[OP_HEALTHZ] = toy_healthz;
  handlers[OP_STOP] = toy_stop;
  handlers[OP_SESSION_CREATE] = toy_sign_in;
  handlers[OP_SESSION_DELETE] = toy_sign_out;
  handlers[OP_SESSION_SHOW] = toy_session;
  handlers[OP_OPENAPI] = toy_openapi;
  handlers[OP_NODE_HOST_KEY] = toy_host_key;
  handlers[OP_CERT_INSPECT] = toy_inspect;
  handlers[OP_CERT_LIST] = toy_cert_list;
  handlers[OP_EVENTS] = toy_events;
  handlers[OP_ROLLOUT_EVENTS] = toy_rollout_events;
  handlers[OP_ROLLOUT_RESUME] = toy_resume;
}

void kit_start(const struct http_config *from)
{
  struct http_config c = from ? *from : (struct http_config){ 0 };
  struct err e = { 0 };
  kit = (struct kit){ .generation = 1 };
  strcpy(kit.folder, "/tmp/opsd-http-XXXXXX");
  assert_non_null(mkdtemp(kit.folder));
  snprintf(kit.socket_path, sizeof kit.socket_path, "%s/opsd.sock", kit.folder);
  kit.pool = pool_new("test", 4);
  bind_handlers();
  c.socket_path = kit.socket_path;
  c.pool = kit.pool;
  c.handlers = handlers;
  c.hooks.authenticate = authenticate;
  c.hooks.audit = audit;
  c.hooks.generation = generation;
  if (http_start(&c, &kit.server, &e))
    fail_msg("%s", e.text);
  kit.https = http_https_port(kit.server);
  kit.http = http_http_port(kit.server);
  if (!c.plain)
    kit_serve("first", "ecdsa", true);
}

void kit_stop(void)
{
  http_stop(kit.server, 5000);
  pool_free(kit.pool);
  assert_int_equal(rmdir(kit.folder), 0); /* the socket is gone */
}

static gnutls_x509_privkey_t key_make(const char *kind)
{
  gnutls_x509_privkey_t key;
  gnutls_x509_privkey_init(&key);
  gnutls_pk_algorithm_t pk = strcmp(kind, "rsa") == 0 ? GNUTLS_PK_RSA
                             : strcmp(kind, "ed25519") == 0 ? GNUTLS_PK_EDDSA_ED25519 : GNUTLS_PK_ECDSA;
  unsigned bits = pk == GNUTLS_PK_RSA ? 2048
                  : pk == GNUTLS_PK_EDDSA_ED25519 ? 256
                  : strcmp(kind, "ecdsa384") == 0 ? GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1)
                  : strcmp(kind, "ecdsa521") == 0 ? GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP521R1)
                                                  : GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
  assert_int_equal(gnutls_x509_privkey_generate(key, pk, bits, 0), 0);
  return key;
}

void kit_pair(const char *name, const char *kind, const char **chain_pem, const char **key_pem)
{
  static char certificate[4096], text[4096];
  size_t certificate_size = sizeof certificate, text_size = sizeof text;
  gnutls_x509_privkey_t key = key_make(kind);
  gnutls_x509_crt_t crt;
  gnutls_x509_crt_init(&crt);
  gnutls_x509_crt_set_version(crt, 3);
  gnutls_x509_crt_set_serial(crt, "\x01\x02", 2);
  gnutls_x509_crt_set_activation_time(crt, time(NULL) - 60);
  gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 3600);
  gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name));
  gnutls_x509_crt_set_key(crt, key);
  gnutls_digest_algorithm_t digest = strcmp(kind, "ed25519") == 0 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256;
  assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, digest, 0), 0);
  assert_int_equal(gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, certificate, &certificate_size), 0);
  const unsigned plain = GNUTLS_PKCS_PLAIN;
  assert_int_equal(gnutls_x509_privkey_export_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, plain, text, &text_size), 0);
  gnutls_x509_crt_deinit(crt);
  gnutls_x509_privkey_deinit(key);
  *chain_pem = certificate;
  *key_pem = text;
}

void kit_serve(const char *name, const char *key, bool self_signed)
{
  const char *chain_pem, *key_pem;
  struct err e = { 0 };
  kit_pair(name, key, &chain_pem, &key_pem);
  if (http_set_certificate(kit.server, chain_pem, key_pem, self_signed, &e))
    fail_msg("%s", e.text);
}

static void peer_connect(struct peer *p, int port, unsigned flags)
{
  in_port_t at = htons((uint16_t)port);
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = at, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = at, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  bool v6 = flags & PEER_IPV6;
  *p = (struct peer){ .fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
  struct timeval ten = { 10, 0 };
  setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &ten, sizeof ten);
  setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &ten, sizeof ten);
  if (connect(p->fd, v6 ? (struct sockaddr *)&six : (struct sockaddr *)&four, v6 ? sizeof six : sizeof four))
    fail_msg("cannot connect to port %d: %s", port, strerror(errno));
}

static void peer_learn(struct peer *p)
{
  unsigned count;
  const gnutls_datum_t *der = gnutls_certificate_get_peers(p->tls, &count);
  gnutls_x509_crt_t crt;
  size_t size = sizeof p->name;
  p->resumed = gnutls_session_is_resumed(p->tls);
  if (!der || p->resumed)
    return;
  gnutls_x509_crt_init(&crt);
  assert_int_equal(gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER), 0);
  gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, p->name, &size);
  gnutls_x509_crt_deinit(crt);
}

bool peer_open_session(struct peer *p, int port, unsigned flags, const gnutls_datum_t *session)
{
  peer_connect(p, port, flags);
  if (flags & (PEER_PLAIN | PEER_NO_HANDSHAKE))
    return true;
  gnutls_init(&p->tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
  gnutls_certificate_allocate_credentials(&p->credentials);
  gnutls_credentials_set(p->tls, GNUTLS_CRD_CERTIFICATE, p->credentials);
  gnutls_priority_set_direct(p->tls, flags & PEER_TLS12 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2" : "NORMAL", NULL);
  gnutls_session_ticket_enable_client(p->tls);
  gnutls_transport_set_int(p->tls, p->fd);
  if (session)
    gnutls_session_set_data(p->tls, session->data, session->size);
  int rc;
  do
    rc = gnutls_handshake(p->tls);
  while (rc == GNUTLS_E_INTERRUPTED || rc == GNUTLS_E_WARNING_ALERT_RECEIVED);
  if (rc)
    return false;
  peer_learn(p);
  return true;
}

void peer_open(struct peer *p, int port, unsigned flags)
{
  assert_true(peer_open_session(p, port, flags, NULL));
}

void peer_open_local(struct peer *p, const char *path)
{
  struct sockaddr_un at = { .sun_family = AF_UNIX };
  snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
  *p = (struct peer){ .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };
  assert_int_equal(connect(p->fd, (struct sockaddr *)&at, sizeof at), 0);
}

void peer_close(struct peer *p)
{
  if (p->tls) {
    gnutls_bye(p->tls, GNUTLS_SHUT_WR);
    gnutls_deinit(p->tls);
    gnutls_certificate_free_credentials(p->credentials);
  }
  close(p->fd);
  buf_free(&p->got);
}

void peer_send(struct peer *p, const char *data, size_t len)
{
  while (len) {
    ssize_t n = p->tls ? gnutls_record_send(p->tls, data, len) : send(p->fd, data, len, MSG_NOSIGNAL);
    if (p->tls && (n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_AGAIN))
      continue;
    if (n <= 0)
      return; /* the server may have closed on purpose */
    data += n;
    len -= (size_t)n;
  }
}

void peer_say(struct peer *p, const char *fmt, ...)
{
  AUTO_BUF struct buf text = BUF_INIT;
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&text, fmt, ap);
  va_end(ap);
  peer_send(p, text.data, text.len);
}

/* One more read; false at the end, an error, or after ten seconds of nothing. */
static bool peer_more(struct peer *p)
{
  char part[16384];
  ssize_t n;
  struct timeval patience;
  socklen_t size = sizeof patience;
  getsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, &size);
  int64_t end = clock_monotonic_ms() + patience.tv_sec * 1000 + patience.tv_usec / 1000;
  do /* GNUTLS_E_AGAIN: a session ticket came, or nothing in time */
    n = p->tls ? gnutls_record_recv(p->tls, part, sizeof part) : recv(p->fd, part, sizeof part, 0);
  while (p->tls && (n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_AGAIN) && clock_monotonic_ms() < end);
  if (n <= 0) {
    p->ended = p->tls ? n != GNUTLS_E_AGAIN : n == 0 || errno != EAGAIN;
    return false;
  }
  buf_add(&p->got, part, (size_t)n);
  return true;
}

static void peer_take(struct peer *p, size_t len)
{
  memmove(p->got.data, p->got.data + len, p->got.len - len);
  p->got.len -= len;
  p->got.data[p->got.len] = '\0';
}

bool peer_read_until(struct peer *p, const char *text)
{
  for (;;) {
    const char *at = strstr(buf_cstr(&p->got), text);
    if (at) {
      peer_take(p, (size_t)(at - p->got.data) + strlen(text));
      return true;
    }
    if (!peer_more(p))
      return false;
  }
}

bool peer_ends(struct peer *p, int ms)
{
  int64_t end = clock_monotonic_ms() + ms;
  struct timeval some = { ms / 1000, ms % 1000 * 1000 };
  setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &some, sizeof some);
  while (!p->ended && clock_monotonic_ms() < end)
    peer_more(p);
  return p->ended;
}

const char *answer_header(const struct answer *a, const char *name)
{
  static char value[1024];
  char line[128];
  snprintf(line, sizeof line, "\r\n%s:", name);
  const char *at = strcasestr(a->head, line);
  if (!at)
    return "";
  at += strlen(line);
  at += strspn(at, " ");
  snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\r"), at);
  return value;
}

bool peer_read_head(struct peer *p, struct answer *a)
{
  const char *end;
  memset(a, 0, sizeof *a);
  while (!(end = strstr(buf_cstr(&p->got), "\r\n\r\n")))
    if (!peer_more(p))
      return false;
  size_t len = (size_t)(end - p->got.data) + 4;
  assert_true(len < sizeof a->head);
  memcpy(a->head, p->got.data, len);
  peer_take(p, len);
  assert_int_equal(sscanf(a->head, "HTTP/1.1 %d", &a->status), 1);
  return true;
}

static bool read_bytes(struct peer *p, struct answer *a, size_t len)
{
  while (p->got.len < len)
    if (!peer_more(p))
      return false;
  assert_true(a->body_len + len < sizeof a->body);
  memcpy(a->body + a->body_len, buf_cstr(&p->got), len);
  a->body_len += len;
  a->body[a->body_len] = '\0';
  peer_take(p, len);
  return true;
}

bool peer_read(struct peer *p, struct answer *a)
{
  if (!peer_read_head(p, a))
    return false;
  if (a->status == 304 || a->status == 204)
    return true;
  if (strcasecmp(answer_header(a, "Transfer-Encoding"), "chunked") != 0) {
    size_t len = (size_t)atol(answer_header(a, "Content-Length"));
    return len == 0 || read_bytes(p, a, len);
  }
  for (size_t len = 1; len;) {
    while (!strstr(buf_cstr(&p->got), "\r\n"))
      if (!peer_more(p))
        return false;
    len = strtoul(p->got.data, NULL, 16);
    peer_take(p, strcspn(p->got.data, "\r") + 2);
    if (!read_bytes(p, a, len + 2))
      return false;
    a->body_len -= 2;
    a->body[a->body_len] = '\0';
  }
  return true;
}

void ask(struct answer *a, const char *method, const char *path, const char *head, const char *body)
{
  struct peer p;
  peer_open(&p, kit.https, 0);
  peer_say(&p, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\n%s", method, path, kit.https, head);
  if (body)
    peer_say(&p, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
  else
    peer_say(&p, "\r\n");
  if (strcmp(method, "HEAD") == 0)
    assert_true(peer_read_head(&p, a));
  else
    assert_true(peer_read(&p, a));
  peer_close(&p);
}
