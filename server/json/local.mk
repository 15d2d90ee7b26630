# sources, headers and unit tests of this room
json_sources = \
  server/json/conform.c server/json/describe.c server/json/inner.h server/json/json.h \
  server/json/read.c server/json/required.c server/json/text.c server/json/tree.c server/json/tree.h \
  server/json/typescript.c server/json/value.c server/json/write.c
libopsd_a_SOURCES += $(json_sources)

check_PROGRAMS += tests/fuzz/json_replay
TESTS += tests/fuzz/json_replay
tests_fuzz_json_replay_SOURCES = tests/fuzz/json_fuzz.c tests/fuzz/replay.c tests/unit/json_shapes.h
tests_fuzz_json_replay_LDADD = libopsd.a $(OPSD_LIBS)
if FUZZING
noinst_PROGRAMS += tests/fuzz/json_fuzz
tests_fuzz_json_fuzz_SOURCES = tests/fuzz/json_fuzz.c tests/unit/json_shapes.h
tests_fuzz_json_fuzz_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_json_fuzz_LDFLAGS = $(OPSD_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/corpus/json

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/json_read_test tests/unit/json_write_test tests/unit/json_wipe_test
TESTS += tests/unit/json_read_test tests/unit/json_write_test tests/unit/json_wipe_test
tests_unit_json_read_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_json_read_test_LDADD = $(UNIT_LIBS)
tests_unit_json_read_test_SOURCES = tests/unit/json_read_test.c tests/unit/json_shapes.h
tests_unit_json_write_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_json_write_test_LDADD = $(UNIT_LIBS)
tests_unit_json_write_test_SOURCES = tests/unit/json_write_test.c tests/unit/json_shapes.h
tests_unit_json_wipe_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_json_wipe_test_LDADD = $(UNIT_LIBS)
tests_unit_json_wipe_test_SOURCES = tests/unit/json_wipe_test.c tests/unit/json_shapes.h
endif
