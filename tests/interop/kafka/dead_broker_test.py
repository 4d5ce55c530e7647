#!/usr/bin/python3
"""A controller broker dies (kill -9) with Kafka's default session timeout of 18 s: how long until another
broker is the controller, with session.disconnectGraceMs=2500 and, for comparison, on ZooKeeper 3.8."""

import os
import time
import unittest

import story
from brokers import Brokers
from ensemble import Ensemble
from metadata import Metadata
from zookeeper import ZooKeeper

ROUNDS = int(os.environ.get("KAFKA_KILLS", 3))
SETTINGS = {"zookeeper.session.timeout.ms": 18000}
GRACE = ["session.disconnectGraceMs=2500"]


class DeadBrokerTest(story.Story):
    def kill_controllers(self, coordinator, name, rounds):
        """Seconds from each kill -9 to the next controller. `coordinator` has the interface of Ensemble."""
        coordinator.wait_serving()
        self.brokers = self.enterContext(Brokers(coordinator.servers, settings=SETTINGS))
        self.brokers.start()
        self.metadata = self.enterContext(Metadata(coordinator.servers))
        self.create_topic("orders", partitions=6)
        took = []
        for number in range(rounds):
            killed, epoch = self.wait_controller(), self.metadata.controller_epoch()
            began = time.monotonic()
            self.brokers.kill(killed)
            now = self.wait_controller(not_=killed)
            took.append(time.monotonic() - began)
            print(f"  {name}, kill {number + 1}: broker {killed} was the controller, broker {now} is, "
                  f"{took[-1]:.2f} s after the kill", flush=True)
            self.assertEqual(self.metadata.controller_epoch(), epoch + 1)
            # No live broker lost its registration.
            self.assertEqual(self.metadata.broker_ids(),
                             [n for n in self.brokers.numbers if n != killed])
            self.brokers.start(killed)
            self.wait_in_sync("orders")
        return took

    def test_1_rookeryd_with_a_grace(self):
        took = self.kill_controllers(self.enterContext(Ensemble(3, lines=GRACE)), "rookeryd", ROUNDS)
        self.assertLess(max(took), 4)
        self.assertGreater(min(took), 2.5)

    def test_2_zookeeper_for_comparison(self):
        took = self.kill_controllers(self.enterContext(ZooKeeper(3, heap="256m")), "ZooKeeper 3.8", 1)
        self.assertGreater(min(took), 9)


if __name__ == "__main__":
    unittest.main(verbosity=2)
