#!/usr/bin/python3
"""The coordinator's leader is killed (kill -9) again and again under three Kafka brokers with an
authorizer, so six sessions, and a producer at acks=all. On rookeryd no session expires, no broker
registers again, no record fails, and no connection to a surviving server is lost: counted from the
brokers' logs. The same is then done to ZooKeeper 3.8, for comparison. KAFKA_KILLS rounds (10)."""

import collections
import os
import time
import unittest

import story
from brokers import Brokers
from connections import Connections
from ensemble import Ensemble, wait_for
from load import Producer
from metadata import Metadata
from zookeeper import ZooKeeper

ROUNDS = int(os.environ.get("KAFKA_KILLS", 10))
SETTINGS = {"authorizer.class.name": "kafka.security.authorizer.AclAuthorizer",
            "super.users": "User:ANONYMOUS"}


class Count:
    def __init__(self):
        self.on_killed = self.on_survivors = self.expired = self.registered_again = 0
        self.acknowledged, self.longest_pause_s = 0, 0.0

    def __str__(self):
        return (f"connections lost with the killed server {self.on_killed}, to surviving servers "
                f"{self.on_survivors}; sessions expired {self.expired}; registrations and elections "
                f"{self.registered_again}; records acknowledged {self.acknowledged}, none failed")


class LeaderKillsTest(story.Story):
    def count(self, coordinator, name):
        """`coordinator` has the interface of Ensemble."""
        coordinator.wait_serving()
        count = Count()
        self.brokers = self.enterContext(Brokers(coordinator.servers, settings=SETTINGS))
        self.brokers.start()
        self.metadata = self.enterContext(Metadata(coordinator.servers))
        self.create_topic("orders", partitions=6)
        self.logs = {n: (Connections(), 0) for n in self.brokers.numbers}
        self.read_logs()
        self.assertEqual(sum(len(log.port) for log, _ in self.logs.values()), 6)
        with Producer(self.brokers.bootstrap, "orders", rate=200) as producer:
            wait_for(lambda: producer.count() > 200, 60, "the producer produces")
            owners = self.owners()
            for number in range(ROUNDS):
                self.one_kill(coordinator, producer, count, f"{name}, kill {number + 1}")
            wait_for(lambda: self.metadata.client.connected, 60, "this test's own session")
            count.acknowledged = producer.stop()
            now = self.owners()
        count.registered_again = sum(1 for path in owners if now[path] != owners[path])
        count.expired = sum(log.expired for log, _ in self.logs.values())
        print(f"{name}: {ROUNDS} kills of the leader: {count}", flush=True)
        return count

    def one_kill(self, coordinator, producer, count, name):
        killed = wait_for(coordinator.leader, 60, "a leader")
        port = coordinator.client[killed]
        began = time.monotonic()
        coordinator.kill(killed)
        wait_for(lambda: coordinator.leader() not in (None, killed), 60, "another leader")
        took_s = time.monotonic() - began
        # Every session is connected again, and stays so while the server comes back.
        lost = self.read_logs()
        wait_for(lambda: lost.update(self.read_logs()) or self.connected() == 6, 60,
                 "every session is connected")
        coordinator.start(killed)
        coordinator.wait_serving()
        more = producer.count() + 300
        wait_for(lambda: producer.count() > more, 60, "the producer goes on")
        lost.update(self.read_logs())
        self.assertEqual(self.connected(), 6)
        count.on_killed += lost[port]
        count.on_survivors += sum(lost.values()) - lost[port]
        print(f"  {name}: server {killed}; another leads after {took_s:.2f} s; connections lost "
              f"with it {lost[port]}, others {sum(lost.values()) - lost[port]}", flush=True)

    def read_logs(self):

        lost = collections.Counter()
        for n, (log, at) in self.logs.items():
            text = self.brokers.log(n, at)
            whole = text[:text.rfind("\n") + 1]
            lost.update(log.feed(whole))
            self.logs[n] = (log, at + len(whole.encode()))
        return lost

    def connected(self):
        return sum(len(log.port) for log, _ in self.logs.values())

    def test_1_rookeryd(self):
        count = self.count(self.enterContext(Ensemble(3)), "rookeryd")
        self.assertEqual(count.expired, 0)
        self.assertEqual(count.registered_again, 0)
        self.assertEqual(count.on_survivors, 0)
        self.assertGreater(count.on_killed, 0)

    def test_2_zookeeper_for_comparison(self):
        self.count(self.enterContext(ZooKeeper(3, heap="256m")), "ZooKeeper 3.8")


if __name__ == "__main__":
    unittest.main(verbosity=2)
