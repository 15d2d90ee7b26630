# sourced: what all scripts for a host share. POSIX sh, coreutils, and flock of util-linux.
# Before it stand the variables of each script, set by the C file that runs it.
set -u
umask 077
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
# a lost connection closes standard output: that is no reason to stop half-way
trap '' PIPE

# fail CODE SENTENCE: 10 not found, 11 conflict, 12 refused, 13 too large, 14 timeout, else the host failed
fail()
{
  code=$1
  shift
  printf '%s\n' "$*" >&2
  exit "$code"
}

now_ms() { date +%s%3N; }

# wait_lock MS FD: false when the time is over
wait_lock()
{
  ms=$((1000 + $1 % 1000))
  flock -w "$(($1 / 1000)).${ms#1}" "$2"
}

# fsync of files and folders; coreutils before 8.24 syncs everything instead
durable() { sync -- "$@" 2>/dev/null || fail 20 "$1 cannot be made durable: is the disk failing or full?"; }

# receive SIZE FILE: the next SIZE bytes of standard input
receive()
{
  head -c "$1" >"$2" || fail 20 "$2 cannot be written: is the disk full?"
  [ "$(wc -c <"$2")" -eq "$1" ] || fail 20 "The connection ended in the middle of a file; nothing was changed"
}

# copies the label of $1 to $2 where SELinux is on
relabel()
{
  if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then
    chcon --reference="$1" -- "$2" 2>/dev/null
  fi
  return 0
}
