# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/auth/auth.h server/auth/inside.h \
  server/auth/password.c server/auth/session.c server/auth/setup.c \
  server/auth/throttle.c server/auth/token.c
