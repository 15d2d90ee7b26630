#include "cli/client.h"

#include <curl/curl.h>
#include <string.h>

#include "cli/events.h"
#include "cli/url.h"
#include "contract/shape_set.h"

enum { CONNECT_TIMEOUT_S = 10, REPLY_MAX = 256 << 20 };

struct client {
  CURL *curl;
  struct curl_slist *headers;
  const char *origin; /* "https://host:9001" */
  const char *where;  /* for sentences: the socket's path or the URL */
  struct arena arena;
  bool local, answered;
};

enum err_code client_socket_path(struct arena *a, const char **out, struct err *e)
{
  const char *given = getenv("OPSD_SOCKET"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  if (given && *given)
    *out = arena_strdup(a, given);
  else if (geteuid() == 0)
    *out = "/var/lib/opsd/opsd.sock";
  else if (state && *state == '/')
    *out = arena_printf(a, "%s/opsd/opsd.sock", state);
  else if (home && *home)
    *out = arena_printf(a, "%s/.local/state/opsd/opsd.sock", home);
  else
    return err_set(e, ERR_USAGE, "HOME is not set: name the daemon's socket with OPSD_SOCKET");
  return ERR_NONE;
}

static void use_common(CURL *curl)
{
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* a node may be called ".." */
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "opsd");
}

static enum err_code use_socket(struct client *c, const char *path, struct err *e)
{
  if (!path)
    TRY(client_socket_path(&c->arena, &path, e));
  c->local = true;
  c->where = arena_strdup(&c->arena, path);
  c->origin = "http://localhost";
  /* curl takes what fits into sun_path and cuts the rest off */
  if (strlen(path) > 107)
    return err_set(e, ERR_USAGE, "The path of the socket is too long for one: %s", path);
  curl_easy_setopt(c->curl, CURLOPT_UNIX_SOCKET_PATH, path);
  curl_easy_setopt(c->curl, CURLOPT_PROXY, "");
  return ERR_NONE;
}

static enum err_code use_url(struct client *c, const struct client_config *config, struct err *e)
{
  bool tls = str_starts(config->url, "https://"), plain = str_starts(config->url, "http://");
  if (!tls && !plain)
    return err_set(e, ERR_USAGE, "The URL must begin with https://: %s", config->url);
  if (plain && !url_is_loopback(config->url))
    return err_set(e, ERR_USAGE, "The token would cross the network in the clear: use https:// for %s", config->url);
  char *origin = arena_strdup(&c->arena, config->url);
  for (size_t n = strlen(origin); n && origin[n - 1] == '/'; n--)
    origin[n - 1] = '\0';
  c->origin = c->where = origin;
  if (plain)
    curl_easy_setopt(c->curl, CURLOPT_PROXY, "");
  if (config->cacert)
    curl_easy_setopt(c->curl, CURLOPT_CAINFO, config->cacert);
  return ERR_NONE;
}

enum err_code client_open(const struct client_config *config, struct client **out, struct err *e)
{
  curl_global_init(CURL_GLOBAL_DEFAULT);
  AUTO_CLIENT struct client *c = calloc(1, sizeof *c);
  if (!c || !(c->curl = curl_easy_init()))
    abort();
  use_common(c->curl);
  TRY(config->url ? use_url(c, config, e) : use_socket(c, config->socket, e));
  c->headers = curl_slist_append(NULL, "Content-Type: application/json");
  c->headers = curl_slist_append(c->headers, "Expect:"); /* no round trip before a body */
  if (config->url && config->token) {
    AUTO_BUF struct buf header = BUF_INIT;
    buf_printf(&header, "Authorization: Bearer %s", config->token);
    c->headers = curl_slist_append(c->headers, buf_cstr(&header));
  }
  *out = take_ptr(c);
  return ERR_NONE;
}

void client_close(struct client *c)
{
  for (struct curl_slist *h = c->headers; h; h = h->next)
    explicit_bzero(h->data, strlen(h->data));
  curl_slist_free_all(c->headers);
  curl_easy_cleanup(c->curl);
  arena_free(&c->arena);
  free(c);
}

bool client_answered(const struct client *c) { return c->answered; }

static size_t take_body(char *data, size_t size, size_t n, void *arg)
{
  struct buf *reply = arg;
  if (size * n > REPLY_MAX - reply->len)
    return 0;
  buf_add(reply, data, size * n);
  return size * n;
}

