#!/usr/bin/python3
"""What the client library costs: one session of it with many requests in flight, and the bare loop of
`rookery bench` with one connection, in turn on one server.

    tests/bench/client.py [--rounds N] [--seconds S]

Prints a line for each operation and number in flight: requests a second of both, their ratio (the median over the
rounds), and how often the library allocated for a request. Exit status 1 if a ratio is below nine tenths."""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
from ensemble import BIN, Ensemble  # noqa: E402

RATIO_MIN = 0.9
KEYS = 1000


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{program} {' '.join(words)}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def bare(server, op, inflight, seconds):
    return run(BIN / "rookery", "--servers", server, "bench", "--op", op, "--connections", "1", "--threads", "1",
               "--inflight", str(inflight), "--keys", str(KEYS), "--seconds", str(seconds), "--warmup", "1", "--json")


def library(server, op, inflight, seconds, protocol="zookeeper"):
    return run(BIN / "client_bench", "--servers", server, "--protocol", protocol, "--op", op, "--inflight",
               str(inflight), "--keys", str(KEYS), "--seconds", str(seconds))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    held = True
    with Ensemble(1) as ensemble:
        ensemble.wait_serving()
        server = ensemble.server(1)
        print("operation  in flight   bare loop/s    library/s   ratio   allocations   over gRPC/s")
        for op, inflight in [("get", 1), ("get", 64), ("get", 1024), ("set", 64), ("set", 1024)]:
            ratios, last = [], None
            for _ in range(options.rounds):
                loop = bare(server, op, inflight, options.seconds)
                last = library(server, op, inflight, options.seconds)
                ratios.append(last["per_second"] / loop["operations_per_second"])
            grpc = library(ensemble.grpc_server(1), op, inflight, options.seconds, "grpc")
            ratio = statistics.median(ratios)
            held &= ratio >= RATIO_MIN
            print(f"{op:9}  {inflight:9}  {loop['operations_per_second']:12,.0f} {last['per_second']:12,.0f}   {ratio:5.2f}   "
                  f"{last['allocations_per_request']:11.2f}   {grpc['per_second']:11,.0f}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
