#!/usr/bin/python3
"""How long a new controller takes over with a large cluster's metadata: through gRPC's Scan and through
ZooKeeper's protocol, on three rookeryd on this machine, and what memory each server takes.

    tests/bench/scale.py --folder FOLDER [--brokers N --topics N --partitions N] [--keep]

What is done is kept in FOLDER: a run that was interrupted goes on with the servers' data that stand there.
Exit status 1 if a takeover failed or, at full size, took longer than it may through Scan."""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
from ensemble import BIN, Ensemble  # noqa: E402

SCAN_WITHIN_S = 10.0
FULL_TOPICS = 100_000


class KeptEnsemble(Ensemble):
    """Three servers whose folder outlives them."""

    def __init__(self, folder):  # pylint: disable=super-init-not-called
        self.lines = []
        self.tick_ms = 2000
        self.started = True
        self.dir = folder
        self.dir.mkdir(parents=True, exist_ok=True)
        self.client, self.grpc, self.admin, self.peer = {}, {}, {}, {}
        self.processes = {}
        ports = folder / "ports.json"
        if ports.exists():
            for name, by_number in json.loads(ports.read_text()).items():
                getattr(self, name).update({int(n): port for n, port in by_number.items()})
            for n in self.numbers:
                self.configure(n)
        else:
            self.allot(1, 2, 3)
            ports.write_text(json.dumps({name: getattr(self, name)
                                         for name in ("client", "grpc", "admin", "peer")}))

    def __exit__(self, kind, value, trace):
        self.stop()

    def memory_mib(self, n):
        status = pathlib.Path(f"/proc/{self.processes[n].pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.M)[1]) // 1024

    def tell_memory(self, when):
        parts = [f"server {n} {self.memory_mib(n)} MiB" for n in self.numbers]
        print(f"memory {when}: {', '.join(parts)}", flush=True)


def run(arguments):
    """Runs broker-sim scale; its output, shown as it comes."""
    print("broker-sim scale " + " ".join(arguments), flush=True)
    lines = []
    with subprocess.Popen([BIN / "broker-sim", "scale", *arguments], stdout=subprocess.PIPE, text=True) as p:
        for line in p.stdout:
            print("  " + line, end="", flush=True)
            lines.append(line)
    if p.returncode != 0:
        raise SystemExit(f"broker-sim scale {arguments[0]} ended with {p.returncode}")
    return lines


def fill(servers, options, size):
    done = servers.dir / "filled"
    if done.exists() and done.read_text() == json.dumps(size):
        print("the tree is filled already", flush=True)
        return
    begun = time.monotonic()
    run(["fill", "--servers", servers.servers, *options])
    took = time.monotonic() - begun
    nodes = size["topics"] * (3 + 2 * size["partitions"])
    print(f"{nodes} nodes in {took:.0f} s, {nodes / took:.0f}/s", flush=True)
    done.write_text(json.dumps(size))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--brokers", type=int, default=1000)
    parser.add_argument("--topics", type=int, default=FULL_TOPICS)
    parser.add_argument("--partitions", type=int, default=20)
    parser.add_argument("--protocols", nargs="+", default=["grpc", "zookeeper"])
    parser.add_argument("--keep", action="store_true", help="leave the servers' data there")
    arguments = parser.parse_args()
    size = {key: getattr(arguments, key) for key in ("brokers", "topics", "partitions")}
    options = [word for key, value in size.items() for word in (f"--{key}", str(value))]
    took = {}
    with KeptEnsemble(arguments.folder) as servers:
        servers.wait_serving(timeout_s=120)
        fill(servers, options, size)
        servers.tell_memory("after filling")
        for protocol in arguments.protocols:
            addresses = servers.running_grpc_servers if protocol == "grpc" else servers.servers
            # Each loses another broker, far enough from the one before that they share no partition.
            counter = servers.dir / "lost"
            lost = int(counter.read_text()) if counter.exists() else 0
            counter.write_text(str((lost + 10) % size["brokers"]))
            lines = run(["takeover", "--protocol", protocol, "--servers", addresses, "--lose", str(lost),
                         *options])
            took[protocol] = float(lines[-1].split()[0])
            servers.tell_memory(f"after a takeover over {protocol}")
    partitions = size["topics"] * size["partitions"]
    print(f"\n{size['brokers']} brokers, {size['topics']} topics, {partitions} partitions: a new controller "
          "takes over in " + ", in ".join(f"{s:.1f} s over {protocol}" for protocol, s in took.items()))
    if not arguments.keep:
        shutil.rmtree(arguments.folder)
    if size["topics"] >= FULL_TOPICS and took.get("grpc", 0) > SCAN_WITHIN_S:
        raise SystemExit(f"expected at most {SCAN_WITHIN_S} s through Scan")


if __name__ == "__main__":
    main()
