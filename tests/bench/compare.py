#!/usr/bin/python3
"""Runs the same load against three ZooKeeper 3.8 and three rookeryd in turn, and prints ratios.

fsync on in both, data on a disk (a tmpfs is refused), ZooKeeper with 2 GiB of heap; the order alternates,
the median of the rounds counts. The load generator is `rookery bench` for both.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402
from zookeeper import ZooKeeper  # noqa: E402

SHAPES = (("1", 1, 1), ("16x1", 16, 1), ("32x64", 32, 64))


def bench(servers, *words, timeout_s=3600):
    done = subprocess.run([BIN / "rookery", "--servers", servers, "bench", *words, "--json"],
                          capture_output=True, text=True, timeout=timeout_s)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"rookery bench {' '.join(words)}: {done.stdout}{done.stderr}")


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
    bench(ensemble.servers, "--op", "get", "--connections", "16", "--inflight", "8", "--seconds",
          str(options.warm_up / 2))
    bench(ensemble.servers, "--op", "set", "--connections", "16", "--inflight", "8", "--seconds",
          str(options.warm_up / 2))
    for op in ("set", "get"):
        for name, connections, inflight in SHAPES:
            result = bench(ensemble.servers, "--op", op, "--connections", str(connections), "--inflight",
                           str(inflight), "--seconds", str(options.seconds), "--size", "100")
            rows[f"{op}Data 100 B, {name} (1/s)"] = result["operations_per_second"]
    result = bench(ensemble.servers, "--op", "create", "--connections", "32", "--inflight", "64",
                   "--count", str(options.nodes), "--size", "100")
    rows[f"create {options.nodes} nodes (1/s)"] = result["operations_per_second"]
    rows["memory per server after it (MiB)"] = resident_mib(ensemble)
    rows["longest gap after kill -9 of the leader (ms)"], rows["clients disconnected, of 8"] = gap_ms(ensemble)
    ensemble.kill()
    rows["restart to first write (s)"] = first_write_s(ensemble)
    return rows


def refuse_tmpfs(directory):
    kind = subprocess.run(["stat", "-f", "-c", "%T", directory], capture_output=True, text=True).stdout.strip()
    if kind in ("tmpfs", "ramfs"):
        raise SystemExit(f"{directory} is a {kind}: data must lie on a disk; set TMPDIR to one")


def figures_of(options):
    """All rounds, those that an earlier run left in --json included."""
    sizes = {"seconds": options.seconds, "warm_up": options.warm_up, "nodes": options.nodes}
    kept = pathlib.Path(options.json) if options.json else None
    state = {"sizes": sizes, "ZooKeeper": [], "Rookery": []}
    if kept and kept.exists():
        found = json.loads(kept.read_text())
        if found["sizes"] != sizes:
            raise SystemExit(f"{kept} holds rounds of other sizes ({found['sizes']}): name another file")
        state = found
    makers = [("ZooKeeper", lambda: ZooKeeper(3)), ("Rookery", lambda: Ensemble(3))]
    for number in range(options.rounds):
        for name, make in makers if number % 2 == 0 else reversed(makers):
            if len(state[name]) > number:
                continue
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
            with make() as ensemble:
                refuse_tmpfs(ensemble.dir)
                ensemble.wait_serving()
                wait_writable(ensemble)
                state[name].append(measure(ensemble, options))
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of each; the median counts")
    parser.add_argument("--seconds", type=float, default=10, help="per load")
    parser.add_argument("--warm-up", type=float, default=10)
    parser.add_argument("--nodes", type=int, default=1_000_000, help="to create")
    parser.add_argument("--quick", action="store_true", help="one round, small sizes: no figures to quote")
    parser.add_argument("--json", help="write all figures to this file after each round; rounds that it "
                        "holds already are not measured again")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.warm_up, options.nodes = 1, 3, 3, 50_000
    print_table(figures_of(options), options.rounds)


if __name__ == "__main__":
    main()
