# sourced: turns live back to what it was before STEP. Variables: D, STEP, WAIT_MS.

[ -d "$D" ] || fail 10 "The folder $D is not there"
lock_folder
settle
if [ -e ".opsd/step-$STEP.done" ]; then
  read -r new was <".opsd/step-$STEP.done"
elif [ -e ".opsd/step-$STEP.back" ]; then
  read -r new was <".opsd/step-$STEP.back"
else
  fail 10 "Step $STEP has changed nothing in $D, so there is nothing to turn back"
fi
if [ "$LIVE" != "$was" ]; then
  [ "$LIVE" = "$new" ] || fail 11 "$D serves generation $LIVE, which came after step $STEP: turn that back first"
  [ "$was" != 0 ] || fail 11 "Nothing was in $D before step $STEP, so there is nothing to turn back to"
  [ -d "gen-$was" ] || fail 11 "Generation $was is no longer in $D"
  flip "$was"
fi
[ ! -e ".opsd/step-$STEP.done" ] || mv -f -- ".opsd/step-$STEP.done" ".opsd/step-$STEP.back"
durable .opsd
printf '%s\n' "$was"
