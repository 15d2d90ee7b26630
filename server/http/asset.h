/* The embedded browser part: a table that the build of web/ prints as a C file, one row a
 * file. http serves a row as it stands and compresses nothing at run time. */
#ifndef OPSD_HTTP_ASSET_H
#define OPSD_HTTP_ASSET_H

#include <stdbool.h>
#include <stddef.h>

struct http_asset {
  const char *path;           /* "/index.html", "/assets/app-3f9c1a2b.js": begins with a slash, no query */
  const char *type;           /* whole Content-Type: "text/javascript; charset=utf-8" */
  const char *etag;           /* quoted, strong, of the plain bytes: "\"3f9c1a2b\"" */
  const unsigned char *data;  /* plain bytes */
  size_t size;
  const unsigned char *gzip;  /* the same compressed; NULL where that saves nothing (fonts, PNG) */
  size_t gzip_size;
  bool immutable;             /* the name holds a hash of the content: cached for a year, never asked again */
};

/* Defined by the generated file and handed to http_start by main; in any order, "/index.html" among them. `/` and
 * each path without a dot that is no API path answer /index.html, so that a page's address can be reloaded. */
extern const struct http_asset http_assets[];
extern const size_t http_asset_count;

#endif
