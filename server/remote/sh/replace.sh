# sourced: replaces one file. Variables: F, SIZE, SUM (of the bytes that are expected there), BACKUP (or empty).

T=$(readlink -f -- "$F") && [ -e "$T" ] || fail 10 "$F is not there"
[ -f "$T" ] || fail 12 "$F is no file"
[ -r "$T" ] || fail 20 "$F cannot be read by $(id -un): let opsd use sudo"
dir=$(dirname -- "$T")
[ -w "$dir" ] || fail 20 "$F cannot be replaced, since $(id -un) cannot write in $dir: let opsd use sudo"
unchanged()
{
  [ "$(sha256sum <"$T" | cut -c 1-64)" = "$SUM" ] ||
    fail 11 "$F was changed by somebody else in the meantime; look at it and try again"
}
unchanged

new=$dir/.opsd-new.$$
trap 'rm -f -- "$new" ${BACKUP:+"$BACKUP.tmp"}' EXIT
# a copy first, for owner, mode and ACLs
cp -p -- "$T" "$new" || fail 20 "$new cannot be written: is the disk full?"
[ "$(stat -c %u:%g:%a -- "$T")" = "$(stat -c %u:%g:%a -- "$new")" ] ||
  fail 20 "$F belongs to $(stat -c %U -- "$T"), and $(id -un) cannot keep that: let opsd use sudo"
relabel "$T" "$new"
if [ -n "$BACKUP" ]; then
  mkdir -p -- "$(dirname -- "$BACKUP")" && cp -p -- "$new" "$BACKUP.tmp" && durable "$BACKUP.tmp" &&
    mv -f -T -- "$BACKUP.tmp" "$BACKUP" || fail 20 "The old file cannot be kept as $BACKUP"
  durable "$(dirname -- "$BACKUP")"
fi
[ -w "$new" ] || chmod u+w -- "$new"
receive "$SIZE" "$new"
chmod --reference="$T" -- "$new"
durable "$new"
unchanged
mv -f -T -- "$new" "$T" || fail 20 "$F cannot be replaced (a file mounted by itself cannot be)"
durable "$dir"
