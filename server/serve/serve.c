#include "config.h"

#include "serve/serve.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "api/api.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/file.h"
#include "base/log.h"
#include "json/json.h"

enum { HTTPS_PORT = 9001, HTTP_PORT = 9000, STOP_MS = 30000, RELISTEN_MS = 10000, CHORES_S = 60, WORKERS = 64 };

struct daemon {
  struct serve_options options;
  struct conf conf;
  struct arena arena; /* lives as long as the daemon */
  const char *state;
  int lock;
  struct pool *pool;
  struct api api;
  int https_port, http_port; /* wanted; after the first start the real ones, so that a relisten keeps them */
};

static atomic_int wished = -1; /* enum api_wish, asked for by a request */

static void wish(enum api_wish what)
{
  atomic_store(&wished, (int)what);
  kill(getpid(), SIGUSR1);
}

/* Keys in memory must not reach a disk. The sanitizers need to trace themselves. */
static void forbid_core_dumps(void)
{
  setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
#ifndef __SANITIZE_ADDRESS__
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

static void raise_open_files(void)
{
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max < 65536 ? files.rlim_max : 65536;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

static void notify(const char *state)
{
#ifdef HAVE_SYSTEMD
  sd_notify(0, state);
#else
  (void)state;
#endif
}

static enum err_code lock_state(struct daemon *d, struct err *e)
{
  TRY(file_make_folders(d->state, 0700, e));
  struct stat st;
  if (stat(d->state, &st) || st.st_uid != geteuid())
    return err_set(e, ERR_IO, "The state folder %s is not of the user who starts opsd", d->state);
  if (access(d->state, W_OK))
    return err_set(e, ERR_IO, "The state folder %s is not writable; name another one with --state", d->state);
  if (chmod(d->state, 0700))
    return err_errno(e, ERR_IO, errno, "Cannot close the state folder %s to others", d->state);
  if (file_lock(arena_printf(&d->arena, "%s/lock", d->state), &d->lock, e))
    return err_context(e, "Another opsd has this state folder");
  return ERR_NONE;
}

/* A port given here beats a remembered one, which beats opsd.conf's, which beats the default. */
static enum err_code choose_ports(struct daemon *d, struct err *e)
{
  const char *kept = NULL;
  int64_t remembered = -1;
  TRY(store_setting_get(d->api.store, "https_port", &d->arena, &kept, e));
  if (kept && !int_parse(kept, 1, 65535, &remembered))
    remembered = -1;
  d->https_port = d->options.ssl_port >= 0 ? d->options.ssl_port
    : remembered >= 0                      ? (int)remembered
    : d->conf.ssl_port >= 0                ? d->conf.ssl_port
                                           : HTTPS_PORT;
  d->http_port = d->options.port >= 0 ? d->options.port : d->conf.port >= 0 ? d->conf.port : HTTP_PORT;
  return ERR_NONE;
}

static struct http_config http_settings(struct daemon *d)
{
  return (struct http_config){
    .bind = d->options.bind ? d->options.bind : d->conf.bind,
    .https_port = -1,
    .http_port = -1,
    .threads = d->conf.threads,
    .idle_timeout_s = d->conf.idle_timeout_s,
    .request_timeout_s = d->conf.request_timeout_s,
    .connections_max = d->conf.connections_max,
    .connections_per_address = d->conf.connections_per_address,
    .hsts_max_age_s = d->conf.hsts_max_age_s,
    .allowed_origins = d->conf.allowed_origins,
    .trust_forwarded = d->conf.trust_forwarded,
    .pool = d->pool,
    .handlers = api_handlers,
    .hooks = api_hooks,
    .assets = http_assets,
    .asset_count = http_asset_count,
    .check_replies = getenv("OPSD_CHECK_REPLIES") != NULL,
    .user = &d->api,
  };
}

/* A server of its own, so that a command can follow what ssl-disable and ssl-set-cert do to the other one. */
static enum err_code listen_local(struct daemon *d, struct err *e)
{
  struct http_config c = http_settings(d);
  struct http_server *local;
  c.socket_path = arena_printf(&d->arena, "%s/opsd.sock", d->state);
  TRY(http_start(&c, &local, e));
  pthread_rwlock_wrlock(&d->api.http_lock);
  d->api.local = local;
  pthread_rwlock_unlock(&d->api.http_lock);
  return ERR_NONE;
}

static enum err_code listen_now(struct daemon *d, struct err *e)
{
  struct http_config c = http_settings(d);
  struct http_server *http;
  c.https_port = d->https_port;
  c.http_port = d->http_port;
  c.plain = api_console_is_disabled(&d->api);
  TRY(http_start(&c, &http, e));
  pthread_rwlock_wrlock(&d->api.http_lock);
  d->api.http = http;
  d->api.plain = c.plain;
  pthread_rwlock_unlock(&d->api.http_lock);
  if (http_https_port(http) > 0)
    d->https_port = http_https_port(http);
  if (http_http_port(http) > 0)
    d->http_port = http_http_port(http);
  return ERR_NONE;
}

static void unlisten(struct daemon *d, struct http_server **which, int timeout_ms)
{
  pthread_rwlock_wrlock(&d->api.http_lock);
  struct http_server *http = *which;
  *which = NULL;
  pthread_rwlock_unlock(&d->api.http_lock);
  if (http)
    http_stop(http, timeout_ms);
}

/* As a person would type it into a browser. */
static const char *shown_host(struct daemon *d)
{
  const char *bind = d->options.bind ? d->options.bind : d->conf.bind;
  static char host[HOST_NAME_MAX + 1];
  if (bind && strcmp(bind, "0.0.0.0") != 0 && strcmp(bind, "::") != 0)
    return strchr(bind, ':') ? arena_printf(&d->arena, "[%s]", bind) : bind;
  return gethostname(host, sizeof host - 1) || !*host ? "localhost" : host;
}

/* The link that makes the first administrator: to the terminal, or into a file of mode 0600. */
static enum err_code print_setup_link(struct daemon *d, const char *base, struct err *e)
{
  const char *token;
  TRY(auth_setup_token(d->api.store, &d->arena, &token, e));
  if (!token) {
    unlink(d->api.setup_link_file);
    return ERR_NONE;
  }
  const char *link = arena_printf(&d->arena, "%s/setup#%s\n", base, token);
  if (isatty(STDOUT_FILENO)) {
    printf("setup %s", link);
    return ERR_NONE;
  }
  TRY(file_write_atomic(d->api.setup_link_file, 0600, link, strlen(link), e));
  printf("setup link in %s\n", d->api.setup_link_file);
  return ERR_NONE;
}

static enum err_code print_first_lines(struct daemon *d, const char *fingerprint, bool first, struct err *e)
{
  const char *host = shown_host(d);
  const char *base = d->api.plain ? arena_printf(&d->arena, "http://127.0.0.1:%d", d->http_port)
                                  : arena_printf(&d->arena, "https://%s:%d", host, d->https_port);
  printf("listening %s\n", base);
  if (!d->api.plain && d->http_port > 0)
    printf("redirecting http://%s:%d\n", host, d->http_port);
  if (first)
    printf("fingerprint %s\n", fingerprint);
  enum err_code rc = print_setup_link(d, base, e);
  fflush(stdout);
  return rc;
}

static enum err_code start(struct daemon *d, struct err *e)
{
  const char *fingerprint = NULL;
  bool first = false;
  TRY(lock_state(d, e));
  TRY(store_open(d->state, &d->api.store, e));
  TRY(choose_ports(d, e));
  d->api.state_folder = d->state;
  d->api.setup_link_file = arena_printf(&d->arena, "%s/setup-link", d->state);
  d->pool = pool_new("opsd-worker", WORKERS);
  struct fleet_config fleet = {
    .store = d->api.store, .pool = d->pool, .scratch_folder = arena_printf(&d->arena, "%s/run", d->state),
    .on_rollout = api_on_rollout, .ctx = &d->api,
  };
  TRY(file_make_folders(fleet.scratch_folder, 0700, e));
  TRY(fleet_new(&fleet, &d->api.fleet, e));
  store_listen(d->api.store, api_on_generation, &d->api);
  TRY(listen_now(d, e));
  TRY(api_console_start(&d->api, &d->arena, &fingerprint, &first, e));
  api_console_renew(&d->api); /* after a long rest, before anybody meets what has expired */
  TRY(listen_local(d, e));
  return print_first_lines(d, fingerprint, first, e);
}

static int left_ms(int64_t deadline_ms)
{
  int64_t left = deadline_ms - clock_monotonic_ms();
  return left > 1 ? (int)left : 1;
}

/* One deadline for all: together they must not take longer than TimeoutStopSec of the unit. */
static void stop(struct daemon *d)
{
  int64_t deadline_ms = clock_monotonic_ms() + STOP_MS;
  unlisten(d, &d->api.http, STOP_MS);
  unlisten(d, &d->api.local, left_ms(deadline_ms));
  if (d->api.fleet)
    fleet_free(d->api.fleet, left_ms(deadline_ms));
  pool_free(d->pool);
  if (d->api.store) {
    store_listen(d->api.store, NULL, NULL);
    store_close(d->api.store);
  }
  if (d->lock >= 0)
    close(d->lock);
}

static void chores(struct daemon *d)
{
  struct err e = { 0 };
  api_console_renew(&d->api);
  if (store_session_sweep(d->api.store, clock_now_s(), auth_session_limits.idle_s, &e))
    log_warning("old sessions stay: %s", e.text);
}

static enum err_code relisten(struct daemon *d, struct err *e)
{
  const char *fingerprint;
  bool first;
  unlisten(d, &d->api.http, RELISTEN_MS);
  TRY(listen_now(d, e));
  log_info("listening again, %s TLS", d->api.plain ? "without" : "with");
  return d->api.plain ? ERR_NONE : api_console_start(&d->api, &d->arena, &fingerprint, &first, e);
}

/* True when the daemon shall start again, in place. */
static bool run(struct daemon *d)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR1);
  for (;;) {
    struct err e = { 0 };
    int signal = sigtimedwait(&set, NULL, &(struct timespec){ .tv_sec = CHORES_S });
    if (signal == SIGTERM || signal == SIGINT)
      return false;
    if (signal < 0 && errno == EAGAIN)
      chores(d);
    if (signal != SIGUSR1)
      continue;
    switch (atomic_exchange(&wished, -1)) {
    case API_WISH_STOP: return false;
    case API_WISH_RESTART: return true;
    case API_WISH_RELISTEN:
      if (relisten(d, &e)) {
        log_error("cannot listen again: %s", e.text);
        return true;
      }
      break;
    default: break;
    }
  }
}

