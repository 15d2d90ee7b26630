/* The person at the terminal. */
#ifndef OPSD_CLI_PROMPT_H
#define OPSD_CLI_PROMPT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

bool prompt_possible(void); /* standard input and standard error are a terminal */

/* "question [y/N] ": only y and yes are a yes. */
bool prompt_yes(const char *question);

/* Without echo; twice and the same where `again`. ERR_USAGE when they differ or nothing comes. */
enum err_code prompt_secret(const char *what, bool again, struct arena *a, const char **out, struct err *e);

#endif
