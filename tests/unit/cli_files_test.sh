#!/bin/sh
# The commands that judge files without a daemon, beside the openssl command; and what the exit codes are. TAP.
set -u
export LC_ALL=C.UTF-8
opsd=$PWD/opsd
[ -x "$opsd" ] || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
unset OPSD_URL OPSD_TOKEN OPSD_CACERT
export OPSD_SOCKET="$work/none.sock"

count=0
holds()
{
  count=$((count + 1))
  [ "$2" = "$3" ] && { echo "ok $count - cli files: $1"; return; }
  echo "not ok $count - cli files: $1"
  printf '%s\nis not\n%s\n' "$2" "$3" | sed 's/^/# /'
}

# ends COMMAND…: its exit code; output and errors lie in out and err
ends() { "$@" >out 2>err </dev/null; echo $?; }

make_certificates()
{
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca-cert.pem -days 3600 -subj '/C=US/ST=CA/O=Any, Inc/CN=ca'
  openssl req -x509 -newkey rsa:2048 -nodes -keyout other-key.pem -out other.pem -days 10 -subj '/CN=other'
  for who in server client; do
    usage=clientAuth
    [ $who = client ] || usage=serverAuth,clientAuth
    openssl req -newkey rsa:2048 -nodes -keyout $who-key.pem -out $who.csr -subj "/CN=$who+OU=x"
    printf 'extendedKeyUsage=%s\nsubjectAltName=DNS:%s.example\n' $usage $who > ext
    openssl x509 -req -in $who.csr -days 360 -CA ca-cert.pem -CAkey ca-key.pem -set_serial 1 -out $who-cert.pem -extfile ext
  done
  openssl x509 -req -in server.csr -days -1 -CA ca-cert.pem -CAkey ca-key.pem -set_serial 2 -out expired.pem
  openssl x509 -in server-cert.pem -outform DER -out server.der
} >/dev/null 2>&1

echo 1..26
make_certificates

holds 'cert-show begins as openssl x509 -subject -issuer' \
  "$("$opsd" cert-show server-cert.pem | head -n 2)" "$(openssl x509 -in server-cert.pem -noout -subject -issuer)"
holds 'cert-show of an authority, too' \
  "$("$opsd" cert-show ca-cert.pem | head -n 2)" "$(openssl x509 -in ca-cert.pem -noout -subject -issuer)"
holds 'cert-show -j is the JSON of the API' "$("$opsd" cert-show -j server-cert.pem | cut -c 1-20)" '{"id":0,"name":null,'
holds 'cert-show refuses a missing file' "$(ends "$opsd" cert-show none.pem)" 1
holds 'cert-show says what a DER file wants' "$(ends "$opsd" cert-show server.der; grep -o 'openssl x509 -inform DER' err)" \
  "$(printf '1\nopenssl x509 -inform DER')"
holds 'an operand of digits is an id' "$(ends "$opsd" cert-show 12)" 3

holds 'cert-verify prints what openssl verify prints' \
  "$("$opsd" cert-verify --ca ca-cert.pem server-cert.pem client-cert.pem)" \
  "$(openssl verify -CAfile ca-cert.pem server-cert.pem client-cert.pem)"
holds 'cert-verify of a foreign certificate' "$(ends "$opsd" cert-verify --ca ca-cert.pem server-cert.pem other.pem)" 4
holds 'and which one' "$(cut -d : -f 1 out | tr '\n' ' ')$(grep -c ': OK$' out)" 'server-cert.pem other.pem 1'
holds 'cert-verify of an expired one' "$(ends "$opsd" cert-verify --ca ca-cert.pem expired.pem; grep -o 'has expired' out)" \
  "$(printf '4\nhas expired')"
holds 'cert-verify for a server' "$(ends "$opsd" cert-verify --ca ca-cert.pem --usage server server-cert.pem)" 0
holds 'cert-verify for a server, of a client' "$(ends "$opsd" cert-verify --ca ca-cert.pem --usage server client-cert.pem)" 4
holds 'cert-verify without --ca' "$(ends "$opsd" cert-verify server-cert.pem)" 2
holds 'cert-verify for something else' "$(ends "$opsd" cert-verify --ca ca-cert.pem --usage mail server-cert.pem)" 2
holds 'cert-verify of a missing file' "$(ends "$opsd" cert-verify --ca ca-cert.pem none.pem)" 1

holds 'cert-check of a good pair' \
  "$(ends "$opsd" cert-check --ca ca-cert.pem -k server-key.pem server-cert.pem; cat out)" "$(printf '0\nserver-cert.pem: OK')"
holds 'cert-check of a wrong key' "$(ends "$opsd" cert-check -k other-key.pem server-cert.pem; grep -o 'critical PAIR' out)" \
  "$(printf '4\ncritical PAIR')"
holds 'cert-check of an expired one' "$(ends "$opsd" cert-check expired.pem; grep -o 'critical EXPIRY' out)" \
  "$(printf '4\ncritical EXPIRY')"
holds 'cert-check of what is no certificate' "$(ends "$opsd" cert-check ca-key.pem)" 4
holds 'cert-check of a missing file' "$(ends "$opsd" cert-check none.pem)" 1

holds 'no daemon: 3' "$(ends "$opsd" status; grep -c none.sock err)" "$(printf '3\n1')"
holds 'no such command: 2' "$(ends "$opsd" cert-frobnicate)" 2
holds 'a change without a terminal: 2, before anything is asked of a daemon' "$(ends "$opsd" cert-delete 1; grep -c -- --no-prompt err)" \
  "$(printf '2\n1')"
holds 'with --no-prompt it gets as far as the daemon' "$(ends "$opsd" cert-delete --no-prompt 1)" 3
holds 'the old names go ahead' "$(ends "$opsd" memsql-restart --all)" 3
holds 'a full disk is no success' "$("$opsd" help 2>err >/dev/full; echo $?)" 1
