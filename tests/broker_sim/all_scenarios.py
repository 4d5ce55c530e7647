#!/usr/bin/python3
"""Runs every shipped scenario over both protocols, one after the other, and prints a table.

    tests/broker_sim/all_scenarios.py [--logs FOLDER] [NAME ...]

The output of each run is kept in FOLDER. Exit status 0 only if all passed."""

import argparse
import json
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("ROOKERY_BIN", ROOT / "build" / "release" / "bin"))
SCENARIOS = ROOT / "broker-sim" / "scenarios"
PROTOCOLS = ("zookeeper", "grpc")


def run(name, protocol, logs):
    """(passed, seconds, what to say of it)."""
    report = logs / f"{name}.{protocol}.json"
    report.unlink(missing_ok=True)
    begun = time.monotonic()
    with open(logs / f"{name}.{protocol}.log", "wb") as log:
        status = subprocess.call(
            [BIN / "broker-sim", "run", "--plain", SCENARIOS / f"{name}.yaml", "--protocol", protocol,
             "--rookeryd", BIN / "rookeryd", "--json", report], stdout=log, stderr=log)
    took = time.monotonic() - begun
    if status == 2 or not report.exists():
        return False, took, f"no verdict, see {log.name}"
    checks = json.loads(report.read_text())["checks"]
    broken = [check for check in checks if not check["held"]]
    if broken:
        return False, took, f"{broken[0]['name']}: {broken[0]['detail']}"
    return True, took, f"{len(checks)} checks"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--logs", type=pathlib.Path, default=ROOT / "build" / "figures" / "scenarios")
    parser.add_argument("names", nargs="*", default=[])
    arguments = parser.parse_args()
    arguments.logs.mkdir(parents=True, exist_ok=True)
    names = arguments.names or sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
    failed = 0
    print(f"{'scenario':32} {'over':10} {'':6} {'time':>7}", flush=True)
    for name in names:
        for protocol in PROTOCOLS:
            passed, took, detail = run(name, protocol, arguments.logs)
            failed += not passed
            print(f"{name:32} {protocol:10} {'pass' if passed else 'FAIL':6} {took:5.0f} s  {detail}",
                  flush=True)
    total = len(names) * len(PROTOCOLS)
    print(f"{total - failed} of {total} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
