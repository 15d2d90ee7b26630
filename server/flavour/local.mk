libopsd_a_SOURCES += \
  server/flavour/flavour.c server/flavour/flavour.h \
  server/flavour/galera.c server/flavour/galera.h \
  server/flavour/mariadb.c \
  server/flavour/mysql.c \
  server/flavour/plain.c server/flavour/plain.h \
  server/flavour/pxc.c \
  server/flavour/singlestore.c \
  server/flavour/transfer.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/flavour_table_test
TESTS += tests/unit/flavour_table_test
tests_unit_flavour_table_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_flavour_table_test_LDADD = $(UNIT_LIBS)
tests_unit_flavour_table_test_SOURCES = tests/unit/flavour_table_test.c
endif
