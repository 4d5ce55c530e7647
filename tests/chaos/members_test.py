#!/usr/bin/python3
"""Servers that lose their data, join and take over the lead, with `rookery ensemble` as an operator runs it."""

import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402


class MembersTest(unittest.TestCase):
    def setUp(self):
        self.ensemble = self.enterContext(Ensemble(3))
        self.ensemble.wait_serving()
        self.ensemble.rookery("create", "/before", "data")

    def leader(self):
        return wait_for(self.ensemble.leader, 20, "a leader")

    def write(self, server, path, timeout_ms=10000):
        return subprocess.run([BIN / "rookery", "--servers", self.ensemble.server(server), "--timeout-ms",
                               str(timeout_ms), "create", path], capture_output=True, text=True)

    def assert_carries_a_write(self, server, path):
        done = self.write(server, path)
        self.assertEqual(done.returncode, 0, f"{done.stderr}\n{self.ensemble.log(server)[-2000:]}")

    def assert_carries_no_write(self, server, path):
        self.assertEqual(self.write(server, path, timeout_ms=1000).returncode, 1)

    def assert_serves_all(self, server, path):
        """Server `server` has what was written before and carries writes."""
        wait_for(lambda: self.ensemble.serves(server), 30, f"server {server} serves")
        self.ensemble.wait_equal_digests()
        self.assertIn("data", self.ensemble.rookery("get", "/before"))
        self.assert_carries_a_write(server, path)
        self.ensemble.wait_equal_digests()

    def members(self):
        """What `rookery status` says of each member: number and vote."""
        status = json.loads(self.ensemble.rookery(
            "status", "--grpc-servers", self.ensemble.running_grpc_servers, "--json", check=False))
        return {member["id"]: member["voter"] for member in status["members"]}

    def wait_votes(self, server):
        wait_for(lambda: self.members().get(server), 30, f"server {server} votes")

    def add(self, server, *options):
        """Starts another server and lets it in, as an operator does."""
        self.ensemble.allot(server)
        self.ensemble.start(server)
        wait_for(lambda: "ensemble add" in self.ensemble.log(server), 20, "it says how it is let in")
        self.assertFalse(self.ensemble.serves(server))
        said = self.ensemble.ensemble_command("add", str(server), self.ensemble.member(server), *options)
        self.assertIn(f"Server {server} is let in", said)

    def test_a_wiped_server_is_refused_casts_no_vote_and_comes_back_by_rejoin(self):
        ensemble = self.ensemble
        ensemble.kill(2)
        ensemble.wipe(2)
        ensemble.start(2)
        wait_for(lambda: "rookery ensemble rejoin 2" in ensemble.log(2), 20, "the refusal in its log")
        self.assertFalse(ensemble.serves(2))
        # It casts no vote: with the leader gone too, one of three is no majority.
        leader = self.leader()
        survivor = next(n for n in (1, 3) if n != leader)
        ensemble.kill(leader)
        wait_for(lambda: f"LOOKING lost={leader} " in ensemble.log(survivor), 20, "it looks for a leader")
        wait_for(lambda: not ensemble.serves(survivor), 20, "it sends its clients away")
        self.assert_carries_no_write(survivor, "/minority")
        self.assertNotIn("LEADING", ensemble.log(2))
        ensemble.start(leader)
        ensemble.wait_serving(1, 3)
        self.assertFalse(ensemble.serves(2))
        self.assertIn("Server 2 comes back", ensemble.ensemble_command("rejoin", "2"))
        self.assert_serves_all(2, "/rejoined")
        # And now it votes.
        self.wait_votes(2)
        ensemble.kill(self.leader())
        self.assert_carries_a_write(sorted(ensemble.processes)[0], "/voted")

    def test_a_fourth_server_is_added_votes_and_leads(self):
        ensemble = self.ensemble
        self.add(4)
        self.assert_serves_all(4, "/added")
        self.wait_votes(4)
        # Of four voters three are a majority, with the new one.
        ensemble.kill(next(n for n in (1, 2, 3) if n != self.leader()))
        self.assert_carries_a_write(4, "/three-of-four")
        ensemble.ensemble_command("transfer", "4")
        wait_for(lambda: ensemble.role(4) == "leader", 20, "server 4 leads")
        # It is a member for good: restarted, it needs nobody's word.
        ensemble.kill(4)
        ensemble.start(4)
        self.assert_serves_all(4, "/restarted")

    def test_an_observer_serves_and_has_no_vote(self):
        ensemble = self.ensemble
        self.add(4, "--observer")
        wait_for(lambda: ensemble.role(4) == "observer", 30, "server 4 observes")
        self.assert_carries_a_write(4, "/observed")
        ensemble.wait_equal_digests()
        self.assertEqual(self.members(), {1: True, 2: True, 3: True, 4: False})
        refused = subprocess.run(
            [BIN / "rookery", "--servers", ensemble.servers, "ensemble", "--grpc-servers",
             ensemble.running_grpc_servers, "transfer", "4"], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        # One voter and an observer are no majority of three voters.
        leader = self.leader()
        ensemble.kill(leader, next(n for n in (1, 2, 3) if n != leader))
        wait_for(lambda: ensemble.role(4) != "observer", 20, "it sends its clients away")
        self.assert_carries_no_write(4, "/no-majority")
        ensemble.start(leader)
        wait_for(lambda: ensemble.role(4) == "observer", 20, "server 4 observes again")
        self.assert_carries_a_write(4, "/majority")

    def test_leadership_is_handed_over_under_writes_without_a_broken_connection(self):
        ensemble = self.ensemble
        before = self.leader()
        target = next(n for n in ensemble.numbers if n != before)
        writes = subprocess.Popen([BIN / "rookery", "--servers", ensemble.servers, "bench", "gap",
                                   "--seconds", "4", "--json"], stdout=subprocess.PIPE, text=True)
        wait_for(lambda: subprocess.run([BIN / "rookery", "--servers", ensemble.servers, "get", "/bench/gap7"],
                                        capture_output=True).returncode == 0, 20, "writes")
        ensemble.ensemble_command("transfer", str(target))
        wait_for(lambda: ensemble.role(target) == "leader", 10, f"server {target} leads")
        ensemble.ensemble_command("transfer")
        wait_for(lambda: ensemble.role(target) == "follower", 10, "another leads")
        out, _ = writes.communicate(timeout=60)
        self.assertEqual(writes.returncode, 0, out)  # nothing missing, nothing twice
        result = json.loads(out)
        self.assertEqual((result["disconnects"], result["lost"], result["refused"]), (0, 0, 0), out)
        print(f"two transfers: longest gap {result['longest_gap']['length_ms']:.1f} ms", flush=True)

    def test_survivors_keep_their_clients_while_a_leader_is_replaced(self):
        ensemble = self.ensemble
        leader = self.leader()
        others = ",".join(ensemble.server(n) for n in ensemble.numbers if n != leader)
        writes = subprocess.Popen([BIN / "rookery", "--servers", others, "bench", "gap", "--seconds", "3",
                                   "--json"], stdout=subprocess.PIPE, text=True)
        wait_for(lambda: subprocess.run([BIN / "rookery", "--servers", others, "get", "/bench/gap7"],
                                        capture_output=True).returncode == 0, 20, "writes")
        ensemble.kill(leader)
        out, _ = writes.communicate(timeout=60)
        self.assertEqual(writes.returncode, 0, out)
        result = json.loads(out)
        self.assertEqual((result["disconnects"], result["lost"]), (0, 0), out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
