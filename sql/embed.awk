# Makes C tables of SQL files: awk -f embed.awk kind=migrations|queries form=c|h FILE…
#
# migrations: one entry a file, in the order given, named after the file.
# queries: "-- name: cert_get" begins a statement, which becomes SQL_CERT_GET; "-- part: cert_row" begins a piece of text
# that takes the place of each later line "@cert_row". Other comments are dropped.

function quoted(line)
{
  if (line ~ /[\\"]/) fail("no backslash and no double quote, please: awks differ in how to escape them")
  return "    \"" line "\\n\"\n"
}

function fail(why) { printf "%s:%d: %s\n", FILENAME, FNR, why >"/dev/stderr"; failed = 1; exit 1 }

function begin(name)
{
  if (name in text) fail(name " is there twice")
  current = name
  text[name] = ""
  order[++count] = name
}

FNR == 1 && kind == "migrations" {
  name = FILENAME
  sub(/.*\//, "", name)
  sub(/\.sql$/, "", name)
  if (name + 0 != count + 1) fail("migrations are numbered 0001, 0002 … without a gap")
  begin(name)
}
FNR == 1 && kind == "queries" { current = "" }
kind == "queries" && /^-- name: / { begin($3); next }
kind == "queries" && /^-- part: / { current = ""; part = $3; parts[part] = ""; next }
/^[ \t]*--/ || /^[ \t]*$/ { next }
/^@/ {
  name = substr($1, 2)
  if (!(name in parts)) fail("there is no part " name)
  add(parts[name])
  next
}
{ sub(/[ \t]+-- .*/, ""); add(quoted($0)) }

function add(c)
{
  if (current != "") text[current] = text[current] c
  else if (part != "") parts[part] = parts[part] c
  else fail("this belongs to no statement")
}

END {
  if (failed) exit 1
  print "/* Made by sql/embed.awk; do not edit. */"
  if (form == "h") {
    print "#ifndef OPSD_STORE_SQL_H\n#define OPSD_STORE_SQL_H\n\n#include \"db/db.h\"\n\nenum sql_query {"
    for (i = 1; i <= count; i++) printf "  SQL_%s,\n", toupper(order[i])
    print "  SQL_QUERIES\n};\nextern const struct db_text sql_queries[SQL_QUERIES];"
    print "extern const struct db_schema sql_schema;\n\n#endif"
  } else {
    print "#include \"store/sql.h\"\n"
    print (kind == "migrations" ? "static " : "") "const struct db_text sql_" kind "[] = {"
    for (i = 1; i <= count; i++) printf "  { \"%s\",\n%s  },\n", order[i], text[order[i]]
    print "};"
    if (kind == "migrations")
      printf "\nconst struct db_schema sql_schema = { sql_migrations, %d, sql_queries, SQL_QUERIES };\n", count
  }
}
