# sourced: a folder D of generations, its lock and its journal, for install.sh, flip_back.sh and detached.sh.
#   D/.opsd/lock        held (flock) by the step that works in D; its text names that step
#   D/.opsd/step-X.new  "N P": step X is about to turn live from generation P to N
#   D/.opsd/step-X.done the same, and it did; step-X.back: it was turned back
# Variables: D, STEP, WAIT_MS. Few processes are started, since many hosts may be small and busy.

# locks D for STEP; descriptor 9 holds the lock
lock_folder()
{
  command -v flock >/dev/null 2>&1 || fail 20 "The program flock (package util-linux) is missing there; install it"
  [ -d "$D/.opsd" ] || mkdir -p -- "$D/.opsd"
  [ -f "$D/.opsd/lock" ] || touch -- "$D/.opsd/lock"
  [ -w "$D/.opsd/lock" ] || fail 20 "$D cannot be written by $(id -un): let opsd use sudo, or choose another folder"
  cd -- "$D" || fail 20 "$D cannot be entered"
  exec 9>>.opsd/lock
  if ! wait_lock "$WAIT_MS" 9; then
    read -r holder <.opsd/lock
    [ "$holder" != "$STEP" ] || fail 14 "Step $STEP is still at work in $D"
    fail 11 "Step ${holder:-of an unknown name} is at work in $D; wait for its end, or look at that host"
  fi
  printf '%s\n' "$STEP" >.opsd/lock || fail 20 "$D/.opsd/lock cannot be written: is the disk full?"
}

# overwrites and removes a folder's files, which may be keys
wipe()
{
  if command -v shred >/dev/null 2>&1; then
    shred -n 1 -- "$1"/*
  else
    for old in "$1"/*; do
      [ ! -f "$old" ] || dd if=/dev/zero of="$old" bs="$(($(wc -c <"$old") + 1))" count=1 conv=notrunc
    done
    sync
  fi >/dev/null 2>&1
  rm -rf -- "$1"
}

# the generations that are there: their numbers in GENERATIONS, the highest in LAST (0 for none)
look_at_generations()
{
  GENERATIONS= LAST=0
  for dir in gen-*; do
    case ${dir#gen-} in '' | *[!0-9]*) continue ;; esac
    GENERATIONS="$GENERATIONS ${dir#gen-}"
    [ "${dir#gen-}" -le "$LAST" ] || LAST=${dir#gen-}
  done
}

# the generation that live points to, in LIVE; 0 for none
look_at_live()
{
  LIVE=0
  if [ -L live ]; then
    LIVE=$(readlink live)
    case $LIVE in
    gen-*[!0-9]* | gen-) ;;
    gen-*) LIVE=${LIVE#gen-}; return ;;
    esac
    fail 12 "$D/live is a link that opsd did not make; take it away or choose another folder"
  fi
  [ ! -e live ] || fail 12 "$D/live is in the way: it is no link of opsd; take it away or choose another folder"
}

# replaces a link by one rename: link TARGET NAME
link()
{
  ln -s -f -n -- "$1" .opsd/link.tmp && mv -f -T -- .opsd/link.tmp "$2" || fail 20 "$D/$2 cannot be replaced"
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

# what a step left that was cut off: its flip took place, or its files go; sets LIVE
settle()
{
  look_at_live
  for open in .opsd/step-*.new; do
    [ -e "$open" ] || continue
    read -r new was <"$open"
    if [ "$LIVE" = "$new" ]; then
      mv -f -- "$open" "${open%.new}.done"
    else
      wipe "gen-$new"
      rm -f -- "$open"
    fi
  done
  for left in .opsd/tmp-*; do
    [ ! -d "$left" ] || wipe "$left"
  done
  for left in .opsd/*.tmp; do
    [ ! -e "$left" ] && [ ! -L "$left" ] || rm -f -- "$left"
  done
}
