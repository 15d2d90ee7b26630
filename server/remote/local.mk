# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/remote/connect.c server/remote/connect.h \
  server/remote/exec_link.c \
  server/remote/exec_local.c \
  server/remote/file.c \
  server/remote/gate.c server/remote/gate.h \
  server/remote/generation.c \
  server/remote/inside.h \
  server/remote/key.c \
  server/remote/link.c server/remote/link.h \
  server/remote/remote.c server/remote/remote.h \
  server/remote/script.c server/remote/script.h \
  server/remote/scripts.h \
  server/remote/tunnel.c

# what runs on the hosts
remote_scripts = \
  server/remote/sh/common.sh \
  server/remote/sh/detached.sh \
  server/remote/sh/flip_back.sh \
  server/remote/sh/folder.sh \
  server/remote/sh/install.sh \
  server/remote/sh/list_cnf.sh \
  server/remote/sh/read.sh \
  server/remote/sh/replace.sh
EXTRA_DIST += $(remote_scripts) server/remote/sh/embed.awk

server/remote/scripts.c: $(remote_scripts) server/remote/sh/embed.awk
	@$(MKDIR_P) server/remote
	$(AM_V_GEN)(cd $(srcdir) && $(AWK) -f server/remote/sh/embed.awk $(remote_scripts)) > $@.tmp && mv $@.tmp $@
nodist_libopsd_a_SOURCES += server/remote/scripts.c
CLEANFILES += server/remote/scripts.c

if HAVE_CMOCKA
remote_fixture = tests/unit/remote_fixture.c tests/unit/remote_fixture.h
remote_tests = tests/unit/remote_generation_test tests/unit/remote_run_test tests/unit/remote_torture_test \
  tests/unit/remote_tunnel_test
check_PROGRAMS += $(remote_tests)
TESTS += $(remote_tests)
tests_unit_remote_generation_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_remote_generation_test_LDADD = $(UNIT_LIBS)
tests_unit_remote_generation_test_SOURCES = tests/unit/remote_generation_test.c $(remote_fixture)
tests_unit_remote_run_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_remote_run_test_LDADD = $(UNIT_LIBS)
tests_unit_remote_run_test_SOURCES = tests/unit/remote_run_test.c $(remote_fixture)
tests_unit_remote_torture_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_remote_torture_test_LDADD = $(UNIT_LIBS)
tests_unit_remote_torture_test_SOURCES = tests/unit/remote_torture_test.c $(remote_fixture)
tests_unit_remote_tunnel_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_remote_tunnel_test_LDADD = $(UNIT_LIBS)
tests_unit_remote_tunnel_test_SOURCES = tests/unit/remote_tunnel_test.c $(remote_fixture)
endif
