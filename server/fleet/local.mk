libopsd_a_SOURCES += \
  server/fleet/config.c \
  server/fleet/disk.c \
  server/fleet/findings.c \
  server/fleet/fleet.c server/fleet/fleet.h \
  server/fleet/follow.c \
  server/fleet/galera.c \
  server/fleet/health.c \
  server/fleet/inside.h \
  server/fleet/material.c \
  server/fleet/options.c \
  server/fleet/order.c \
  server/fleet/probe.c \
  server/fleet/process.c \
  server/fleet/push.c \
  server/fleet/reach.c \
  server/fleet/restart.c \
  server/fleet/rollout.c \
  server/fleet/select.c \
  server/fleet/session.c

if HAVE_CMOCKA
fleet_TESTS = tests/unit/fleet_galera_test tests/unit/fleet_select_test tests/unit/fleet_server_test
check_PROGRAMS += $(fleet_TESTS)
TESTS += $(fleet_TESTS)
tests_unit_fleet_galera_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_fleet_galera_test_LDADD = $(UNIT_LIBS)
tests_unit_fleet_galera_test_SOURCES = tests/unit/fleet_galera_test.c tests/unit/fleet_kit.c tests/unit/fleet_kit.h tests/unit/lab.c tests/unit/lab.h
tests_unit_fleet_select_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_fleet_select_test_LDADD = $(UNIT_LIBS)
tests_unit_fleet_select_test_SOURCES = tests/unit/fleet_select_test.c
tests_unit_fleet_server_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_fleet_server_test_LDADD = $(UNIT_LIBS)
tests_unit_fleet_server_test_SOURCES = tests/unit/fleet_server_test.c tests/unit/fleet_kit.c tests/unit/fleet_kit.h tests/unit/lab.c tests/unit/lab.h
endif
