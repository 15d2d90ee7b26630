# sources, headers and unit tests of this room
json_sources = \
  server/json/conform.c server/json/describe.c server/json/inner.h server/json/json.h \
  server/json/read.c server/json/required.c server/json/text.c server/json/tree.c server/json/tree.h \
  server/json/typescript.c server/json/value.c server/json/write.c
libopsd_a_SOURCES += $(json_sources)
