"""Data directories as releases left them: tests/data/<format>/, each with

    data/              a stopped lone server's dataDir, without what it does not read
    backup/            a backup of it
    expected.json      what is in it: the digest, and every node with its data and numbers
"""

import json
import pathlib
import shutil

from kazoo.client import KazooClient

HERE = pathlib.Path(__file__).resolve().parents[1] / "data"
# Nothing is read from these.
LEFT_OUT = ("LOG", "LOCK", "OPTIONS-", "checkpoints", "ingest")


def formats():
    return sorted(path for path in HERE.iterdir() if (path / "expected.json").exists())


def copy(source, target):
    """A copy to work on; what is committed is never opened."""
    shutil.copytree(source, target, dirs_exist_ok=True,
                    ignore=lambda _, names: [n for n in names if n.startswith(LEFT_OUT)])


def read_tree(hosts, auth):
    """All nodes under /golden, by path: data as hexadecimal text (None for null), Stat and ACL."""
    client = KazooClient(hosts=hosts, timeout=20, auth_data=[("digest", auth)])
    client.start(timeout=30)
    try:
        nodes = {}
        waiting = ["/golden"]
        while waiting:
            path = waiting.pop()
            data, stat = client.get(path)
            acl = client.get_acls(path)[0]
            nodes[path] = {
                "data": None if data is None else data.hex(),
                "stat": list(stat),
                "acl": sorted([a.perms, a.id.scheme, a.id.id] for a in acl),
            }
            waiting += [f"{path}/{child}" for child in client.get_children(path)]
        return dict(sorted(nodes.items()))
    finally:
        client.stop()
        client.close()


def expected(path):
    return json.loads((path / "expected.json").read_text())
