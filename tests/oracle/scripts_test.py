#!/usr/bin/python3
"""Every script, on rookeryd and on ZooKeeper 3.8 and 3.9: answers as written, and the same on both.

ROOKERY_REWRITE=1 writes what rookeryd answers into the files of this folder.
"""

import difflib
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]
from cleaner import clean  # noqa: E402
from connection import Disturbed  # noqa: E402
from differences import Differences  # noqa: E402
from pair import play_script  # noqa: E402
from servers import end, required, start_rookeryd, start_zookeeper  # noqa: E402

SCRIPTS = sorted([*(HERE.parent / "script" / "data").glob("*.script"), *(HERE / "scripts").glob("*.script")])
TRIES = 3  # of a script that this machine's pauses disturbed


class Servers:
    """A pair that is cleaned between scripts, or a fresh one for a script that tells the root's own numbers."""

    def __init__(self, zookeeper, version):
        self.version = version
        self.pair = zookeeper, start_rookeryd()
        self.fresh = True

    def take(self, needs_fresh):
        if needs_fresh and not self.fresh:
            self.end()
            self.pair = start_zookeeper(self.version), start_rookeryd()
            self.fresh = True
        for server in self.pair:
            server.wait_serving()
        if not self.fresh:
            clean(self.pair)
        self.fresh = False
        return self.pair

    def end(self):
        for server in self.pair:
            end(server)


class ScriptsTest(unittest.TestCase):
    def play_all(self, version, reason):
        first = start_zookeeper(version)
        if first is None:
            what = "zookeeper" if version == "3.8" else "zookeeper-3.9"
            self.assertFalse(required(what), f"ZooKeeper {version} is missing")
            self.skipTest(f"ZooKeeper {version} is not here: {reason}")
        servers, differences = Servers(first, version), Differences(version)
        try:
            for path in SCRIPTS:
                text = path.read_text()
                if "# [since 3.9]" in text and version == "3.8":
                    continue
                with self.subTest(script=path.stem):
                    self.play(path, text, servers, differences)
        finally:
            servers.end()
        self.assertEqual(differences.unused(), [], "listed differences that nothing showed")

    def play(self, path, text, servers, differences):
        for left in reversed(range(TRIES)):
            try:
                found, got = play_script(text, *servers.take("# [fresh server]" in text), differences)
                break
            except Disturbed:
                if not left:
                    raise
        if os.environ.get("ROOKERY_REWRITE") and path.parent.parent == HERE:
            path.write_text(got)
        elif got != text:
            self.fail("rookeryd answers otherwise than written:\n" + "\n".join(difflib.unified_diff(
                text.splitlines(), got.splitlines(), "written", "rookeryd", n=2, lineterm="")))
        self.assertEqual([f"line {line}: {finding}" for line, finding in found], [])

    def test_zookeeper_3_8(self):
        self.play_all("3.8", "tools/dev/setup test installs it")

    def test_zookeeper_3_9(self):
        self.play_all("3.9", "mvn fetches it where Maven Central is reachable")


if __name__ == "__main__":
    unittest.main(verbosity=2)
