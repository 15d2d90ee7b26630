#include <string.h>

#include "http/conn.h"
#include "http/policy.h"
#include "http/reply.h"
#include "http/request.h"

/* "[::1]:9000" and "host:9000" without their port. */
static size_t host_length(const char *host)
{
  const char *bracket = strrchr(host, ']');
  const char *colon = strchr(bracket ? bracket : host, ':');
  return colon ? (size_t)(colon - host) : strlen(host);
}

static enum MHD_Result redirect_send(const struct listener *l, struct MHD_Connection *mhd, const char *host)
{
  AUTO_BUF struct buf location = BUF_INIT;
  const char *target = conn_of(mhd)->target;
  int port = http_https_port(l->server);
  buf_printf(&location, "https://%.*s", (int)host_length(host), host);
  if (port != 443)
    buf_printf(&location, ":%d", port);
  buf_str(&location, target[0] == '/' ? target : "/");
  struct MHD_Response *response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(response, "Location", location.data);
  MHD_add_response_header(response, "Connection", "close");
  reply_data_headers(response, l->server, false);
  enum MHD_Result rc = MHD_queue_response(mhd, MHD_HTTP_PERMANENT_REDIRECT, response);
  MHD_destroy_response(response);
  return rc;
}

static enum MHD_Result redirect_refuse(struct MHD_Connection *mhd)
{
  struct MHD_Response *response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(response, "Connection", "close");
  enum MHD_Result rc = MHD_queue_response(mhd, MHD_HTTP_BAD_REQUEST, response);
  MHD_destroy_response(response);
  return rc;
}

enum MHD_Result redirect_handle(void *listener, struct MHD_Connection *mhd, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **context)
{
  (void)url;
  (void)method;
  (void)version;
  (void)data;
  static char seen;
  if (!*context || *size) {
    *context = &seen;
    *size = 0;
    return MHD_YES;
  }
  const char *host = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Host");
  return host && policy_host_valid(host) ? redirect_send(listener, mhd, host) : redirect_refuse(mhd);
}
