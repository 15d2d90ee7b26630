libopsd_a_SOURCES += \
  server/model/certificate.h server/model/fleet.h server/model/people.h \
  server/model/word.c server/model/word.h