/* The daemon's own error, in its words. */
static enum err_code refused(long status, const struct buf *reply, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct error_reply r = { 0 };
  struct err bad = { 0 };
  if (json_read_reply(&shape_error_reply, buf_cstr(reply), reply->len, &a, &r, &bad) || !r.error || !r.error->message)
    return err_set(e, ERR_REMOTE, "The answer was status %ld without a reason: is it opsd that listens there?", status);
  if (r.error->field && *r.error->field) {
    err_field(e, r.error->field, "%s", r.error->message);
    e->code = err_code_from_name(r.error->code ? r.error->code : "");
    return e->code;
  }
  return err_set(e, err_code_from_name(r.error->code ? r.error->code : ""), "%s", r.error->message);
}

static enum err_code unreachable(const struct client *c, CURLcode rc, const char *said, struct err *e)
{
  const char *reason = *said ? said : curl_easy_strerror(rc);
  long number = 0;
  curl_easy_getinfo(c->curl, CURLINFO_OS_ERRNO, &number);
  if (c->local)
    return err_errno(e, ERR_UNREACHABLE, (int)number, "No daemon answers at %s (OPSD_SOCKET names another socket)",
                     c->where);
  if (rc == CURLE_PEER_FAILED_VERIFICATION)
    return err_set(e, ERR_UNREACHABLE, "The certificate of %s is not trusted (%s); name its authority, or the "
                   "certificate itself, with OPSD_CACERT", c->where, reason);
  return err_set(e, ERR_UNREACHABLE, "No daemon answers at %s: %s", c->where, reason);
}

static enum err_code perform(struct client *c, struct err *e, long *status, CURLcode *rc)
{
  char said[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, said);
  *status = 0;
  *rc = curl_easy_perform(c->curl);
  curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, NULL);
  curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, status);
  c->answered = *status != 0;
  return *rc && !c->answered ? unreachable(c, *rc, said, e) : ERR_NONE;
}

static void set_request(struct client *c, const struct contract_row *row, const void *in, struct buf *url,
                        struct buf *body)
{
  buf_str(url, c->origin);
  url_write(row, in, url);
  if (contract_has_body(row))
    json_write_request(row->in, in, body);
  curl_easy_setopt(c->curl, CURLOPT_URL, buf_cstr(url));
  curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
  curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
  if (strcmp(row->method, "GET") != 0) {
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, buf_cstr(body));
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
  }
  curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, row->method);
}

enum err_code client_call(struct client *c, const struct contract_row *row, const void *in, struct buf *reply,
                          struct err *e)
{
  AUTO_BUF struct buf url = BUF_INIT;
  AUTO_BUF struct buf body = BUF_INIT;
  long status;
  CURLcode rc;
  set_request(c, row, in, &url, &body);
  curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, reply);
  TRY(perform(c, e, &status, &rc));
  if (status >= 300)
    return refused(status, reply, e);
  if (rc)
    return err_set(e, ERR_REMOTE, "The answer of %s broke off: %s", c->where, curl_easy_strerror(rc));
  return ERR_NONE;
}

struct listener {
  struct client *c;
  struct events events;
  struct buf refusal;
  client_event *on_event;
  void *arg;
  bool stopped;
};

static size_t take_events(char *data, size_t size, size_t n, void *arg)
{
  struct listener *l = arg;
  long status = 0;
  curl_easy_getinfo(l->c->curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    return take_body(data, size, n, &l->refusal);
  l->stopped = !events_feed(&l->events, data, size * n, l->on_event, l->arg);
  return l->stopped ? 0 : size * n;
}

enum err_code client_listen(struct client *c, const struct contract_row *row, const void *in, client_event *on_event,
                            void *arg, struct err *e)
{
  AUTO_BUF struct buf url = BUF_INIT;
  AUTO_BUF struct buf body = BUF_INIT;
  struct listener l = { .c = c, .on_event = on_event, .arg = arg };
  long status;
  CURLcode rc;
  set_request(c, row, in, &url, &body);
  curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_events);
  curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &l);
  enum err_code code = perform(c, e, &status, &rc);
  if (!code && status >= 300)
    code = refused(status, &l.refusal, e);
  else if (!code && !l.stopped)
    code = err_set(e, ERR_UNREACHABLE, "The stream of %s ended", c->where);
  events_free(&l.events);
  buf_free(&l.refusal);
  return code;
}
