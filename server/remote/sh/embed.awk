# Shell scripts as C strings: server/remote/sh/NAME.sh becomes remote_sh_NAME. Comments stay out.
BEGIN { print "#include \"remote/scripts.h\"" }
FNR == 1 {
  if (open) print "  ;"
  name = FILENAME
  sub(/.*\//, "", name)
  sub(/\.sh$/, "", name)
  print "const char remote_sh_" name "[] ="
  open = 1
}
/^ *#/ || /^$/ { next }
{
  gsub(/\\/, "\\\\")
  gsub(/"/, "\\\"")
  print "  \"" $0 "\\n\""
}
END { print "  ;" }
