#!/usr/bin/python3
"""The tables that unit tests read are what Kafka's own classes say: each is asked for anew."""

import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class TablesTest(unittest.TestCase):
    def test_each_table_is_what_the_classes_say(self):
        done = subprocess.run([HERE / "generate.py", "--check"], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        print(done.stdout, end="", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
