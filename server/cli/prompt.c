#include "cli/prompt.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"

enum { LINE_MAX_LEN = 4096 };

bool prompt_possible(void) { return isatty(STDIN_FILENO) && isatty(STDERR_FILENO); }

/* Byte by byte: stdio would leave what was typed in a buffer that nobody wipes. */
static bool read_line(struct buf *out)
{
  char c;
  while (read(STDIN_FILENO, &c, 1) == 1) {
    if (c == '\n')
      return true;
    if (out->len < LINE_MAX_LEN)
      buf_char(out, c);
  }
  return out->len > 0;
}

bool prompt_yes(const char *question)
{
  AUTO_BUF struct buf line = BUF_INIT;
  fprintf(stderr, "%s [y/N] ", question);
  read_line(&line);
  return strcmp(buf_cstr(&line), "y") == 0 || strcmp(buf_cstr(&line), "yes") == 0;
}

/* Interrupted half-way, the terminal must not stay without its echo: the signals wait. */
static bool read_silently(const char *what, struct buf *out)
{
  struct termios as_was, silent;
  sigset_t hold, before;
  sigemptyset(&hold);
  sigaddset(&hold, SIGINT);
  sigaddset(&hold, SIGTERM);
  sigaddset(&hold, SIGTSTP);
  if (tcgetattr(STDIN_FILENO, &as_was))
    return false;
  silent = as_was;
  silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
  sigprocmask(SIG_BLOCK, &hold, &before);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent); /* before the question: what is typed in answer is not flushed */
  fprintf(stderr, "%.*s: ", (int)strcspn(what, "."), what);
  bool read = read_line(out);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_was);
  fputc('\n', stderr);
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (memchr(buf_cstr(out), as_was.c_cc[VINTR], out->len)) {
    raise(SIGINT);
    return false;
  }
  return read;
}

enum err_code prompt_secret(const char *what, bool again, struct arena *a, const char **out, struct err *e)
{
  AUTO_BUF struct buf once = BUF_INIT;
  AUTO_BUF struct buf twice = BUF_INIT;
  if (!read_silently(what, &once) || once.len == 0)
    return err_set(e, ERR_USAGE, "Nothing was typed: %s", what);
  if (again && (!read_silently("the same again", &twice) || strcmp(once.data, buf_cstr(&twice)) != 0))
    return err_set(e, ERR_USAGE, "The two were not the same");
  *out = arena_strndup(a, once.data, once.len);
  return ERR_NONE;
}
