#!/bin/sh
# verify_unit.sh ROOKERYD: systemd finds nothing wrong with the unit.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
sed "s|^ExecStart=[^ ]*|ExecStart=$1|" "$(dirname "$0")/../../deploy/rookeryd.service" >"$dir/rookeryd.service"
said=$(systemd-analyze verify --recursive-errors=no --man=no "$dir/rookeryd.service" 2>&1) || {
  echo "$said"
  exit 1
}
case $said in *rookeryd.service:*) echo "$said"; exit 1 ;; esac
