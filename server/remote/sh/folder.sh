# sourced: a folder D of generations, its lock and its journal, for install.sh, flip_back.sh and detached.sh.
#   D/.opsd/lock        held (flock) by the step that works in D; its text names that step
#   D/.opsd/step-X.new  "N P": step X is about to turn live from generation P to N
#   D/.opsd/step-X.done the same, and it did; step-X.back: it was turned back
# Variables: D, STEP, WAIT_MS.

# locks D for STEP; descriptor 9 holds the lock
lock_folder()
{
  command -v flock >/dev/null 2>&1 || fail 20 "The program flock (package util-linux) is missing there; install it"
  mkdir -p -- "$D/.opsd" && touch -- "$D/.opsd/lock" && [ -w "$D/.opsd/lock" ] ||
    fail 20 "$D cannot be written by $(id -un): let opsd use sudo, or choose another folder"
  cd -- "$D" || fail 20 "$D cannot be entered"
  exec 9>>.opsd/lock
  if ! flock -w "$(seconds "$WAIT_MS")" 9; then
    holder=$(head -n 1 .opsd/lock)
    [ "$holder" != "$STEP" ] || fail 14 "Step $STEP is still at work in $D"
    fail 11 "Step ${holder:-of an unknown name} is at work in $D; wait for its end, or look at that host"
  fi
  printf '%s\n' "$STEP" >.opsd/lock || fail 20 "$D/.opsd/lock cannot be written: is the disk full?"
}

# overwrites and removes a folder's files, which may be keys
wipe()
{
  for old in "$1"/* "$1"/.[!.]*; do
    [ -f "$old" ] && [ ! -L "$old" ] || continue
    if command -v shred >/dev/null 2>&1; then
      shred -n 1 -- "$old"
    else
      dd if=/dev/zero of="$old" bs="$(($(wc -c <"$old") + 1))" count=1 conv=notrunc
      sync
    fi
  done >/dev/null 2>&1
  rm -rf -- "$1"
}

# the numbers of the generations that are there, ascending
generations() { ls | sed -n 's/^gen-\([0-9][0-9]*\)$/\1/p' | sort -n; }

# the generation that live points to, 0 for none
live_generation()
{
  if [ -L live ]; then
    target=$(readlink live)
    case $target in
    gen-*[!0-9]*) target= ;;
    gen-[0-9]*) printf '%s\n' "${target#gen-}"; return ;;
    esac
    fail 12 "$D/live is a link that opsd did not make; take it away or choose another folder"
  fi
  [ ! -e live ] || fail 12 "$D/live is in the way: it is no link of opsd; take it away or choose another folder"
  printf '0\n'
}

# replaces a link by one rename: link TARGET NAME
link()
{
  rm -f -- .opsd/link.tmp
  ln -s -- "$1" .opsd/link.tmp && mv -f -T -- .opsd/link.tmp "$2" || fail 20 "$D/$2 cannot be replaced"
}

flip()
{
  link "gen-$1" live
  durable .
}

# record TEXT FILE
record()
{
  printf '%s\n' "$1" >"$2.tmp" && mv -f -- "$2.tmp" "$2" || fail 20 "$D/$2 cannot be written: is the disk full?"
  durable "$2" .opsd
}

# what a step left that was cut off: its flip took place, or its files go
settle()
{
  at=$(live_generation) || exit
  for open in .opsd/step-*.new; do
    [ -e "$open" ] || continue
    read -r new was <"$open"
    if [ "$at" = "$new" ]; then
      mv -f -- "$open" "${open%.new}.done"
    else
      wipe "gen-$new"
      rm -f -- "$open"
    fi
  done
  for left in .opsd/tmp-*; do
    [ ! -d "$left" ] || wipe "$left"
  done
  rm -f -- .opsd/link.tmp .opsd/*.tmp
}
