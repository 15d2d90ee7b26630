/* `opsd serve` or a command: who is called decides. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "serve/serve.h"

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "serve") == 0)
    return serve_main(argc, argv);
  return cli_main(argc, argv);
}
