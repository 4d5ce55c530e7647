#!/usr/bin/python3
"""Faults upon real servers under clients of both protocols; status 0 only if no promise was broken.

Each round begins one or two faults drawn from the seed, ends them, and waits until all three serve again.
What clients asked and were told is written down and checked at the end: no acknowledged write is lost or
done twice, all servers are equal, and the simulator's checkers of what clients saw find nothing.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "lib"), str(HERE)]
import faults  # noqa: E402
import network  # noqa: E402
from cluster import Cluster  # noqa: E402
from ensemble import BIN, wait_for  # noqa: E402
from final_state import final_states, lost_and_doubled, read_lines  # noqa: E402

SERVE_AGAIN_S = 60


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


class Clients:
    """kazoo and gRPC clients in processes of their own, with their histories."""

    def __init__(self, cluster, options):
        grpc = ",".join(cluster.grpc_server(n) for n in cluster.numbers)
        count, rate = str(options.clients), str(options.per_second)
        self.files = [cluster.dir / "kazoo.jsonl", cluster.dir / "grpc.jsonl"]
        commands = [
            ["/usr/bin/python3", "-W", "ignore", HERE / "kazoo_clients.py", cluster.servers, "1", count, rate,
             str(options.seed), self.files[0]],
            [BIN / "chaos-clients", "--servers", grpc, "--first", str(options.clients + 1), "--clients", count,
             "--per-second", rate, "--seed", str(options.seed), "--out", self.files[1]]]
        self.processes = [subprocess.Popen(command, stdin=subprocess.PIPE) for command in commands]

    def check(self):
        for process in self.processes:
            if process.poll() is not None:
                raise AssertionError(f"clients ended early: {process.args} with status {process.returncode}")

    def finish(self):
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            if process.wait(timeout=120) != 0:
                raise AssertionError(f"{process.args}: status {process.returncode}")

    def kill(self):
        for process in self.processes:
            process.kill()
            process.wait()


def play_round(cluster, choose):
    """The names of the faults that were played."""
    drawn = faults.draw(cluster, choose)
    for fault in drawn:
        fault.begin()
        say(fault)
        time.sleep(choose.uniform(*fault.seconds))
    for fault in drawn:
        fault.end()
    began = time.monotonic()

    def all_serve():
        ended = [n for n in cluster.processes if cluster.ended(n)]
        if ended:
            raise AssertionError(f"server {ended[0]} has ended by itself:\n{cluster.log(ended[0])[-3000:]}")
        return all(cluster.serves(n) for n in cluster.numbers)
    wait_for(all_serve, SERVE_AGAIN_S, "all servers serve again")
    say(f"  all serve {time.monotonic() - began:.1f} s later")
    return [fault.name for fault in drawn]


def check(cluster, files, history):
    """Violations, one text each."""
    lines = read_lines(*files) + final_states(cluster)
    with open(history, "w") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
    calls = [line for line in lines if line["kind"] == "call"]
    for name, numbers in (("kazoo", {line["client"] for line in read_lines(files[0])}),
                          ("gRPC", {line["client"] for line in read_lines(files[1])})):
        own = [line for line in calls if line["client"] in numbers]
        sure = sum(line["error"] == "Ok" for line in own)
        say(f"{name}: {len(own)} requests, {sure} done, "
            f"{sum(bool(line.get('maybe_applied')) for line in own)} uncertain")
        if sure * 2 < len(own):
            return [f"{name}: only {sure} of {len(own)} requests succeeded: nothing was tested"]
    violations = lost_and_doubled(lines)
    checker = BIN / "rookery-check"
    if checker.exists():
        done = subprocess.run([checker, history], capture_output=True, text=True)
        say(f"rookery-check: {(done.stdout + done.stderr).strip()[-2000:]}")
        if done.returncode != 0:
            found = "found violations" if done.returncode == 1 else f"ended with status {done.returncode}"
            violations.append(f"rookery-check {history} {found}")
    return violations


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--clients", type=int, default=3, help="of each protocol")
    parser.add_argument("--per-second", type=float, default=20, help="requests of each client")
    parser.add_argument("--only", help="names of faults, with commas: nothing but these")
    parser.add_argument("--no-network", action="store_true", help="no network namespaces")
    options = parser.parse_args()
    if "--seed" not in " ".join(sys.argv):
        sys.argv += ["--seed", str(options.seed)]
    why_not = "--no-network was asked for" if options.no_network else network.why_not()
    if why_not:
        say(f"skipped: partitions, delays and a full disk: {why_not}")
        if "netns" in os.environ.get("ROOKERY_REQUIRE", "").split(","):
            raise SystemExit("ROOKERY_REQUIRE asks for netns: failed")
    else:
        network.enter()
    if options.only:
        names = options.only.split(",")
        unknown = set(names) - {fault.__name__ for fault in faults.WEIGHTS}
        if unknown:
            parser.error(f"--only: expected names among "
                         f"{', '.join(fault.__name__ for fault in faults.WEIGHTS)}, found {unknown}")
        faults.WEIGHTS = {fault: w for fault, w in faults.WEIGHTS.items() if fault.__name__ in names}
    say(f"seed {options.seed}, {options.minutes} minutes")
    choose = random.Random(options.seed)
    counts = collections.Counter()
    with Cluster(None if why_not else network.Network((1, 2, 3)), small_disk=not why_not) as cluster:
        cluster.wait_serving()
        clients = Clients(cluster, options)
        try:
            time.sleep(2)
            ends = time.monotonic() + options.minutes * 60
            while time.monotonic() < ends:
                counts.update(play_round(cluster, choose))
                clients.check()
                time.sleep(choose.uniform(0.5, 2))
            clients.finish()
        finally:
            clients.kill()
        cluster.wait_equal_digests(timeout_s=60)
        history = cluster.dir / "history.jsonl"
        violations = check(cluster, clients.files, history)
        say(f"faults: {', '.join(f'{name} {count}' for name, count in sorted(counts.items()))}")
        for violation in violations:
            say(f"VIOLATION: {violation}")
        if violations:
            say(f"again: tools/chaos --minutes {options.minutes} --seed {options.seed}")
            raise SystemExit(1)
        say("no acknowledged write was lost or done twice, the digests are equal")


if __name__ == "__main__":
    main()
