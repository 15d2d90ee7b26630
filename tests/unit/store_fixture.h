/* What the tests of the store share: a store in a folder of its own, a clock that stands still until moved,
 * certificates that are made up (the store does not parse them). */
#ifndef OPSD_TESTS_STORE_FIXTURE_H
#define OPSD_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "crypt/crypt.h"
#include "store/store.h"

enum { DAY = 86400 };
#define NOW INT64_C(1800000000)

struct fixture {
  char folder[64];
  struct store *store;
  struct arena arena;
  struct err err;
};

extern int64_t fixture_now_s;

int fixture_setup(void **state);
int fixture_teardown(void **state);
void fixture_reopen(struct fixture *f);

#define FINE(call) do { \
    f->err.text[0] = '\0'; \
    if ((call) != ERR_NONE) \
      fail_msg("%s: %s", #call, f->err.text); \
  } while (0)
/* Refused with this code, in a sentence that has this in it, about this field. */
#define REFUSED(call, code_, said, field_) do { \
    f->err = (struct err){ 0 }; \
    assert_int_equal((call), (code_)); \
    assert_int_equal(f->err.code, (code_)); \
    if (!strstr(f->err.text, (said))) fail_msg("%s said: %s", #call, f->err.text); \
    assert_string_equal(f->err.field, (field_)); \
  } while (0)

/* Certificate number n: its fingerprint and serial come of n alone. */
struct certificate_detail fixture_cert(struct arena *a, int n);
int64_t fixture_add_cert(struct fixture *f, const struct certificate_detail *d, const char *key);
int64_t fixture_add_cluster(struct fixture *f, const char *name, const char *flavour);
struct node fixture_node(int64_t cluster_id, const char *name);
int64_t fixture_add_node(struct fixture *f, int64_t cluster_id, const char *name);

#endif
