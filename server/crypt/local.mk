# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/crypt/base64.c server/crypt/crypt.h \
  server/crypt/digest.c \
  server/crypt/master_key.c \
  server/crypt/random.c \
  server/crypt/seal.c
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/crypt_digest_test tests/unit/crypt_seal_test
TESTS += tests/unit/crypt_digest_test tests/unit/crypt_seal_test
tests_unit_crypt_digest_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_crypt_digest_test_LDADD = $(UNIT_LIBS)
tests_unit_crypt_digest_test_SOURCES = tests/unit/crypt_digest_test.c
tests_unit_crypt_seal_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_crypt_seal_test_LDADD = $(UNIT_LIBS)
tests_unit_crypt_seal_test_SOURCES = tests/unit/crypt_seal_test.c
endif
