#include "http/policy.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "http/conn.h"
#include "http/router.h"
#include "http/static.h"

static bool takes_gzip(const char *accept)
{
  const char *at = strcasestr(accept, "gzip");
  if (!at)
    return false;
  at += strlen("gzip");
  at += strspn(at, " \t");
  if (*at != ';')
    return true;
  const char *q = strcasestr(at, "q=");
  return !q || strcspn(at, ",") < (size_t)(q - at) || q[2 + strspn(q + 2, "0.")] > '0';
}

/* libmicrohttpd takes "Content-Length : 2" as a header of another name, where a proxy in front may take it as the
 * length, and makes one name of "Transfer-Encoding:" and its folded line " chunked". */
static bool name_is_readable(const char *name)
{
  /* RFC 9110, 5.6.2 */
  static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
  static const char *const framing[] = { "Content-Length", "Transfer-Encoding", "Host" };
  for (size_t i = 0; i < sizeof framing / sizeof framing[0]; i++)
    if (strncasecmp(name, framing[i], strlen(framing[i])) == 0)
      return !name[strlen(framing[i])];
  return *name && !name[strspn(name, chars)];
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
  (void)kind;
  struct head *h = cls;
  if (!value)
    value = "";
  if (!name_is_readable(name))
    h->unreadable = true;
  if (strcasecmp(name, "Host") == 0)
    h->host = value, h->hosts++;
  else if (strcasecmp(name, "Origin") == 0)
    h->origin = value;
  else if (strcasecmp(name, "X-Opsd-CSRF") == 0)
    h->csrf = value;
  else if (strcasecmp(name, "Content-Type") == 0)
    h->type = value;
  else if (strcasecmp(name, "Content-Length") == 0)
    h->length = value, h->lengths++;
  else if (strcasecmp(name, "Transfer-Encoding") == 0)
    h->coded = true, h->chunked = strcasecmp(value, "chunked") == 0;
  else if (strcasecmp(name, "Authorization") == 0)
    h->authorization = value;
  else if (strcasecmp(name, "If-None-Match") == 0)
    h->if_none_match = value;
  else if (strcasecmp(name, "X-Forwarded-For") == 0)
    h->forwarded_for = value;
  else if (strcasecmp(name, "Accept-Encoding") == 0)
    h->accepts_gzip = takes_gzip(value);
  else if (strcasecmp(name, "Expect") == 0)
    h->expects_continue = strcasecmp(value, "100-continue") == 0;
  return MHD_YES;
}

/* The last address, which is the one that the proxy itself saw; before it stands what the client claims. */
static const char *forwarded_address(struct request *r)
{
  const char *list = r->head.forwarded_for, *comma = list ? strrchr(list, ',') : NULL;
  struct in6_addr any;
  if (!list)
    return r->conn->address;
  const char *last = comma ? comma + 1 : list;
  last += strspn(last, " \t");
  const char *text = arena_strndup(&r->arena, last, strcspn(last, " \t"));
  return inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1 ? text : r->conn->address;
}

void policy_read_head(struct request *r)
{
  MHD_get_connection_values(r->mhd, MHD_HEADER_KIND, on_header, &r->head);
  const struct head *h = &r->head;
  enum listener_kind kind = r->conn->listener->kind;
  r->has_body = h->coded || (h->length && !str_eq(h->length, "0"));
  r->call.host_header = h->host;
  r->call.local = kind == LISTENER_LOCAL;
  r->call.from = kind == LISTENER_PLAIN && r->server->config.trust_forwarded ? forwarded_address(r) : r->conn->address;
  r->call.cookie = MHD_lookup_connection_value(r->mhd, MHD_COOKIE_KIND, "__Host-opsd");
  if (!r->call.cookie && kind == LISTENER_PLAIN)
    r->call.cookie = MHD_lookup_connection_value(r->mhd, MHD_COOKIE_KIND, "opsd");
  if (h->authorization && strncasecmp(h->authorization, "Bearer ", 7) == 0)
    r->call.bearer = h->authorization + 7 + strspn(h->authorization + 7, " ");
}

bool policy_host_valid(const char *host)
{
  static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";
  const char *open = strchr(host, '['), *close = strchr(host, ']');
  if (open ? open != host || strrchr(host, '[') != open || !close || strrchr(host, ']') != close : close != NULL)
    return false;
  return *host && strlen(host) <= 255 && !host[strspn(host, chars)];
}

/* Two programs that read the length of a body, or whom it is for, in two ways can be played against each other. */
static enum err_code check_readable(const struct request *r, struct err *e)
{
  const struct head *h = &r->head;
  if (h->hosts != 1 || !policy_host_valid(h->host))
    return err_set(e, ERR_MALFORMED, "The request needs one Host header with a host's name or address.");
  if (h->unreadable)
    return err_set(e, ERR_MALFORMED, "The request has a header whose name is no name: a blank before its colon?");
  if (h->coded && (!h->chunked || h->lengths))
    return err_set(e, ERR_MALFORMED, "The body must be chunked or have a Content-Length: not both, no other coding.");
  if (h->lengths > 1)
    return err_set(e, ERR_MALFORMED, "The request has more than one Content-Length.");
  return ERR_NONE;
}

