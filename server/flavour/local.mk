libopsd_a_SOURCES += \
  server/flavour/flavour.c server/flavour/flavour.h \
  server/flavour/galera.c server/flavour/galera.h \
  server/flavour/mariadb.c \
  server/flavour/mysql.c \
  server/flavour/plain.c server/flavour/plain.h \
  server/flavour/pxc.c \
  server/flavour/singlestore.c
