#include <assert.h>
#include <mysql.h>
#include <errmsg.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "wire/door.h"
#include "wire/io.h"
#include "wire/wire.h"

enum { ROWS_MAX = 10000, PACKET_MAX = 16 << 20 };

struct wire_sql {
  wire_sql_fn fn;
  void *ctx;
  MYSQL *mysql; /* NULL: fn does it all */
  struct door *door;
};

static void library_init(void)
{
  if (mysql_library_init(0, NULL, NULL))
    abort();
}

void wire_sql_close(struct wire_sql *s)
{
  if (!s)
    return;
  if (s->mysql)
    mysql_close(s->mysql);
  door_close(s->door);
  free(s);
}

static enum err_code sql_error(MYSQL *m, struct err *e)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  const char *text = mysql_error(m);
  unsigned code = mysql_errno(m);
  bool gone = code >= CR_MIN_ERROR && code <= CR_MAX_ERROR;
  return err_set(e, gone ? ERR_UNREACHABLE : ERR_REMOTE, "%s (error %u)",
                 wire_clean_text(&a, (const uint8_t *)text, strlen(text)), code);
}

/* The columns of all rows as text, copied into the arena. */
static enum err_code rows_copy(MYSQL *m, MYSQL_RES *res, struct arena *a, struct wire_rows *out, struct err *e)
{
  size_t columns = mysql_num_fields(res), rows = 0, room = 16;
  const char **cell = arena_alloc_n(a, room * columns, sizeof *cell);
  for (MYSQL_ROW row; (row = mysql_fetch_row(res)); rows++) {
    if (rows == ROWS_MAX)
      return err_set(e, ERR_TOO_LARGE, "the server sends more than %d rows", ROWS_MAX);
    if (rows == room) {
      const char **more = arena_alloc_n(a, (room *= 2) * columns, sizeof *more);
      cell = memcpy(more, cell, rows * columns * sizeof *cell);
    }
    for (size_t c = 0; c < columns; c++)
      cell[rows * columns + c] = arena_strdup(a, row[c]);
  }
  if (mysql_errno(m))
    return sql_error(m, e);
  *out = (struct wire_rows){ cell, rows, columns };
  return ERR_NONE;
}

static void result_cleanup(MYSQL_RES **res)
{
  if (*res)
    mysql_free_result(*res);
}

static enum err_code query_library(void *ctx, const char *sql, struct arena *a, struct wire_rows *out, struct err *e)
{
  MYSQL *m = ctx;
  if (mysql_real_query(m, sql, strlen(sql)))
    return sql_error(m, e);
  CLEANUP(result_cleanup) MYSQL_RES *res = mysql_use_result(m);
  if (res)
    return rows_copy(m, res, a, out, e);
  if (mysql_errno(m))
    return sql_error(m, e);
  *out = (struct wire_rows){ 0 };
  return ERR_NONE;
}

/* No file of this machine is ever sent (LOCAL INFILE), and no password in the clear (mysql_clear_password, dialog): the
 * server is not verified. */
static void set_options(MYSQL *m, const struct door *door, int timeout_ms)
{
  static const char plugins[] = "mysql_native_password,caching_sha2_password,client_ed25519";
  unsigned seconds = (unsigned)(timeout_ms + 999) / 1000, zero = 0, protocol = MYSQL_PROTOCOL_TCP;
  unsigned long packet = PACKET_MAX;
  my_bool off = 0;
  mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options(m, MYSQL_OPT_READ_TIMEOUT, &seconds);
  mysql_options(m, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
  mysql_options(m, MYSQL_OPT_LOCAL_INFILE, &zero);
  mysql_options(m, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_options(m, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
  mysql_options(m, MYSQL_OPT_BIND, door_source(door));
  mysql_options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &off);
  mysql_options(m, MARIADB_OPT_RESTRICTED_AUTH, plugins);
  mysql_ssl_set(m, NULL, NULL, NULL, NULL, NULL);
}

enum err_code wire_sql_open(int fd, const char *user, const char *password, int timeout_ms, struct wire_sql **out,
                            struct err *e)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, library_init);
  AUTO_DOOR struct door *door = NULL;
  TRY(door_open(fd, timeout_ms, &door, e));
  AUTO_WIRE_SQL struct wire_sql *s = wire_sql_through(query_library, NULL);
  s->ctx = s->mysql = mysql_init(NULL);
  if (!s->mysql)
    abort();
  set_options(s->mysql, door, timeout_ms);
  s->door = take_ptr(door);
  if (!mysql_real_connect(s->mysql, "127.0.0.1", user, password ? password : "", NULL, (unsigned)door_port(s->door),
                          NULL, 0))
    return sql_error(s->mysql, e);
  *out = take_ptr(s);
  return ERR_NONE;
}

struct wire_sql *wire_sql_through(wire_sql_fn fn, void *ctx)
{
  struct wire_sql *s = calloc(1, sizeof *s);
  if (!s)
    abort();
  s->fn = fn;
  s->ctx = ctx;
  return s;
}

enum err_code wire_sql_query(struct wire_sql *s, const char *sql, struct arena *a, struct wire_rows *out, struct err *e)
{
  return s->fn(s->ctx, sql, a, out, e);
}

/* LIKE takes "_" for any character, so the names that come back are compared. */
static enum err_code show(struct wire_sql *s, const char *what, const char *name, struct arena *a, const char **value,
                          struct err *e)
{
  assert(strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name));
  struct wire_rows rows;
  TRY(wire_sql_query(s, arena_printf(a, "SHOW GLOBAL %s LIKE '%s'", what, name), a, &rows, e));
  *value = NULL;
  for (size_t r = 0; r < rows.rows && rows.columns == 2; r++)
    if (rows.cell[r * 2] && strcasecmp(rows.cell[r * 2], name) == 0)
      *value = rows.cell[r * 2 + 1];
  return ERR_NONE;
}

enum err_code wire_sql_status(struct wire_sql *s, const char *name, struct arena *a, const char **value, struct err *e)
{
  return show(s, "STATUS", name, a, value, e);
}

enum err_code wire_sql_variable(struct wire_sql *s, const char *name, struct arena *a, const char **value,
                                struct err *e)
{
  return show(s, "VARIABLES", name, a, value, e);
}
