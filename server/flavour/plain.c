#include "flavour/plain.h"

enum err_code plain_health(struct wire_sql *sql, struct arena *a, bool *well, const char **says, struct err *e)
{
  struct wire_rows rows;
  TRY(wire_sql_query(sql, "SELECT 1", a, &rows, e));
  *well = rows.rows == 1;
  *says = "it answers";
  return ERR_NONE;
}
