/* `opsd serve` or a command: who is called decides. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "serve/serve.h"

static bool asks_for_help(int argc, char **argv)
{
  for (int i = 2; i < argc; i++)
    if (strcmp(argv[i], "--help") == 0)
      return true;
  return false;
}

/* A stream that was closed (2>&-) would leave its number to the next file or socket, the database's too, and what is meant
 * for a person would be written there. Opened the wrong way round, so that its use fails as it would without. */
static void hold_standard_streams(void)
{
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
      abort();
}

int main(int argc, char **argv)
{
  hold_standard_streams();
  if (argc > 1 && strcmp(argv[1], "serve") == 0 && !asks_for_help(argc, argv))
    return serve_main(argc, argv);
  return cli_main(argc, argv);
}
