#!/usr/bin/python3
"""Flipped bits in the files of a stopped server: found by name, never served, and repaired.

CHAOS_SEED picks the bits; ROOKERY_TEST_SIZE=full takes more of them.
"""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, four_letter_word, wait_for  # noqa: E402

FULL = os.environ.get("ROOKERY_TEST_SIZE") == "full"
FLIPS_PER_FILE = int(os.environ.get("CHAOS_FLIPS", 200 if FULL else 12))
SEED = int(os.environ.get("CHAOS_SEED", random.randrange(1 << 30)))

# Nothing is read from these: what RocksDB tells of itself, its lock, and what was configured.
UNREAD = ("LOG", "LOCK", "IDENTITY", "OPTIONS-", "myid")


def flip(path, bit):
    with open(path, "r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def verify(path):
    return subprocess.run([BIN / "rookeryd", "--verify", path], capture_output=True, text=True,
                          timeout=120)


def files_that_count(data_dir):
    named = [path for path in data_dir.rglob("*") if path.is_file() and path.stat().st_size > 0
             and "checkpoints" not in path.parts and not path.name.startswith(UNREAD)]
    return sorted(named)


def tables(data_dir):
    return sorted(data_dir.glob("state-*/*.sst"))


def fill(ensemble, stopped):
    """Writes until server `stopped` has tables and a journal, then stops it."""
    ensemble.wait_serving()
    ensemble.rookery("bench", "--op", "create", "--connections", "4", "--inflight", "16",
                     "--count", "3000", "--size", "200", timeout_s=120)
    ensemble.rookery("create", "/kept", "whole")
    wait_for(lambda: tables(ensemble.data_dir(stopped)), 40, "a flush of the state")
    time.sleep(0.5)
    ensemble.rookery("create", "/after", "the flush")
    wait_for(lambda: len({four_letter_word(ensemble.client[n], "hash") for n in ensemble.processes}) == 1,
             30, "equal digests")
    ensemble.stop(stopped)


class DamageTest(unittest.TestCase):
    def test_a_flipped_bit_anywhere_is_found_and_its_file_named(self):
        choose = random.Random(SEED)
        print(f"seed {SEED}, {FLIPS_PER_FILE} bits per file", flush=True)
        with Ensemble(3) as ensemble:
            fill(ensemble, stopped=2)
            data_dir = ensemble.data_dir(2)
            clean = verify(data_dir)
            self.assertEqual(clean.returncode, 0, clean.stderr)
            self.assertIn("ok", clean.stdout)
            self.assertEqual(verify(ensemble.dir / "2.cfg").returncode, 0)
            missed = []
            flips = 0
            for path in files_that_count(data_dir):
                for _ in range(FLIPS_PER_FILE):
                    bit = choose.randrange(8 * path.stat().st_size)
                    flip(path, bit)
                    found = verify(data_dir)
                    flip(path, bit)
                    flips += 1
                    named = found.returncode == 1 and (
                        str(path) in found.stderr or str(path.parent) in found.stderr)
                    if not named:
                        missed.append((path.name, path.stat().st_size, bit // 8, bit % 8,
                                       found.returncode, found.stderr[:300]))
            self.assertEqual(missed, [])
            self.assertEqual(verify(data_dir).stdout, clean.stdout)
            print(f"{flips} flipped bits in {len(files_that_count(data_dir))} files, all found",
                  flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
