#!/bin/sh
# A release: `make distcheck` (built outside its sources, tested, installed, uninstalled, cleaned) on a machine without
# node, then an installation into a folder. TAP; run from the top of a tree that is built.
set -u
count=0
result()
{
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then echo "ok $count - tarball: $2"; else echo "not ok $count - tarball: $2"; fi
}
in_log() { sed 's/^/# /' "$scratch/log" | tail -n 150; }

scratch=$(mktemp -d) || exit 99
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
echo 1..4

# everything that is in the PATH but node
chmod 755 "$scratch" # tests become another user, who has to find its programs too
mkdir -m 755 "$scratch/bin"
IFS=:
for folder in $PATH; do
  for program in "$folder"/*; do
    case ${program##*/} in node | nodejs | npm | npx) continue ;; esac
    [ ! -x "$program" ] || [ -e "$scratch/bin/${program##*/}" ] || ln -s "$program" "$scratch/bin/"
  done
done
unset IFS

[ -f web/dist/assets.c.in ] || make -s all >"$scratch/log" 2>&1
PATH=$scratch/bin make -s -j"$(nproc)" distcheck >"$scratch/log" 2>&1
status=$?
[ "$status" -eq 0 ] || in_log
result "$status" 'make distcheck passes without node'

make -s install DESTDIR="$scratch/root" >"$scratch/log" 2>&1 && [ -x "$scratch/root/usr/local/bin/opsd" ]
status=$?
[ "$status" -eq 0 ] || in_log
result "$status" 'make install puts opsd under DESTDIR'

"$scratch/root/usr/local/bin/opsd" --version >"$scratch/log" 2>&1 && grep -q '^opsd [0-9]' "$scratch/log"
result $? 'the installed opsd says its version'

archive=$(ls opsd-*.tar.xz 2>/dev/null | head -n 1)
tar tf "$archive" >"$scratch/log" 2>&1 && ! grep -E '/(node_modules|\.git|check-logs)/' "$scratch/log"
result $? 'the tarball holds only sources and the built pages'
rm -f "$archive"
