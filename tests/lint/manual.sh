#!/bin/sh
# opsd(1) and the completions against what `opsd help` says: every command, every option, and nothing that is gone.
set -u
export LC_ALL=C.UTF-8
page=${srcdir-.}/doc/opsd.1
opsd=./opsd
common=' json quiet no-prompt async url token-file cacert help '
[ -x "$opsd" ] || exit 99
shells=$(mktemp -d) || exit 99
trap 'rm -rf "$shells"' EXIT

count=0
holds()
{
  count=$((count + 1))
  [ -n "$2" ] || { echo "ok $count - manual: $1"; return; }
  echo "not ok $count - manual: $1"
  printf '%s\n' "$2" | head -40 | sed 's/^/# /'
}

commands() { "$opsd" help | sed -n 's/^  \([a-z-]*\) .*/\1/p'; }
options() { "$opsd" help "$1" | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/\2/p'; }
own() { for o in $(options "$1"); do case $common in *" $o "*) ;; *) echo "$o" ;; esac; done; }
of_page() { awk -v name="$1" '/^\.It Ic / || /^\.S[hs] / { on = $1 == ".It" && $3 == name } on' "$page"; }
common_of_page() { awk '/^\.Sh / { on = $0 ~ /COMMON OPTIONS/ } on' "$page"; }

commands_missing()
{
  for c in $(commands); do
    grep -qx "\.It Ic $c\( .*\)\?" "$page" || echo "$c is not in $page"
  done
}

commands_gone()
{
  for c in $(sed -n 's/^\.It Ic \([a-z-]*\).*/\1/p' "$page"); do
    commands | grep -qx -- "$c" || echo "$page describes $c, which is no command"
  done
}

options_missing()
{
  for c in $(commands); do
    for o in $(own "$c"); do
      of_page "$c" | grep -q "^\.It .*Fl -$o\( \|\$\)" || echo "--$o of $c is not in $page"
    done
  done
}

options_gone()
{
  for c in $(commands); do
    for o in $(of_page "$c" | sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/\1/p'); do
      own "$c" | grep -qx -- "$o" || echo "$page describes --$o of $c, which has no such option"
    done
  done
}

common_missing()
{
  for o in $common; do
    common_of_page | grep -q "^\.It .*Fl -$o\( \|\$\)" || echo "--$o is not in $page"
  done
}

# What each shell's file must say of a command and its options.
completion_missing()
{
  for shell in bash zsh fish; do
    "$opsd" help --completion "$shell" > "$shells/$shell" || echo "no completion for $shell"
    for c in $(commands); do
      grep -q -- "$c" "$shells/$shell" || echo "$shell: no $c"
      for o in $(options "$c"); do
        case $shell in
          bash) grep -q "^    $c) .*--$o\b" "$shells/bash" ;;
          zsh) sed -n "/^    $c) /,/;;\$/p" "$shells/zsh" | grep -q -- "--$o[[}]" ;;
          fish) grep -q "_from $c' -l $o\( \|\$\)" "$shells/fish" ;;
        esac || echo "$shell: no --$o of $c"
      done
    done
  done
}

shells_refuse()
{
  for shell in bash zsh fish; do
    command -v "$shell" >/dev/null || continue
    "$shell" -n "$shells/$shell" 2>&1 || echo "$shell does not read its completion"
  done
}

# bash_offers WORDS…: what bash would offer for the last of them.
bash_offers()
{
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _opsd; printf "%s\n" "${COMPREPLY[@]}"' \
    - "$shells/bash" "$@" | sort | tr '\n' ' '
}

bash_wrong()
{
  [ "$(bash_offers opsd cert-i)" = 'cert-import ' ] || echo "opsd cert-i: $(bash_offers opsd cert-i)"
  [ "$(bash_offers opsd user-add --role '')" = 'admin operator viewer ' ] || echo "--role: $(bash_offers opsd user-add --role '')"
  [ "$(bash_offers opsd memsql-list -r ma)" = 'master ' ] || echo "-r: $(bash_offers opsd memsql-list -r ma)"
  [ "$(bash_offers opsd cert-import --ch)" = '--chain ' ] || echo "--ch: $(bash_offers opsd cert-import --ch)"
  [ "$(bash_offers opsd cert-import -k "$shells/ba")" = "$shells/bash " ] || echo 'a key is a file'
  [ "$(bash_offers opsd cert-show "$shells/ba")" = "$shells/bash " ] || echo 'cert-show takes a file'
}

echo 1..8
holds 'every command is in opsd(1)' "$(commands_missing)"
holds 'every command of opsd(1) is there' "$(commands_gone)"
holds 'every option is in opsd(1)' "$(options_missing)"
holds 'every option of opsd(1) is there' "$(options_gone)"
holds 'the common options are in opsd(1)' "$(common_missing)"
holds 'completions offer every command and option' "$(completion_missing)"
holds 'shells read their completions' "$(shells_refuse)"
holds 'bash completes' "$(bash_wrong)"
