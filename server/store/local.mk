# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/store/audit.c \
  server/store/cert_list.c server/store/cert_read.c server/store/cert_write.c \
  server/store/cluster.c \
  server/store/cursor.c \
  server/store/inside.h \
  server/store/node_read.c server/store/node_write.c \
  server/store/rollout_read.c server/store/rollout_write.c \
  server/store/search.c \
  server/store/session.c server/store/setting.c \
  server/store/store.c server/store/store.h \
  server/store/throttle.c server/store/token.c server/store/user.c
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/store_statement_test
TESTS += tests/unit/store_statement_test
tests_unit_store_statement_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_statement_test_LDADD = $(UNIT_LIBS)
tests_unit_store_statement_test_SOURCES = tests/unit/store_statement_test.c
endif
