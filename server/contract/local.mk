libopsd_a_SOURCES += \
  server/contract/contract.h server/contract/operation.h \
  server/contract/requests.h server/contract/replies.h \
  server/contract/fields.h server/contract/reply_fields.h \
  server/contract/replies.c server/contract/requests.c server/contract/rows.c server/contract/shapes.c
