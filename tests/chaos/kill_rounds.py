#!/usr/bin/python3
"""Rounds of kill -9 under writes from both protocols; what they prove, and how long writes paused.

Every other round kills the leader, the others any server. Each round asks, and ends with status 1 if not:
  - every acknowledged write is there, on every server, and none is there twice (by versions),
  - only clients of the killed server lost their connection, and nobody a session,
  - all servers have the same digest once the killed one is back.

With --state a run that was interrupted goes on where it stopped; the file has one line per round. It begins
anew if the programs are no longer those of the file.

A disk that stands still stops every server's writes at once. So a bystander syncs a few bytes to the same disk
all the time, and the summary tells gaps of rounds in which it waited long from the others.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402
from raw import OPCODES, Connection, string  # noqa: E402

PROTOCOLS = ("zookeeper", "grpc")
ROOTS = {protocol: f"/over-{protocol}" for protocol in PROTOCOLS}  # what each writes below
SECONDS = 3  # of writes per round
SLOW_MS = 150  # a gap worth an explanation
STEADY_MS = 50  # a disk that makes nobody wait longer


class Failure(Exception):
    """What a round should have shown and did not."""


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def version(connection, path):
    """Of a node, as the server of the connection has it; -1 if it is not there."""
    _, _, error, body = connection.call(1, OPCODES["exists"], string(path.encode()) + b"\0")
    return body.stat()["version"] if error == 0 else -1


class Writes:
    """Clients of one protocol that write without rest, and count what became of it."""

    def __init__(self, ensemble, protocol, connections):
        ports = ensemble.client if protocol == "zookeeper" else ensemble.grpc
        self.servers = {f"127.0.0.1:{ports[n]}": n for n in ensemble.numbers}
        self.root = ROOTS[protocol]
        self.nodes = [f"{self.root}/bench/gap{i}" for i in range(connections)]
        self.process = subprocess.Popen(
            [BIN / "rookery", "--servers", ",".join(self.servers) + self.root, "--protocol", protocol,
             "bench", "gap", "--seconds", str(SECONDS), "--connections", str(connections), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self):
        out, err = self.process.communicate(timeout=120)
        try:
            return json.loads(out)
        except json.JSONDecodeError:
            raise Failure(f"bench gap {self.root}: {out}{err}") from None


class Bystander:
    """A file beside the servers' that is written and synced without rest."""

    def __init__(self, directory):
        self.path = directory / "bystander"
        self.longest_ms = 0.0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.sync)
        self.thread.start()

    def sync(self):
        file = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        while not self.ending.wait(0.02):
            begun = time.monotonic()
            os.write(file, b"x" * 512)
            os.fdatasync(file)
            self.longest_ms = max(self.longest_ms, (time.monotonic() - begun) * 1000)
        os.close(file)

    def finish(self):
        """The longest sync."""
        self.ending.set()
        self.thread.join()
        self.path.unlink()
        return self.longest_ms


def check(writes, result, victim):
    """Raises Failure if a write was lost or doubled, or more broke than the victim's connections."""
    if not result["verified"] or result["acknowledged"] == 0:
        raise Failure(f"{writes.root}: nothing could be verified: {result}")
    if result["missing"] or result["doubled"]:
        raise Failure(f"{writes.root}: {result['missing']} acknowledged writes are missing, "
                      f"{result['doubled']} are there twice")
    if result["expired_sessions"]:
        raise Failure(f"{writes.root}: {result['expired_sessions']} sessions expired")
    strangers = {server: count for server, count in result["disconnects_by_server"].items()
                 if writes.servers[server] != victim}
    if strangers:
        raise Failure(f"{writes.root}: connections to servers that were not killed broke: {strangers}")


def check_everywhere(ensemble, writes, results):
    """Every server by itself has what was verified at one of them."""
    for n in ensemble.numbers:
        connection = Connection(ensemble.client[n], 10000)
        for protocol in PROTOCOLS:
            found = [version(connection, node) for node in writes[protocol].nodes]
            if found != results[protocol]["versions"]:
                raise Failure(f"server {n} has versions {found} below {ROOTS[protocol]}, "
                              f"expected {results[protocol]['versions']}")
        connection.close()


