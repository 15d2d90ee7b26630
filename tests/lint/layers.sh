#!/bin/sh
# Holds server/ to server/LAYERS: each #include of a room's files is of its own room, of a room that it may use, of a
# library that it may use, or one of the C library's, POSIX's or Linux's headers. What is none of these is refused too,
# so a new library cannot slip in unnamed. TAP; `layers.sh TREE` looks at another tree (the self-tests do).
set -u
export LC_ALL=C

# ISO C, POSIX, glibc, Linux: open to every room.
system_headers='assert.h ctype.h errno.h fenv.h float.h inttypes.h limits.h locale.h math.h setjmp.h signal.h stdalign.h
stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h strings.h tgmath.h threads.h time.h
uchar.h wchar.h wctype.h aio.h arpa/inet.h cpio.h dirent.h dlfcn.h fcntl.h fmtmsg.h fnmatch.h ftw.h glob.h grp.h iconv.h
ifaddrs.h langinfo.h libgen.h mqueue.h net/if.h netdb.h netinet/in.h netinet/tcp.h netinet/ip.h nl_types.h poll.h pthread.h
pwd.h regex.h sched.h search.h semaphore.h spawn.h sys/*.h syslog.h tar.h termios.h unistd.h utime.h utmpx.h wordexp.h
alloca.h byteswap.h endian.h err.h error.h execinfo.h features.h getopt.h link.h malloc.h paths.h pty.h shadow.h stdio_ext.h
linux/*.h'

# layers TREE: one line for each breach; status 1 when there is one.
layers()
{
  [ -r "$1/server/LAYERS" ] || { echo "server/LAYERS: missing"; return 1; }
  (cd "$1" && find server -name '*.[ch]' | sort | xargs awk -v system_headers="$system_headers" '
    function regex(glob) { gsub(/[.+]/, "\\\\&", glob); gsub(/[*]/, ".*", glob); return "^" glob "$" }
    function matches(name, globs, n, i, list) {
      n = split(globs, list, /[ \t\n]+/)
      for (i = 1; i <= n; i++) if (list[i] != "" && name ~ regex(list[i])) return 1
      return 0
    }
    function breach(text) { print text; bad = 1 }
    function read_layers(line, parts, n, list, i, room) {
      while ((getline line < "server/LAYERS") > 0) {
        sub(/#.*/, "", line)
        if (line ~ /^[ \t]*$/) continue
        if (line ~ /^only /) {
          sub(/^only /, "", line); split(line, parts, /:[ \t]*/)
          only[parts[1]] = parts[2]
          continue
        }
        if (line !~ /^[a-z]+:[^;:]*;[^;:]*$/) { breach("server/LAYERS: not \"room: rooms; headers\": " line); continue }
        split(line, parts, /[:;]/); room = parts[1]
        n = split(parts[2], list, /[ \t]+/)
        for (i = 1; i <= n; i++) {
          if (list[i] == "") continue
          if (!(list[i] in known)) breach("server/LAYERS: " room " may use " list[i] ", which does not stand above it")
          may[room, list[i]] = 1
        }
        known[room] = 1; may[room, room] = 1; libraries[room] = parts[3]
      }
    }
    function own_header(path, room, name, into) {
      if (name == "config.h") return
      into = name; sub(/\/.*/, "", into)
      if (name !~ /\//) breach(path ": \"" name "\" is not written as room/file.h")
      else if (!(into in known)) breach(path ": \"" name "\" is of no room of server/LAYERS")
      else if (room != "" && !((room, into) in may)) breach(path ": " room " may not use " into " (\"" name "\")")
    }
    function library_header(path, room, name, glob, inside) {
      if (matches(name, system_headers)) return
      if (room == "") return
      if (!matches(name, libraries[room])) { breach(path ": " room " may not use <" name ">"); return }
      inside = path; sub(/^server\//, "", inside)
      for (glob in only) if (name ~ regex(glob) && !matches(inside, only[glob]))
        breach(path ": <" name "> is for " only[glob] " alone")
    }
    BEGIN { read_layers() }
    FNR == 1 {
      room = FILENAME; sub(/^server\//, "", room)
      if (sub(/\/.*/, "", room)) { if (!(room in known)) breach(FILENAME ": " room " is not in server/LAYERS") }
      else { if (room != "main.c") breach(FILENAME ": belongs into a room"); room = "" }
    }
    /^[ \t]*#[ \t]*include[ \t]*"/ { split($0, part, "\""); own_header(FILENAME, room, part[2]) }
    /^[ \t]*#[ \t]*include[ \t]*</ { split($0, part, /[<>]/); library_header(FILENAME, room, part[2]) }
    /^[ \t]*#[ \t]*include[ \t]*[^"< \t]/ { breach(FILENAME ": an #include that cannot be read: " $0) }
    END { exit bad }')
}

count=0

result() # result STATUS TEXT [DIAGNOSTICS]
{
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then echo "ok $count - $2"; return; fi
  echo "not ok $count - $2"
  [ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
}

# refuses NAME FILE TEXT WANTED: a tree with that file in it is refused, with that reason
refuses()
{
  tree=$scratch/$count
  mkdir -p "$tree/server/low" "$tree/server/high" "$tree/server/pair"
  printf 'low: ; \nhigh: low; gnutls/* openssl/*\npair: ;\nonly openssl/*: high/verify.c\n' >"$tree/server/LAYERS"
  mkdir -p "$(dirname "$tree/$2")"
  printf '%b' "$3" >"$tree/$2"
  said=$(layers "$tree")
  [ $? -ne 0 ] && case $said in *"$4"*) true ;; *) false ;; esac
  result $? "layers: $1" "$said"
}

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
echo 1..13
refuses 'a room above is refused' server/low/a.c '#include "high/b.h"\n' 'low may not use high'
refuses 'a neighbour is refused' server/high/a.c '#include "pair/b.h"\n' 'high may not use pair'
refuses 'a library that is not named is refused' server/low/a.h '#  include  <gnutls/gnutls.h>\n' 'low may not use <gnutls/gnutls.h>'
refuses 'an unknown header is refused' server/high/a.h '#include <zlib.h>\n' 'high may not use <zlib.h>'
refuses 'a library for one file is refused elsewhere' server/high/a.c '#include <openssl/x509.h>\n' 'for high/verify.c alone'
refuses 'a room that is not in LAYERS is refused' server/other/a.c 'int a;\n' 'other is not in server/LAYERS'
refuses 'a file outside the rooms is refused' server/util.c 'int a;\n' 'belongs into a room'
refuses 'a header without its room is refused' server/low/a.c '#include "a.h"\n' 'not written as room/file.h'
refuses 'a computed include is refused' server/low/a.c '#include HEADER\n' 'cannot be read'
refuses 'a table that names a room above is refused' server/LAYERS 'low: high;\nhigh: ;\n' 'does not stand above it'
refuses 'a line that is no rule is refused' server/LAYERS 'low may do all\n' 'server/LAYERS: not'

good=$scratch/good
mkdir -p "$good/server/low" "$good/server/high"
printf '# a table\nlow: ;\nhigh: low; openssl/*\nonly openssl/*: high/verify.c\n' >"$good/server/LAYERS"
printf '#include <sys/stat.h>\n#include "config.h"\n#include "low/a.h"\n' >"$good/server/low/a.c"
printf '#include "high/b.h"\n#include "low/a.h"\n#include <openssl/x509.h>\n' >"$good/server/high/verify.c"
printf '#include <anything.h>\n#include "high/b.h"\n' >"$good/server/main.c"
said=$(layers "$good")
result $? 'layers: what is allowed passes' "$said"

said=$(layers "${1-${srcdir-.}}")
result $? 'layers: server/ keeps to server/LAYERS' "$said"
