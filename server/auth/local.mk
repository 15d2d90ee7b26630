# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/auth/auth.h server/auth/inside.h \
  server/auth/password.c server/auth/session.c server/auth/setup.c \
  server/auth/throttle.c server/auth/token.c
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/auth_test
TESTS += tests/unit/auth_test
tests_unit_auth_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_auth_test_LDADD = $(UNIT_LIBS)
tests_unit_auth_test_SOURCES = tests/unit/auth_test.c tests/unit/store_fixture.c tests/unit/store_fixture.h
endif
