#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "serve/serve.h"

static enum err_code port(const char *option, const char *text, int *out, struct err *e)
{
  int64_t value;
  if (!int_parse(text, 0, 65535, &value))
    return err_set(e, ERR_USAGE, "%s takes a port, 0 to 65535 (0 takes a free one), not \"%s\"", option, text);
  *out = (int)value;
  return ERR_NONE;
}

enum err_code serve_read_arguments(int argc, char **argv, struct serve_options *out, struct err *e)
{
  static const struct option options[] = {
    { "state", required_argument, NULL, 's' },    { "config", required_argument, NULL, 'c' },
    { "bind", required_argument, NULL, 'b' },     { "ssl-port", required_argument, NULL, 'S' },
    { "port", required_argument, NULL, 'p' },     { 0 },
  };
  struct serve_options o = { .ssl_port = -1, .port = -1 };
  optind = 2;
  opterr = 0;
  for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    if (optarg && !*optarg) /* "$DIR" of a variable that is not set: the folder it would mean is another's */
      return err_set(e, ERR_USAGE, "%s is empty", argv[optind - 1][0] ? argv[optind - 1] : argv[optind - 2]);
    switch (c) {
    case 's': o.state = optarg; break;
    case 'c': o.config = optarg; break;
    case 'b': o.bind = optarg; break;
    case 'S': TRY(port("--ssl-port", optarg, &o.ssl_port, e)); break;
    case 'p': TRY(port("--port", optarg, &o.port, e)); break;
    default: return err_set(e, ERR_USAGE, "serve does not take %s, or it lacks its value; see opsd help serve", argv[optind - 1]);
    }
  }
  if (optind < argc)
    return err_set(e, ERR_USAGE, "serve takes options alone, not \"%s\"; see opsd help serve", argv[optind]);
  if (o.state && o.state[0] != '/') {
    /* later a restart or a page shows it: it must mean the same everywhere */
    AUTO_FREE char *cwd = getcwd(NULL, 0);
    static char full[4096];
    if (!cwd || (size_t)snprintf(full, sizeof full, "%s/%s", cwd, o.state) >= sizeof full)
      return err_set(e, ERR_USAGE, "--state %s: the path is too long", o.state);
    o.state = full;
  }
  *out = o;
  return ERR_NONE;
}

const char *serve_default_state(struct arena *a)
{
  if (geteuid() == 0)
    return "/var/lib/opsd";
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  if (state && *state == '/')
    return arena_printf(a, "%s/opsd", state);
  return arena_printf(a, "%s/.local/state/opsd", home && *home ? home : "/tmp");
}
