#!/usr/bin/python3
"""Runs the same load against three ZooKeeper 3.8 and three rookeryd in turn, and prints ratios.

fsync on in both, data on a disk (a tmpfs is refused), ZooKeeper with 2 GiB of heap; the order alternates,
the median of the rounds counts. The load generator is `rookery bench` for both. docs/benchmarks/ explains
the rows. With --json a run can be broken off and gone on with: what a file holds is not measured again.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402
from zookeeper import ZooKeeper  # noqa: E402

BUSY = 0.2  # the share of the processors that others may take; more spoils a figure
SHAPES = (("1", 1, 1), ("16x1", 16, 1), ("32x64", 32, 64))


def busy_share(seconds):
    """How much of the processors is in use, from 0 to 1."""

    def ticks():
        counts = [int(n) for n in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return sum(counts), counts[3] + counts[4]  # all; idle and waiting for a disk

    all_before, idle_before = ticks()
    time.sleep(seconds)
    all_after, idle_after = ticks()
    return 1 - (idle_after - idle_before) / max(all_after - all_before, 1)


def wait_for_quiet(patience_s):
    """Waits while others use this machine, and for the disk; how much they still do."""
    os.sync()  # what the ensemble before left to be written or given back
    deadline = time.monotonic() + patience_s
    while True:
        share = busy_share(2)
        if share < BUSY or time.monotonic() > deadline:
            return share


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().partition("\n")[0]


def facts(directory):
    """What the figures were measured on and with."""
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {
        "processor": cpu.group(1) if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "memory_mib": int(memory.group(1)) // 1024,
        "kernel": platform.release(),
        "filesystem": first_line("stat", "-f", "-c", "%T", directory),
        "rookery": first_line(BIN / "rookeryd", "--version"),
        "zookeeper": first_line("dpkg-query", "-W", "-f", "${Version}", "zookeeper"),
        "java": first_line("java", "-version"),
    }


def bench(servers, *words, timeout_s=3600):
    """One load. It is tried once more if it fails: a client that is refused while servers still settle."""
    command = [BIN / "rookery", "--servers", servers, "bench", *words, "--json"]
    for last in (False, True):
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
        if done.returncode == 0:
            return json.loads(done.stdout)
        print(f"rookery bench {' '.join(words)}: {done.stdout}{done.stderr}", file=sys.stderr, flush=True)
        if last:
            raise SystemExit("a load failed twice")
        time.sleep(5)


def wait_writable(ensemble):
    """Every server carries a write; a ZooKeeper that has just elected may leave a first client waiting."""
    for n in ensemble.processes:
        server = f"127.0.0.1:{ensemble.client[n]}"
        wait_for(lambda: subprocess.run([BIN / "rookery", "--servers", server, "create",
                                         f"/writable-{time.time_ns()}"], capture_output=True).returncode == 0,
                 120, f"a write through {server}")


def resident_mib(ensemble):
    sizes = []
    for process in ensemble.processes.values():
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        sizes.append(int(next(l for l in status.splitlines() if l.startswith("VmRSS")).split()[1]) / 1024)
    return statistics.mean(sizes)


def first_write_s(ensemble):
    """From the start of the processes to the first acknowledged write."""
    began = time.monotonic()
    ensemble.start()
    name = f"/first-write-{time.time_ns()}"
    wait_for(lambda: subprocess.run([BIN / "rookery", "--servers", ensemble.servers, "create", name],
                                    capture_output=True).returncode == 0, 300, "a first write")
    return time.monotonic() - began


def gap_ms(ensemble):
    """The longest pause in writes after kill -9 of the leader."""
    writes = subprocess.Popen([BIN / "rookery", "--servers", ensemble.servers, "bench", "gap", "--seconds",
                               "8", "--json"], stdout=subprocess.PIPE, text=True)
    time.sleep(3)
    victim = wait_for(ensemble.leader, 20, "a leader")
    ensemble.kill(victim)
    out, _ = writes.communicate(timeout=60)
    ensemble.start(victim)
    ensemble.wait_serving()
    result = json.loads(out)
    return result["longest_gap"]["length_ms"], result["disconnects"]


def measure(ensemble, options):
    """Figures of one round against a running ensemble, by row."""
    rows = {}

    def note(row, value):
        rows[row] = value
        print(f"    {row}: {value:,.1f}", file=sys.stderr, flush=True)

    bench(ensemble.servers, "--op", "get", "--connections", "16", "--inflight", "8", "--seconds",
          str(options.warm_up / 2))
    bench(ensemble.servers, "--op", "set", "--connections", "16", "--inflight", "8", "--seconds",
          str(options.warm_up / 2))
    for op in ("set", "get"):
        for name, connections, inflight in SHAPES:
            result = bench(ensemble.servers, "--op", op, "--connections", str(connections), "--inflight",
                           str(inflight), "--seconds", str(options.seconds), "--size", "100")
            note(f"{op}Data 100 B, {name} (1/s)", result["operations_per_second"])
    result = bench(ensemble.servers, "--op", "create", "--connections", "32", "--inflight", "64",
                   "--count", str(options.nodes), "--size", "100")
    note(f"create {options.nodes} nodes (1/s)", result["operations_per_second"])
    note("slowest answer meanwhile (ms)", result["latency_us"]["max"] / 1000)
    note("memory per server after it (MiB)", resident_mib(ensemble))
    longest, disconnected = gap_ms(ensemble)
    note("longest gap after kill -9 of the leader (ms)", longest)
    note("clients disconnected, of 8", disconnected)
    ensemble.kill()
    note("restart to first write (s)", first_write_s(ensemble))
    return rows


def refuse_tmpfs(directory):
    kind = subprocess.run(["stat", "-f", "-c", "%T", directory], capture_output=True, text=True).stdout.strip()
    if kind in ("tmpfs", "ramfs"):
        raise SystemExit(f"{directory} is a {kind}: data must lie on a disk; set TMPDIR to one")


def kept_figures(options):
    """What an earlier run left in --json; its rounds must be of the same sizes."""
    sizes = {"seconds": options.seconds, "warm_up": options.warm_up, "nodes": options.nodes}
    kept = pathlib.Path(options.json) if options.json else None
    state = {"sizes": sizes, "facts": {}, "busy_before": [], "ZooKeeper": [], "Rookery": []}
    if kept and kept.exists():
        state = json.loads(kept.read_text())
        if state["sizes"] != sizes:
            raise SystemExit(f"{kept} holds rounds of other sizes ({state['sizes']}): name another file")
    return kept, state


def figures_of(options):
    """All rounds, those that an earlier run left in --json included."""
    kept, state = kept_figures(options)
    makers = [("ZooKeeper", lambda: ZooKeeper(3)), ("Rookery", lambda: Ensemble(3))]
    for number in range(options.rounds):
        for name, make in makers if number % 2 == 0 else reversed(makers):
            if len(state[name]) > number:
                continue
            busy = wait_for_quiet(options.patience)
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
            ensemble = make()
            refuse_tmpfs(ensemble.dir)
            with ensemble:
                state["facts"] = facts(ensemble.dir)
                ensemble.wait_serving()
                wait_writable(ensemble)
                state[name].append(measure(ensemble, options))
            state["busy_before"].append({"round": number + 1, "of": name, "share": busy})
            if kept:
                kept.write_text(json.dumps(state, indent=1) + "\n")
    return state


def print_table(state, rounds):
    print(f"| {'':44} | ZooKeeper 3.8 | Rookery | ratio |\n|{'-' * 46}|---:|---:|---:|")
    for row in state["ZooKeeper"][0]:
        theirs = statistics.median(r[row] for r in state["ZooKeeper"][:rounds])
        ours = statistics.median(r[row] for r in state["Rookery"][:rounds])
        if row.endswith("(1/s)"):  # more is better
            ratio = f"{ours / theirs:.1f}x"
        else:
            ratio = f"{theirs / ours:.1f}x" if ours else "none"
        print(f"| {row:44} | {theirs:,.1f} | {ours:,.1f} | {ratio} |")


def print_facts(state):
    print("\n" + ", ".join(f"{name} {value}" for name, value in state["facts"].items()))
    shares = [one["share"] for one in state["busy_before"]]
    busy = [share for share in shares if share >= BUSY]
    if busy:
        print(f"\nNot to be quoted: others used this machine before {len(busy)} of {len(shares)} measurements "
              f"(up to {max(busy):.0%} of its processors).")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of each; the median counts")
    parser.add_argument("--seconds", type=float, default=10, help="per load")
    parser.add_argument("--warm-up", type=float, default=10)
    parser.add_argument("--nodes", type=int, default=1_000_000, help="to create")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait while others are at work")
    parser.add_argument("--quick", action="store_true", help="one round, small sizes: no figures to quote")
    parser.add_argument("--json", help="write all figures to this file after each round; rounds that it "
                        "holds already are not measured again")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.warm_up, options.nodes = 1, 3, 3, 50_000
    state = figures_of(options)
    print_table(state, options.rounds)
    print_facts(state)


if __name__ == "__main__":
    main()
