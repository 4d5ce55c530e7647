#!/usr/bin/python3
"""The unmodified C client (libzookeeper-mt) against three rookeryd. Its stories are in c_client/main.cc."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import ROOT, Ensemble  # noqa: E402

PROGRAM = os.environ.get("ROOKERY_C_CLIENT", ROOT / "build/release/tests/interop/c_client")


class StoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = cls.enterClassContext(Ensemble(3))
        cls.ensemble.wait_serving()

    def play(self, story, *arguments):
        done = subprocess.run([PROGRAM, story, self.ensemble.servers, *arguments],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_creates_reads_changes_and_deletes(self):
        self.play("crud")

    def test_ephemerals_go_with_their_session(self):
        self.play("ephemeral")

    def test_numbers_sequential_nodes(self):
        self.play("sequential")

    def test_watches_fire_once(self):
        self.play("watch")

    def test_transactions_are_all_or_nothing(self):
        self.play("multi")

    def killed_holder(self, timeout_ms):
        """The session and password of a client that was killed while it held /held."""
        holder = subprocess.Popen([PROGRAM, "hold", self.ensemble.servers, str(timeout_ms)],
                                  text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            return holder.stdout.readline().split()
        finally:
            holder.kill()
            holder.communicate()

    def test_finds_the_session_of_a_killed_client_expired(self):
        self.play("expired", *self.killed_holder(2000))

    def test_resumes_the_session_of_a_killed_client_with_its_password_only(self):
        self.play("resume", *self.killed_holder(20000))


class MoveTest(unittest.TestCase):
    def test_a_session_moves_to_another_server_with_its_watch(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            client = subprocess.Popen([PROGRAM, "move", ensemble.servers], text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            port = int(client.stdout.readline())
            ensemble.kill(next(n for n in ensemble.numbers if ensemble.client[n] == port))
            _, said = client.communicate(timeout=60)
            self.assertEqual(client.returncode, 0, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
