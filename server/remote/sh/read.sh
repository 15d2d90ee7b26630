# sourced: prints a file. Variables: F, MAX.
[ -e "$F" ] || {
  dir=$(dirname -- "$F")
  [ ! -d "$dir" ] || [ -x "$dir" ] || fail 20 "$dir cannot be entered by $(id -un): let opsd use sudo"
  fail 10 "$F is not there"
}
[ -f "$F" ] || fail 12 "$F is no file"
[ -r "$F" ] || fail 20 "$F cannot be read by $(id -un): let opsd use sudo"
size=$(wc -c <"$F")
[ "$size" -le "$MAX" ] || fail 13 "$F is larger than $MAX bytes"
cat -- "$F"
