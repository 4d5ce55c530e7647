#!/usr/bin/python3
"""The unmodified zkCli.sh of Debian's zookeeper package against three rookeryd, each reply read."""

import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import Ensemble, four_letter_word, wait_for  # noqa: E402

PROGRAM = "/usr/share/zookeeper/bin/zkCli.sh"
# zkCli prints no prompt to a pipe: this follows every command, and its line ends the reply.
END_COMMAND, END_LINE = "version", "ZooKeeper CLI version: "
EVENT = re.compile(r"WatchedEvent state:(\w+) type:(\w+) path:(.*)")
NOISE = ("", "WATCHER::")


class Shell:
    """One zkCli.sh. Its watch events are gathered beside the replies."""

    def __init__(self, servers, timeout_ms=10000):
        self.process = subprocess.Popen(
            [PROGRAM, "-server", servers, "-timeout", str(timeout_ms)], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)  # the shell and its java, to stop and to kill both
        self.lines, self.events = queue.Queue(), queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.event("SyncConnected", "None", "null")
        self.run("")  # takes what was said at the start

    def read(self):
        for line in self.process.stdout:
            event = EVENT.fullmatch(line.rstrip("\n"))
            if event:
                self.events.put(event.groups())
            elif line.rstrip("\n") not in NOISE:
                self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def run(self, command):
        """The lines of its reply."""
        self.process.stdin.write(f"{command}\n{END_COMMAND}\n")
        reply = []
        while True:
            line = self.lines.get(timeout=30)
            if line is None:
                raise AssertionError(f"zkCli ended at {command}: {reply}")
            if line.startswith(END_LINE):
                return reply
            reply.append(line)

    def stat(self, path):
        return dict(line.split(" = ", 1) for line in self.run(f"stat {path}"))

    def event(self, *expected, timeout_s=20):
        """Takes the next event, which must be `expected` (state, type, path)."""
        found = self.events.get(timeout=timeout_s)
        if found != expected:
            raise AssertionError(f"found event {found}, expected {expected}")

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def quit(self):
        self.process.stdin.write("quit\n")
        return self.process.wait(timeout=30)

    def close(self):
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()


class ShellTest(unittest.TestCase):
    def shell(self, servers, **options):
        shell = Shell(servers, **options)
        self.addCleanup(shell.close)
        return shell

    def assert_owned(self, shell, path, owner):
        self.assertEqual(shell.stat(path)["ephemeralOwner"], owner)


