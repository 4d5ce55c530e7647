#!/usr/bin/python3
"""Servers that start late, stop, stand alone and come back: nothing acknowledged is lost or done twice.

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
from ensemble import BIN, Ensemble, wait_for  # noqa: E402

FULL = os.environ.get("ROOKERY_TEST_SIZE") == "full"
CATCH_UP_NODES = 200_000 if FULL else 20_000
RESTART_NODES = 1_000_000 if FULL else 50_000
LATE_START_S = 3600 if FULL else 12


class LifeTest(unittest.TestCase):
    def start_writes(self, ensemble, seconds, connections=8, inflight=1):
        return subprocess.Popen(
            [BIN / "rookery", "--servers", ensemble.servers, "bench", "gap", "--seconds", str(seconds),
             "--connections", str(connections), "--inflight", str(inflight), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_in_flight(self, ensemble, server, connections):
        """Until every connection of the writes has its node, and requests wait at `server`."""
        def made():
            listed = subprocess.run([BIN / "rookery", "--servers", ensemble.servers, "ls", "/bench"],
                                    capture_output=True, text=True)
            return listed.stdout.count("gap") >= connections
        wait_for(made, 20, "nodes to write to")
        wait_for(lambda: int(ensemble.monitor(server).get("zk_outstanding_requests", 0)) > 0, 20,
                 "requests in flight")

    def finish_writes(self, writes):
        out, err = writes.communicate(timeout=60)
        self.assertEqual(writes.returncode, 0, out + err)  # nothing missing, nothing twice
        return json.loads(out)

    def writes(self, *words, server, timeout_ms=1000):
        """Whether this server carries a write."""
        return subprocess.run([BIN / "rookery", "--servers", server, "--timeout-ms", str(timeout_ms),
                               "create", *words], capture_output=True).returncode == 0

    def test_a_server_far_behind_catches_up_from_a_checkpoint(self):
        # A small budget keeps a short log, so that a server falls behind it soon.
        lines = [] if FULL else ["memoryBudget=32m"]
        with Ensemble(3, lines) as ensemble:
            ensemble.wait_serving()
            ensemble.kill(3)
            ensemble.rookery("bench", "--op", "create", "--connections", "4", "--inflight", "64",
                             "--count", str(CATCH_UP_NODES), "--size", "1000", timeout_s=600)
            for n in (1, 2):
                wait_for(lambda: "checkpoint made" in ensemble.log(n), 60, "a checkpoint, and a shorter log")
            began = time.monotonic()
            ensemble.start(3)
            ensemble.wait_serving(timeout_s=120)
            ensemble.wait_equal_digests()
            print(f"caught up with {CATCH_UP_NODES} nodes {time.monotonic() - began:.1f} s after its start",
                  flush=True)
            self.assertIn("checkpoint installed", ensemble.log(3))
            self.assertGreater(int(ensemble.monitor(3)["zk_znode_count"]), CATCH_UP_NODES)

    def test_all_killed_under_writes_come_back_with_everything(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("bench", "--op", "create", "--connections", "8", "--inflight", "64",
                             "--count", str(RESTART_NODES), timeout_s=600)
            # A follower may be a few entries behind what was acknowledged.
            wait_for(lambda: int(ensemble.monitor(1)["zk_znode_count"]) >= RESTART_NODES, 10,
                     "server 1 has what was acknowledged")
            writes = self.start_writes(ensemble, seconds=12)
            time.sleep(2)
            ensemble.kill()
            began = time.monotonic()
            ensemble.start()
            wait_for(lambda: self.writes("/restarted", server=ensemble.servers), 30, "a first write")
            first_write_s = time.monotonic() - began
            print(f"{RESTART_NODES} nodes: first write {first_write_s:.2f} s after the start of the "
                  "processes", flush=True)
            if FULL:
                self.assertLess(first_write_s, 3)
            ensemble.wait_serving()
            self.finish_writes(writes)
            ensemble.wait_equal_digests()
            self.assertGreaterEqual(int(ensemble.monitor(1)["zk_znode_count"]), RESTART_NODES)

    def test_first_starts_one_by_one_in_any_order(self):
        for order in ((3, 1, 2), (2, 3, 1)):
            with Ensemble(3, started=False) as ensemble:
                for number, n in enumerate(order):
                    ensemble.start(n)
                    if number < 2:  # it says whom it waits for, and serves nobody
                        wait_for(lambda: f"server.{order[2]} " in self.waits_for(ensemble, n), 20,
                                 f"server {n} names whom it waits for")
                ensemble.wait_serving()
                ensemble.wait_equal_digests()

    def waits_for(self, ensemble, n):
        """What server n said last about a first start that lacks servers."""
        said = [line for line in ensemble.log(n).splitlines() if "a first start needs all voters" in line]
        return said[-1] if said else ""

    def test_a_first_start_waits_for_the_third_as_long_as_it_takes(self):
        with Ensemble(3, started=False) as ensemble:
            ensemble.start(1, 2)
            began = time.monotonic()

            def told():
                return min(ensemble.log(n).count("a first start needs all voters") for n in (1, 2))
            wait_for(lambda: time.monotonic() - began > LATE_START_S and told() >= 2, LATE_START_S + 30,
                     "both say again and again whom they wait for")
            for n in (1, 2):
                self.assertIn("server.3 ", self.waits_for(ensemble, n))
                self.assertFalse(ensemble.serves(n))
            self.assertFalse(self.writes("/early", server=ensemble.servers))
            ensemble.start(3)
            ensemble.wait_serving()
            ensemble.wait_equal_digests()

    def test_one_up_while_two_are_down_serves_nobody_and_says_so(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("create", "/before", "data")
            ensemble.kill()
            ensemble.start(2)
            alone = f"127.0.0.1:{ensemble.client[2]}"
            wait_for(lambda: "LOOKING lost=" in ensemble.log(2), 20, "it looks for a leader")
            wait_for(lambda: "not currently serving requests" in ensemble.word(2, "srvr"), 20, "it says so")
            refused = subprocess.run([BIN / "rookery", "--servers", alone, "--timeout-ms", "2000", "create",
                                      "/alone"], capture_output=True, text=True)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("no session", refused.stderr)
            for n in (1, 3):
                self.assertRegex(ensemble.log(2), f"no connection to a peer peer={n} ")
            ensemble.start(1)
            ensemble.wait_serving()
            self.assertIn("data", ensemble.rookery("get", "/before"))
            self.assertTrue(self.writes("/alone", server=alone, timeout_ms=5000))
            ensemble.start(3)
            ensemble.wait_serving()
            ensemble.wait_equal_digests()

    def test_all_three_restarted_in_order_keep_everything(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("create", "/kept", "data")
            self.assertEqual(ensemble.stop(), {1: 0, 2: 0, 3: 0})
            ensemble.start()
            ensemble.wait_serving()
            self.assertIn("data", ensemble.rookery("get", "/kept"))
            ensemble.wait_equal_digests()

    def test_a_lone_server_keeps_what_it_acknowledged(self):
        with Ensemble(1) as ensemble:
            ensemble.wait_serving()
            ensemble.rookery("create", "/lone", "data")
            ensemble.kill(1)
            ensemble.start(1)
            ensemble.wait_serving()
            self.assertIn("data", ensemble.rookery("get", "/lone"))
            self.assertEqual(ensemble.stop(1), {1: 0})

    def test_shutdown_under_load_hands_over_and_ends_with_status_0(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            writes = self.start_writes(ensemble, seconds=6, connections=24, inflight=16)
            leader = wait_for(ensemble.leader, 20, "a leader")
            self.wait_in_flight(ensemble, leader, 24)
            began = time.monotonic()
            self.assertEqual(ensemble.stop(leader), {leader: 0})
            self.assertLess(time.monotonic() - began, 5)
            self.assertNotEqual(wait_for(ensemble.leader, 5, "a successor"), leader)
            self.assertGreater(self.finish_writes(writes)["acknowledged"], 0)

    def test_all_shut_down_at_once_under_load_end_with_status_0(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            writes = self.start_writes(ensemble, seconds=10, connections=24, inflight=16)
            self.wait_in_flight(ensemble, 1, 24)
            began = time.monotonic()
            self.assertEqual(ensemble.stop(), {1: 0, 2: 0, 3: 0})
            self.assertLess(time.monotonic() - began, 5)
            ensemble.start()
            ensemble.wait_serving()
            self.finish_writes(writes)
            ensemble.wait_equal_digests()

    def test_a_second_process_on_the_same_directory_is_refused(self):
        with Ensemble(1) as ensemble:
            ensemble.wait_serving()
            second = subprocess.run([BIN / "rookeryd", ensemble.dir / "1.cfg"], capture_output=True,
                                    text=True, timeout=20)
            self.assertEqual(second.returncode, 1)
            self.assertIn("another process uses", second.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
