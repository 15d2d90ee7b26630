# sourced: puts files into a new generation of D and turns live to it.
# Variables: D, OWNER, STEP, WAIT_MS; positional: NAME SIZE MODE for each file, whose bytes follow on standard input.

user=${OWNER%%:*}
case $OWNER in *:*) owner=$OWNER ;; *) owner=$OWNER: ;; esac
me=$(id -u)

# as the owner, where that can be had without a password
as_owner()
{
  if command -v runuser >/dev/null 2>&1; then
    runuser -u "$user" -- "$@"
  elif command -v su >/dev/null 2>&1; then
    su -s /bin/sh "$user" -c 'exec "$@"' sh "$@"
  fi
}

# who is not root has just made the files as their owner; a number may have no name
check_readable()
{
  [ "$me" = 0 ] && their=$(id -u -- "$user" 2>/dev/null) && [ "$their" != 0 ] || return 0
  as_owner head -c 1 -- "$D/gen-$N"/* >/dev/null 2>&1 && return 0
  blocked=
  dir=$D/gen-$N
  while [ "$dir" != / ]; do
    as_owner test -x "$dir" || blocked=$dir
    dir=$(dirname -- "$dir")
  done
  wipe "gen-$N"
  [ -z "$A" ] || wipe "gen-$A"
  rm -f -- ".opsd/step-$STEP.new"
  [ -z "$blocked" ] || fail 12 "$user cannot reach $D, since it may not enter $blocked: allow that with \`chmod o+x\`," \
    "or choose another folder"
  fail 12 "$user cannot read what is put into $D: look at the folder's ACLs, SELinux or AppArmor"
}

make_folder()
{
  [ ! -d "$D" ] || return 0
  [ ! -e "$D" ] && [ ! -L "$D" ] || fail 12 "$D is no folder"
  (umask 022 && mkdir -p -- "$(dirname -- "$D")") && mkdir -m 0750 -- "$D" || fail 20 "The folder $D cannot be made"
  chown -- "$owner" "$D" || fail 20 "$D cannot be given to $OWNER: is there such a user, and may opsd use sudo?"
}

# a copy with owner and mode, which cp -p drops without a word where it may not keep them
keep_copy()
{
  cp -p -L -- "$1" "$2" || fail 20 "$D/$1 cannot be copied: is the disk full, or is sudo needed?"
  [ "$(stat -L -c %u:%g:%a -- "$1")" = "$(stat -c %u:%g:%a -- "$2")" ] ||
    fail 20 "$D/$1 belongs to $(stat -L -c %U -- "$1"), and $(id -un) cannot keep that: let opsd use sudo"
  relabel "$1" "$2"
}

# what D serves under these names, as a generation of its own
adopt()
{
  mkdir ".opsd/tmp-$A" || fail 20 "$D cannot be written: is the disk full?"
  for name; do
    [ ! -f "$name" ] || keep_copy "$name" ".opsd/tmp-$A/$name"
  done
  like_folder ".opsd/tmp-$A"
}

like_folder()
{
  chown --reference=. -- "$1" 2>/dev/null || [ "$me" != 0 ] || fail 20 "$D/$1 cannot be given to the folder's owner"
  chmod --reference=. -- "$1" || fail 20 "$D/$1 cannot get the folder's mode"
}

# NAME SIZE MODE …; umask makes files 0600
receive_all()
{
  mkdir ".opsd/tmp-$N" || fail 20 "$D cannot be written: is the disk full?"
  while [ $# -gt 0 ]; do
    receive "$2" ".opsd/tmp-$N/$1"
    [ "$3" = 0600 ] || chmod "$3" -- ".opsd/tmp-$N/$1"
    [ ! -f "$1" ] || relabel "$1" ".opsd/tmp-$N/$1"
    shift 3
  done
  chown -- "$owner" ".opsd/tmp-$N"/* ||
    fail 20 "The files in $D cannot be given to $OWNER: is there such a user, and may opsd use sudo?"
}

# what the new files do not replace stays
carry_over()
{
  for old in live/*; do
    [ ! -f "$old" ] || [ -e ".opsd/tmp-$N/${old#live/}" ] || keep_copy "$old" ".opsd/tmp-$N/${old#live/}"
  done
}

is_linked() { [ -L "$1" ] && [ "$(readlink -- "$1")" = "live/$1" ]; }

# the last three generations stay, and those that could be turned to
prune()
{
  look_at_live
  look_at_generations
  for n in $GENERATIONS; do
    newer=0
    for m in $GENERATIONS; do
      [ "$m" -le "$n" ] || newer=$((newer + 1))
    done
    case " $N $was $LIVE " in *" $n "*) continue ;; esac
    [ "$newer" -lt 3 ] || {
      wipe "gen-$n"
      find .opsd -name 'step-*' -mtime +90 -exec rm -f {} +
    }
  done
}

make_folder
lock_folder
trap 'for left in .opsd/tmp-*; do [ ! -d "$left" ] || wipe "$left"; done' EXIT
settle
if [ -e ".opsd/step-$STEP.done" ]; then
  read -r N was <".opsd/step-$STEP.done"
  prune # which may have been cut off
  printf '%s\n' "$N"
  exit 0
fi

was=$LIVE
look_at_generations
N=$((LAST + 1))
A=

# all names: of the new files, and of live's generation
names=
i=0
for word; do
  [ $((i % 3)) != 0 ] || names="$names $word"
  i=$((i + 1))
done
[ "$LIVE" = 0 ] || for old in live/*; do
  case "$names " in *" ${old#live/} "*) ;; *) [ ! -f "$old" ] || names="$names ${old#live/}" ;; esac
done

# a plain file, or a link of somebody else, under a name of ours: taken over
links=
for name in $names; do
  [ ! -d "$name" ] || fail 12 "$D/$name is a folder: take it away or choose another folder"
  is_linked "$name" && continue
  links="$links $name"
  [ ! -e "$name" ] || A=$N
done
[ -z "$A" ] || N=$((A + 1))

receive_all "$@"
[ "$LIVE" = 0 ] || carry_over
like_folder ".opsd/tmp-$N"
if [ -n "$A" ]; then
  adopt $names
  was=$A
  durable ".opsd/tmp-$A"/* ".opsd/tmp-$A"
fi
durable ".opsd/tmp-$N"/* ".opsd/tmp-$N"

record "$N $was" ".opsd/step-$STEP.new"
[ -z "$A" ] || mv -T -- ".opsd/tmp-$A" "gen-$A" || fail 20 "$D/gen-$A cannot be made"
mv -T -- ".opsd/tmp-$N" "gen-$N" || fail 20 "$D/gen-$N cannot be made"
check_readable
durable .
[ -z "$A" ] || flip "$A"
for name in $links; do
  link "live/$name" "$name"
done
[ -z "$links" ] || durable .
flip "$N"
mv -f -- ".opsd/step-$STEP.new" ".opsd/step-$STEP.done"
[ ! -e ".opsd/step-$STEP.back" ] || rm -f -- ".opsd/step-$STEP.back"
durable .opsd
prune
printf '%s\n' "$N"