class CommandTest(ShellTest):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = cls.enterClassContext(Ensemble(3))
        cls.ensemble.wait_serving()

    def setUp(self):
        self.cli = self.shell(self.ensemble.servers)

    def says(self, command, *lines):
        self.assertEqual(self.cli.run(command), list(lines), command)

    def test_creates_reads_changes_and_deletes(self):
        self.says("create /cli one", "Created /cli")
        self.says("create /cli two", "Node already exists: /cli")
        self.says("create /none/cli", "Node does not exist: /none/cli")
        self.says("get /cli", "one")
        self.says("create /cli/b", "Created /cli/b")
        self.says("create /cli/a", "Created /cli/a")
        self.says("ls /cli", "[a, b]")
        self.says("set -v 0 /cli three")
        self.says("set -v 0 /cli four", "version No is not valid : /cli")
        self.says("get /cli", "three")
        stat = self.cli.stat("/cli")
        created, child, changed = (int(stat[key], 16) for key in ("cZxid", "pZxid", "mZxid"))
        self.assertTrue(created < child < changed, stat)
        self.assertEqual({key: stat[key] for key in (
            "cversion", "dataVersion", "aclVersion", "ephemeralOwner", "dataLength", "numChildren")},
            {"cversion": "2", "dataVersion": "1", "aclVersion": "0", "ephemeralOwner": "0x0",
             "dataLength": "5", "numChildren": "2"})
        self.says("delete /cli", "Node not empty: /cli")
        self.says("delete /cli/a")
        self.says("delete -v 3 /cli/b", "version No is not valid : /cli/b")
        self.says("delete /cli/b")
        self.says("delete /cli")
        self.says("get /cli", "Node does not exist: /cli")

    def test_null_data_is_not_empty_data(self):
        self.says("create /null", "Created /null")
        self.says("get /null", "null")
        self.says("create /empty ''", "Created /empty")
        self.assertEqual(self.cli.stat("/empty")["dataLength"], "0")
        self.assertNotIn("null", self.cli.run("get /empty"))

    def test_numbers_sequential_nodes(self):
        self.says("create /numbered", "Created /numbered")
        self.says("create -s /numbered/n-", "Created /numbered/n-0000000000")
        self.says("create -s -e /numbered/m-", "Created /numbered/m-0000000001")
        self.says("delete /numbered/n-0000000000")
        self.says("create -s /numbered/n-", "Created /numbered/n-0000000002")
        self.says("ls /numbered", "[m-0000000001, n-0000000002]")

    def test_ephemerals_go_with_their_session(self):
        owner = self.shell(f"127.0.0.1:{self.ensemble.client[1]}")
        self.assertEqual(owner.run("create -e /brief"), ["Created /brief"])
        self.assertEqual(owner.run("create /brief/child"),
                         ["Ephemerals cannot have children: /brief/child"])
        self.says("sync /", "Sync is OK")
        held = self.cli.run("stat -w /brief")
        self.assertIn(f"ephemeralOwner = {owner.stat('/brief')['ephemeralOwner']}", held)
        self.assertNotIn("ephemeralOwner = 0x0", held)
        self.assertEqual(owner.quit(), 0)
        self.cli.event("SyncConnected", "NodeDeleted", "/brief")
        self.says("stat /brief", "Node does not exist: /brief")

    def test_watches_fire_once(self):
        writer = self.shell(f"127.0.0.1:{self.ensemble.client[3]}")
        self.says("create /seen 0", "Created /seen")
        self.says("get -w /seen", "0")
        self.says("ls -w /seen", "[]")
        self.assertEqual(writer.run("sync /"), ["Sync is OK"])
        self.assertEqual(writer.run("set /seen 1"), [])
        self.cli.event("SyncConnected", "NodeDataChanged", "/seen")
        self.assertEqual(writer.run("create /seen/child"), ["Created /seen/child"])
        self.cli.event("SyncConnected", "NodeChildrenChanged", "/seen")
        self.assertEqual(writer.run("set /seen 2"), [])
        self.assertEqual(writer.run("delete /seen/child"), [])
        self.says("sync /", "Sync is OK")
        self.says("get -w /seen", "2")
        self.assertTrue(self.cli.events.empty())
        self.assertEqual(writer.run("delete /seen"), [])
        self.cli.event("SyncConnected", "NodeDeleted", "/seen")

    def test_watches_that_stay(self):
        writer = self.shell(f"127.0.0.1:{self.ensemble.client[3]}")
        self.says("addWatch /stays")  # recursive, if nothing else is said
        self.says("addWatch -m PERSISTENT /stays-alone")
        self.assertEqual(writer.run("sync /"), ["Sync is OK"])
        for command, event, path in (("create /stays 0", "NodeCreated", "/stays"),
                                     ("create /stays/child 0", "NodeCreated", "/stays/child"),
                                     ("set /stays/child 1", "NodeDataChanged", "/stays/child"),
                                     ("set /stays/child 2", "NodeDataChanged", "/stays/child"),
                                     ("delete /stays/child", "NodeDeleted", "/stays/child"),
                                     ("create /stays-alone", "NodeCreated", "/stays-alone"),
                                     ("create /stays-alone/a", "NodeChildrenChanged", "/stays-alone"),
                                     ("delete /stays-alone/a", "NodeChildrenChanged", "/stays-alone")):
            writer.run(command)
            self.cli.event("SyncConnected", event, path)
        self.says("removewatches /stays")
        self.cli.event("SyncConnected", "PersistentWatchRemoved", "/stays")  # zkCli tells itself
        self.says("removewatches /stays", "KeeperErrorCode = No such watcher for /stays")
        writer.run("set /stays 3")
        writer.run("delete /stays-alone")
        self.cli.event("SyncConnected", "NodeDeleted", "/stays-alone")

    def test_says_who_asks_and_what_is_the_sessions_own(self):
        self.says("whoami", "Auth scheme: User", "ip: 127.0.0.1")
        self.says("addauth digest bob:secret")
        self.assertIn("digest: bob", self.cli.run("whoami"))
        self.says("create -e /own-b", "Created /own-b")
        self.says("create -e /own-a", "Created /own-a")
        self.says("getEphemerals /own-", "[/own-a, /own-b]")
        self.says("getEphemerals /none", "[]")

    def test_deletes_a_tree_in_a_transaction(self):
        # deleteall sends one multi of deletes, the children first.
        for path in ("/tree", "/tree/a", "/tree/a/b", "/tree/c"):
            self.says(f"create {path}", f"Created {path}")
        self.assertEqual(self.cli.run("ls -R /tree"), ["/tree", "/tree/a", "/tree/c", "/tree/a/b"])
        self.says("deleteall /tree")
        self.says("ls /tree", "Node does not exist: /tree")

    def test_acls_keep_strangers_out(self):
        self.says("create /mine data", "Created /mine")
        self.says("addauth digest bob:secret")
        self.says("setAcl /mine auth::cdrwa")
        self.assertRegex("\n".join(self.cli.run("getAcl /mine")), r"'digest,'bob:\S+\n: cdrwa")
        stranger = self.shell(self.ensemble.servers)
        self.assertEqual(stranger.run("sync /"), ["Sync is OK"])
        self.assertEqual(stranger.run("get /mine"), ["Insufficient permission : /mine"])
        self.assertEqual(stranger.run("addauth digest bob:secret"), [])
        self.assertEqual(stranger.run("get /mine"), ["data"])


