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
store_TESTS = tests/unit/store_statement_test \
  tests/unit/store_cert_test \
  tests/unit/store_crash_test \
  tests/unit/store_fleet_test \
  tests/unit/store_people_test \
  tests/unit/store_size_test \
  tests/unit/store_thread_test
check_PROGRAMS += $(store_TESTS)
TESTS += $(store_TESTS)
tests_unit_store_statement_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_statement_test_LDADD = $(UNIT_LIBS)
tests_unit_store_statement_test_SOURCES = tests/unit/store_statement_test.c
tests_unit_store_cert_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_cert_test_LDADD = $(UNIT_LIBS)
tests_unit_store_cert_test_SOURCES = tests/unit/store_cert_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_store_crash_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_crash_test_LDADD = $(UNIT_LIBS)
tests_unit_store_crash_test_SOURCES = tests/unit/store_crash_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_store_fleet_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_fleet_test_LDADD = $(UNIT_LIBS)
tests_unit_store_fleet_test_SOURCES = tests/unit/store_fleet_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_store_people_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_people_test_LDADD = $(UNIT_LIBS)
tests_unit_store_people_test_SOURCES = tests/unit/store_people_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_store_size_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_size_test_LDADD = $(UNIT_LIBS)
tests_unit_store_size_test_SOURCES = tests/unit/store_size_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_store_thread_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_store_thread_test_LDADD = $(UNIT_LIBS)
tests_unit_store_thread_test_SOURCES = tests/unit/store_thread_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
endif
EXTRA_PROGRAMS = tests/bench/store_bench
tests_bench_store_bench_SOURCES = tests/bench/store_bench.c
tests_bench_store_bench_LDADD = libopsd.a $(OPSD_LIBS)
CLEANFILES += tests/bench/store_bench
.PHONY: bench-store
bench-store: $(BUILT_SOURCES) tests/bench/store_bench
	tests/bench/store_bench
