#!/usr/bin/python3
"""Data directories and backups as builds of each format left them, opened by the present build: the same
digest, every node with the same numbers. A newer format is refused by name."""

import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import golden  # noqa: E402
from ensemble import BIN, Ensemble, four_letter_word  # noqa: E402


def rookery(*words):
    return subprocess.run([BIN / "rookery", *map(str, words)], capture_output=True, text=True, timeout=60)


class FormatsTest(unittest.TestCase):
    def setUp(self):
        self.assertTrue(golden.formats(), "tests/data holds no directory of any format")

    def test_a_data_directory_is_what_it_was(self):
        for path in golden.formats():
            with self.subTest(path.name), Ensemble(1, started=False) as ensemble:
                expected = golden.expected(path)
                golden.copy(path / "data", ensemble.data_dir(1))
                verified = subprocess.run([BIN / "rookeryd", "--verify", ensemble.data_dir(1)],
                                          capture_output=True, text=True)
                self.assertEqual(verified.returncode, 0, verified.stderr)
                ensemble.start(1)
                ensemble.wait_serving()
                digest = expected["hash"].split()[-1]
                self.assertIn(digest, four_letter_word(ensemble.client[1], "hash"))
                self.assertEqual(golden.read_tree(ensemble.servers, expected["auth"]), expected["nodes"])
                # It goes on from there, and comes back.
                ensemble.rookery("create", "/more", "written by this build")
                ensemble.kill(1)
                ensemble.start(1)
                ensemble.wait_serving()
                self.assertIn("this build", ensemble.rookery("get", "/more"))
                self.assertEqual(golden.read_tree(ensemble.servers, expected["auth"]), expected["nodes"])

    def test_a_backup_is_restored(self):
        for path in golden.formats():
            with self.subTest(path.name), Ensemble(1, started=False) as ensemble:
                expected = golden.expected(path)
                verified = rookery("backup", "--verify", path / "backup")
                self.assertEqual(verified.returncode, 0, verified.stderr)
                restored = rookery("restore", path / "backup", ensemble.data_dir(1))
                self.assertEqual(restored.returncode, 0, restored.stderr)
                # It was taken when there were no sessions.
                self.assertIn(f'digest {int(expected["hash"].split()[-1]):016x}', restored.stdout)
                ensemble.start(1)
                ensemble.wait_serving()
                self.assertEqual(golden.read_tree(ensemble.servers, expected["auth"]), expected["nodes"])

    def test_a_newer_state_format_is_refused_by_name_and_left_alone(self):
        path = golden.formats()[-1]
        with Ensemble(1, started=False) as ensemble:
            data = ensemble.data_dir(1)
            golden.copy(path / "data", data)
            for format_file in data.glob("state-*/FORMAT"):
                number = int(re.search(r"\d+", format_file.read_text()).group()) + 1
                format_file.write_text(f"rookery-state {number}\n")
            tables = sorted(p.name for p in data.glob("state-*/*.sst"))
            ensemble.start(1)
            self.assertEqual(ensemble.processes.pop(1).wait(timeout=30), 1)
            self.assertIn(f"state format {number}", ensemble.log(1))
            self.assertEqual(sorted(p.name for p in data.glob("state-*/*.sst")), tables)


if __name__ == "__main__":
    unittest.main(verbosity=2)
