/* The browser's part, from memory. */
#ifndef OPSD_HTTP_STATIC_H
#define OPSD_HTTP_STATIC_H

#include "http/server.h"

struct statics *statics_new(const struct http_asset *assets, size_t count);
void statics_free(struct statics *s);

/* The file of exactly this path (`len` bytes of it); "/" is the page. NULL: none. */
const struct http_asset *statics_find(const struct statics *s, const char *path, size_t len);

/* The page itself, for addresses that it handles in the browser. NULL while there is no browser's part. */
const struct http_asset *statics_page(const struct statics *s);

/* Whether a path that names no file and no endpoint is one of the page's own addresses: not the API's, and without a
 * dot. */
bool statics_is_page_path(const struct target *t);

enum MHD_Result statics_send(struct request *r);

#endif