/* Where `restart` named another port, without the one of the command line: what is remembered must win this time. */
static void start_again(int argc, char **argv, bool other_port)
{
  char **kept = calloc((size_t)argc + 1, sizeof *kept);
  if (!kept)
    abort();
  for (int i = 0, n = 0; i < argc; i++) {
    if (other_port && strncmp(argv[i], "--ssl-port=", 11) == 0)
      continue;
    if (other_port && strcmp(argv[i], "--ssl-port") == 0)
      i++;
    else
      kept[n++] = argv[i];
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execv("/proc/self/exe", kept);
  log_error("cannot start again: %s", strerror(errno));
}

static int fail(struct daemon *d, const struct err *e)
{
  fprintf(stderr, "opsd: %s\n", e->text);
  stop(d);
  arena_free(&d->arena);
  return err_code_exit(e->code) ? err_code_exit(e->code) : 1;
}

static void block_signals(void)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL); /* before any thread: they all inherit it */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is an error of that write, as a full disk is */
}

int serve_main(int argc, char **argv)
{
  struct err e = { 0 };
  struct daemon d = { .lock = -1 };
  forbid_core_dumps();
  umask(077);
  if (serve_read_arguments(argc, argv, &d.options, &e) || conf_load(d.options.config, &d.arena, &d.conf, &e))
    return fail(&d, &e);
  raise_open_files();
  block_signals();
  json_init();
  auth_session_limits = (struct auth_session_limits){ d.conf.session_h * INT64_C(3600), d.conf.session_idle_min * 60 };
  log_set_level((enum log_level)d.conf.log_level);
  d.state = d.options.state ? d.options.state : serve_default_state(&d.arena);
  d.api.version = PACKAGE_VERSION;
  d.api.started_s = clock_now_s();
  d.api.hsts_max_age_s = d.conf.hsts_max_age_s;
  d.api.own_uid = geteuid();
  d.api.wish = wish;
  pthread_rwlock_init(&d.api.http_lock, NULL);
  if (start(&d, &e))
    return fail(&d, &e);
  notify("READY=1");
  bool again = run(&d);
  notify(again ? "RELOADING=1" : "STOPPING=1");
  stop(&d);
  if (again)
    start_again(argc, argv, d.api.other_port);
  arena_free(&d.arena);
  return again ? 1 : 0;
}
