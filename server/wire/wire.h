/* The MySQL protocol on the wire: a probe by a real handshake, and real SQL. Over any connected
 * socket that it is given, or one of its own. */
#ifndef OPSD_WIRE_WIRE_H
#define OPSD_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model/fleet.h"

/* Connects by TCP (IPv4 or IPv6, name or address), TCP_NODELAY, with a deadline. *fd is the caller's. */
enum err_code wire_connect(const char *host, int port, int timeout_ms, int *fd, struct err *e);

/* The server speaks first; then SSLRequest, TLS without verification (the probe shows, it does not trust), the chain
 * as sent. Fills out (state "tls", "plaintext" when the server has no CLIENT_SSL, "failed" with `error`) and never
 * returns an error of its own: what went wrong is what was seen. fd is consumed. server_name is for SNI (NULL or an
 * IP address: none). The conversation ends with a login as "opsd-probe" that is refused: dropped connections would
 * count toward max_connect_errors, refused ones do not. */
void wire_probe(int fd, const char *server_name, int timeout_ms, struct arena *a, struct probe *out);

/* The greeting alone: is it a MySQL-protocol server, which version (without the "5.5.5-" that MariaDB 10 puts
 * before)? fd is consumed; ended as wire_probe ends. An error packet (too many connections, host blocked) is an
 * error with its text. */
enum err_code wire_greeting(int fd, int timeout_ms, struct arena *a, const char **version, struct err *e);

/* Parses a greeting packet's payload; for the fuzzer and for wire_probe. */
struct wire_greeting_info { const char *version; uint32_t capabilities; uint8_t charset; };
enum err_code wire_greeting_parse(const uint8_t *payload, size_t len, struct arena *a, struct wire_greeting_info *out,
                                  struct err *e);

/* A SQL session through libmariadb over a connected socket (a tunnel, or wire_connect's). TLS is used where the
 * server offers it, without verification. fd is consumed. An account is refused: ERR_REMOTE with the server's words;
 * no answer: ERR_UNREACHABLE. */
struct wire_sql;
enum err_code wire_sql_open(int fd, const char *user, const char *password, int timeout_ms, struct wire_sql **out,
                            struct err *e);
struct wire_rows;
/* The same interface over anything that can run a statement (a client program on the node). ctx is borrowed. */
typedef enum err_code (*wire_sql_fn)(void *ctx, const char *sql, struct arena *a, struct wire_rows *out, struct err *e);
struct wire_sql *wire_sql_through(wire_sql_fn fn, void *ctx);
void wire_sql_close(struct wire_sql *s);
static inline void wire_sql_cleanup(struct wire_sql **s) { wire_sql_close(*s); }
#define AUTO_WIRE_SQL CLEANUP(wire_sql_cleanup)

/* Rows as text; columns of row r at cell[r * columns + c], NULL for SQL NULL. */
struct wire_rows { const char **cell; size_t rows, columns; };
/* One statement. More than 10,000 rows: ERR_TOO_LARGE. */
enum err_code wire_sql_query(struct wire_sql *s, const char *sql, struct arena *a, struct wire_rows *out,
                             struct err *e);
/* SHOW GLOBAL STATUS/VARIABLES LIKE name: its value, or NULL. */
enum err_code wire_sql_status(struct wire_sql *s, const char *name, struct arena *a, const char **value, struct err *e);
enum err_code wire_sql_variable(struct wire_sql *s, const char *name, struct arena *a, const char **value,
                                struct err *e);

#endif
