libopsd_a_SOURCES += \
  server/wire/connect.c \
  server/wire/door.c server/wire/door.h \
  server/wire/greeting.c \
  server/wire/io.c server/wire/io.h \
  server/wire/login.c server/wire/login.h \
  server/wire/probe.c \
  server/wire/sql.c \
  server/wire/tls.c server/wire/tls.h \
  server/wire/wire.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/wire_greeting_test tests/unit/wire_server_test
TESTS += tests/unit/wire_greeting_test tests/unit/wire_server_test
tests_unit_wire_greeting_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_wire_greeting_test_LDADD = $(UNIT_LIBS)
tests_unit_wire_greeting_test_SOURCES = tests/unit/wire_greeting_test.c
tests_unit_wire_server_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_wire_server_test_LDADD = $(UNIT_LIBS)
tests_unit_wire_server_test_SOURCES = tests/unit/wire_server_test.c tests/unit/lab.c tests/unit/lab.h
endif

check_PROGRAMS += tests/fuzz/greeting_replay
TESTS += tests/fuzz/greeting_replay
tests_fuzz_greeting_replay_SOURCES = tests/fuzz/greeting_fuzz.c tests/fuzz/replay.c
tests_fuzz_greeting_replay_LDADD = libopsd.a $(OPSD_LIBS)
if FUZZING
noinst_PROGRAMS += tests/fuzz/greeting_fuzz
tests_fuzz_greeting_fuzz_SOURCES = tests/fuzz/greeting_fuzz.c
tests_fuzz_greeting_fuzz_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_greeting_fuzz_LDFLAGS = $(OPSD_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/corpus/greeting
