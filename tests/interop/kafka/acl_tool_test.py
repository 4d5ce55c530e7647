#!/usr/bin/python3
"""rookery acls beside Kafka's own AclCommand: the same words into two chroots of one server; output and
trees must be equal. Sets have no order in Kafka's output, so lines are compared sorted."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))
from ensemble import BIN, Ensemble  # noqa: E402
import kazoo.client  # noqa: E402
import recorded_tree  # noqa: E402
import tools  # noqa: E402

THEIRS, OURS = "/theirs", "/ours"
ADDED = (
    ["--add", "--allow-principal", "User:alice", "--operation", "read", "--operation", "Write",
     "--topic", "orders"],
    ["--add", "--allow-principal", "User:alice", "--deny-principal", "User:eve", "--deny-host",
     "10.0.0.1", "--topic", "orders", "--topic", "*"],
    ["--add", "--allow-principal", "User:bob", "--consumer", "--group", "g", "--topic", "pre",
     "--resource-pattern-type", "prefixed"],
    ["--add", "--allow-principal", "User:p", "--producer", "--topic", "t", "--idempotent",
     "--transactional-id", "x"],
)
LISTED = (
    ["--list"],
    ["--list", "--topic", "prefixed", "--resource-pattern-type", "match"],
    ["--list", "--topic", "pre", "--resource-pattern-type", "any"],
    ["--list", "--topic", "orders", "--principal", "User:eve"],
)
REMOVED = (
    ["--remove", "--topic", "orders", "--allow-principal", "User:alice", "--operation", "read"],
    ["--remove", "--topic", "orders", "--topic", "t", "--force"],
)
REFUSED = (
    ["--add", "--topic", "x"],
    ["--add", "--allow-principal", "User:a", "--topic", "t", "--resource-pattern-type", "any"],
    ["--add", "--allow-principal", "User:a", "--consumer", "--topic", "t"],
)


def lines(text):
    """What a tool said, without its warnings, its usage and the order within sets."""
    said = text.split("Option  ")[0].splitlines()
    return sorted(line.strip() for line in said
                  if line.strip() and not line.startswith(("Warning:", "WARN")))


class AclToolTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.ensemble = self.enterContext(Ensemble(1))
        self.ensemble.wait_serving()
        self.client = kazoo.client.KazooClient(self.ensemble.servers)
        self.client.start()
        self.addCleanup(self.client.stop)
        for chroot in (THEIRS, OURS):
            self.client.create(chroot)
        # Kafka's tool makes the roots of its own chroot at its first call.
        self.kafka(["--list"], THEIRS)

    def kafka(self, words, chroot, text=None):
        return tools.run(tools.ACLS, "--authorizer-properties",
                         f"zookeeper.connect={self.ensemble.servers}{chroot}", *words, check=False,
                         text=text)

    def rookery(self, words, chroot, text=None):
        return subprocess.run(
            [BIN / "rookery", "acls", "--authorizer-properties",
             f"zookeeper.connect={self.ensemble.servers}{chroot}", *words], input=text or "",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout

    def nodes(self, chroot):
        """Data of every node below a chroot that holds entries; of those that tell of a change, whose order
        within one command Kafka leaves to chance, a sorted list."""
        found, changes = {}, []
        waiting = [""]
        while waiting:
            path = waiting.pop()
            waiting += [f"{path}/{name}" for name in self.client.get_children(chroot + path)]
            data, stat = self.client.get(chroot + path)
            if "acl_changes_" in path:
                changes.append(data.decode())
            elif data:
                found[path] = (recorded_tree.plain_data(path, data.decode()), stat.version)
        return found, sorted(changes)

    def test_the_same_words_do_and_say_the_same(self):
        for words in (*ADDED, *LISTED):
            self.assertEqual(lines(self.rookery(words, OURS)), lines(self.kafka(words, THEIRS)), words)
        self.assertEqual(self.nodes(OURS), self.nodes(THEIRS))
        self.assertIn("/kafka-acl-extended/prefixed/Topic/pre", self.nodes(OURS)[0])
        for words in REMOVED:
            self.assertEqual(lines(self.rookery(words, OURS, "y\n")),
                             lines(self.kafka(words, THEIRS, "y\n")), words)
        self.assertEqual(self.nodes(OURS), self.nodes(THEIRS))
        self.assertNotIn("/kafka-acl/Topic/orders", self.nodes(OURS)[0])
        for words in REFUSED:
            self.assertEqual(lines(self.rookery(words, OURS))[:1], lines(self.kafka(words, THEIRS))[:1],
                             words)
        # Each reads what the other wrote.
        self.assertEqual(lines(self.rookery(["--list"], THEIRS)), lines(self.kafka(["--list"], OURS)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