static bool is_get(const char *method) { return str_eq(method, "GET") || str_eq(method, "HEAD"); }

static enum err_code use_asset(struct request *r, const struct http_asset *a, const char *method, struct err *e)
{
  if (is_get(method)) {
    r->asset = a;
    return ERR_NONE;
  }
  strcpy(r->allow, "GET, HEAD");
  return err_set(e, ERR_METHOD, "A file is only read: the methods are %s.", r->allow);
}

static enum err_code find(struct request *r, const char *method, struct err *e)
{
  const char *text = r->conn->target;
  const struct statics *files = r->server->statics;
  const struct http_asset *a = statics_find(files, text, strcspn(text, "?"));
  if (a)
    return use_asset(r, a, method, e);
  TRY(target_parse(text, &r->arena, &r->target, e));
  enum err_code rc = router_find(method, &r->target, &r->route, r->allow, e);
  if (rc == ERR_NONE)
    r->row = r->call.row = r->route->row;
  a = rc == ERR_NOT_FOUND && statics_is_page_path(&r->target) ? statics_page(files) : NULL;
  return a ? use_asset(r, a, method, e) : rc;
}

static enum err_code check_authenticated(struct request *r, struct err *e)
{
  bool open = r->row->flags & CONTRACT_OPEN;
  r->peer_uid = conn_peer_uid(r->conn);
  enum err_code rc = r->server->config.hooks.authenticate(&r->call, r->peer_uid, e);
  if (rc == ERR_UNAUTHENTICATED && open)
    rc = ERR_NONE; /* a dead token does not keep anybody from signing in */
  if (rc)
    r->call.who = (struct principal){ .role = ROLE_NONE };
  TRY(rc);
  if (r->call.who.role == ROLE_NONE && !open)
    return err_set(e, ERR_UNAUTHENTICATED, "Sign in first, or send a token.");
  return ERR_NONE;
}

static bool origin_is_ours(const struct request *r)
{
  const char *origin = r->head.origin;
  for (const char *const *o = r->server->config.allowed_origins; o && *o; o++)
    if (strcasecmp(*o, origin) == 0)
      return true;
  bool tls = strncasecmp(origin, "https://", 8) == 0, plain = strncasecmp(origin, "http://", 7) == 0;
  if (r->conn->listener->kind == LISTENER_TLS)
    plain = false;
  return (tls || plain) && strcasecmp(origin + (tls ? 8 : 7), r->head.host) == 0;
}

/* Another site's page can make a browser send our cookie, or sign it in as somebody else; it cannot add a header
 * of its own without being asked about, nor choose its Origin. */
static enum err_code check_csrf(const struct request *r, struct err *e)
{
  if (!(r->row->flags & CONTRACT_WRITE))
    return ERR_NONE;
  if (!r->call.who.by_session && !(r->row->flags & CONTRACT_OPEN && r->head.origin))
    return ERR_NONE;
  if (!str_eq(r->head.csrf, "1"))
    return err_set(e, ERR_FORBIDDEN, "A write from a browser needs the header X-Opsd-CSRF: 1.");
  if (!r->head.origin || !origin_is_ours(r))
    return err_set(e, ERR_FORBIDDEN,
                   "The Origin %.100s is not this console's own; a proxy's belongs into allowed_origins.",
                   r->head.origin ? r->head.origin : "(none)");
  return ERR_NONE;
}

static enum err_code check_allowed(const struct request *r, struct err *e)
{
  if (r->row->flags & CONTRACT_LOCAL && !r->call.local)
    return err_set(e, ERR_FORBIDDEN, "This is taken over the local socket only, on the host itself.");
  if (r->call.who.role < r->row->role)
    return err_set(e, ERR_FORBIDDEN, "This takes the role %s; yours is %s.", role_word(r->row->role),
                   role_word(r->call.who.role));
  return check_csrf(r, e);
}

static bool is_json(const char *type)
{
  size_t len = strlen("application/json");
  return type && strncasecmp(type, "application/json", len) == 0 && (!type[len] || strchr("; \t", type[len]));
}

static enum err_code check_body(const struct request *r, struct err *e)
{
  int64_t length = 0;
  if (!r->has_body)
    return ERR_NONE;
  if (r->row->body_max == 0)
    return err_set(e, ERR_TOO_LARGE, "This takes no body.");
  if (r->head.length && (!int_parse(r->head.length, 0, INT64_MAX, &length) || (uint64_t)length > r->row->body_max))
    return err_set(e, ERR_TOO_LARGE, "The body is larger than the %zu bytes that are taken here.", r->row->body_max);
  if (!is_json(r->head.type))
    return err_set(e, ERR_MEDIA_TYPE, "The body must be application/json.");
  return ERR_NONE;
}

enum err_code policy_check(struct request *r, const char *method, struct err *e)
{
  TRY(check_readable(r, e));
  r->head_only = str_eq(method, "HEAD");
  TRY(find(r, method, e));
  if (!r->row)
    return ERR_NONE;
  TRY(check_authenticated(r, e));
  TRY(check_allowed(r, e));
  return check_body(r, e);
}
