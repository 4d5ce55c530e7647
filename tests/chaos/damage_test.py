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
import tempfile
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


# Every kind of file that something is read from, by the pattern below the data directory.
KINDS = ("identity", "durable", "restored", "log/CURRENT", "log/MANIFEST-*", "log/*.log", "log/*.sst",
         "state-*/CURRENT", "state-*/MANIFEST-*", "state-*/*.sst", "state-*/FORMAT")


def last_length(data):
    """Where the length of a journal's last record stands, None without records. Blocks of 32 KiB; a record is a
    checksum of 4 bytes, a length of 2, a kind of 1, and its bytes."""
    at, length = 0, None
    while at + 7 <= len(data):
        if 32768 - at % 32768 < 7:
            at += 32768 - at % 32768
            continue
        length, at = at + 4, at + 7 + int.from_bytes(data[at + 4:at + 6], "little")
    return length


def bits_to_flip(choose, path):
    """The first and the last, two in what has no checksum in a table (its version, and zeros before it), each of a
    journal's last length (RocksDB takes a longer one for a write that was cut off), and others by chance."""
    size = path.stat().st_size
    bits = [0, 8 * size - 1, *(8 * (size - n) for n in (12, 13) if n <= size)]
    if path.name.startswith("MANIFEST-") or path.suffix == ".log":
        length = last_length(path.read_bytes())
        bits += [] if length is None else range(8 * length, 8 * length + 16)
    return bits + [choose.randrange(8 * size) for _ in range(FLIPS_PER_FILE)]


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


def fill_more(ensemble):
    """Writes that only the log has in the end."""
    ensemble.wait_serving()
    ensemble.rookery("bench", "--op", "set", "--connections", "4", "--inflight", "16", "--count", "500",
                     timeout_s=120)
    ensemble.wait_equal_digests()


class DamageTest(unittest.TestCase):
    def test_a_log_that_has_lost_everything_is_not_begun_anew(self):
        with Ensemble(1) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("create", "/kept", "whole")
            ensemble.kill(1)
            log = ensemble.data_dir(1) / "log"
            for path in log.iterdir():
                path.unlink()
            for _ in range(2):  # the first refusal writes nothing that the second would take for a log
                started = subprocess.run([BIN / "rookeryd", ensemble.dir / "1.cfg"], capture_output=True, text=True,
                                         timeout=60)
                self.assertNotEqual(started.returncode, 0)
                self.assertRegex(started.stdout + started.stderr,
                                 "has lost its end: found entry 0 of term 0, expected entry [1-9]")

    def test_a_flipped_bit_anywhere_is_found_and_its_file_named(self):
        choose = random.Random(SEED)
        print(f"seed {SEED}, {FLIPS_PER_FILE} bits per file", flush=True)
        with Ensemble(3) as source:
            fill(source, stopped=2)
            source.rookery("backup", "--grpc-servers", source.grpc_server(1), str(source.dir / "backup"))
            backup = pathlib.Path(shutil.move(source.dir / "backup", tempfile.mkdtemp()))
        with Ensemble(3, started=False) as ensemble:
            # Restored, so that the file `restored` is among them; started twice, so that the log has tables.
            for n in ensemble.numbers:
                subprocess.run([BIN / "rookery", "restore", backup, ensemble.data_dir(n)], check=True,
                               stdout=subprocess.DEVNULL)
            shutil.rmtree(backup.parent)
            ensemble.start()
            fill_more(ensemble)
            ensemble.stop()
            ensemble.start()
            fill_more(ensemble)
            ensemble.stop(2)
            data_dir = ensemble.data_dir(2)
            for kind in KINDS:
                self.assertTrue([p for p in data_dir.glob(kind) if p.stat().st_size > 0], kind)
            clean = verify(data_dir)
            self.assertEqual(clean.returncode, 0, clean.stderr)
            self.assertIn("ok", clean.stdout)
            self.assertEqual(verify(ensemble.dir / "2.cfg").returncode, 0)
            missed = []
            flips = 0
            for path in files_that_count(data_dir):
                for bit in bits_to_flip(choose, path):
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

    def rejoin(self, ensemble, number):
        """The documented repair: the directory is moved away, the others fill a new one."""
        shutil.move(ensemble.data_dir(number), ensemble.dir / "damaged")
        ensemble.configure(number)
        (ensemble.dir / f"{number}.log").unlink()
        ensemble.start(number)
        wait_for(lambda: "rejoin" in ensemble.log(number), 20, "the refusal in the log")
        others = [n for n in ensemble.numbers if n != number]
        ensemble.rookery("ensemble", "--grpc-servers",
                         ",".join(f"127.0.0.1:{ensemble.grpc[n]}" for n in others), "rejoin", str(number))
        ensemble.wait_serving()
        wait_for(lambda: len({four_letter_word(ensemble.client[n], "hash") for n in ensemble.numbers}) == 1,
                 30, "equal digests")
        self.assertIn("whole", subprocess.run(
            [BIN / "rookery", "--servers", f"127.0.0.1:{ensemble.client[number]}", "get", "/kept"],
            capture_output=True, text=True, timeout=30).stdout)

    def end_of(self, ensemble, number):
        """The exit status of a server that is to end by itself."""
        return ensemble.processes.pop(number).wait(timeout=30)

    def test_a_damaged_table_ends_the_server_by_name_and_rejoin_repairs_it(self):
        choose = random.Random(SEED)
        with Ensemble(3) as ensemble:
            fill(ensemble, stopped=2)
            table = max(tables(ensemble.data_dir(2)), key=lambda path: path.stat().st_size)
            # Within the first half lie blocks of nodes.
            flip(table, choose.randrange(4 * table.stat().st_size))
            ensemble.start(2)
            status = self.end_of(ensemble, 2)
            print(ensemble.log(2)[-900:], flush=True)
            self.assertNotEqual(status, 0)
            self.assertIn(table.name, ensemble.log(2))
            self.assertIn("rookery ensemble rejoin", ensemble.log(2))
            self.rejoin(ensemble, 2)

    def test_a_damaged_log_keeps_the_server_from_starting_and_rejoin_repairs_it(self):
        choose = random.Random(SEED)
        with Ensemble(3) as ensemble:
            fill(ensemble, stopped=3)
            journal = max((ensemble.data_dir(3) / "log").glob("*.log"), key=lambda path: path.stat().st_size)
            flip(journal, choose.randrange(4 * journal.stat().st_size))
            ensemble.start(3)
            status = self.end_of(ensemble, 3)
            print(ensemble.log(3)[-900:], flush=True)
            self.assertEqual(status, 1)
            self.assertIn(str(journal.parent), ensemble.log(3))
            self.assertIn("rookery ensemble rejoin", ensemble.log(3))
            self.rejoin(ensemble, 3)

    def test_a_damaged_identity_keeps_the_server_from_starting(self):
        choose = random.Random(SEED)
        with Ensemble(3) as ensemble:
            fill(ensemble, stopped=1)
            identity = ensemble.data_dir(1) / "identity"
            flip(identity, choose.randrange(8 * identity.stat().st_size))
            ensemble.start(1)
            self.assertEqual(self.end_of(ensemble, 1), 1)
            self.assertIn("'identity'", ensemble.log(1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
