#include "http/reply.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/str.h"
#include "http/conn.h"
#include "http/handle.h"
#include "http/stream.h"

struct header {
  const char *name, *value;
};

static const struct header of_all[] = {
  { "X-Content-Type-Options", "nosniff" },
  { "X-Frame-Options", "DENY" },
  { "Referrer-Policy", "no-referrer" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
};

static const struct header of_pages[] = {
  { "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
};

static const struct header of_data[] = {
  { "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
};

static void add_headers(struct MHD_Response *response, const struct header *headers, size_t count)
{
  for (size_t i = 0; i < count; i++)
    MHD_add_response_header(response, headers[i].name, headers[i].value);
}

static void add_hsts(struct MHD_Response *response, const struct http_server *s)
{
  char value[48];
  snprintf(value, sizeof value, "max-age=%d", s->config.hsts_max_age_s);
  MHD_add_response_header(response, "Strict-Transport-Security", value);
}

void reply_page_headers(struct MHD_Response *response, const struct http_server *s, bool hsts)
{
  add_headers(response, of_all, COUNT_OF(of_all));
  add_headers(response, of_pages, COUNT_OF(of_pages));
  if (hsts)
    add_hsts(response, s);
}

void reply_data_headers(struct MHD_Response *response, const struct http_server *s, bool hsts)
{
  add_headers(response, of_all, COUNT_OF(of_all));
  add_headers(response, of_data, COUNT_OF(of_data));
  if (hsts)
    add_hsts(response, s);
}

static void free_body(void *cls)
{
  buf_free(cls);
  free(cls);
}

/* Takes body, which may hold a key or a token: wiped when the last byte has left. */
static struct MHD_Response *response_new(struct buf *body)
{
  if (!body->len)
    return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
  struct buf *kept = malloc(sizeof *kept);
  if (!kept)
    abort();
  *kept = *body;
  *body = (struct buf)BUF_INIT;
  return MHD_create_response_from_buffer_with_free_callback_cls(kept->len, kept->data, free_body, kept);
}

/* A browser takes the prefix and Secure over HTTPS only. In plain mode the proxy in front may speak HTTPS with it: its
 * Origin, which browsers send with each write, says so. */
static bool browser_has_tls(const struct request *r)
{
  const char *origin = r->head.origin;
  return r->conn->listener->kind == LISTENER_TLS || (origin && strncasecmp(origin, "https://", 8) == 0);
}

static void add_cookie(const struct request *r, struct MHD_Response *response)
{
  AUTO_BUF struct buf value = BUF_INIT;
  const char *cookie = r->call.set_cookie;
  bool tls = browser_has_tls(r);
  buf_printf(&value, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", tls ? "__Host-opsd" : "opsd", cookie,
             tls ? "; Secure" : "", *cookie ? "" : "; Max-Age=0");
  MHD_add_response_header(response, "Set-Cookie", value.data);
}

static void add_common_headers(const struct request *r, struct MHD_Response *response)
{
  const struct http_server *s = r->server;
  reply_data_headers(response, s, r->conn->listener->kind == LISTENER_TLS && atomic_load(&s->hsts));
  MHD_add_response_header(response, "Cache-Control", "no-store");
  if (atomic_load(&s->stopping))
    MHD_add_response_header(response, "Connection", "close");
}

static void add_api_headers(const struct request *r, struct MHD_Response *response)
{
  add_common_headers(r, response);
  if (r->call.set_cookie)
    add_cookie(r, response);
}

static void add_error_headers(const struct request *r, struct MHD_Response *response)
{
  if (r->error.code == ERR_METHOD)
    MHD_add_response_header(response, "Allow", r->allow);
  if (r->error.code == ERR_UNAUTHENTICATED)
    MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"opsd\"");
  if (r->error.code == ERR_THROTTLED) {
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%" PRId64, r->call.retry_after_s > 0 ? r->call.retry_after_s : 1);
    MHD_add_response_header(response, "Retry-After", seconds);
  }
}

static enum MHD_Result queue(struct request *r, int status, struct MHD_Response *response)
{
  conn_set_deadline(r->conn, r->stream ? 0 : REPLY_TIMEOUT_S);
  enum MHD_Result rc = MHD_queue_response(r->mhd, (unsigned)status, response);
  MHD_destroy_response(response);
  return rc;
}

static void log_failure(const struct request *r, const struct err *error, int status)
{
  enum log_level level = status == 500 ? LOG_LEVEL_ERROR : status == 503 ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING;
  if (status >= 500)
    log_write(level, "request %s: %s answered %d: %s", r->call.request_id, r->row ? r->row->name : "no operation", status,
              error->text);
}

static struct MHD_Response *error_response(const struct request *r, const struct err *error, int status)
{
  AUTO_BUF struct buf body = BUF_INIT;
  log_failure(r, error, status);
  handle_write_error(error, r->call.request_id, &body);
  struct MHD_Response *response = response_new(&body);
  MHD_add_response_header(response, "Content-Type", "application/json");
  return response;
}

static enum MHD_Result send_error(struct request *r)
{
  int status = err_code_status(r->error.code);
  struct MHD_Response *response = error_response(r, &r->error, status);
  add_api_headers(r, response);
  add_error_headers(r, response);
  return queue(r, status, response);
}

enum MHD_Result reply_send_given_up(struct request *r)
{
  struct err error = { 0 };
  err_set(&error, ERR_UNAVAILABLE, "opsd is stopping; what was asked for goes on, but nobody waits for it.");
  struct MHD_Response *response = error_response(r, &error, MHD_HTTP_SERVICE_UNAVAILABLE);
  add_common_headers(r, response);
  return queue(r, MHD_HTTP_SERVICE_UNAVAILABLE, response);
}

enum MHD_Result reply_send(struct request *r)
{
  if (r->error.code)
    return send_error(r);
  bool empty = !r->reply.len;
  struct MHD_Response *response = response_new(&r->reply);
  if (!empty)
    MHD_add_response_header(response, "Content-Type", r->call.raw_type ? r->call.raw_type : "application/json");
  if (r->row->flags & CONTRACT_CACHED)
    MHD_add_response_header(response, "ETag", handle_etag(r));
  add_api_headers(r, response);
  return queue(r, r->row->status, response);
}

enum MHD_Result reply_send_not_modified(struct request *r, const char *etag)
{
  struct buf nothing = BUF_INIT;
  struct MHD_Response *response = response_new(&nothing);
  MHD_add_response_header(response, "ETag", etag);
  add_api_headers(r, response);
  return queue(r, MHD_HTTP_NOT_MODIFIED, response);
}

enum MHD_Result reply_send_stream(struct request *r)
{
  struct MHD_Response *response = stream_response(r);
  MHD_add_response_header(response, "Content-Type", "text/event-stream");
  MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx in front would keep events back */
  add_api_headers(r, response);
  return queue(r, MHD_HTTP_OK, response);
}

void reply_send_raw_error(struct request *r)
{
  AUTO_BUF struct buf body = BUF_INIT;
  AUTO_BUF struct buf text = BUF_INIT;
  handle_write_error(&r->error, r->call.request_id, &body);
  buf_printf(&text,
             "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
             "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s",
             err_code_status(r->error.code), err_code_name(r->error.code), body.len, body.data);
  /* non-blocking, and far less than a socket's buffer: it goes whole or the client is gone */
  if (r->conn->listener->kind == LISTENER_TLS)
    gnutls_record_send(MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session, text.data,
                       text.len);
  else
    send(r->conn->fd, text.data, text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
}
