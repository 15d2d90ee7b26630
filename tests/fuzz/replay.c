/* Runs a fuzz target over every file of the folders given: `make check` replays what the
 * fuzzers found worth keeping. One TAP line a folder. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int replay_folder(const char *folder)
{
  DIR *d = opendir(folder);
  int count = 0;
  for (struct dirent *entry; d && (entry = readdir(d));) {
    if (entry->d_name[0] == '.')
      continue;
    AUTO_BUF struct buf b = BUF_INIT;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    struct err e = { 0 };
    if (file_read(path, 64 << 20, &b, &e)) {
      printf("# %s\n", e.text);
      continue;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)buf_cstr(&b), b.len);
    count++;
  }
  if (d)
    closedir(d);
  return count;
}

int main(int argc, char **argv)
{
  /* without arguments (make check): $srcdir/tests/fuzz/corpus/NAME for the program NAME_replay */
  char folder[4096];
  const char *srcdir = getenv("srcdir") ? getenv("srcdir") : ".";
  const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
  snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%.*s", srcdir, (int)(strlen(name) - strlen("_replay")), name);
  const char *only[] = { folder };
  const char *const *folders = argc > 1 ? (const char *const *)argv + 1 : only;
  int n = argc > 1 ? argc - 1 : 1;
  printf("1..%d\n", n);
  for (int i = 0; i < n; i++) {
    int count = replay_folder(folders[i]);
    printf("%s %d - %s: %d inputs\n", count ? "ok" : "not ok", i + 1, folders[i], count);
  }
  return 0;
}
