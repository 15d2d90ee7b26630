# sourced: runs COMMAND once for STEP, in a session of its own that outlives the connection, under D's lock.
#   D/.opsd/step-X.run   it was started; step-X.log what it says; step-X.exit its exit code
# Variables: D, STEP, WAIT_MS, COMMAND.

# Prints the exit code, and then what the command said.
report()
{
  [ -e "$exit_file" ] || {
    rm -f -- "$run_file"
    fail 20 "The command of step $STEP was cut off before its end (was the host restarted?); it can be tried again"
  }
  cat -- "$exit_file"
  tail -c 262144 -- "$log_file"
  exit 0
}

start_ms=$(now_ms)
if [ ! -d "$D" ]; then
  (umask 022 && mkdir -p -- "$D") || fail 20 "The folder $D cannot be made"
fi
lock_folder
run_file=.opsd/step-$STEP.run log_file=.opsd/step-$STEP.log exit_file=.opsd/step-$STEP.exit
[ ! -e "$exit_file" ] && [ ! -e "$run_file" ] || report
: >"$log_file" && record "$start_ms" "$run_file"

# The command itself must not inherit the lock: a daemon that it starts would hold it for ever. It gets the usual umask
# and signals.
wrapper='
(exec 9>&-; umask 022; unset LC_ALL; cd /; exec /bin/sh -c "$1") </dev/null
code=$?
printf "%s\n" "$code" >"$2.tmp" && sync -- "$2.tmp" 2>/dev/null
mv -f -- "$2.tmp" "$2"
rm -f -- "$3"'
trap - PIPE
# without -f (util-linux before 2.33) it goes to the background, where sh ignores SIGINT and SIGQUIT
if setsid -f true 2>/dev/null; then
  setsid -f /bin/sh -c "$wrapper" sh "$COMMAND" "$exit_file" "$run_file" </dev/null >"$log_file" 2>&1
else
  setsid /bin/sh -c "$wrapper" sh "$COMMAND" "$exit_file" "$run_file" </dev/null >"$log_file" 2>&1 &
fi
exec 9>&-

# its end is when the lock is free
exec 8>>.opsd/lock
left_ms=$((WAIT_MS - $(now_ms) + start_ms))
[ "$left_ms" -gt 0 ] || left_ms=0
wait_lock "$left_ms" 8 || fail 14 "The command of step $STEP is still running"
report
