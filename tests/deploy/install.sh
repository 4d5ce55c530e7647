#!/bin/sh
# install.sh BUILD: `cmake --install` puts the three programs where they run, each with its version.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cmake --install "$1" --prefix "$dir" >/dev/null
for program in rookeryd broker-sim rookery; do
  "$dir/bin/$program" --version | grep -q '0\.1\.0' || { echo "$program tells no version"; exit 1; }
done
# Kafka's names find the installed program, and say what they cannot.
for tool in topics configs acls reassign-partitions leader-election; do
  "$dir/libexec/rookery/kafka-$tool.sh" --help | grep -q Usage || { echo "kafka-$tool.sh does not run"; exit 1; }
  ! "$dir/libexec/rookery/kafka-$tool.sh" --bootstrap-server x 2>"$dir/said" || { echo "kafka-$tool.sh asks a broker"; exit 1; }
  grep -q -- --zookeeper "$dir/said"
done
