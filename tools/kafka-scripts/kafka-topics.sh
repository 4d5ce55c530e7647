#!/usr/bin/env bash
# Kafka's tools by their own names, done by rookery without a broker: --zookeeper HOST:PORT[/chroot] says
# where, --bootstrap-server cannot. One file under several names.
# The program: $ROOKERY, else what was installed or built beside this, else the one in PATH.
set -euo pipefail
name=$(basename "$0" .sh)
case $name in
  kafka-topics) subcommand=topics ;;
  kafka-configs) subcommand=configs ;;
  kafka-acls) subcommand=acls ;;
  kafka-reassign-partitions) subcommand=reassign ;;
  kafka-leader-election) subcommand=leader-election ;;
  *)
    echo "$name: expected the name of a tool of Kafka, one of: $(cd "$(dirname "$0")" && echo kafka-*.sh)" >&2
    exit 2
    ;;
esac
for word in "$@"; do
  case $word in
    --bootstrap-server*)
      echo "$name: this one asks the coordinator, not a broker: say --zookeeper HOST:PORT[/chroot] instead" >&2
      exit 2
      ;;
  esac
done
here=$(dirname "$(readlink -f "$0")")
program=${ROOKERY:-}
for found in "$here/../../bin/rookery" "$here/../../build/release/bin/rookery"; do
  if [ -z "$program" ] && [ -x "$found" ]; then program=$found; fi
done
exec "${program:-rookery}" "$subcommand" "$@"
