# sources, headers and unit tests of this room
libopsd_a_SOURCES += \
  server/http/asset.h server/http/http.h
