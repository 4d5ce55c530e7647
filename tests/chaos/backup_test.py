#!/usr/bin/python3
"""Backups of running servers, and what is restored from them: a lone server, an ensemble of three.

Real processes; nothing is timed.
"""

import pathlib
import random
import re
import shutil
import subprocess
import sys
import unittest

from kazoo.client import KazooClient
from kazoo.exceptions import SessionExpiredError

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, four_letter_word, wait_for  # noqa: E402


def run(*words, timeout_s=120):
    return subprocess.run([BIN / "rookery", *map(str, words)], capture_output=True, text=True,
                          timeout=timeout_s)


def hash_of(ensemble, n):
    return four_letter_word(ensemble.client[n], "hash").split()


def digest_in(text):
    return re.search(r"digest ([0-9a-f]{16})", text).group(1)


def tree(client, path="/"):
    """Every node with its data and numbers, but for the owner of an ephemeral one."""
    nodes = {}
    data, stat = client.get(path)
    nodes[path] = (data, stat)
    for child in client.get_children(path):
        nodes.update(tree(client, (path if path != "/" else "") + "/" + child))
    return nodes


class BackupTest(unittest.TestCase):
    def backup(self, ensemble, target, server=None):
        server = server or next(iter(ensemble.processes))
        return run("--servers", f"127.0.0.1:{ensemble.client[server]}", "backup", "--grpc-servers",
                   f"127.0.0.1:{ensemble.grpc[server]}", target)

    def connect(self, ensemble, n=1):
        client = KazooClient(hosts=f"127.0.0.1:{ensemble.client[n]}", timeout=20)
        client.start(timeout=20)
        self.addCleanup(client.close)
        self.addCleanup(client.stop)
        return client

    def fill(self, ensemble):
        ensemble.wait_serving()
        ensemble.rookery("bench", "--op", "create", "--connections", "4", "--inflight", "16",
                         "--count", "2000", "--size", "100", timeout_s=120)
        ensemble.rookery("create", "/kept", "whole")

    def test_three_servers_under_writes_then_three_restored_ones(self):
        with Ensemble(3) as old:
            self.fill(old)
            holder = self.connect(old)
            holder.create("/kept/ephemeral", b"mine", ephemeral=True)
            old_session, _ = holder.client_id
            writes = subprocess.Popen(
                [BIN / "rookery", "--servers", old.servers, "bench", "gap", "--seconds", "6",
                 "--connections", "4", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            target = old.dir / "backup"
            taken = self.backup(old, target, server=2)
            self.assertEqual(taken.returncode, 0, taken.stderr)
            print(taken.stdout, flush=True)
            digest = digest_in(taken.stdout)
            self.assertEqual(writes.wait(timeout=60), 0)
            before_zxid = holder.last_zxid
            # It went on: the backup is of the past.
            holder.create("/after", b"the backup")
            after_zxid = holder.last_zxid
            again = run("backup", "--verify", target)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertEqual(digest_in(again.stdout), digest)
            refused = self.backup(old, target, server=2)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("is there already", refused.stderr)
            kept = tree(holder, "/kept")

            with Ensemble(3, started=False) as new:
                outputs = set()
                for n in new.numbers:
                    restored = run("restore", target, new.data_dir(n))
                    self.assertEqual(restored.returncode, 0, restored.stderr)
                    outputs.add(restored.stdout.replace(str(new.data_dir(n)), "DIR"))
                self.assertEqual(len(outputs), 1, "every founder has the same state")
                text = outputs.pop()
                print(text, flush=True)
                self.assertRegex(text, r"The \d+ sessions of the backup are ended, and their [1-9]\d* ")
                new.start()
                new.wait_serving()
                for n in new.numbers:
                    wait_for(lambda: n is not None and hash_of(new, n), 20, "a hash")
                client = self.connect(new)
                found = tree(client, "/kept")
                # All as it was, but for the ephemeral node and what its end did to its parent.
                self.assertNotIn("/kept/ephemeral", found)
                self.assertEqual(found["/kept"][0], kept["/kept"][0])
                self.assertEqual(found["/kept"][1].mzxid, kept["/kept"][1].mzxid)
                self.assertEqual(found["/kept"][1].cversion, kept["/kept"][1].cversion + 1)
                self.assertEqual(found["/kept"][1].numChildren, 0)
                self.assertIsNone(client.exists("/after"))
                # Neither zxids nor session ids that somebody has seen are given again.
                client.create("/new", b"")
                self.assertGreater(client.exists("/new").czxid, after_zxid)
                self.assertGreater(after_zxid, before_zxid)
                self.assertGreater(client.client_id[0], old_session)
                wait_for(lambda: len({tuple(hash_of(new, n)) for n in new.numbers}) == 1, 30, "equal digests")
                new.kill()
                new.start()
                new.wait_serving()
                self.assertEqual(self.connect(new, 2).exists("/new").dataLength, 0)
                wait_for(lambda: len({tuple(hash_of(new, n)) for n in new.numbers}) == 1, 30, "equal digests")

    def test_a_client_of_the_old_ensemble_is_told_that_its_session_expired(self):
        with Ensemble(1) as ensemble:
            self.fill(ensemble)
            client = self.connect(ensemble)
            client.create("/mine", b"", ephemeral=True)
            target = ensemble.dir / "backup"
            self.assertEqual(self.backup(ensemble, target).returncode, 0)
            client.create("/lost", b"")  # so that the client has seen more than the backup has
            states = []
            client.add_listener(states.append)
            ensemble.kill(1)
            shutil.move(ensemble.data_dir(1), ensemble.dir / "lost")
            ensemble.configure(1)
            restored = run("restore", target, ensemble.data_dir(1))
            self.assertEqual(restored.returncode, 0, restored.stderr)
            ensemble.start(1)
            wait_for(lambda: "LOST" in states, 30, "the expiry of the session")
            wait_for(lambda: client.connected, 30, "a new session")
            self.assertIsNone(client.exists("/mine"))
            self.assertIsNone(client.exists("/lost"))
            self.assertEqual(client.get("/kept")[0], b"whole")

    def test_the_digest_of_a_state_without_sessions_is_that_of_the_backup(self):
        with Ensemble(1) as ensemble:
            self.fill(ensemble)
            wait_for(lambda: ensemble.monitor(1).get("zk_global_sessions", "0") == "0", 60, "no sessions left")
            target = ensemble.dir / "backup"
            taken = self.backup(ensemble, target)
            self.assertEqual(taken.returncode, 0, taken.stderr)
            ensemble.kill(1)
            shutil.move(ensemble.data_dir(1), ensemble.dir / "lost")
            ensemble.configure(1)
            restored = run("restore", target, ensemble.data_dir(1))
            self.assertEqual(restored.returncode, 0, restored.stderr)
            self.assertEqual(digest_in(restored.stdout), digest_in(taken.stdout))
            ensemble.start(1)
            ensemble.wait_serving()
            self.assertEqual(f"{int(hash_of(ensemble, 1)[1]):016x}", digest_in(taken.stdout))

    def test_what_is_no_whole_backup_or_no_empty_directory_is_refused(self):
        choose = random.Random(7)
        with Ensemble(1) as ensemble:
            self.fill(ensemble)
            target = ensemble.dir / "backup"
            self.assertEqual(self.backup(ensemble, target).returncode, 0)
            # A directory with data.
            used = run("restore", target, ensemble.data_dir(1))
            self.assertEqual(used.returncode, 1)
            self.assertIn("nothing was changed", used.stderr)
            # A flipped bit in each file.
            for path in sorted(p for p in target.rglob("*") if p.is_file()):
                whole = path.read_bytes()
                bit = choose.randrange(8 * len(whole))
                bad = bytearray(whole)
                bad[bit // 8] ^= 1 << bit % 8
                path.write_bytes(bad)
                self.assertEqual(run("backup", "--verify", target).returncode, 1, path)
                fresh = ensemble.dir / "fresh"
                restored = run("restore", target, fresh)
                self.assertEqual(restored.returncode, 1, path)
                self.assertTrue(path.name in restored.stderr, restored.stderr)
                path.write_bytes(whole)
            # What such a restore left is no server's data; a whole backup ends it.
            ensemble.kill(1)
            shutil.move(ensemble.data_dir(1), ensemble.dir / "lost")
            shutil.move(fresh, ensemble.data_dir(1))
            ensemble.configure(1)
            ensemble.start(1)
            self.assertEqual(ensemble.processes.pop(1).wait(timeout=30), 1)
            self.assertIn("rookery restore", ensemble.log(1))
            # What the refused start made goes with the rest.
            self.assertEqual(run("restore", target, ensemble.data_dir(1)).returncode, 0)
            ensemble.start(1)
            ensemble.wait_serving()
            self.assertIn("whole", ensemble.rookery("get", "/kept"))
            # A backup that was cut off is none.
            (target / "BACKUP").unlink()
            self.assertIn("holds no backup", run("restore", target, ensemble.dir / "other").stderr)

    def test_founders_of_different_origin_do_not_found(self):
        with Ensemble(1) as old:
            self.fill(old)
            target = old.dir / "backup"
            self.assertEqual(self.backup(old, target).returncode, 0)
            with Ensemble(3, started=False) as new:
                for n in (1, 2):
                    self.assertEqual(run("restore", target, new.data_dir(n)).returncode, 0)
                new.start()
                wait_for(lambda: "rookery restore" in new.log(1) and "rookery restore" in new.log(3), 40,
                         "the reason in the logs")
                self.assertFalse(any(new.serves(n) for n in new.numbers))
                # The missing one is restored as well: now they found.
                new.stop(3)
                shutil.rmtree(new.data_dir(3))
                new.configure(3)
                self.assertEqual(run("restore", target, new.data_dir(3)).returncode, 0)
                new.start(3)
                new.wait_serving()
                self.assertIn("whole", new.rookery("get", "/kept"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
