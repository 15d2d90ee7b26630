/* What jansson made of a text. Its header stays in tree.c, since its JSON_STRING and
 * JSON_OBJECT are not ours. */
#ifndef OPSD_JSON_TREE_H
#define OPSD_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"

struct json_t; /* jansson's; memory that is wiped when freed */

enum tree_kind { TREE_OBJECT, TREE_LIST, TREE_STRING, TREE_INT, TREE_REAL, TREE_TRUE, TREE_FALSE, TREE_NULL };
enum { TREE_DEPTH_MAX = 16 };

void tree_init(void); /* any number of times */

/* The object or list that the text holds; ERR_MALFORMED with line and column otherwise, ERR_INVALID
 * with its name for a member that is there twice. No text of the body gets into e but that name. */
enum err_code tree_parse(const char *text, size_t len, struct json_t **out, struct err *e);
void tree_free(struct json_t *j);
static inline void tree_cleanup(struct json_t **j) { tree_free(*j); }
#define AUTO_TREE CLEANUP(tree_cleanup)

enum tree_kind tree_kind(const struct json_t *j);
const char *tree_text(const struct json_t *j, size_t *len); /* of a string */
int64_t tree_int(const struct json_t *j);
size_t tree_count(const struct json_t *j);                  /* of a list */
struct json_t *tree_item(const struct json_t *j, size_t i);
struct json_t *tree_member(const struct json_t *j, const char *name); /* NULL: not there */

/* for (void *m = tree_first(j); m; m = tree_next(j, m)) over an object's members, in their order. */
void *tree_first(struct json_t *j);
void *tree_next(struct json_t *j, void *m);
const char *tree_name(void *m);
struct json_t *tree_value(void *m);

bool tree_name_is_plain(const char *name); /* short and without anything odd: may be quoted in a sentence */

#endif
