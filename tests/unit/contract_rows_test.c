#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contract/contract.h"
#include "contract/shape_set.h"

static const struct json_field *field_of(const struct json_shape *shape, const char *name, size_t len)
{
  for (const struct json_field *f = shape ? shape->fields : NULL; f && f->kind != JSON_END; f++)
    if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
      return f;
  return NULL;
}

static void test_order_and_names(void **state)
{
  (void)state;
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    assert_int_equal(r->id, i);
    assert_ptr_equal(contract_find(r->name), r);
    if (r->command)
      assert_ptr_equal(contract_find(r->command), r);
    assert_true(r->summary && r->summary[strlen(r->summary) - 1] == '.');
    for (size_t k = 0; k < i; k++)
      assert_false(str_eq(r->method, contract_rows[k].method) && str_eq(r->path, contract_rows[k].path));
  }
  assert_null(contract_find("nothing"));
}

/* certImport for cert-import: an operation's id is its command's name. */
static void test_operation_is_command(void **state)
{
  (void)state;
  for (size_t i = 0; i < contract_row_count; i++) {
    const char *c = contract_rows[i].command, *n = contract_rows[i].name;
    for (; c && *c; c++, n++) {
      if (*c == '-')
        c++, assert_int_equal(*n, toupper((unsigned char)*c));
      else
        assert_int_equal(*n, *c);
    }
    assert_true(!c || *n == '\0');
  }
}

static void test_policy(void **state)
{
  (void)state;
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    bool get = str_eq(r->method, "GET"), write = r->flags & CONTRACT_WRITE;
    assert_true(r->role != ROLE_NONE || (r->flags & CONTRACT_OPEN));
    assert_false(get && write);
    assert_false(get && r->body_max);
    assert_true(get || write || r->id == OP_CERT_INSPECT); /* which keeps nothing */
    assert_false((r->flags & CONTRACT_CACHED) && !get);
    assert_true(r->status >= 200 && r->status < 300);
    assert_int_equal(r->status == 204, !r->out && !(r->flags & (CONTRACT_RAW | CONTRACT_STREAM)));
    assert_true(!contract_has_body(r) || r->body_max > 0);
  }
}

static void test_path_names(void **state)
{
  (void)state;
  for (size_t i = 0; i < contract_row_count; i++) {
    const struct contract_row *r = &contract_rows[i];
    size_t in_path = 0, named = 0;
    for (const char *p = strchr(r->path, '{'); p; p = strchr(p + 1, '{'), named++) {
      const struct json_field *f = field_of(r->in, p + 1, strcspn(p + 1, "}"));
      assert_non_null(f);
      assert_true((f->flags & JSON_IN_PATH) && (f->flags & JSON_REQUIRED));
    }
    for (const struct json_field *f = r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++) {
      in_path += (f->flags & JSON_IN_PATH) != 0;
      assert_true(!(f->flags & JSON_IN_QUERY) || str_eq(r->method, "GET"));
      assert_true(!str_eq(r->method, "GET") || (f->flags & (JSON_IN_PATH | JSON_IN_QUERY)));
    }
    assert_int_equal(in_path, named);
  }
}

static size_t size_of(enum json_kind kind)
{
  switch (kind) {
  case JSON_BOOL: return sizeof(bool);
  case JSON_STRINGS:
  case JSON_OBJECTS: return sizeof(struct str_list);
  default: return 8;
  }
}

static void check_field(const struct shape_use *u, const struct json_field *f)
{
  assert_true(f->name[0] && strspn(f->name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(f->name));
  assert_true(f->doc && f->doc[0] && !strstr(f->doc, "*/"));
  assert_true(f->offset + size_of(f->kind) <= u->shape->size);
  assert_int_equal(f->offset % (f->kind == JSON_BOOL ? 1 : 8), 0);
  assert_int_equal(f->shape != NULL, f->kind == JSON_OBJECT || f->kind == JSON_OBJECTS);
  assert_true(f->kind != JSON_ENUM || f->names);
  assert_true(u->use == JSON_REQUEST || f->kind != JSON_SECRET);
  assert_true(u->use == JSON_REPLY || !(f->flags & JSON_NULLABLE));
  assert_true(u->use == JSON_REQUEST || !(f->flags & ~(unsigned)JSON_NULLABLE));
  for (const struct json_field *g = u->shape->fields; g < f; g++) {
    assert_string_not_equal(g->name, f->name);
    assert_true(g->offset + size_of(g->kind) <= f->offset || f->offset + size_of(f->kind) <= g->offset);
  }
}

static void test_shapes(void **state)
{
  (void)state;
  struct shape_set set;
  shape_set_fill(&set);
  for (size_t i = 0; i < set.count; i++) {
    assert_true(isupper((unsigned char)set.item[i].shape->name[0]));
    for (size_t k = 0; k < i; k++)
      assert_string_not_equal(set.item[i].shape->name, set.item[k].shape->name);
    for (const struct json_field *f = set.item[i].shape->fields; f->kind != JSON_END; f++)
      check_field(&set.item[i], f);
  }
}

/* A row of a list is part of what is shown of one. */
static void test_detail_holds_row(void **state)
{
  (void)state;
  const struct json_shape *list = contract_find("cert-list")->out, *detail = contract_find("cert-show")->out;
  const struct json_shape *row = field_of(list, "items", 5)->shape;
  for (const struct json_field *f = row->fields; f->kind != JSON_END; f++) {
    const struct json_field *same = field_of(detail, f->name, strlen(f->name));
    assert_true(same && same->kind == f->kind && same->offset == f->offset);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order_and_names), cmocka_unit_test(test_operation_is_command), cmocka_unit_test(test_policy),
    cmocka_unit_test(test_path_names), cmocka_unit_test(test_shapes), cmocka_unit_test(test_detail_holds_row),
  };
  return cmocka_run_group_tests_name("contract rows", tests, NULL, NULL);
}
