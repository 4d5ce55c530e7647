#!/bin/sh
# entrypoint.sh FILE: starts rookeryd with the configuration FILE. ROOKERY_ID, the N of this server's
# server.N line, becomes the myid of a fresh dataDir; one that is there already has to be the same.
set -eu
file=${1:?expected the configuration, as /etc/rookery/zoo.cfg}
data=$(sed -n 's/^[[:space:]]*dataDir[[:space:]]*=[[:space:]]*//p' "$file" | tail -n 1)
[ -n "$data" ] || { echo "entrypoint: expected dataDir in $file" >&2; exit 2; }
if [ -n "${ROOKERY_ID:-}" ]; then
  [ -e "$data/myid" ] || echo "$ROOKERY_ID" >"$data/myid"
  found=$(cat "$data/myid")
  if [ "$found" != "$ROOKERY_ID" ]; then
    echo "entrypoint: $data is the data directory of server $found, and ROOKERY_ID is $ROOKERY_ID:" \
         "mount that server's own volume" >&2
    exit 2
  fi
fi
exec rookeryd "$file"
