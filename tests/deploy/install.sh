#!/bin/sh
# install.sh BUILD: `cmake --install` puts the three programs where they run, each with its version.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cmake --install "$1" --prefix "$dir" >/dev/null
for program in rookeryd broker-sim rookery; do
  "$dir/bin/$program" --version | grep -q '0\.1\.0' || { echo "$program tells no version"; exit 1; }
done
