# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/cli/args.c server/cli/args.h server/cli/cli.h server/cli/client.c server/cli/client.h server/cli/command.h \
  server/cli/commands.c server/cli/completion.c server/cli/events.c server/cli/events.h server/cli/files.c \
  server/cli/files.h server/cli/fill.c server/cli/follow.c server/cli/help.c server/cli/help.h server/cli/list.c \
  server/cli/list.h server/cli/options.c server/cli/prepare.c server/cli/prepare.h server/cli/prompt.c \
  server/cli/prompt.h server/cli/run.c server/cli/run.h server/cli/show.c server/cli/show.h \
  server/cli/show_certificate.c server/cli/table.c server/cli/table.h server/cli/url.c server/cli/url.h

if HAVE_CMOCKA
cli_tests = tests/unit/cli_args_test tests/unit/cli_client_test tests/unit/cli_commands_test tests/unit/cli_table_test
check_PROGRAMS += $(cli_tests)
TESTS += $(cli_tests)
tests_unit_cli_args_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_cli_args_test_LDADD = $(UNIT_LIBS)
tests_unit_cli_args_test_SOURCES = tests/unit/cli_args_test.c
tests_unit_cli_client_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_cli_client_test_LDADD = $(UNIT_LIBS)
tests_unit_cli_client_test_SOURCES = tests/unit/cli_client_test.c
tests_unit_cli_commands_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_cli_commands_test_LDADD = $(UNIT_LIBS)
tests_unit_cli_commands_test_SOURCES = tests/unit/cli_commands_test.c
tests_unit_cli_table_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_cli_table_test_LDADD = $(UNIT_LIBS)
tests_unit_cli_table_test_SOURCES = tests/unit/cli_table_test.c
endif
TESTS += tests/unit/cli_files_test.sh
EXTRA_DIST += tests/unit/cli_files_test.sh
