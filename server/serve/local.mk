libopsd_a_SOURCES += \
  server/serve/arguments.c \
  server/serve/serve.c server/serve/serve.h
