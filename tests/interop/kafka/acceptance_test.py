#!/usr/bin/python3
"""Three unmodified Kafka brokers on three rookeryd: everything that a broker in ZooKeeper mode relies
on, seen from outside. ROOKERY_TEST_SIZE=full tries the large cases too."""

import json
import os
import signal
import unittest

from kafka.admin import KafkaAdminClient, NewTopic

import story
import tools
from ensemble import wait_for
from load import Producer

FULL = os.environ.get("ROOKERY_TEST_SIZE", "ci") == "full"


class AcceptanceTest(story.Story):
    def test_brokers_run(self):
        self.begin()
        self.tell(self.brokers.start, self.brokers_register, self.a_deleted_controller_is_elected_anew,
                  self.a_producer_gets_an_id, self.a_quota_reaches_every_broker,
                  self.a_deleted_topic_leaves_nothing, self.a_fenced_controller_writes_nothing,
                  self.the_coordinator_restarts_under_load, self.a_killed_controller_is_replaced,
                  self.a_paused_controller_comes_back_as_a_broker)
        if FULL:
            self.tell(self.a_thousand_topics_outlive_a_restart_of_all)

    def brokers_register(self):
        self.assertEqual(self.metadata.broker_ids(), [0, 1, 2])
        for n in self.brokers.numbers:
            _, stat = self.metadata.node(f"/brokers/ids/{n}")
            self.assertNotEqual(stat.ephemeralOwner, 0)
            self.assertEqual(stat.version, 1)
            epoch = self.wait_logged(n, story.BROKER_EPOCH)[1]
            self.assertEqual(int(epoch), stat.czxid)
        self.wait_controller()
        self.assertEqual(self.metadata.controller_epoch(), 1)

    def a_deleted_controller_is_elected_anew(self):
        for _ in range(3):
            before = self.metadata.controller_epoch()
            self.metadata.client.delete("/controller")
            self.wait_controller()
            self.assertEqual(self.metadata.controller_epoch(), before + 1)

    def a_producer_gets_an_id(self):
        data, _ = self.metadata.node("/latest_producer_id_block")
        self.assertFalse(data)
        self.create_topic("orders")
        tools.produce(self.brokers.bootstrap, "orders", 1000)
        block = self.metadata.json("/latest_producer_id_block")
        self.assertEqual(int(block["block_end"]) - int(block["block_start"]), 999)

    def a_quota_reaches_every_broker(self):
        rate = 1000 + len(self.metadata.children("/config/changes"))
        self.configs("--alter", "--entity-type", "clients", "--entity-name", "clientA",
                     "--add-config", f"producer_byte_rate={rate}")
        self.assertEqual(self.metadata.json("/config/clients/clientA"),
                         {"version": 1, "config": {"producer_byte_rate": str(rate)}})
        for n in self.brokers.numbers:
            self.wait_logged(n, rf"clients/clientA with config: .*producer_byte_rate.*{rate}")

    def a_deleted_topic_leaves_nothing(self):
        self.create_topic("brief", partitions=5)
        self.topics("--delete", "--topic", "brief")
        wait_for(lambda: not any(self.metadata.node(f"{path}/brief")[1] for path in (
            "/admin/delete_topics", "/brokers/topics", "/config/topics")), 60, "brief is gone")

    def a_fenced_controller_writes_nothing(self):
        # As if another had been elected: the controller's check of the epoch fails from now on.
        controller = self.wait_controller()
        at = self.brokers.log_size(controller)
        epoch = self.metadata.controller_epoch()
        self.metadata.client.set("/controller_epoch", str(epoch + 1).encode())
        self.metadata.client.create("/config/topics/fenced", b'{"version":1,"config":{}}')
        self.metadata.client.create("/brokers/topics/fenced", json.dumps(
            {"version": 2, "partitions": {"0": [0, 1, 2]}, "adding_replicas": {},
             "removing_replicas": {}}).encode())
        self.wait_logged(controller, "Controller moved to another broker when processing", at=at)
        self.assertEqual(self.metadata.children("/brokers/topics/fenced"), [])
        self.metadata.client.delete("/controller")
        self.wait_controller()
        self.assertEqual(self.metadata.controller_epoch(), epoch + 2)
        self.wait_in_sync("fenced")

    def the_coordinator_restarts_under_load(self):
        owners, at = self.owners(), self.brokers.log_sizes()
        epoch = self.metadata.controller_epoch()
        with Producer(self.brokers.bootstrap, "orders") as producer:
            wait_for(lambda: producer.count() > 100, 60, f"the producer produces {producer.said}")
            self.ensemble.kill()
            self.ensemble.start()
            self.ensemble.wait_serving()
            more = producer.count() + 300
            wait_for(lambda: producer.count() > more, 60, "the producer goes on")
            producer.stop()
        self.assertEqual(self.owners(), owners)
        self.assertEqual(self.metadata.controller_epoch(), epoch)
        for n in self.brokers.numbers:
            self.assertNotRegex(self.brokers.log(n, at[n]), story.EXPIRED)
        # The watches came along.
        self.a_quota_reaches_every_broker()

    def a_killed_controller_is_replaced(self):
        epoch, killed = self.metadata.controller_epoch(), self.wait_controller()
        self.brokers.kill(killed)
        self.assertNotEqual(self.wait_controller(not_=killed), killed)
        self.assertEqual(self.metadata.controller_epoch(), epoch + 1)
        wait_for(lambda: all(state["leader"] not in (-1, killed)
                             for state in self.metadata.states("orders").values()),
                 60, f"broker {killed} leads nothing")
        tools.produce(self.brokers.bootstrap, "orders", 100)
        self.brokers.start(killed)
        self.wait_in_sync()

    def a_paused_controller_comes_back_as_a_broker(self):
        paused, epoch = self.wait_controller(), self.metadata.controller_epoch()
        self.brokers.signal(paused, signal.SIGSTOP)
        at = self.brokers.log_size(paused)
        self.wait_controller(not_=paused)
        wait_for(lambda: all(state["leader"] not in (-1, paused)
                             for state in self.metadata.states().values()), 60, "all are led")
        before = self.metadata.states()
        self.brokers.signal(paused, signal.SIGCONT)
        self.wait_logged(paused, story.EXPIRED, at=at)
        wait_for(lambda: paused in self.metadata.broker_ids(), 60, f"broker {paused} registers")
        self.wait_in_sync()
        self.assertEqual(self.metadata.controller_epoch(), epoch + 1)
        for partition, state in self.metadata.states().items():
            if state != before[partition]:
                self.assertEqual(state["controller_epoch"], epoch + 1)
                self.assertEqual(state["leader"], before[partition]["leader"])

    def a_thousand_topics_outlive_a_restart_of_all(self):
        names = [f"many-{n:04}" for n in range(1000)]
        admin = KafkaAdminClient(bootstrap_servers=self.brokers.bootstrap.split(","),
                                 request_timeout_ms=300_000)
        for at in range(0, len(names), 100):
            admin.create_topics([NewTopic(name, 1, 3) for name in names[at:at + 100]],
                                timeout_ms=240_000)
        admin.close()
        self.wait_in_sync(timeout_s=300)
        self.brokers.stop()
        self.brokers.start()
        self.assertEqual([name for name in self.metadata.topics() if name.startswith("many-")], names)
        self.wait_in_sync(timeout_s=300)
        for name in (names[0], names[-1]):
            tools.produce(self.brokers.bootstrap, name, 100)
            self.assertEqual(tools.consume(self.brokers.bootstrap, name, 100), 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
