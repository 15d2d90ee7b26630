/* Server-sent events: connections that stay suspended until http_publish has something for
 * them. A suspended connection is not polled and costs its memory alone. */
#ifndef OPSD_HTTP_STREAM_H
#define OPSD_HTTP_STREAM_H

#include "http/server.h"

enum { STREAM_PENDING_MAX = 256 << 10 };

/* Registers r as a stream before its handler runs, so that nothing published meanwhile is lost. ERR_UNAVAILABLE while
 * stopping. */
enum err_code stream_open(struct request *r, struct err *e);

/* After the handler said the topic: what came meanwhile and the first event are ready to be sent. */
void stream_begin(struct request *r);

/* A response that goes on until the stream ends. The caller's. */
struct MHD_Response *stream_response(struct request *r);

/* The request is over. Does nothing when it is no stream. */
void stream_close(struct request *r);

/* The keeper: a heartbeat for whoever is due, if the principal behind it is still one. */
void stream_beat_all(struct http_server *s, int64_t now_ms);

void stream_end_all(struct http_server *s);

#endif
