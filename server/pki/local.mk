# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/pki/console.c \
  server/pki/der.c server/pki/der.h \
  server/pki/extension.c server/pki/extension.h \
  server/pki/findings.c \
  server/pki/inspect.c server/pki/inspect.h \
  server/pki/key.c server/pki/key.h \
  server/pki/key_use.c \
  server/pki/legacy.c server/pki/legacy.h \
  server/pki/libcrypto.h server/pki/verify.c \
  server/pki/match.c \
  server/pki/name.c server/pki/name.h \
  server/pki/oid.c server/pki/oid.h \
  server/pki/order.c \
  server/pki/pem.c server/pki/pem.h \
  server/pki/pki.h \
  server/pki/read.c server/pki/read.h \
  server/pki/rules.h server/pki/rules_chain.c server/pki/rules_leaf.c \
  server/pki/san.c server/pki/san.h \
  server/pki/sec1.c server/pki/sec1.h \
  server/pki/self_signed.c \
  server/pki/x509.c server/pki/x509.h
if HAVE_CMOCKA
PKI_TESTS = tests/unit/pki_console_test tests/unit/pki_der_test tests/unit/pki_findings_test tests/unit/pki_inspect_test \
  tests/unit/pki_key_test tests/unit/pki_name_test tests/unit/pki_read_test tests/unit/pki_verify_test
PKI_MATERIAL = tests/unit/pki_material.c tests/unit/pki_material.h tests/unit/pki_odd.c tests/unit/pki_odd.h
check_PROGRAMS += $(PKI_TESTS)
TESTS += $(PKI_TESTS)
tests_unit_pki_console_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_console_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_console_test_SOURCES = tests/unit/pki_console_test.c $(PKI_MATERIAL)
tests_unit_pki_der_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_der_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_der_test_SOURCES = tests/unit/pki_der_test.c
tests_unit_pki_findings_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_findings_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_findings_test_SOURCES = tests/unit/pki_findings_test.c $(PKI_MATERIAL)
tests_unit_pki_inspect_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_inspect_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_inspect_test_SOURCES = tests/unit/pki_inspect_test.c $(PKI_MATERIAL)
tests_unit_pki_key_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_key_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_key_test_SOURCES = tests/unit/pki_key_test.c $(PKI_MATERIAL)
tests_unit_pki_name_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_name_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_name_test_SOURCES = tests/unit/pki_name_test.c $(PKI_MATERIAL)
tests_unit_pki_read_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_read_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_read_test_SOURCES = tests/unit/pki_read_test.c $(PKI_MATERIAL)
tests_unit_pki_verify_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_pki_verify_test_LDADD = $(UNIT_LIBS)
tests_unit_pki_verify_test_SOURCES = tests/unit/pki_verify_test.c $(PKI_MATERIAL)
endif

check_PROGRAMS += tests/fuzz/key_replay tests/fuzz/pem_replay
TESTS += tests/fuzz/key_replay tests/fuzz/pem_replay
tests_fuzz_key_replay_SOURCES = tests/fuzz/key_fuzz.c tests/fuzz/replay.c
tests_fuzz_key_replay_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_pem_replay_SOURCES = tests/fuzz/pem_fuzz.c tests/fuzz/replay.c
tests_fuzz_pem_replay_LDADD = libopsd.a $(OPSD_LIBS)
if FUZZING
noinst_PROGRAMS += tests/fuzz/key_fuzz tests/fuzz/pem_fuzz
tests_fuzz_key_fuzz_SOURCES = tests/fuzz/key_fuzz.c
tests_fuzz_key_fuzz_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_key_fuzz_LDFLAGS = $(OPSD_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_pem_fuzz_SOURCES = tests/fuzz/pem_fuzz.c
tests_fuzz_pem_fuzz_LDADD = libopsd.a $(OPSD_LIBS)
tests_fuzz_pem_fuzz_LDFLAGS = $(OPSD_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/corpus/key tests/fuzz/corpus/pem
