# sourced: prints the names of a folder's *.cnf files, each ended by a NUL. Variables: D.
[ -d "$D" ] || fail 10 "The folder $D is not there"
cd -- "$D" && [ -r . ] || fail 20 "The folder $D cannot be read by $(id -un): let opsd use sudo"
for name in *.cnf .*.cnf .cnf; do
  [ ! -f "$name" ] || printf '%s\0' "$name"
done
