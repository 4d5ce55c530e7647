#!/usr/bin/python3
"""What unmodified brokers and tools leave in the tree equals what they left on a real ZooKeeper when it
was recorded, node by node. ROOKERY_TEST_SIZE=full goes on to quotas of every kind."""

import os
import unittest

import story
import tools

FULL = os.environ.get("ROOKERY_TEST_SIZE", "ci") == "full"
ENTITIES = (
    ["--entity-type", "clients", "--entity-name", "clientA"],
    ["--entity-type", "users", "--entity-name", "alice smith"],
    ["--entity-type", "users", "--entity-name", "bob",
     "--entity-type", "clients", "--entity-name", "app 1"],
    ["--entity-type", "clients", "--entity-default"],
    ["--entity-type", "users", "--entity-default"],
    ["--entity-type", "users", "--entity-default", "--entity-type", "clients", "--entity-default"])


class TreesTest(story.Story):
    def test_brokers_and_a_topic(self):
        self.begin(lines=["preload.kafka=false"])
        self.tell(self.one_broker, self.three_brokers, self.a_topic)
        if FULL:
            self.tell(self.configs_clients_and_quotas)

    def one_broker(self):
        self.brokers.start(0)
        self.assert_tree("01-one-broker")

    def three_brokers(self):
        self.brokers.start(1)
        self.brokers.start(2)
        self.assert_tree("03-three-brokers")

    def a_topic(self):
        self.create_topic("orders")
        self.assert_tree("04-topic-created")

    def configs_clients_and_quotas(self):
        orders = ("--alter", "--entity-type", "topics", "--entity-name", "orders")
        self.configs(*orders, "--add-config", "retention.ms=600000,min.insync.replicas=2")
        self.configs(*orders, "--delete-config", "retention.ms")
        self.topics("--alter", "--topic", "orders", "--partitions", 5)
        bootstrap = f"127.0.0.1:{self.brokers.port[0]}"
        tools.produce(bootstrap, "orders", 2000)
        tools.produce(bootstrap, "orders", 200, "--transaction-duration-ms", 1000,
                      "--transactional-id", "tx1")
        tools.consume(bootstrap, "orders", 100, "--group", "g1")
        self.wait_in_sync()
        for entity in ENTITIES:
            self.configs("--alter", *entity, "--add-config",
                         "producer_byte_rate=1024,consumer_byte_rate=2048")
            self.configs("--alter", *entity, "--add-config",
                         "producer_byte_rate=4096,request_percentage=50")
        for entity, rate in ((["--entity-name", "127.0.0.9"], 100), (["--entity-default"], 1000)):
            self.configs("--alter", "--entity-type", "ips", *entity, "--add-config",
                         f"connection_creation_rate={rate}")
        self.assert_tree("08-quotas-set")


if __name__ == "__main__":
    unittest.main(verbosity=2)
