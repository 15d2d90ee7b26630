# sources, headers and unit tests of this room
EXTRA_DIST += server/http/README.md
libopsd_a_SOURCES += \
  server/http/asset.h server/http/http.h server/http/server.h \
  server/http/conn.c server/http/conn.h \
  server/http/handle.c server/http/handle.h \
  server/http/listen.c server/http/listen.h \
  server/http/policy.c server/http/policy.h \
  server/http/redirect.c \
  server/http/reply.c server/http/reply.h \
  server/http/request.c server/http/request.h \
  server/http/router.c server/http/router.h \
  server/http/server.c \
  server/http/slow.c server/http/slow.h \
  server/http/static.c server/http/static.h \
  server/http/stream.c server/http/stream.h \
  server/http/target.c server/http/target.h \
  server/http/tls.c server/http/tls.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/http_policy_test
TESTS += tests/unit/http_policy_test
tests_unit_http_policy_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_http_policy_test_LDADD = $(UNIT_LIBS)
tests_unit_http_policy_test_SOURCES = tests/unit/http_policy_test.c tests/unit/http_kit.c tests/unit/http_kit.h
check_PROGRAMS += tests/unit/http_connection_test
TESTS += tests/unit/http_connection_test
tests_unit_http_connection_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_http_connection_test_LDADD = $(UNIT_LIBS)
tests_unit_http_connection_test_SOURCES = tests/unit/http_connection_test.c tests/unit/http_kit.c tests/unit/http_kit.h
check_PROGRAMS += tests/unit/http_stream_test
TESTS += tests/unit/http_stream_test
tests_unit_http_stream_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_http_stream_test_LDADD = $(UNIT_LIBS)
tests_unit_http_stream_test_SOURCES = tests/unit/http_stream_test.c tests/unit/http_kit.c tests/unit/http_kit.h
check_PROGRAMS += tests/unit/http_plain_test
TESTS += tests/unit/http_plain_test
tests_unit_http_plain_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_http_plain_test_LDADD = $(UNIT_LIBS)
tests_unit_http_plain_test_SOURCES = tests/unit/http_plain_test.c tests/unit/http_kit.c tests/unit/http_kit.h
check_PROGRAMS += tests/unit/http_target_test
TESTS += tests/unit/http_target_test
tests_unit_http_target_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_http_target_test_LDADD = $(UNIT_LIBS)
tests_unit_http_target_test_SOURCES = tests/unit/http_target_test.c
endif

check_PROGRAMS += tests/fuzz/http_path_replay
TESTS += tests/fuzz/http_path_replay
tests_fuzz_http_path_replay_SOURCES = tests/fuzz/http_path_fuzz.c tests/fuzz/replay.c
tests_fuzz_http_path_replay_LDADD = libopsd.a $(OPSD_LIBS)
if FUZZING
noinst_PROGRAMS += tests/fuzz/http_path_fuzz
tests_fuzz_http_path_fuzz_SOURCES = tests/fuzz/http_path_fuzz.c
tests_fuzz_http_path_fuzz_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_http_path_fuzz_LDFLAGS = $(OPSD_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/corpus/http_path