def play(ensemble, number, seed, connections):
    """One round; what it measured."""
    choose = random.Random(f"{seed}-{number}")
    leader = wait_for(ensemble.leader, 20, "a leader")
    victim = leader if number % 2 == 0 else choose.choice(list(ensemble.numbers))
    watcher = Connection(ensemble.client[victim], 10000)
    written = {protocol: f"{ROOTS[protocol]}/bench/gap0" for protocol in PROTOCOLS}
    before = {protocol: version(watcher, written[protocol]) for protocol in PROTOCOLS}
    writes = {protocol: Writes(ensemble, protocol, connections) for protocol in PROTOCOLS}
    for protocol in PROTOCOLS:  # both write
        wait_for(lambda: version(watcher, written[protocol]) > max(before[protocol], 0), 20,
                 f"writes over {protocol}")
    watcher.close()
    bystander = Bystander(ensemble.dir)
    try:
        time.sleep(choose.uniform(0.3, 1.3))  # into the middle of them
        ensemble.kill(victim)
        results = {protocol: writes[protocol].finish() for protocol in PROTOCOLS}
    finally:
        disk_ms = bystander.finish()
    for protocol in PROTOCOLS:
        check(writes[protocol], results[protocol], victim)
    ensemble.start(victim)
    ensemble.wait_serving()
    digest = ensemble.wait_equal_digests()
    check_everywhere(ensemble, writes, results)
    return {"round": number, "victim": victim, "leader": victim == leader, "digest": digest.strip(),
            "disk_ms": round(disk_ms, 1),
            "gap_ms": {p: round(results[p]["longest_gap"]["length_ms"], 1) for p in PROTOCOLS},
            "acknowledged": {p: results[p]["acknowledged"] for p in PROTOCOLS},
            "disconnects": {p: results[p]["disconnects"] for p in PROTOCOLS},
            "lost": {p: results[p]["lost"] for p in PROTOCOLS}}


def describe(done):
    gaps = ", ".join(f"{p} {done['gap_ms'][p]:.1f} ms" for p in PROTOCOLS)
    return (f"round {done['round']}: killed {done['victim']}{' (leader)' if done['leader'] else ''}, "
            f"longest gap {gaps} (a bystander's sync: {done['disk_ms']:.1f} ms); {sum(done['acknowledged'].values())} writes, "
            f"{sum(done['disconnects'].values())} disconnects, none missing, none twice")


def keep_logs(ensemble, done, directory):
    """The servers' logs, if the round's gap was long."""
    if max(done["gap_ms"].values()) < SLOW_MS:
        return
    kept = directory / f"round-{done['round']}"
    kept.mkdir(parents=True, exist_ok=True)
    for n in ensemble.numbers:
        (kept / f"{n}.log").write_text(ensemble.log(n))


def summary(rounds):
    lines = [f"{len(rounds)} rounds, {sum(sum(r['acknowledged'].values()) for r in rounds)} acknowledged "
             "writes: none missing, none twice; digests equal; no surviving connection broke"]
    leaders = [r for r in rounds if r["leader"]]
    for what, chosen in ((f"a leader, the disk steady (no sync of a bystander over {STEADY_MS} ms)",
                          [r for r in leaders if r["disk_ms"] < STEADY_MS]),
                         ("a leader, all", leaders),
                         ("a follower (for comparison)", [r for r in rounds if not r["leader"]])):
        gaps = [max(r["gap_ms"].values()) for r in chosen]
        if gaps:
            lines.append(f"longest gap in writes at {len(gaps)} kills of {what}: "
                         f"p50 {percentile(gaps, 0.5):.1f} ms, p99 {percentile(gaps, 0.99):.1f} ms, "
                         f"max {max(gaps):.1f} ms")
    return "\n".join(lines)


def programs():
    """What tells one build from another."""
    return [[path.stat().st_size, path.stat().st_mtime_ns] for path in (BIN / "rookeryd", BIN / "rookery")]


class State:
    """The rounds that were played, in a file if there is one."""

    def __init__(self, path, seed, rounds):
        self.path, self.seed, self.rounds = path, seed, []
        if path is None:
            return
        if path.exists():
            head, *lines = [json.loads(line) for line in path.read_text().splitlines()]
            if head["programs"] == programs():
                self.seed, self.rounds = head["seed"], lines
                print(f"{path}: {len(lines)} of {rounds} rounds were played before", flush=True)
                return
            print(f"{path} is of other programs: beginning anew", flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"seed": seed, "programs": programs()}) + "\n")

    def add(self, done):
        self.rounds.append(done)
        if self.path is not None:
            with self.path.open("a") as file:
                file.write(json.dumps(done) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--state", type=pathlib.Path, help="goes on where the run of this file stopped")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="picks the victims")
    parser.add_argument("--logs", type=pathlib.Path,
                        help=f"keeps there the servers' logs of rounds whose gap was over {SLOW_MS} ms")
    parser.add_argument("--connections", type=int, default=4, help="per protocol")
    options = parser.parse_args()
    state = State(options.state, options.seed, options.rounds)
    print(f"seed {state.seed}, {options.rounds} rounds", flush=True)
    if len(state.rounds) < options.rounds:
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            for root in ROOTS.values():
                ensemble.rookery("create", root)
            for number in range(len(state.rounds), options.rounds):
                try:
                    state.add(play(ensemble, number, state.seed, options.connections))
                except (Failure, AssertionError) as failure:
                    print(f"round {number}: {failure}", flush=True)
                    raise SystemExit(1) from None
                print(describe(state.rounds[-1]), flush=True)
                if options.logs is not None:
                    keep_logs(ensemble, state.rounds[-1], options.logs)
    print(summary(state.rounds), flush=True)


if __name__ == "__main__":
    main()
