/* libmicrohttpd's calls for one request, and the way that they drive it: head, body in pieces, end. */
#ifndef OPSD_HTTP_REQUEST_H
#define OPSD_HTTP_REQUEST_H

#include "http/server.h"

/* For MHD_OPTION_URI_LOG_CALLBACK: keeps the target as it was sent. */
void *request_target(void *cls, const char *target, struct MHD_Connection *mhd);

/* The access handler, and MHD_OPTION_NOTIFY_COMPLETED. */
enum MHD_Result request_handle(void *listener, struct MHD_Connection *mhd, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **context);
void request_completed(void *listener, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode why);

/* The access handler of the HTTP port: sends all to HTTPS. */
enum MHD_Result redirect_handle(void *listener, struct MHD_Connection *mhd, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **context);

#endif
