#include "http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "http/conn.h"
#include "http/request.h"

enum { CONNECTION_MEMORY = 8192, OTHERS_MAX = 100 };

static int real_port(int fd)
{
  struct sockaddr_storage at;
  socklen_t len = sizeof at;
  if (getsockname(fd, (struct sockaddr *)&at, &len))
    return -1;
  bool six = at.ss_family == AF_INET6;
  return ntohs(six ? ((struct sockaddr_in6 *)&at)->sin6_port : ((struct sockaddr_in *)&at)->sin_port);
}

/* -1 with errno when it cannot be had. */
static int bind_tcp(const struct sockaddr *sa, socklen_t len, bool both)
{
  AUTO_CLOSE int fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int yes = 1, only_6 = !both;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
      (sa->sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_6, sizeof only_6)) ||
      bind(fd, sa, len) || listen(fd, SOMAXCONN))
    return -1;
  return take_fd(fd);
}

static int bind_all(int port)
{
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_any };
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = INADDR_ANY };
  int fd = bind_tcp((struct sockaddr *)&six, sizeof six, true);
  if (fd < 0 && errno != EADDRINUSE && errno != EACCES) /* no IPv6 here */
    fd = bind_tcp((struct sockaddr *)&four, sizeof four, false);
  return fd;
}

static void addresses_free(struct addrinfo **a)
{
  if (*a)
    freeaddrinfo(*a);
}

static enum err_code bind_one(const char *address, int port, int *fd, struct err *e)
{
  CLEANUP(addresses_free) struct addrinfo *found = NULL;
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
  char service[8];
  snprintf(service, sizeof service, "%d", port);
  int rc = getaddrinfo(address, service, &hints, &found);
  if (rc)
    return err_set(e, ERR_INVALID, "cannot listen on %s: %s", address, gai_strerror(rc));
  *fd = bind_tcp(found->ai_addr, found->ai_addrlen, false);
  return ERR_NONE;
}

enum err_code listen_tcp(const char *address, int port, int *fd, int *real, struct err *e)
{
  int got = -1;
  if (address)
    TRY(bind_one(address, port, &got, e));
  else
    got = bind_all(port);
  if (got < 0)
    return err_errno(e, errno == EADDRINUSE ? ERR_CONFLICT : ERR_IO, errno, "cannot listen on %s port %d",
                     address ? address : "all addresses,", port);
  *fd = got;
  *real = real_port(got);
  return ERR_NONE;
}

enum err_code listen_local(const char *path, int *out, struct err *e)
{
  struct sockaddr_un at = { .sun_family = AF_UNIX };
  if (strlen(path) >= sizeof at.sun_path)
    return err_set(e, ERR_INVALID, "the local socket's path %s is longer than %zu bytes: choose a shorter state folder",
                   path, sizeof at.sun_path - 1);
  strcpy(at.sun_path, path);
  AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  /* the mode is set before the name exists, so that it never exists with another */
  if (fd < 0 || fchmod(fd, 0600) || (unlink(path) && errno != ENOENT) || bind(fd, (struct sockaddr *)&at, sizeof at) ||
      chmod(path, 0600) || listen(fd, SOMAXCONN))
    return err_errno(e, ERR_IO, errno, "cannot listen on the local socket %s", path);
  *out = take_fd(fd);
  return ERR_NONE;
}

static size_t keep_escapes(void *cls, struct MHD_Connection *mhd, char *text)
{
  (void)cls;
  (void)mhd;
  return strlen(text); /* target.c decodes, after splitting */
}

__attribute__((format(printf, 2, 0))) static void on_log(void *cls, const char *fmt, va_list ap)
{
  (void)cls;
  char line[512];
  vsnprintf(line, sizeof line, fmt, ap);
  line[strcspn(line, "\n")] = '\0';
  log_debug("libmicrohttpd: %s", line);
}

enum err_code listener_start(struct http_server *s, enum listener_kind kind, int fd, int port, struct err *e)
{
  const struct http_config *c = &s->config;
  struct listener *l = &s->listeners[s->listener_count];
  bool main_one = kind == LISTENER_TLS || kind == LISTENER_PLAIN, tls = kind == LISTENER_TLS;
  *l = (struct listener){ .server = s, .kind = kind, .fd = fd, .port = port };
  struct MHD_OptionItem options[16], *o = options;
  *o++ = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL };
  *o++ = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_LIMIT, main_one ? c->connections_max : OTHERS_MAX, NULL };
  *o++ = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_TIMEOUT, c->idle_timeout_s, NULL };
  *o++ = (struct MHD_OptionItem){ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)conn_notify, l };
  *o++ = (struct MHD_OptionItem){ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)request_target, NULL };
  *o++ = (struct MHD_OptionItem){ MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL };
  if (kind != LISTENER_LOCAL)
    *o++ = (struct MHD_OptionItem){ MHD_OPTION_PER_IP_CONNECTION_LIMIT, c->connections_per_address, NULL };
  if (kind != LISTENER_REDIRECT)
    *o++ = (struct MHD_OptionItem){ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)request_completed, l };
  if (main_one && c->threads > 1)
    *o++ = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE, c->threads, NULL };
  if (tls) {
    *o++ = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITY };
    *o++ = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)tls_retrieve };
  }
  *o = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
  /* poll, not epoll, and no MHD_USE_TURBO: README.md, traps 1 and 2 */
  unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  flags |= tls ? MHD_USE_TLS : 0;
  l->daemon = MHD_start_daemon(flags, 0, NULL, NULL, kind == LISTENER_REDIRECT ? redirect_handle : request_handle, l,
                               MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_ARRAY,
                               options, MHD_OPTION_END);
  if (!l->daemon) {
    close(fd);
    return err_errno(e, ERR_INTERNAL, errno, "cannot start to serve port %d", port);
  }
  s->listener_count++;
  return ERR_NONE;
}

void listener_quiet(struct listener *l)
{
  l->fd = MHD_quiesce_daemon(l->daemon);
  shutdown(l->fd, SHUT_RDWR); /* new clients are refused at once instead of waiting in the queue */
}

void listener_stop(struct listener *l)
{
  MHD_stop_daemon(l->daemon);
  close(l->fd);
}
