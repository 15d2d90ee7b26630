/* The contract as text, for the build and the tests. */
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "contract/contract.h"

int main(int argc, char **argv)
{
  AUTO_BUF struct buf out = BUF_INIT;
  const char *what = argc == 2 ? argv[1] : "";
  if (strcmp(what, "--typescript") == 0) {
    contract_typescript(&out);
  } else if (strcmp(what, "--openapi") == 0) {
    contract_openapi(PACKAGE_VERSION, &out);
  } else if (strcmp(what, "--list") == 0) {
    contract_list(&out);
  } else {
    fprintf(stderr, "usage: contract-print --typescript | --openapi | --list\n");
    return 2;
  }
  return fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : 1;
}
