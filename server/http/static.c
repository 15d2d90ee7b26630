#include "http/static.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "http/conn.h"
#include "http/reply.h"

/* Responses are made when first asked for and shared by all connections from then on. */
enum variant { PLAIN, GZIP, NOT_MODIFIED, PLAIN_HSTS, GZIP_HSTS, NOT_MODIFIED_HSTS, VARIANTS };

struct file {
  const struct http_asset *asset;
  _Atomic(struct MHD_Response *) response[VARIANTS];
};

struct statics {
  pthread_mutex_t mutex; /* of making responses */
  size_t count;
  struct file file[];    /* by path */
};

static int by_path(const void *a, const void *b)
{
  return strcmp(((const struct file *)a)->asset->path, ((const struct file *)b)->asset->path);
}

struct statics *statics_new(const struct http_asset *assets, size_t count)
{
  struct statics *s = calloc(1, sizeof *s + count * sizeof s->file[0]);
  if (!s)
    abort();
  pthread_mutex_init(&s->mutex, NULL);
  s->count = count;
  for (size_t i = 0; i < count; i++)
    s->file[i].asset = &assets[i];
  qsort(s->file, count, sizeof s->file[0], by_path);
  return s;
}

void statics_free(struct statics *s)
{
  if (!s)
    return;
  for (size_t i = 0; i < s->count; i++)
    for (int v = 0; v < VARIANTS; v++)
      if (s->file[i].response[v])
        MHD_destroy_response(s->file[i].response[v]);
  pthread_mutex_destroy(&s->mutex);
  free(s);
}

static struct file *file_find(const struct statics *s, const char *path, size_t len)
{
  size_t low = 0, high = s->count;
  while (low < high) {
    size_t mid = (low + high) / 2;
    const char *name = s->file[mid].asset->path;
    int order = strncmp(path, name, len);
    if (order == 0 && name[len])
      order = -1;
    if (order == 0)
      return (struct file *)&s->file[mid];
    if (order < 0)
      high = mid;
    else
      low = mid + 1;
  }
  return NULL;
}

const struct http_asset *statics_find(const struct statics *s, const char *path, size_t len)
{
  if (len == 1 && path[0] == '/')
    return statics_page(s);
  const struct file *f = file_find(s, path, len);
  return f ? f->asset : NULL;
}

const struct http_asset *statics_page(const struct statics *s)
{
  const struct file *f = file_find(s, "/index.html", strlen("/index.html"));
  return f ? f->asset : NULL;
}

bool statics_is_page_path(const struct target *t)
{
  if (str_eq(t->segment[0], "api"))
    return false;
  for (size_t i = 0; i < t->segment_count; i++)
    if (strchr(t->segment[i], '.'))
      return false;
  return true;
}

static struct MHD_Response *response_make(const struct http_server *s, const struct http_asset *a, enum variant v)
{
  bool hsts = v >= PLAIN_HSTS;
  v %= PLAIN_HSTS;
  const unsigned char *data = v == GZIP ? a->gzip : a->data;
  size_t size = v == GZIP ? a->gzip_size : v == PLAIN ? a->size : 0;
  struct MHD_Response *r = MHD_create_response_from_buffer(size, (void *)data, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(r, "ETag", a->etag);
  MHD_add_response_header(r, "Cache-Control", a->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (a->gzip)
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
  if (v == GZIP)
    MHD_add_response_header(r, "Content-Encoding", "gzip");
  if (v != NOT_MODIFIED)
    MHD_add_response_header(r, "Content-Type", a->type);
  reply_page_headers(r, s, hsts);
  return r;
}

static struct MHD_Response *response_get(const struct http_server *s, struct file *f, enum variant v)
{
  struct MHD_Response *r = f->response[v];
  if (r)
    return r;
  pthread_mutex_lock(&s->statics->mutex);
  r = f->response[v];
  if (!r)
    f->response[v] = r = response_make(s, f->asset, v);
  pthread_mutex_unlock(&s->statics->mutex);
  return r;
}

enum MHD_Result statics_send(struct request *r)
{
  const struct http_asset *a = r->asset;
  const struct http_server *s = r->server;
  struct file *f = file_find(s->statics, a->path, strlen(a->path));
  const char *has = r->head.if_none_match;
  bool same = has && (strstr(has, a->etag) || str_eq(has, "*"));
  enum variant v = same ? NOT_MODIFIED : a->gzip && r->head.accepts_gzip ? GZIP : PLAIN;
  if (r->conn->listener->kind == LISTENER_TLS && atomic_load(&s->hsts))
    v += PLAIN_HSTS;
  conn_set_deadline(r->conn, REPLY_TIMEOUT_S);
  return MHD_queue_response(r->mhd, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response_get(s, f, v));
}
