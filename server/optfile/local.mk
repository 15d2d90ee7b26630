# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/optfile/edit.c \
  server/optfile/line.c server/optfile/line.h \
  server/optfile/optfile.h \
  server/optfile/provider.c \
  server/optfile/read.c \
  server/optfile/secret.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/optfile_judge_test tests/unit/optfile_edit_test
TESTS += tests/unit/optfile_judge_test tests/unit/optfile_edit_test
tests_unit_optfile_judge_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_optfile_judge_test_LDADD = $(UNIT_LIBS)
tests_unit_optfile_judge_test_SOURCES = tests/unit/optfile_judge_test.c
tests_unit_optfile_edit_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_optfile_edit_test_LDADD = $(UNIT_LIBS)
tests_unit_optfile_edit_test_SOURCES = tests/unit/optfile_edit_test.c
endif

check_PROGRAMS += tests/fuzz/optfile_replay
TESTS += tests/fuzz/optfile_replay
tests_fuzz_optfile_replay_SOURCES = tests/fuzz/optfile_fuzz.c tests/fuzz/replay.c
tests_fuzz_optfile_replay_LDADD = libopsd.a $(OPSD_LIBS)
if FUZZING
noinst_PROGRAMS += tests/fuzz/optfile_fuzz
tests_fuzz_optfile_fuzz_SOURCES = tests/fuzz/optfile_fuzz.c
tests_fuzz_optfile_fuzz_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_optfile_fuzz_LDFLAGS = $(OPSD_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/corpus/optfile
