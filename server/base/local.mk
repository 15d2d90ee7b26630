libopsd_a_SOURCES += \
  server/base/arena.c server/base/arena.h \
  server/base/buf.c server/base/buf.h \
  server/base/cleanup.h \
  server/base/clock.c server/base/clock.h \
  server/base/conf.c server/base/conf.h \
  server/base/err.c server/base/err.h \
  server/base/file.c server/base/file.h \
  server/base/log.c server/base/log.h \
  server/base/pool.c server/base/pool.h \
  server/base/str.c server/base/str.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/base_conf_test
TESTS += tests/unit/base_conf_test
tests_unit_base_conf_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_conf_test_LDADD = $(UNIT_LIBS)
tests_unit_base_conf_test_SOURCES = tests/unit/base_conf_test.c
endif
