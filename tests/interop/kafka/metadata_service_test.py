#!/usr/bin/python3
"""MetadataService beside real brokers, in a chroot: what is written over it, brokers and their controller
take over, and what they do is told as events."""

import threading
import unittest

import story
import tools
from ensemble import wait_for
from grpc_api import GrpcApi

API = GrpcApi()
PB, TYPES = API.metadata_pb2, API.types_pb2
ROOT = "/kafka/east"
CLIENT = TYPES.ConfigEntity(parts=[TYPES.ConfigEntityPart(type=TYPES.CONFIG_ENTITY_TYPE_CLIENT, name="clientA")])


class MetadataServiceTest(story.Story):
    def test_brokers_take_over_what_is_written_and_events_tell_what_they_do(self):
        self.begin(chroot=ROOT)
        self.service = API.metadata(self.ensemble.grpc_server(1))
        self.events = []
        stream = self.service.WatchMetadata(PB.WatchMetadataRequest(root=ROOT))
        self.addCleanup(stream.cancel)
        threading.Thread(target=self.listen, args=(stream,), daemon=True).start()
        self.tell(self.brokers_join, self.a_topic_gets_leaders, self.a_topic_grows, self.a_quota_reaches_every_broker,
                  self.what_kafkas_tool_configures_is_told, self.a_partition_is_moved, self.a_broker_is_lost,
                  self.a_topic_is_deleted)

    def listen(self, stream):
        try:
            for message in stream:
                for change in message.changes.changes:
                    self.events += change.events
        except API.error:
            pass  # cancelled

    def wait_event(self, kind, holds=lambda event: True, timeout_s=60):
        """The first event of a kind for which `holds`; it is taken away."""
        def found():
            for event in self.events:
                if event.WhichOneof("kind") == kind and holds(getattr(event, kind)):
                    self.events.remove(event)
                    return getattr(event, kind)
            return None
        return wait_for(found, timeout_s, f"an event {kind}, there are {[e.WhichOneof('kind') for e in self.events]}")

    def wait_leaders(self, topic, partitions):
        for p in partitions:
            event = self.wait_event("leader_changed", lambda e: (e.topic, e.partition) == (topic, p))
            self.assertGreaterEqual(event.state.leader, 0)

    def brokers_join(self):
        self.brokers.start()
        for n in self.brokers.numbers:
            joined = self.wait_event("broker_joined", lambda e: e.broker.id == n)
            self.assertEqual(str(joined.broker.epoch), self.wait_logged(n, story.BROKER_EPOCH)[1])
            self.assertEqual(joined.broker.endpoints[0].port, self.brokers.port[n])
        elected = self.wait_event("controller_changed")
        self.assertEqual((elected.controller.broker_id, elected.controller.epoch), (self.wait_controller(), 1))
        listed = self.service.ListBrokers(PB.ListBrokersRequest(root=ROOT))
        self.assertEqual([b.id for b in listed.brokers], list(self.brokers.numbers))

    def a_topic_gets_leaders(self):
        self.service.CreateTopic(PB.CreateTopicRequest(root=ROOT, name="orders", partitions=2, replication_factor=2,
                                                       configs={"min.insync.replicas": "1"}))
        self.assertEqual(len(self.wait_event("topic_created").topic.partitions), 2)
        self.wait_leaders("orders", (0, 1))
        self.wait_in_sync("orders")
        tools.produce(self.brokers.bootstrap, "orders", 100)
        self.assertIn("min.insync.replicas=1", self.topics("--describe", "--topic", "orders"))

    def a_topic_grows(self):
        self.service.AddPartitions(PB.AddPartitionsRequest(root=ROOT, name="orders", partitions=3))
        self.assertEqual([p.partition for p in self.wait_event("partitions_added").partitions], [2])
        self.wait_leaders("orders", (2,))

    def a_quota_reaches_every_broker(self):
        self.service.AlterQuota(PB.AlterQuotaRequest(root=ROOT, entity=CLIENT, set={"producer_byte_rate": 123456}))
        self.assertEqual(self.wait_event("quota_changed").set["producer_byte_rate"], 123456)
        for n in self.brokers.numbers:
            self.wait_logged(n, r"clientA.*123456")

    def what_kafkas_tool_configures_is_told(self):
        self.configs("--alter", "--entity-type", "topics", "--entity-name", "orders", "--add-config",
                     "retention.ms=86400000")
        changed = self.wait_event("config_changed", lambda e: "retention.ms" in e.set)
        self.assertEqual(changed.entity.parts[0].name, "orders")

    def a_partition_is_moved(self):
        described = self.service.DescribeTopics(PB.DescribeTopicsRequest(root=ROOT, names=["orders"])).topics[0]
        replicas = list(described.partitions[0].replicas)
        other = next(n for n in self.brokers.numbers if n not in replicas)
        move = PB.PartitionMove(topic="orders", partition=0, replicas=[other, replicas[0]])
        self.service.ReassignPartitions(PB.ReassignPartitionsRequest(root=ROOT, moves=[move]))
        started = self.wait_event("reassignment_started")
        self.assertEqual(list(started.partition.adding_replicas), [other])
        ended = self.wait_event("reassignment_ended")
        self.assertEqual(list(ended.partition.replicas), [other, replicas[0]])

    def a_broker_is_lost(self):
        victim = next(n for n in self.brokers.numbers if n != self.metadata.controller())
        self.brokers.kill(victim)
        self.assertEqual(self.wait_event("broker_lost").id, victim)
        self.wait_event("isr_changed", lambda e: victim in e.removed)
        self.brokers.start(victim)
        self.wait_event("broker_joined", lambda e: e.broker.id == victim)
        self.wait_event("isr_changed", lambda e: victim in e.added)
        self.wait_in_sync("orders")

    def a_topic_is_deleted(self):
        self.service.DeleteTopic(PB.DeleteTopicRequest(root=ROOT, name="orders"))
        self.assertEqual(self.wait_event("topic_deletion_requested").name, "orders")
        self.assertEqual(self.wait_event("topic_deleted").name, "orders")


if __name__ == "__main__":
    unittest.main(verbosity=2)
