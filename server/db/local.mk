# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/db/conn.c server/db/db.c server/db/db.h \
  server/db/error.c server/db/inside.h \
  server/db/migrate.c server/db/statement.c
