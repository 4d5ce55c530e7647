#!/usr/bin/python3
"""Servers that are killed, late and lonely: nothing acknowledged is lost, nothing done twice.

Sizes are CI's; ROOKERY_TEST_SIZE=full takes the large ones.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, four_letter_word, wait_for  # noqa: E402

FULL = os.environ.get("ROOKERY_TEST_SIZE") == "full"
CATCH_UP_NODES = 200_000 if FULL else 30_000
RESTART_NODES = 1_000_000 if FULL else 50_000


class LifeTest(unittest.TestCase):
    def start_writes(self, ensemble, seconds, connections=8):
        return subprocess.Popen(
            [BIN / "rookery", "--servers", ensemble.servers, "bench", "gap", "--seconds", str(seconds),
             "--connections", str(connections), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish_writes(self, writes):
        out, err = writes.communicate(timeout=60)
        self.assertEqual(writes.returncode, 0, out + err)
        return json.loads(out)

    def test_survivors_keep_their_clients_while_a_leader_is_replaced(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            leader = wait_for(ensemble.leader, 20, "a leader")
            others = ",".join(f"127.0.0.1:{ensemble.client[n]}" for n in ensemble.numbers if n != leader)
            writes = subprocess.Popen(
                [BIN / "rookery", "--servers", others, "bench", "gap", "--seconds", "3", "--json"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(1.5)
            ensemble.kill(leader)
            result = self.finish_writes(writes)
            self.assertEqual(result["disconnects"], 0)
            self.assertEqual(result["lost"], 0)

    def test_a_server_far_behind_catches_up_from_a_checkpoint(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            ensemble.kill(3)
            ensemble.rookery("bench", "--op", "create", "--connections", "4", "--inflight", "64",
                             "--count", str(CATCH_UP_NODES), "--size", "1000", timeout_s=300)
            ensemble.start(3)
            ensemble.wait_serving(timeout_s=120)
            ensemble.wait_equal_digests()
            if FULL:
                self.assertIn("checkpoint installed", ensemble.log(3))

    def test_all_killed_under_writes_come_back_with_everything(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("bench", "--op", "create", "--connections", "8", "--inflight", "64",
                             "--count", str(RESTART_NODES), timeout_s=600)
            before = int(ensemble.monitor(1)["zk_znode_count"])
            self.assertGreaterEqual(before, RESTART_NODES)
            writes = self.start_writes(ensemble, seconds=12)
            time.sleep(2)
            ensemble.kill()
            began = time.monotonic()
            ensemble.start()
            wait_for(lambda: subprocess.run(
                [BIN / "rookery", "--servers", ensemble.servers, "create", "/restarted"],
                capture_output=True).returncode == 0, 30, "a first write")
            print(f"first write {time.monotonic() - began:.2f} s after the start of the processes",
                  flush=True)
            ensemble.wait_serving()
            result = self.finish_writes(writes)
            self.assertEqual((result["missing"], result["doubled"]), (0, 0))
            ensemble.wait_equal_digests()

    def test_a_wiped_server_is_refused_by_name_and_comes_back_by_rejoin(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            ensemble.kill(2)
            for path in sorted(ensemble.data_dir(2).rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            ensemble.configure(2)
            (ensemble.dir / "2.log").unlink()
            ensemble.start(2)
            wait_for(lambda: "rejoin" in ensemble.log(2), 20, "the refusal in the log of server 2")
            self.assertFalse(ensemble.serves(2))
            # It casts no vote: with the leader gone too, one of three is no majority.
            leader = wait_for(ensemble.leader, 20, "a leader")
            survivor = next(n for n in (1, 3) if n != leader)
            ensemble.kill(leader)
            time.sleep(2)  # long enough for an election, had there been a majority
            self.assertNotEqual(ensemble.role(survivor), "leader")
            ensemble.start(leader)
            ensemble.wait_serving(1, 3)

    def test_first_starts_in_any_order(self):
        with Ensemble(3) as ensemble:
            ensemble.kill()
        for order in ((3, 1, 2), (2, 3, 1)):
            ensemble = Ensemble(3)
            try:
                for n in order:
                    ensemble.start(n)
                    time.sleep(0.3)
                ensemble.wait_serving()
                ensemble.wait_equal_digests()
            finally:
                ensemble.__exit__(None, None, None)

    def test_a_lone_server_keeps_what_it_acknowledged(self):
        with Ensemble(1) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("create", "/lone", "data")
            ensemble.kill(1)
            ensemble.start(1)
            ensemble.wait_serving()
            self.assertIn("data", ensemble.rookery("get", "/lone"))
            self.assertEqual(ensemble.stop(1), {1: 0})

    def test_shutdown_hands_over_and_ends_with_status_0(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            leader = wait_for(ensemble.leader, 20, "a leader")
            began = time.monotonic()
            self.assertEqual(ensemble.stop(leader), {leader: 0})
            self.assertLess(time.monotonic() - began, 5)
            wait_for(ensemble.leader, 5, "a successor")

    def test_a_second_process_on_the_same_directory_is_refused(self):
        with Ensemble(1) as ensemble:
            ensemble.wait_serving()
            second = subprocess.run([BIN / "rookeryd", ensemble.dir / "1.cfg"], capture_output=True,
                                    text=True, timeout=20)
            self.assertEqual(second.returncode, 1)
            self.assertIn("another process uses", second.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
