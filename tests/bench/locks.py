#!/usr/bin/python3
"""A thousand sessions that contend for one lock: our recipe on three rookeryd, and Curator's InterProcessMutex on
three ZooKeeper 3.8, in turn.

    tests/bench/locks.py [--clients N] [--rounds N] [--repeats N]

Prints hand-overs a second and packets that the servers sent for each: were all waiters woken by a release, it would
be as many packets as waiters. Exit status 1 if ours were not in the order of asking."""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE.parent / "interop" / "recipes" / "curator")]
import artifacts  # noqa: E402
from ensemble import BIN, Ensemble, four_letter_word  # noqa: E402
from zookeeper import ZooKeeper  # noqa: E402


def packets_sent(ensemble):
    total = 0
    for n in ensemble.processes:
        for line in four_letter_word(ensemble.client[n], "mntr").splitlines():
            if line.startswith("zk_packets_sent\t"):
                total += int(line.split("\t")[1])
    return total


def measure(ensemble, command):
    """Hand-overs a second, and packets for each; those for coming and going of the sessions are among them."""
    before = packets_sent(ensemble)
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stdout}{done.stderr}")
    result = json.loads(done.stdout)
    return result["per_second"], (packets_sent(ensemble) - before) / result["handovers"]


def ours(options, protocol):
    with Ensemble(3) as ensemble:
        ensemble.wait_serving()
        servers = ensemble.servers if protocol == "zookeeper" else ensemble.running_grpc_servers
        return measure(ensemble, [BIN / "locks_bench", "--servers", servers, "--protocol", protocol, "--clients",
                                  str(options.clients), "--rounds", str(options.rounds)])


def theirs(options, classes):
    with ZooKeeper(3) as ensemble:
        ensemble.wait_serving()
        return measure(ensemble, ["java", "-Xmx2g", "-cp", f"{classes}:{artifacts.fetch()}/*", "CuratorLocks",
                                  ensemble.servers, str(options.clients), str(options.rounds)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    classes = pathlib.Path(tempfile.mkdtemp(prefix="curator-locks-"))
    try:
        subprocess.run(["javac", "-cp", f"{artifacts.fetch()}/*", "-d", classes, HERE / "locks" / "CuratorLocks.java"],
                       check=True)
        runs = {"Rookery, over ZooKeeper's protocol": lambda: ours(options, "zookeeper"),
                "Rookery, over gRPC": lambda: ours(options, "grpc"),
                "Curator on ZooKeeper 3.8": lambda: theirs(options, classes)}
        found = {name: [] for name in runs}
        for _ in range(options.repeats):
            for name, run in runs.items():
                found[name].append(run())
        print(f"{options.clients} sessions, {options.rounds} turns each       hand-overs/s   packets for each")
        for name, results in found.items():
            print(f"{name:38} {statistics.median(r[0] for r in results):12,.0f} "
                  f"{statistics.median(r[1] for r in results):18.1f}", flush=True)
    finally:
        shutil.rmtree(classes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
