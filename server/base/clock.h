/* Time. Instants are int64 seconds UTC inside and RFC 3339 at the border; durations name
 * their unit. The wall clock can be replaced, so that a test does not wait for January. */
#ifndef OPSD_BASE_CLOCK_H
#define OPSD_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define TIME_NONE INT64_MIN /* no instant: never, unknown; null in JSON, NULL in SQL */

int64_t clock_now_s(void);         /* wall clock; what certificates and audit rows use */
int64_t clock_now_ms(void);        /* wall clock, for journals */
int64_t clock_monotonic_ms(void);  /* for deadlines; never set back */

/* Tests only: a fixed function in the place of time(2); NULL restores it. */
void clock_replace(int64_t (*now_s)(void));

enum { CLOCK_RFC3339_SIZE = 32 };
/* "2026-11-22T14:50:00Z"; years 0000 to 9999 (what lies outside is clamped). */
void clock_format(int64_t at_s, char out[CLOCK_RFC3339_SIZE]);
char *clock_format_arena(struct arena *a, int64_t at_s);
bool clock_parse(const char *rfc3339, int64_t *at_s); /* Z or ±hh:mm, fractions dropped */

#endif
