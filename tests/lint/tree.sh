#!/bin/sh
# What must hold for the tree as a whole: every source is built, every script parses, every man page is clean, lock files
# name no registry, nothing unfinished or private is left. TAP; `tree.sh TREE` looks at another tree.
set -u
export LC_ALL=C
cd "${1-${srcdir-.}}" || exit 99

if git rev-parse --git-dir >/dev/null 2>&1; then
  files=$(git ls-files --cached --others --exclude-standard | while read -r f; do [ -f "$f" ] && echo "$f"; done)
else
  files=$(find . -type f ! -path '*/node_modules/*' ! -path './build*/*' ! -path './_build/*' ! -path './autom4te.cache/*' | sed 's,^\./,,')
fi
pick() { printf '%s\n' "$files" | grep -E "$1"; }

count=0

# holds TEXT BREACHES: passes when there are none
holds()
{
  count=$((count + 1))
  [ -n "$2" ] || { echo "ok $count - tree: $1"; return; }
  echo "not ok $count - tree: $1"
  printf '%s\n' "$2" | head -40 | sed 's/^/# /'
}

unlisted()
{
  listed=$(cat Makefile.am $(pick '(^|/)local\.mk$'))
  for f in $(pick '^(server|tests|dist)/.*\.[ch]$'); do
    case $listed in *"$f"*) ;; *) echo "$f is in no local.mk" ;; esac
  done
}

unparsed()
{
  for f in $(pick '\.sh$|^(start|check|\.ci/run)$'); do
    shell=sh
    head -n 1 "$f" | grep -q bash && shell=bash
    $shell -n "$f" 2>&1 || echo "$f does not parse"
    [ -x "$f" ] || head -n 2 "$f" | grep -q 'sourced' || echo "$f is not executable"
  done
}

man_pages()
{
  for f in $(pick '^doc/.*\.[1-8]$'); do mandoc -Tlint -W error "$f"; done
}

# The patterns are written so that they do not find themselves.
echo 1..7
holds 'every C file is listed in a local.mk' "$(unlisted)"
holds 'every shell script parses' "$(unparsed)"
if command -v mandoc >/dev/null; then
  holds 'man pages are clean' "$(man_pages 2>&1)"
else
  count=$((count + 1))
  echo "ok $count - tree: man pages are clean # SKIP no mandoc"
fi
holds 'lock files name no registry' "$(pick 'package-lock\.json$' | xargs -r grep -nE '"resolved"[:]|https[:]//[^"]*\.tgz')"
holds 'no folder of one developer is named' \
  "$(pick '.' | grep -v '\.png$' | xargs -r grep -nIE '(^|[^a-zA-Z0-9.])/(wor[k]|workspac[e]|User[s])/')"
holds 'nothing is marked as unfinished' \
  "$(pick '^(server|tests|web|sql|dist|tools)/|^(start|check)$' | grep -v 'package-lock' | xargs -r grep -nIE '\b(TOD[O]|FIXM[E]|XX[X]|not implemente[d])\b')"
holds 'no text file has trailing blanks' \
  "$(pick '\.([ch]|mjs|ts|tsx|css|sql|sh|mk|ac|am|md)$' | xargs -r grep -nE '[[:blank:]]+$')"
pick '\.([ch]|mjs|ts|tsx|css)$' | xargs -r wc -l | awk '$2 != "total" && $1 > 450 { print "# long: " $1 " lines in " $2 }'
