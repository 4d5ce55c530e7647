#!/usr/bin/python3
"""Kafka brokers that log in to rookeryd by SASL (DIGEST-MD5) and keep what they write to themselves
(zookeeper.set.acl): the tree equals the one on a real ZooKeeper, strangers are refused, and Kafka's own
migrator secures what was there before, Rookery's preloaded roots among it."""

import unittest

from kazoo.exceptions import NoAuthError

import story
import sasl
import tools
from recorded_tree import observed

OPEN = ["world:anyone:31"]
READABLE = ["sasl:kafka:31", "world:anyone:1"]


class SecuredTest(story.Story):
    def begin_secured(self, key, file, size, lines=()):
        self.login = self.files.client("kafka", "kafka-secret")
        self.begin(size=size, lines=[f"{key}={file}", *lines], jvm=[self.login],
                   settings={"zookeeper.set.acl": "true"})

    def setUp(self):
        self.files = sasl.Files(kafka="kafka-secret")
        self.addCleanup(self.files.close)

    def migrate(self, how):
        tools.run(tools.MIGRATOR, f"--zookeeper.acl={how}",
                  f"--zookeeper.connect={self.ensemble.servers}", jvm=[self.login])

    def acls(self):
        return {path: node["acl"] for path, node in observed(self.metadata.tree()).items()}

    def test_a_fresh_cluster(self):
        self.begin_secured("jaas.config", self.files.server, 1, [
            "preload.kafka=false", sasl.PROVIDER])
        self.tell(self.one_broker, self.a_topic_and_a_user, self.strangers_are_refused,
                  self.opened_and_closed)

    def one_broker(self):
        self.brokers.start(0)

    def a_topic_and_a_user(self):
        self.create_topic("guarded", partitions=1, replicas=1)
        self.configs("--alter", "--entity-type", "users", "--entity-name", "carol",
                     "--add-config", "SCRAM-SHA-256=[iterations=4096,password=secret]")
        self.assert_tree("68-sasl-acl")

    def strangers_are_refused(self):
        for path in ("/brokers/topics/guarded", "/config/topics/guarded", "/controller_epoch"):
            self.metadata.client.get(path)
            with self.assertRaises(NoAuthError):
                self.metadata.client.set(path, b"")
        with self.assertRaises(NoAuthError):
            self.metadata.client.get("/config/users/carol")
        # The wrong password: Kafka's client gives up.
        said = tools.run(tools.MIGRATOR, "--zookeeper.acl=unsecure",
                         f"--zookeeper.connect={self.ensemble.servers}",
                         jvm=[self.files.client("kafka", "guessed")], check=False)
        self.assertRegex(said, "AuthFailed|authentication failed|AUTH_FAILED|auth failed")
        with self.assertRaises(NoAuthError):
            self.metadata.client.set("/controller_epoch", b"")

    def opened_and_closed(self):
        self.migrate("unsecure")
        acls = self.acls()
        self.assertEqual(acls["/brokers/topics/guarded"], OPEN)
        self.assertEqual(acls["/config/users/carol"], OPEN)
        self.migrate("secure")
        acls = self.acls()
        self.assertEqual(acls["/brokers/topics/guarded"], READABLE)
        self.assertNotIn("/config/users/carol", acls)  # not even to be listed

    def test_preloaded_roots(self):
        self.begin_secured("sasl.usersFile", self.files.users, 3)
        self.tell(self.brokers.start, self.roots_stay_open, self.the_migrator_closes_them,
                  self.brokers_go_on)

    def roots_stay_open(self):
        acls = self.acls()
        self.assertEqual(acls["/brokers/topics"], OPEN)
        self.assertEqual(acls["/config/users"], OPEN)
        self.assertEqual(acls["/brokers/ids/0"], READABLE)

    def the_migrator_closes_them(self):
        self.migrate("secure")
        acls = self.acls()
        self.assertEqual(acls["/brokers/topics"], READABLE)
        self.assertNotIn("/config/users", [path for path, acl in acls.items() if acl == OPEN])
        still_open = sorted(path for path, acl in acls.items() if acl == OPEN)
        self.assertEqual(still_open, ["/consumers"])
        with self.assertRaises(NoAuthError):  # the root is closed too
            self.metadata.client.delete("/controller")

    def brokers_go_on(self):
        self.create_topic("after", partitions=3)
        tools.produce(self.brokers.bootstrap, "after", 100)
        self.ensemble.kill()
        self.ensemble.start()
        self.ensemble.wait_serving()
        # They log in anew with each connection.
        self.configs("--alter", "--entity-type", "clients", "--entity-name", "clientA",
                     "--add-config", "producer_byte_rate=1024000")
        for n in self.brokers.numbers:
            self.wait_logged(n, r"clients/clientA with config: .*producer_byte_rate.*1024000")
        self.create_topic("later")


if __name__ == "__main__":
    unittest.main(verbosity=2)
