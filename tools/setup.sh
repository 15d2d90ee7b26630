# sourced by ./start and ./check: installs what is missing, builds the program at the top of the tree. Called with `top`
# set to the tree. Everything here is cheap when there is nothing to do.

# What the program is built from, and what the tests need beside it (Debian 12's names).
build_packages='autoconf automake ca-certificates gcc libc6-dev libcrypt-dev libcurl4-openssl-dev libgnutls28-dev libjansson-dev
libmariadb-dev libmicrohttpd-dev libsqlite3-dev libssh-dev libssl-dev libsystemd-dev make pkg-config'
test_packages='chromium clang curl galera-4 git libclang-rt-14-dev libcmocka-dev libfaketime mandoc mariadb-backup mariadb-server openssh-client openssh-server openssl procps
socat sqlite3 sudo xz-utils'
start_seconds=$(date +%s)

say() { printf '%4ss  %s\n' "$(($(date +%s) - start_seconds))" "$*" >&2; }
give_up() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# as_root COMMAND…: by sudo where this is not root
as_root()
{
  if [ "$(id -u)" -eq 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || give_up "this needs root, and there is no sudo: $*"
  sudo "$@"
}

missing_packages()
{
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
  done
}

# A database or sshd that a test needs as a program must not become a service of this machine.
install_quietly()
{
  as_root sh -c '
    set -e
    export DEBIAN_FRONTEND=noninteractive
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
      chmod 755 /usr/sbin/policy-rc.d
      trap "rm -f /usr/sbin/policy-rc.d" EXIT
    fi
    apt-get update -q
    apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
  ' sh "$@"
}

# need_packages WHAT PACKAGE…
need_packages()
{
  what=$1
  shift
  command -v dpkg-query >/dev/null || { say "not a Debian: $what packages are taken to be there"; return 0; }
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  say "installing $what: $missing"
  # shellcheck disable=SC2086  # a list of words
  install_quietly $missing >"$top/setup.log" 2>&1 </dev/null &
  follow $! "$top/setup.log" '^(Get|Unpacking|Setting up)' || { tail -n 30 "$top/setup.log" >&2; give_up "apt-get failed"; }
}

# follow PID LOG PATTERN: says every ten seconds how far a background job is; its status
follow()
{
  ticks=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 1
    ticks=$((ticks + 1))
    [ $((ticks % 10)) -ne 0 ] || say "  … $(grep -E "$3" "$2" 2>/dev/null | tail -n 1 | cut -c1-100)"
  done
  wait "$1"
}

# node builds the pages; 18 is the oldest that can
need_node()
{
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  if [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null; then return 0; fi
  need_packages 'node and npm' nodejs npm
}

# npm_install FOLDER PACKAGE: exactly what its lock file names, and no package's scripts; PACKAGE is there when all is
npm_install()
{
  [ ! -d "$top/$1/node_modules/$2" ] || [ ! "$top/$1/node_modules/.package-lock.json" -nt "$top/$1/package-lock.json" ] ||
    return 0
  say "fetching the packages of $1/package-lock.json"
  (cd "$top/$1" && npm ci --ignore-scripts --no-progress --no-audit --no-fund --loglevel=error) >"$top/setup.log" 2>&1 </dev/null ||
    { cat "$top/setup.log" >&2; give_up "npm ci failed in $1"; }
}

# configure_tree FOLDER ARGUMENT…: again when the packages or the arguments are not those of the last time
configure_tree()
{
  folder=$1
  shift
  # shellcheck disable=SC2086
  stamp="$* $(dpkg-query -W $build_packages libcmocka-dev 2>/dev/null | cksum)"
  [ ! -f "$folder/config.status" ] || [ "$stamp" != "$(cat "$folder/.configured" 2>/dev/null)" ] || return 0
  say "  configure $*"
  (
    cd "$folder" || exit 1
    [ -x configure ] || autoreconf -i || exit 1
    ./configure -q "$@" && printf '%s\n' "$stamp" >.configured
  ) >"$folder/setup.log" 2>&1 || { cat "$folder/setup.log" >&2; give_up "configure failed in $folder"; }
}

# build_tree FOLDER TARGET…: make, with a count of what is compiled
build_tree()
{
  folder=$1
  shift
  jobs=$(nproc 2>/dev/null || echo 2)
  { { make -C "$folder" --no-print-directory -j"$jobs" "$@" 2>&1; echo "status $?" >"$folder/.build-status"; } |
    awk -v folder="$folder" -v tty="$([ -t 2 ] && echo 1)" '
      { print >(folder "/build.log") }
      /^ *(CC|GEN|AR|CCLD) / {
        n++
        if (tty) printf "\r       %d: %-60.60s\r", n, $2 >"/dev/stderr"
        else if (n % 25 == 0) printf "       %d files\n", n >"/dev/stderr"
      }
      END { if (tty && n) printf "\r%72s\r", "" >"/dev/stderr" }'; }
  if [ "$(cat "$folder/.build-status")" != 'status 0' ]; then
    grep -nE '(error|warning|Error)' "$folder/build.log" | head -n 30 >&2
    tail -n 15 "$folder/build.log" >&2
    give_up "the build failed in $folder"
  fi
}

# The program at the top of the tree.
build_program()
{
  say 'building opsd'
  configure_tree "$top"
  build_tree "$top" all
}
