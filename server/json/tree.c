#include "json/tree.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* jansson frees without telling the size, so each block carries its own in front. */
enum { HEAD = 16 };
_Static_assert(HEAD >= sizeof(size_t) && HEAD % _Alignof(max_align_t) == 0, "what follows the head stays aligned");

static void *wiping_alloc(size_t size)
{
  if (size > SIZE_MAX - HEAD)
    return NULL;
  char *block = malloc(HEAD + size);
  if (!block)
    abort();
  memcpy(block, &size, sizeof size);
  return block + HEAD;
}

static void wiping_free(void *data)
{
  if (!data)
    return;
  char *block = (char *)data - HEAD;
  size_t size;
  memcpy(&size, block, sizeof size);
  explicit_bzero(block, HEAD + size);
  free(block);
}

static void init_once(void)
{
  json_set_alloc_funcs(wiping_alloc, wiping_free);
  json_object_seed(0); /* from the system's random source, before there are threads to race for it */
}

void tree_init(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, init_once);
}

/* jansson would go 2048 deep; no body of ours needs more than a few levels. */
static enum err_code check_depth(const char *text, size_t len, struct err *e)
{
  int depth = 0, line = 1;
  bool in_string = false;
  for (size_t i = 0; i < len; i++) {
    char c = text[i];
    if (c == '\n')
      line++;
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if ((c == '{' || c == '[') && ++depth > TREE_DEPTH_MAX) {
      return err_set(e, ERR_MALFORMED, "line %d: the JSON is nested deeper than %d levels", line, TREE_DEPTH_MAX);
    } else if (c == '}' || c == ']') {
      depth--;
    }
  }
  return ERR_NONE;
}

/* jansson's own texts quote the body, where a password may stand; ours do not. */
static const char *syntax_sentence(enum json_error_code code)
{
  switch (code) {
  case json_error_premature_end_of_input: return "the JSON ends too early";
  case json_error_end_of_input_expected: return "something follows the end of the JSON";
  case json_error_invalid_utf8: return "the text is not UTF-8";
  case json_error_null_character:
  case json_error_null_byte_in_key: return "\\u0000 is not allowed";
  case json_error_numeric_overflow: return "a number is too large";
  default: return "this is not JSON";
  }
}

bool tree_name_is_plain(const char *name)
{
  size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  return n > 0 && n <= 40 && name[n] == '\0';
}

/* `end` is the offset right behind the key's closing quote. */
static enum err_code refuse_duplicate(const char *text, size_t end, const json_error_t *je, struct err *e)
{
  char name[42] = "";
  size_t start = end - 1;
  while (start > 0 && text[start - 1] != '"' && end - start < sizeof name)
    start--;
  memcpy(name, text + start, end - 1 - start);
  if (!tree_name_is_plain(name))
    snprintf(name, sizeof name, "(unknown)");
  return err_field(e, name, "line %d column %d: the member %s is there twice", je->line, je->column, name);
}

enum err_code tree_parse(const char *text, size_t len, json_t **out, struct err *e)
{
  tree_init();
  TRY(check_depth(text, len, e));
  json_error_t je;
  json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);
  if (j) {
    *out = j;
    return ERR_NONE;
  }
  enum json_error_code code = json_error_code(&je);
  if (code == json_error_duplicate_key && je.position > 1 && (size_t)je.position <= len)
    return refuse_duplicate(text, (size_t)je.position, &je, e);
  return err_set(e, ERR_MALFORMED, "line %d column %d: %s", je.line, je.column, syntax_sentence(code));
}

void tree_free(struct json_t *j) { json_decref(j); }

enum tree_kind tree_kind(const struct json_t *j)
{
  switch (json_typeof(j)) {
  case JSON_OBJECT: return TREE_OBJECT;
  case JSON_ARRAY: return TREE_LIST;
  case JSON_STRING: return TREE_STRING;
  case JSON_INTEGER: return TREE_INT;
  case JSON_REAL: return TREE_REAL;
  case JSON_TRUE: return TREE_TRUE;
  case JSON_FALSE: return TREE_FALSE;
  case JSON_NULL: break;
  }
  return TREE_NULL;
}

const char *tree_text(const struct json_t *j, size_t *len)
{
  *len = json_string_length(j);
  return json_string_value(j);
}

int64_t tree_int(const struct json_t *j) { return json_integer_value(j); }
size_t tree_count(const struct json_t *j) { return json_array_size(j); }
struct json_t *tree_item(const struct json_t *j, size_t i) { return json_array_get(j, i); }
struct json_t *tree_member(const struct json_t *j, const char *name) { return json_object_get(j, name); }
void *tree_first(struct json_t *j) { return json_object_iter(j); }
void *tree_next(struct json_t *j, void *m) { return json_object_iter_next(j, m); }
const char *tree_name(void *m) { return json_object_iter_key(m); }
struct json_t *tree_value(void *m) { return json_object_iter_value(m); }
