#!/usr/bin/python3
"""examples/python with stubs made by tools/python-stubs, on a real server."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from ensemble import Ensemble  # noqa: E402


class PythonExampleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = cls.enterClassContext(Ensemble(1))
        cls.ensemble.wait_serving()
        cls.stubs = cls.enterClassContext(tempfile.TemporaryDirectory())
        subprocess.run([ROOT / "tools" / "python-stubs", cls.stubs], check=True)

    def member(self, name, *words):
        return subprocess.Popen(
            ["/usr/bin/python3", ROOT / "examples/python/member.py", self.ensemble.grpc_server(1), name, *words],
            env={**os.environ, "PYTHONPATH": self.stubs, "no_proxy": "127.0.0.1"}, stdout=subprocess.PIPE, text=True)

    def test_members_see_each_other_come_and_go(self):
        first = self.member("first")
        self.assertEqual(first.stdout.readline(), "members: first\n")
        second = self.member("second", "0.5")
        self.assertEqual(first.stdout.readline(), "members: first second\n")
        self.assertEqual(second.communicate(timeout=20)[0], "members: first second\n")
        self.assertEqual(second.returncode, 0)
        self.assertEqual(first.stdout.readline(), "members: first\n")
        # A session outlives its client by its timeout; then it is gone for everybody.
        first.kill()
        first.communicate()
        third = self.member("third")
        self.assertEqual(third.stdout.readline(), "members: first third\n")
        self.assertEqual(third.stdout.readline(), "members: third\n")
        third.kill()
        third.communicate()

    def test_says_what_it_is_used_with(self):
        done = subprocess.run([ROOT / "tools" / "python-stubs"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
