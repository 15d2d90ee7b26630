#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contract/contract.h"
#include "json/tree.h"

static struct json_t *parse(const struct buf *b)
{
  struct json_t *j = NULL;
  struct err e;
  if (tree_parse(b->data, b->len, &j, &e))
    fail_msg("%s", e.text);
  return j;
}

static const char *text_of(struct json_t *object, const char *name)
{
  size_t len;
  struct json_t *j = tree_member(object, name);
  assert_non_null(j);
  return tree_text(j, &len);
}

static struct json_t *follow(struct json_t *root, const char *ref)
{
  char path[256], *save = NULL;
  assert_true(str_starts(ref, "#/"));
  snprintf(path, sizeof path, "%s", ref + 2);
  for (char *part = strtok_r(path, "/", &save); part && root; part = strtok_r(NULL, "/", &save))
    root = tree_member(root, part);
  return root;
}

static size_t check_references(struct json_t *root, struct json_t *j)
{
  size_t found = 0;
  if (tree_kind(j) == TREE_LIST)
    for (size_t i = 0; i < tree_count(j); i++)
      found += check_references(root, tree_item(j, i));
  if (tree_kind(j) != TREE_OBJECT)
    return found;
  for (void *m = tree_first(j); m; m = tree_next(j, m)) {
    if (str_eq(tree_name(m), "$ref")) {
      size_t len;
      assert_non_null(follow(root, tree_text(tree_value(m), &len)));
      found++;
    }
    found += check_references(root, tree_value(m));
  }
  return found;
}

static void check_operation(struct json_t *root, const struct contract_row *r)
{
  char method[8] = "";
  for (size_t i = 0; r->method[i]; i++)
    method[i] = r->method[i] | 0x20;
  struct json_t *path = tree_member(tree_member(root, "paths"), r->path);
  assert_non_null(path);
  struct json_t *op = tree_member(path, method);
  assert_non_null(op);
  assert_string_equal(text_of(op, "operationId"), r->name);
  assert_string_equal(text_of(op, "x-opsd-role"), role_word(r->role));
  assert_int_equal(tree_member(op, "security") != NULL, (r->flags & CONTRACT_OPEN) != 0);
  assert_int_equal(tree_member(op, "x-opsd-local") != NULL, (r->flags & CONTRACT_LOCAL) != 0);
  struct json_t *parameters = tree_member(op, "parameters");
  size_t outside = 0;
  for (const struct json_field *f = r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++)
    outside += (f->flags & (JSON_IN_PATH | JSON_IN_QUERY)) != 0;
  assert_int_equal(parameters ? tree_count(parameters) : 0, outside);
}

static void test_openapi(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  contract_openapi("1.2.3", &b);
  AUTO_TREE struct json_t *root = parse(&b);
  assert_string_equal(text_of(root, "openapi"), "3.1.0");
  assert_string_equal(text_of(tree_member(root, "info"), "version"), "1.2.3");
  assert_true(check_references(root, root) > contract_row_count);
  for (size_t i = 0; i < contract_row_count; i++)
    check_operation(root, &contract_rows[i]);
}

static void test_openapi_optional_body(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  contract_openapi("1", &b);
  AUTO_TREE struct json_t *root = parse(&b);
  struct json_t *paths = tree_member(root, "paths");
  struct json_t *restart = tree_member(tree_member(paths, "/api/v1/restart"), "post");
  struct json_t *add = tree_member(tree_member(paths, "/api/v1/clusters"), "post");
  struct json_t *forget = tree_member(tree_member(paths, "/api/v1/clusters/{ref}"), "delete");
  assert_int_equal(tree_kind(tree_member(tree_member(restart, "requestBody"), "required")), TREE_FALSE);
  assert_int_equal(tree_kind(tree_member(tree_member(add, "requestBody"), "required")), TREE_TRUE);
  assert_null(tree_member(forget, "requestBody"));
}

static void test_list(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  contract_list(&b);
  AUTO_TREE struct json_t *root = parse(&b);
  struct json_t *operations = tree_member(root, "operations");
  assert_int_equal(tree_count(operations), contract_row_count);
  for (size_t i = 0; i < contract_row_count; i++)
    assert_string_equal(text_of(tree_item(operations, i), "name"), contract_rows[i].name);
}

static void test_typescript(void **state)
{
  (void)state;
  AUTO_BUF struct buf b = BUF_INIT;
  contract_typescript(&b);
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    char line[256];
    snprintf(line, sizeof line, "  %s: { method: \"%s\", path: \"%s\", query: [", r->name, r->method, r->path);
    assert_non_null(strstr(b.data, line));
    snprintf(line, sizeof line, "export interface %s {\n", r->in ? r->in->name : "Operations");
    assert_non_null(strstr(b.data, line));
  }
  assert_non_null(strstr(b.data, "query: [\"limit\", \"after\", \"q\"], role: \"viewer\""));
  assert_non_null(strstr(b.data, "healthz: { method: \"GET\"; path: \"/healthz\"; "
                                 "in: Record<string, never>; out: OkReply };"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_openapi), cmocka_unit_test(test_openapi_optional_body), cmocka_unit_test(test_list),
    cmocka_unit_test(test_typescript),
  };
  return cmocka_run_group_tests_name("contract print", tests, NULL, NULL);
}
