libopsd_a_SOURCES += \
  server/base/arena.c server/base/arena.h \
  server/base/buf.c server/base/buf.h \
  server/base/cleanup.h \
  server/base/clock.c server/base/clock.h \
  server/base/err.c server/base/err.h \
  server/base/file.c server/base/file.h \
  server/base/log.c server/base/log.h \
  server/base/pool.c server/base/pool.h \
  server/base/str.c server/base/str.h
