#!/usr/bin/python3
"""Unmodified brokers set up in the other ways that are found in the field: with Kafka's own authorizer, in
a chroot, at an old inter-broker protocol, and with the tools of an older Kafka beside them. Their trees
equal those that the same left on a real ZooKeeper."""

import json
import re
import signal
import unittest

import story
import tools
from ensemble import wait_for
from metadata import Metadata

FRESH = ["preload.kafka=false"]
AUTHORIZER = "kafka.security.authorizer.AclAuthorizer"
PLAIN = ('org.apache.kafka.common.security.plain.PlainLoginModule required user_admin="admin" '
         'user_alice="alice" user_bob="bob";')


class AuthorizerTest(story.Story):
    """Two brokers with racks, a SASL listener and delegation tokens."""

    def test_acls_and_tokens(self):
        settings = {
            "authorizer.class.name": AUTHORIZER, "super.users": "User:ANONYMOUS;User:admin",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.sasl_plaintext.plain.sasl.jaas.config": PLAIN,
            "delegation.token.secret.key": "0123456789abcdef0123456789abcdef"}
        self.begin(size=2, lines=FRESH, settings=settings)
        self.sasl_port = dict(enumerate(story.free_ports(2)))
        for n in self.brokers.numbers:
            self.brokers.per_broker[n] = {
                "broker.rack": f"rack{n}",
                "listeners": f"PLAINTEXT://127.0.0.1:{self.brokers.port[n]},"
                             f"SASL_PLAINTEXT://127.0.0.1:{self.sasl_port[n]}"}
        self.tell(self.one_broker, self.acls_through_brokers, self.acls_through_the_coordinator,
                  self.a_token, self.acls_decide)

    def acls(self, *words):
        return tools.run(tools.ACLS, "--bootstrap-server", self.brokers.bootstrap, *words)

    def direct_acls(self, *words):
        return tools.run(tools.ACLS, "--authorizer", AUTHORIZER, "--authorizer-properties",
                         f"zookeeper.connect={self.ensemble.servers}", *words)

    def one_broker(self):
        self.brokers.start(0)
        self.assert_tree("31-authorizer-one-broker")

    def acls_through_brokers(self):
        self.brokers.start(1)
        self.create_topic("ledger", partitions=2, replicas=2)
        alice = ("--add", "--allow-principal", "User:alice")
        self.acls(*alice, "--operation", "Read", "--operation", "Describe", "--topic", "ledger")
        self.acls("--add", "--deny-principal", "User:bob", "--deny-host", "127.0.0.1",
                  "--operation", "All", "--topic", "ledger")
        self.acls(*alice, "--consumer", "--topic", "led", "--group", "*",
                  "--resource-pattern-type", "prefixed")
        self.acls(*alice, "--producer", "--idempotent", "--topic", "ledger",
                  "--transactional-id", "tx-1")
        self.assert_tree("34-acls")
        self.acls("--remove", "--force", "--allow-principal", "User:alice", "--operation", "Read",
                  "--topic", "ledger")
        self.acls("--remove", "--force", "--topic", "ledger")

    def client_config(self, user):
        file = self.brokers.dir / f"{user}.properties"
        file.write_text(
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config="
            "org.apache.kafka.common.security.plain.PlainLoginModule required "
            f'username="{user}" password="{user}";\n')
        return file

    def a_token(self):
        def tokens(user, *words):
            return tools.run(tools.TOKENS, "--bootstrap-server", f"127.0.0.1:{self.sasl_port[0]}",
                             "--command-config", self.client_config(user), *words)

        said = tokens("alice", "--create", "--max-life-time-period", -1,
                      "--renewer-principal", "User:bob")
        row = next(line for line in said.splitlines() if "User:alice" in line)
        tokens("bob", "--renew", "--renew-time-period", 3600000, "--hmac", row.split()[1])
        self.assert_tree("36-token")
        self.assertIn("User:alice", tokens("alice", "--describe", "--owner-principal", "User:alice"))

    def acls_through_the_coordinator(self):
        self.direct_acls("--add", "--allow-principal", "User:erin", "--operation", "Write",
                         "--topic", "direct")

        def rules(text):
            return sorted(re.findall(r"\(principal=.*\)|ResourcePattern\(.*?\)", text))

        direct = rules(self.direct_acls("--list"))
        self.assertTrue(direct)
        wait_for(lambda: rules(self.acls("--list")) == direct, 60, f"brokers show {direct}")
        self.acls("--remove", "--force", "--topic", "direct")
        self.assertNotIn("erin", self.direct_acls("--list"))

    def acls_decide(self):
        words = ("--bootstrap-server", f"127.0.0.1:{self.sasl_port[0]}", "--command-config",
                 self.client_config("bob"), "--list")
        self.assertNotIn("ledger", tools.run(tools.TOPICS, *words))
        self.direct_acls("--add", "--allow-principal", "User:bob", "--operation", "Describe",
                         "--topic", "ledger")
        wait_for(lambda: "ledger" in tools.run(tools.TOPICS, *words), 60, "bob sees the topic")


class ChrootTest(story.Story):
    def test_a_chroot_is_made_and_kept_to(self):
        self.begin(lines=FRESH, chroot="/kafka/a")
        self.tell(self.one_broker, self.it_works)

    def one_broker(self):
        self.brokers.start(0)
        within, self.metadata = self.metadata, self.enterContext(Metadata(self.ensemble.servers))
        self.assert_tree("65-chroot")
        self.metadata = within

    def it_works(self):
        self.brokers.start(1, 2)
        self.create_topic("inside")
        tools.produce(self.brokers.bootstrap, "inside", 100)
        self.assertEqual(tools.consume(self.brokers.bootstrap, "inside", 100), 100)
        with Metadata(self.ensemble.servers) as whole:
            self.assertEqual(whole.children("/"), ["kafka", "zookeeper"])


