#!/usr/bin/python3
"""What rookery's tools write, real brokers take over; what real brokers wrote, the tools show: a broker is
drained, preferred leaders come back, an outage is foretold and then seen, and the doctor knows of it."""

import json
import pathlib
import subprocess
import unittest

import story
from ensemble import BIN, wait_for

PLAN = "plan.json"


class RookeryToolsTest(story.Story):
    def test_tools_beside_real_brokers(self):
        self.begin(settings={"auto.leader.rebalance.enable": "false"})
        self.tell(self.healthy, self.a_broker_is_drained, self.replicas_come_back, self.an_outage_is_foretold,
                  self.the_outage_comes, self.preferred_leaders_come_back)

    def rookery(self, *words, status=0):
        done = subprocess.run([BIN / "rookery", "--servers", self.ensemble.servers, *map(str, words)],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def findings(self, status=0):
        found = json.loads(self.rookery("doctor", "--json", status=status))
        return {finding["name"]: finding["subjects"] for finding in found["findings"]}

    def replicas(self):
        """{partition: replicas} as real brokers tell it."""
        told = self.topics("--describe", "--topic", "orders")
        rows = [dict(part.split(": ", 1) for part in line.strip().split("\t") if ": " in part)
                for line in told.splitlines() if line.startswith("\t")]
        return {int(row["Partition"]): row for row in rows}

    def held_by(self, broker):
        return [p for p, row in self.replicas().items() if str(broker) in row["Replicas"].split(",")]

    def reassign(self, *planning):
        """A plan, carried out by the real controller."""
        plan = pathlib.Path(self.ensemble.dir / PLAN)
        plan.write_text(self.rookery("reassign", "--plan", *planning, "--json"))
        said = self.rookery("reassign", "--execute", "--throttle", 100_000_000, "--reassignment-json-file", plan)
        self.assertIn("The inter-broker throttle limit was set to 100000000 B/s\n", said)
        self.assertIn("Successfully started partition reassignments for ", said)
        verify = ("reassign", "--verify", "--reassignment-json-file", plan)
        wait_for(lambda: subprocess.run(
            [BIN / "rookery", "--servers", self.ensemble.servers, *map(str, verify)],
            capture_output=True).returncode == 0, 60, "the reassignment is done")
        self.assertIn("is completed.", self.rookery(*verify))
        for n in self.brokers.numbers:  # running brokers heard of the limit, and that it went
            self.wait_logged(n, r"leader\.replication\.throttled\.rate.*100000000")
        for kind in ("brokers", "topics"):
            self.assertNotIn("throttled", self.rookery("configs", "--describe", "--entity-type", kind))
        self.assertEqual(self.rookery("reassign", "--list"), "No partition reassignments found.\n")

    def healthy(self):
        self.brokers.start(*self.brokers.numbers)
        self.rookery("topics", "--create", "--topic", "orders", "--partitions", 4,
                     "--replication-factor", 2, "--config", "min.insync.replicas=2")
        self.wait_in_sync("orders")
        self.rookery("topics", "--alter", "--topic", "orders", "--partitions", 6)
        wait_for(lambda: "PartitionCount: 6" in self.topics("--describe", "--topic", "orders", check=False), 60,
                 "brokers know the new partitions")
        self.wait_in_sync("orders")
        self.assertEqual(self.findings(), {})

    def a_broker_is_drained(self):
        self.assertTrue(self.held_by(2))
        self.reassign("drain", "--brokers", 2)
        self.assertEqual(self.held_by(2), [])
        self.wait_in_sync("orders")

    def replicas_come_back(self):
        self.reassign("add", "--brokers", 2)
        self.assertEqual(len(self.held_by(2)), 4)
        self.wait_in_sync("orders")

    def an_outage_is_foretold(self):
        self.foretold = json.loads(self.rookery("whatif", "--down", 2, "--json", status=1))
        self.assertEqual(len(self.foretold["under_min_isr"]), 4)
        self.assertEqual(self.foretold["leaderless"], [])

    def the_outage_comes(self):
        leaders = {f"orders-{p} (2 -> {row['Replicas'].replace('2', '').strip(',')})"
                   for p, row in self.replicas().items() if row["Leader"] == "2"}
        self.assertEqual(set(self.foretold["moved"]), leaders)
        self.brokers.kill(2)
        wait_for(lambda: sorted(self.metadata.broker_ids()) == [0, 1], 60, "broker 2 is gone")
        wait_for(lambda: all(row["Leader"] != "2" for row in self.replicas().values()), 60,
                 "others lead")
        self.assertEqual(
            {row["Leader"] for row in self.replicas().values()} - {"0", "1"}, set())
        found = self.findings(status=1)
        self.assertEqual(found["unregistered-brokers"], ["broker 2"])
        self.assertEqual(sorted(found["under-min-isr"]), sorted(self.foretold["under_min_isr"]))

    def preferred_leaders_come_back(self):
        self.brokers.start(2)
        self.wait_in_sync("orders")
        uneven = self.findings()["not-preferred-leader"]
        said = self.rookery("leader-election", "--election-type", "preferred", "--all-topic-partitions")
        self.assertIn("Successfully completed leader election (PREFERRED) for partitions ", said)
        self.assertEqual(said.count("orders-"), 6)
        self.assertTrue(uneven)
        self.assertEqual(self.findings(), {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
