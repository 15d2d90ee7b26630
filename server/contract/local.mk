# sources, headers and unit tests of this room
contract_sources = \
  server/contract/contract.h server/contract/operation.h \
  server/contract/requests.h server/contract/replies.h \
  server/contract/fields.h server/contract/reply_fields.h server/contract/shape_set.h \
  server/contract/list.c server/contract/openapi.c server/contract/replies.c server/contract/requests.c \
  server/contract/rows.c server/contract/shape_set.c server/contract/shapes.c server/contract/typescript.c
libopsd_a_SOURCES += $(contract_sources)

# Printed before the pages are built, so it cannot wait for libopsd.a, which holds them.
noinst_PROGRAMS += contract-print
contract_print_SOURCES = server/contract/print.c $(contract_sources) $(json_sources) \
  server/base/arena.c server/base/buf.c server/base/clock.c server/base/err.c server/base/str.c server/model/word.c
contract_print_LDADD = $(JANSSON_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/contract_print_test tests/unit/contract_rows_test
TESTS += tests/unit/contract_print_test tests/unit/contract_rows_test
tests_unit_contract_print_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_contract_print_test_LDADD = $(UNIT_LIBS)
tests_unit_contract_print_test_SOURCES = tests/unit/contract_print_test.c
tests_unit_contract_rows_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_contract_rows_test_LDADD = $(UNIT_LIBS)
tests_unit_contract_rows_test_SOURCES = tests/unit/contract_rows_test.c
endif
