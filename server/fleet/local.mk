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
check_PROGRAMS += tests/unit/fleet_select_test
TESTS += tests/unit/fleet_select_test
tests_unit_fleet_select_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_fleet_select_test_LDADD = $(UNIT_LIBS)
tests_unit_fleet_select_test_SOURCES = tests/unit/fleet_select_test.c
endif
