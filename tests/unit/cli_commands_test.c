#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"

static void test_each_row_has_its_command(void **state)
{
  (void)state;
  for (size_t i = 0; i < contract_row_count; i++) {
    if (!contract_rows[i].command)
      continue;
    const struct cli_command *cmd = cli_command_find(contract_rows[i].command);
    if (!cmd)
      fail_msg("no command %s", contract_rows[i].command);
    assert_ptr_equal(cli_command_row(cmd), &contract_rows[i]);
  }
}

static void test_names(void **state)
{
  (void)state;
  assert_null(cli_command_find("nonsense"));
  for (const struct cli_command *a = cli_commands; a->name; a++) {
    assert_non_null(cli_command_find(a->name));
    assert_true(!a->row || cli_command_row(a));
    for (const struct cli_command *b = cli_commands; b < a; b++)
      assert_string_not_equal(a->name, b->name);
  }
  assert_ptr_equal(cli_command_find("superuser-list"), cli_command_find("user-list"));
}

static void check_options(const struct cli_command *cmd)
{
  AUTO_ARENA struct arena a = ARENA_INIT;
  struct cli_options all;
  cli_options_of(cmd, &a, &all);
  for (size_t i = 0; i < all.count; i++) {
    const struct cli_option *o = &all.item[i];
    assert_true(o->name && o->doc && o->kind != CLI_AUTO);
    assert_int_equal(o->value == NULL, o->kind == CLI_FLAG);
    assert_true(!o->field || cli_field_of(cmd, o->field));
    assert_string_not_equal(o->name, "help");
    for (size_t k = 0; k < i; k++) {
      assert_string_not_equal(o->name, all.item[k].name);
      assert_true(!o->letter || o->letter != all.item[k].letter);
    }
  }
}

static void test_options(void **state)
{
  (void)state;
  for (const struct cli_command *c = cli_commands; c->name; c++)
    if (!c->alias)
      check_options(c);
}

/* Every field of a request can be said: as an option, as the operand, or it is filled in. */
static void test_fields_are_reachable(void **state)
{
  (void)state;
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct cli_options all;
    const struct contract_row *r = cli_command_row(c);
    cli_options_of(c, &a, &all);
    for (const struct json_field *f = r && r->in ? r->in->fields : NULL; f && f->kind != JSON_END; f++) {
      bool found = str_eq(c->operand_field, f->name) || str_eq(c->preset_field, f->name) ||
                   (c->prepare && str_eq(f->name, "reach"));
      for (size_t i = 0; i < all.count; i++)
        found |= str_eq(all.item[i].field, f->name);
      if (!found)
        fail_msg("opsd %s has no way to say %s", c->name, f->name);
    }
    assert_true(!c->operand_field || cli_field_of(c, c->operand_field));
  }
}

/* A secret comes from a file or a prompt, never as an argument. */
static void test_secrets_come_from_files(void **state)
{
  (void)state;
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    AUTO_ARENA struct arena a = ARENA_INIT;
    struct cli_options all;
    cli_options_of(c, &a, &all);
    for (size_t i = 0; i < all.count; i++) {
      const struct json_field *f = cli_field_of(c, all.item[i].field);
      assert_true(!f || f->kind != JSON_SECRET || all.item[i].kind == CLI_FILE || all.item[i].kind == CLI_LINE);
    }
  }
}

static const struct json_field *field_at(const struct json_shape *shape, const char *path)
{
  size_t n = strcspn(path, ".");
  for (const struct json_field *f = shape->fields; f->kind != JSON_END; f++)
    if (strlen(f->name) == n && memcmp(f->name, path, n) == 0)
      return path[n] ? field_at(f->shape, path + n + 1) : f;
  return NULL;
}

static void test_columns(void **state)
{
  (void)state;
  for (const struct cli_command *c = cli_commands; c->name; c++) {
    const struct contract_row *r = cli_command_row(c);
    assert_int_equal(c->columns != NULL, (c->flags & CLI_PAGES) != 0);
    assert_true(!r || c->run || !r->out || c->columns || c->show);
    assert_true(!r || r->out || c->said || c->run);
    if (!c->columns) {
      assert_true(!c->id_field || field_at(r->out, c->id_field));
      continue;
    }
    const struct json_field *items = field_at(r->out, "items");
    assert_non_null(field_at(r->out, "next"));
    assert_non_null(field_at(items->shape, c->id_field));
    for (const struct cli_column *column = c->columns; column->heading; column++)
      if (!field_at(items->shape, column->field))
        fail_msg("opsd %s: no field %s", c->name, column->field);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_each_row_has_its_command), cmocka_unit_test(test_names), cmocka_unit_test(test_options),
    cmocka_unit_test(test_fields_are_reachable), cmocka_unit_test(test_secrets_come_from_files),
    cmocka_unit_test(test_columns),
  };
  return cmocka_run_group_tests_name("cli commands", tests, NULL, NULL);
}
