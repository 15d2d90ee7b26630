/* Of inspection, for the findings. */
#ifndef OPSD_PKI_INSPECT_H
#define OPSD_PKI_INSPECT_H

#include <stdint.h>

/* Whole days until an instant; negative as soon as it has passed. */
int64_t inspect_days_left(int64_t not_after_s, int64_t now_s);

#endif
