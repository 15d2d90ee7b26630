libopsd_a_SOURCES += \
  server/api/access.c \
  server/api/api.h \
  server/api/certificates.c \
  server/api/clusters.c \
  server/api/common.c \
  server/api/console.c \
  server/api/handlers.h \
  server/api/node_settings.c server/api/node_settings.h \
  server/api/nodes.c \
  server/api/overview.c \
  server/api/people.c \
  server/api/rollouts.c \
  server/api/session.c \
  server/api/status.c \
  server/api/table.c
