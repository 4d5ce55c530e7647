#!/usr/bin/python3
"""make.py NAME: writes tests/data/NAME anew with the present build: a data directory, a backup of it, and
what is in both. For a new format; those that exist stay as the builds of their time wrote them.

NAME says the formats: state-<state format>-level-<level>.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import time

from kazoo.client import KazooClient
from kazoo.security import make_acl, make_digest_acl

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
import golden  # noqa: E402
from ensemble import BIN, Ensemble, four_letter_word, wait_for  # noqa: E402

AUTH = "keeper:secret"


def fill(ensemble):
    client = KazooClient(hosts=ensemble.servers, timeout=20, auth_data=[("digest", AUTH)])
    client.start(timeout=30)
    client.create("/golden", b"root")
    client.create("/golden/empty", b"")
    client.create("/golden/bytes", bytes(range(256)))
    client.create("/golden/guarded", b"x", acl=[make_digest_acl("keeper", "secret", all=True)])
    client.create("/golden/mixed", b"y", acl=[make_acl("world", "anyone", read=True),
                                              make_acl("ip", "127.0.0.1", all=True)])
    for i in range(60):
        client.create("/golden/seq-", str(i).encode() * 40, sequence=True)
    for _ in range(3):
        client.set("/golden", b"changed")
    client.delete("/golden/seq-0000000007")
    transaction = client.transaction()
    transaction.create("/golden/of-multi", b"1")
    transaction.set_data("/golden/empty", b"2")
    transaction.commit()
    client.stop()
    client.close()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = golden.HERE / sys.argv[1]
    if target.exists():
        sys.exit(f"{target} exists: what a release wrote is not written again")
    with Ensemble(1) as ensemble:
        ensemble.wait_serving()
        fill(ensemble)
        wait_for(lambda: list(ensemble.data_dir(1).glob("state-*/*.sst")), 60, "a flush of the state")
        time.sleep(0.2)
        # Behind the flush: only in the log.
        ensemble.rookery("create", "/golden/after", "the flush")
        wait_for(lambda: ensemble.monitor(1).get("zk_global_sessions", "0") == "0", 60, "no sessions left")
        target.mkdir()
        subprocess.run([BIN / "rookery", "--servers", ensemble.servers, "backup", "--grpc-servers",
                        ensemble.grpc_server(1), target / "backup"], check=True)
        nodes = golden.read_tree(ensemble.servers, AUTH)
        wait_for(lambda: ensemble.monitor(1).get("zk_global_sessions", "0") == "0", 60, "no sessions left")
        digest = four_letter_word(ensemble.client[1], "hash").strip()
        ensemble.stop(1)
        golden.copy(ensemble.data_dir(1), target / "data")
    expected = {"auth": AUTH, "hash": digest, "nodes": nodes}
    (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target}: {len(nodes)} nodes, {size} bytes; commit it with git add -f")


if __name__ == "__main__":
    main()
