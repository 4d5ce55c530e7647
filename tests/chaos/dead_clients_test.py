#!/usr/bin/python3
"""session.disconnectGraceMs on real processes: a client that is killed (kill -9) is missed after the grace, one
that is stopped, and one whose server is killed, only after their timeout."""

import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402
from raw import OPCODES, Connection, string  # noqa: E402

GRACE_S = 2.5
TIMEOUT_S = 8
# Opens a session with an ephemeral node, pings, and reads nothing that it does not wait for.
CLIENT = """
import sys, time
sys.path.insert(0, sys.argv[1])
from raw import OPCODES, Connection, buffer, string
import struct
c = Connection(int(sys.argv[2]), int(sys.argv[3]))
acl = struct.pack(">ii", 1, 31) + string(b"world") + string(b"anyone")
c.call(1, OPCODES["create"], string(sys.argv[4].encode()) + buffer(b"") + acl + struct.pack(">i", 1))
print("ready", flush=True)
while True:
    time.sleep(0.5)
    c.call(-2, 11, b"")
"""


class DeadClientsTest(unittest.TestCase):
    def setUp(self):
        self.ensemble = self.enterContext(Ensemble(3, ["session.disconnectGraceMs=2500"]))
        self.ensemble.wait_serving()
        self.leader = self.ensemble.leader()
        self.followers = [n for n in self.ensemble.numbers if n != self.leader]

    def client(self, server, path):
        process = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(pathlib.Path(__file__).resolve().parents[1] / "lib"),
             str(self.ensemble.client[server]), str(TIMEOUT_S * 1000), path], stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        return process

    def exists(self, path, server=None):
        connection = Connection(self.ensemble.client[server or self.leader], 10000)
        try:
            connection.call(1, 9, string(b"/"))  # sync
            return connection.call(2, OPCODES["exists"], string(path.encode()) + b"\0")[2] == 0
        finally:
            connection.call(3, OPCODES["closeSession"], b"")
            connection.close()

    def gone_after(self, began, path, server=None):
        """Seconds from `began` until the node is gone."""
        wait_for(lambda: not self.exists(path, server), 3 * TIMEOUT_S, f"{path} is gone")
        return time.monotonic() - began

    def test_killed_clients_are_missed_after_the_grace(self):
        for server in self.ensemble.numbers:
            with self.subTest(server=server, leader=self.leader):
                client = self.client(server, f"/killed-{server}")
                began = time.monotonic()
                client.kill()
                took = self.gone_after(began, f"/killed-{server}")
                self.assertGreater(took, GRACE_S)
                self.assertLess(took, GRACE_S + 1.5)
        self.assertIn("its client ended the connection and did not come back",
                      self.ensemble.log(self.leader))

    def test_a_killed_client_over_grpc_is_missed_after_the_grace(self):
        shell = subprocess.Popen([BIN / "rookery", "--protocol", "grpc", "--servers",
                                  self.ensemble.grpc_server(self.followers[0])],
                                 stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(shell.wait)
        self.addCleanup(shell.kill)
        self.addCleanup(shell.stdin.close)
        shell.stdin.write(b"create -e /over-grpc\n")
        shell.stdin.flush()
        wait_for(lambda: self.exists("/over-grpc"), 30, "the shell's node is there")
        began = time.monotonic()
        shell.kill()
        took = self.gone_after(began, "/over-grpc")
        self.assertGreater(took, GRACE_S)
        self.assertLess(took, GRACE_S + 1.5)

    def test_a_stopped_client_has_its_timeout(self):
        client = self.client(self.followers[0], "/stopped")
        began = time.monotonic()
        client.send_signal(signal.SIGSTOP)
        self.assertGreater(self.gone_after(began, "/stopped"), TIMEOUT_S - 0.6)

    def test_a_client_that_is_killed_with_its_server_has_its_timeout(self):
        client = self.client(self.followers[0], "/both")
        began = time.monotonic()
        self.ensemble.kill(self.followers[0])
        client.kill()
        self.assertGreater(self.gone_after(began, "/both"), TIMEOUT_S - 0.6)

    def test_a_client_that_was_killed_before_the_leader_is_missed_by_the_next(self):
        client = self.client(self.followers[0], "/then-the-leader")
        began = time.monotonic()
        client.kill()
        self.ensemble.kill(self.leader)
        took = self.gone_after(began, "/then-the-leader", self.followers[1])
        self.assertGreater(took, GRACE_S)
        self.assertLess(took, TIMEOUT_S - 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
