#!/usr/bin/python3
"""Kafka's own way out: a cluster that runs on rookeryd migrates to KRaft, step by step as Kafka's
documentation says, without losing a record. The same is then done on ZooKeeper 3.8: what the migration
leaves in the tree is equal."""

import unittest

import recorded_tree
import story
import tools
from brokers import Brokers
from controller import NODE_ID, Controller
from ensemble import Ensemble, wait_for
from load import Producer
from metadata import Metadata
from zookeeper import ZooKeeper

MIGRATED = "Completed migration of metadata from ZooKeeper to KRaft"
# Who was elected and how often, what was in sync at that moment, how far KRaft's log was.
CHANCE = {"brokerid", "leader", "isr", "leader_epoch", "controller_epoch", "kraftControllerEpoch",
          "kraft_controller_epoch", "kraft_metadata_epoch", "kraft_metadata_offset"}


def comparable(tree):
    """{path: what the same steps leave on any coordinator}"""
    found = {}
    for path, node in recorded_tree.observed(tree).items():
        data = node["data"]
        if isinstance(data, dict):
            data = {key: value for key, value in data.items() if key not in CHANCE}
        if path == "/controller_epoch":
            data = "a number"
        found[path] = (data, node["null"], node["ephemeral"], node["acl"])
    return found


class MigrationTest(story.Story):
    trees = {}  # by coordinator: {moment: tree}

    def migrate(self, coordinator, name):
        coordinator.wait_serving()
        self.moments = self.trees.setdefault(name, {})
        self.brokers = self.enterContext(Brokers(coordinator.servers, settings={
            "inter.broker.protocol.version": "3.9"}))
        self.controller = self.enterContext(Controller(coordinator.servers))
        self.metadata = self.enterContext(Metadata(coordinator.servers))
        print(f"{name}:", flush=True)
        self.tell(self.a_cluster_with_data)
        with Producer(self.brokers.bootstrap, "orders", rate=50, retries=1000) as producer:
            wait_for(lambda: producer.count() > 50, 60, "the producer produces")
            self.tell(self.a_controller_waits, self.brokers_let_it_take_over,
                      self.both_know_what_changes, self.brokers_leave_the_coordinator,
                      self.the_migration_ends)
            self.acknowledged = producer.stop()
        self.tell(self.nothing_was_lost)

    def remember(self, moment):
        self.moments[moment] = comparable(self.metadata.tree())

    def a_cluster_with_data(self):
        self.brokers.start()
        self.create_topic("orders")
        self.configs("--alter", "--entity-type", "topics", "--entity-name", "orders",
                     "--add-config", "min.insync.replicas=2")
        self.configs("--alter", "--entity-type", "clients", "--entity-name", "clientA",
                     "--add-config", "producer_byte_rate=1024000")
        self.remember("before")

    def a_controller_waits(self):
        self.controller.format(self.metadata.json("/cluster/id")["id"])
        self.controller.start()

    def brokers_let_it_take_over(self):
        self.brokers.settings.update({**self.controller.quorum(),
                                      "zookeeper.metadata.migration.enable": "true"})
        self.roll()
        wait_for(lambda: MIGRATED in self.controller.log(0), 120,
                 f"the controller has migrated\n{self.controller.log(0)[-3000:]}")
        owner = self.metadata.json("/controller")
        self.assertEqual(owner["brokerid"], NODE_ID)
        self.assertGreaterEqual(owner["kraftControllerEpoch"], 1)
        self.assertEqual(self.metadata.json("/migration")["kraft_controller_id"], NODE_ID)

    def both_know_what_changes(self):
        self.create_topic("during", partitions=2)
        self.configs("--alter", "--entity-type", "clients", "--entity-name", "clientB",
                     "--add-config", "producer_byte_rate=2048000")
        wait_for(lambda: "clients/clientB" in self.announced(), 60, "the quota is written and announced")
        self.assertEqual(self.metadata.json("/config/clients/clientB")["config"],
                         {"producer_byte_rate": "2048000"})
        self.remember("during")

    def brokers_leave_the_coordinator(self):
        for n in self.brokers.numbers:
            self.brokers.per_broker[n] = {
                "broker.id": None, "node.id": n, "process.roles": "broker",
                "zookeeper.connect": None, "zookeeper.session.timeout.ms": None,
                "zookeeper.metadata.migration.enable": None, "inter.broker.protocol.version": None}
        self.roll()
        wait_for(lambda: self.metadata.broker_ids() == [], 60, "no broker is registered")

    def the_migration_ends(self):
        self.controller.settings.update({
            "zookeeper.connect": None, "zookeeper.session.timeout.ms": None,
            "zookeeper.metadata.migration.enable": None})
        self.controller.stop()
        self.controller.start()
        self.create_in_kraft("after")
        self.assertNotIn("after", self.metadata.topics())
        self.remember("after")

    def nothing_was_lost(self):
        # Offsets and the rest of what consumers need came along.
        self.assertGreaterEqual(
            tools.consume(self.brokers.bootstrap, "orders", self.acknowledged, "--group", "g"),
            self.acknowledged)
        said = self.configs("--describe", "--entity-type", "clients")
        self.assertIn("1024000", said)
        self.assertIn("2048000", said)

    def announced(self):
        """The entities whose configuration the brokers were told of."""
        return {self.metadata.json(f"/config/changes/{name}")["entity_path"]
                for name in self.metadata.children("/config/changes")}

    def create_in_kraft(self, name):
        self.topics("--create", "--topic", name, "--partitions", 1, "--replication-factor", 3)
        tools.produce(self.brokers.bootstrap, name, 10)

    def roll(self):
        """Restarts the brokers one after another, each time once all replicas are in sync."""
        for n in self.brokers.numbers:
            self.brokers.stop(n)
            self.brokers.start(n)
            wait_for(self.in_sync, 120, f"all replicas are in sync after broker {n}")

    def in_sync(self):
        said = self.topics("--describe", "--under-replicated-partitions", check=False)
        return "Topic:" not in said and "xception" not in said

    def test_1_on_rookeryd(self):
        self.migrate(self.enterContext(Ensemble(3, lines=["preload.kafka=false"])), "rookeryd")

    def test_2_on_zookeeper(self):
        self.migrate(self.enterContext(ZooKeeper(3, heap="256m")), "ZooKeeper 3.8")
        self.maxDiff = None
        for moment, tree in self.trees["ZooKeeper 3.8"].items():
            with self.subTest(moment):
                self.assertEqual(self.trees["rookeryd"][moment], tree)


if __name__ == "__main__":
    unittest.main(verbosity=2)
