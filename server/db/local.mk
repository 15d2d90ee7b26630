# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/db/conn.c server/db/db.c server/db/db.h \
  server/db/error.c server/db/inside.h \
  server/db/migrate.c server/db/statement.c
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/db_test
TESTS += tests/unit/db_test
tests_unit_db_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_db_test_LDADD = $(UNIT_LIBS)
tests_unit_db_test_SOURCES = tests/unit/db_test.c
endif