class FailureTest(ShellTest):
    def test_a_session_moves_to_another_server_with_its_watch(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            cli = self.shell(ensemble.servers)
            self.assertEqual(cli.run("create -e /kept 0"), ["Created /kept"])
            self.assertEqual(cli.run("get -w /kept"), ["0"])
            owner = cli.stat("/kept")["ephemeralOwner"]

            def server():
                return next((n for n in ensemble.processes
                             if f"sid={owner}," in four_letter_word(ensemble.client[n], "cons")), None)

            before = server()
            ensemble.kill(before)
            # zkCli shows the loss of the connection as an event only if it has time to.
            after = wait_for(server, 20, "the session on another server")
            self.assertNotEqual(after, before)
            states = [cli.events.get(timeout=20)]
            while states[-1][0] != "SyncConnected":
                states.append(cli.events.get(timeout=20))
            self.assertEqual({state[1] for state in states}, {"None"})
            self.assert_owned(cli, "/kept", owner)
            self.assertEqual(cli.run("set /kept 1"), [])
            cli.event("SyncConnected", "NodeDataChanged", "/kept")

    def test_a_silent_session_expires(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            other = self.shell(ensemble.servers)
            cli = self.shell(ensemble.servers, timeout_ms=2000)
            self.assertEqual(cli.run("create -e /silent"), ["Created /silent"])
            owner = cli.stat("/silent")["ephemeralOwner"]
            self.assertEqual(other.run("sync /"), ["Sync is OK"])
            self.assertIn(f"ephemeralOwner = {owner}", other.run("stat -w /silent"))
            cli.signal(signal.SIGSTOP)
            began = time.monotonic()
            other.event("SyncConnected", "NodeDeleted", "/silent")
            self.assertGreater(time.monotonic() - began, 1.0)
            cli.signal(signal.SIGCONT)
            states = [cli.events.get(timeout=20)]
            while states[-1][0] == "Disconnected":
                states.append(cli.events.get(timeout=20))
            self.assertEqual(states[-1], ("Expired", "None", "null"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
