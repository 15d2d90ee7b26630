/* `opsd serve` or a command: who is called decides. */
#include <stdbool.h>
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

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "serve") == 0 && !asks_for_help(argc, argv))
    return serve_main(argc, argv);
  return cli_main(argc, argv);
}