class OldProtocolTest(story.Story):
    """Inter-broker protocol 2.6: ISR changes by way of the coordinator, and a generated broker id."""

    def test_inter_broker_protocol_2_6(self):
        self.begin(size=2, lines=FRESH, per_broker={1: {"broker.id": -1}}, settings={
            "inter.broker.protocol.version": "2.6", "replica.lag.time.max.ms": 4000})
        self.tell(self.two_brokers, self.isr_changes_by_notification, self.reassignment)

    def two_brokers(self):
        self.brokers.start(0)
        self.brokers.start(1)
        self.assertEqual(self.metadata.broker_ids(), [0, 1001])
        self.assert_tree("52-ibp26")

    def isr_changes_by_notification(self):
        self.topics("--create", "--topic", "old", "--replica-assignment", "0:1001,1001:0")
        self.wait_in_sync("old")
        at = self.brokers.log_size(0)
        self.brokers.signal(1, signal.SIGSTOP)  # for less than its session, longer than the lag
        try:
            wait_for(lambda: self.metadata.states("old")["old", 0]["isr"] == [0], 60,
                     "the leader shrinks the ISR")
        finally:
            self.brokers.signal(1, signal.SIGCONT)
        self.wait_in_sync("old")
        self.assertRegex(self.brokers.log(0, at), "Shrinking ISR from")
        wait_for(lambda: self.metadata.node("/isr_change_notification")[1].cversion > 0, 60,
                 "the leader tells of it by a sequential node")

    def reassignment(self):
        plan = self.brokers.dir / "plan.json"
        plan.write_text(json.dumps({"version": 1, "partitions": [
            {"topic": "old", "partition": 0, "replicas": [1001]}]}))
        tools.run(tools.REASSIGN, "--bootstrap-server", self.brokers.bootstrap,
                  "--reassignment-json-file", plan, "--execute")
        wait_for(lambda: self.metadata.json("/brokers/topics/old")["partitions"]["0"] == [1001], 60,
                 "partition 0 moved")
        wait_for(lambda: self.metadata.node("/admin/reassign_partitions")[1] is None, 60,
                 "nothing is being reassigned")


class OldToolsTest(story.Story):
    """Tools of Kafka 2.8 with --zookeeper beside brokers of 3.9."""

    def test_tools_of_2_8(self):
        self.begin()
        self.tell(self.brokers.start, self.a_topic, self.a_config_and_a_quota, self.a_reassignment,
                  self.a_deletion)

    def old_topics(self, *words):
        return tools.old(tools.OLD_TOPICS, "--zookeeper", self.ensemble.servers, *words)

    def a_topic(self):
        self.old_topics("--create", "--topic", "legacy", "--partitions", 3,
                        "--replication-factor", 2)
        self.wait_in_sync("legacy")
        self.assertIn("topic_id", self.metadata.json("/brokers/topics/legacy"))
        self.assertIn("PartitionCount: 3", self.old_topics("--describe", "--topic", "legacy"))
        tools.produce(self.brokers.bootstrap, "legacy", 100)
        self.old_topics("--alter", "--topic", "legacy", "--partitions", 4)
        self.wait_in_sync("legacy")
        self.assertEqual(len(self.metadata.states("legacy")), 4)

    def old_configs(self, *words):
        return tools.old(tools.OLD_CONFIGS, "--zookeeper", self.ensemble.servers, *words)

    def a_config_and_a_quota(self):
        client = ("--entity-type", "clients", "--entity-name", "clientA")
        self.old_configs("--alter", *client, "--add-config", "producer_byte_rate=2048")
        self.assertIn("producer_byte_rate=2048", self.old_configs("--describe", *client))
        topic = ("--entity-type", "topics", "--entity-name", "legacy")
        self.old_configs("--alter", *topic, "--add-config", "retention.ms=600000")
        for n in self.brokers.numbers:
            self.wait_logged(n, r"clients/clientA with config: .*producer_byte_rate.*2048")
            self.wait_logged(n, r"topics/legacy with config: .*retention.ms.*600000")
        self.assertIn("producer_byte_rate=2048",
                      self.configs("--describe", *client).replace(".0", ""))

    def a_reassignment(self):
        replicas = {tuple(state["isr"]) for state in self.metadata.states("legacy").values()}
        self.assertTrue(replicas)
        plan = self.brokers.dir / "plan.json"
        plan.write_text(json.dumps({"version": 1, "partitions": [
            {"topic": "legacy", "partition": n, "replicas": [0, 1, 2]} for n in range(4)]}))
        words = ("--zookeeper", self.ensemble.servers, "--reassignment-json-file", plan)
        tools.old(tools.OLD_REASSIGN, *words, "--execute")
        wait_for(lambda: set(map(tuple, self.metadata.json("/brokers/topics/legacy")["partitions"]
                                 .values())) == {(0, 1, 2)}, 60, "legacy has three replicas")
        self.wait_in_sync("legacy")
        self.assertEqual(tools.old(tools.OLD_REASSIGN, *words, "--verify").count(" is complete."), 4)

    def a_deletion(self):
        self.old_topics("--delete", "--topic", "legacy")
        wait_for(lambda: "legacy" not in self.metadata.topics(), 60, "legacy is gone")


if __name__ == "__main__":
    unittest.main(verbosity=2)
