#!/usr/bin/python3
"""MetadataService's reads and writes on a real server: the same changes as `rookery`'s tools make, seen by
both, under the nodes' ACLs, in a chroot, and hostile requests."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import grpc
from kazoo.client import KazooClient
from kazoo.security import make_acl, make_digest_acl

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble  # noqa: E402
from grpc_api import GrpcApi  # noqa: E402

API = GrpcApi()
PB, TYPES = API.metadata_pb2, API.types_pb2
Code = grpc.StatusCode

ROOTS = ["/brokers/ids", "/brokers/topics", "/config/topics", "/config/users", "/config/clients",
         "/config/brokers", "/config/ips", "/config/changes", "/admin/delete_topics"]


def broker(n):
    return json.dumps({"version": 5, "host": None, "port": -1, "jmx_port": -1, "timestamp": "17",
                       "rack": f"r{n}", "endpoints": [f"CLIENT://[::{n}]:9092"],
                       "listener_security_protocol_map": {"CLIENT": "SSL"}, "features": {}}).encode()


def entity(kind, name=""):
    return TYPES.ConfigEntity(parts=[TYPES.ConfigEntityPart(
        type=TYPES.ConfigEntityType.Value(f"CONFIG_ENTITY_TYPE_{kind}"), name=name,
        is_default=not name)])


class ServiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = cls.enterClassContext(Ensemble(1))
        cls.ensemble.wait_serving()
        cls.client = KazooClient(hosts=cls.ensemble.servers)
        cls.client.start()
        cls.addClassCleanup(cls.client.close)
        cls.addClassCleanup(cls.client.stop)
        cls.stub = API.metadata(cls.ensemble.grpc_server(1))

    def cluster(self, root):
        """The roots of a cluster with three brokers."""
        for path in ROOTS:
            self.client.ensure_path(root + path)
        for n in (1, 2, 3):
            self.client.create(f"{root}/brokers/ids/{n}", broker(n))
        return root

    def refused(self, code, call, request, **options):
        with self.assertRaises(grpc.RpcError) as raised:
            call(request, **options)
        self.assertEqual(raised.exception.code(), code, raised.exception.details())
        return raised.exception.details()

    def rookery(self, root, *words):
        subprocess.run([BIN / "rookery", "--servers", self.ensemble.servers + root, *words], check=True,
                       capture_output=True, text=True)

    def tree(self, root):
        """All nodes with their data, ids of topics aside, which are drawn."""
        nodes = {}

        def walk(path):
            data = self.client.get(path)[0]
            nodes[path[len(root):]] = data and re.sub(rb'"topic_id":"[^"]*"', b'"topic_id":""', data)
            for name in self.client.get_children(path):
                walk(f"{path}/{name}")

        walk(root)
        return nodes

    def test_writes_leave_the_tree_that_the_tools_leave(self):
        ours, theirs = self.cluster("/grpc"), self.cluster("/tools")
        topic = PB.CreateTopicRequest(root=ours, name="t", partitions=3, replication_factor=3,
                                      configs={"retention.ms": "1000"})
        self.stub.CreateTopic(topic)
        self.rookery(theirs, "topics", "--create", "--topic", "t", "--partitions", "3",
                     "--replication-factor", "3", "--config", "retention.ms=1000")
        # Which brokers a topic is placed on is drawn; from here on both have the same.
        placed = self.client.get(f"{ours}/brokers/topics/t")[0]
        self.assertEqual(sorted(json.loads(placed)["partitions"]["0"]), [1, 2, 3])
        self.client.set(f"{ours}/brokers/topics/t", b"placed")
        self.client.set(f"{theirs}/brokers/topics/t", b"placed")
        self.stub.AlterConfig(PB.AlterConfigRequest(
            root=ours, entity=entity("TOPIC", "t"), set={"max.message.bytes": "5000"}, remove=["retention.ms"]))
        self.rookery(theirs, "configs", "--alter", "--entity-type", "topics", "--entity-name", "t",
                     "--add-config", "max.message.bytes=5000", "--delete-config", "retention.ms")
        self.stub.AlterQuota(PB.AlterQuotaRequest(
            root=ours, entity=entity("USER", "a b"), set={"producer_byte_rate": 1024}))
        self.rookery(theirs, "configs", "--alter", "--entity-type", "users", "--entity-name", "a b",
                     "--add-config", "producer_byte_rate=1024")
        resource = TYPES.AclResource(type=TYPES.ACL_RESOURCE_TYPE_TOPIC, name="t")
        rule = TYPES.AclRule(principal="User:alice", operation=TYPES.ACL_OPERATION_READ)
        self.stub.AlterAcls(PB.AlterAclsRequest(root=ours, resource=resource, add=[rule]))
        self.rookery(theirs, "acls", "--add", "--allow-principal", "User:alice", "--operation", "Read",
                     "--topic", "t")
        self.stub.DeleteTopic(PB.DeleteTopicRequest(root=ours, name="t"))
        self.rookery(theirs, "topics", "--delete", "--topic", "t")
        self.assertEqual(self.tree(ours), self.tree(theirs))

    def test_reads_are_of_one_zxid_and_tell_what_the_nodes_hold(self):
        root = self.cluster("/reads")
        self.client.create(f"{root}/controller", b'{"version":2,"brokerid":2,"timestamp":"5"}')
        self.client.create(f"{root}/controller_epoch", b"4")
        zxid = self.client.exists(f"{root}/controller_epoch").czxid
        answer = self.stub.ListBrokers(PB.ListBrokersRequest(root=root))
        self.assertGreaterEqual(answer.zxid, zxid)
        self.assertEqual([b.id for b in answer.brokers], [1, 2, 3])
        self.assertEqual(answer.brokers[0].epoch, self.client.exists(f"{root}/brokers/ids/1").czxid)
        endpoint = answer.brokers[0].endpoints[0]
        self.assertEqual((endpoint.listener, endpoint.host, endpoint.port, endpoint.security_protocol),
                         ("CLIENT", "::1", 9092, "SSL"))
        self.assertEqual((answer.controller.broker_id, answer.controller.epoch), (2, 4))
        self.stub.CreateTopic(PB.CreateTopicRequest(root=root, name="t", partitions=2, replication_factor=1))
        self.assertEqual(self.stub.ListTopics(PB.ListTopicsRequest(root=root)).names, ["t"])
        parts = list(self.stub.ReadCluster(PB.ReadClusterRequest(root=root)))
        self.assertEqual(len({part.zxid for part in parts}), 1)
        self.assertEqual([t.name for part in parts for t in part.part.topics], ["t"])
        self.assertEqual([b.id for part in parts for b in part.part.brokers], [1, 2, 3])

    def test_what_the_caller_may_not_read_is_not_told(self):
        root = self.cluster("/secret")
        acl = [make_digest_acl("admin", "secret", all=True)]
        self.client.create(f"{root}/config/users/alice",
                           b'{"version":1,"config":{"producer_byte_rate":"1","SCRAM-SHA-256":"x"}}', acl=acl)
        self.client.create(f"{root}/config/users/bob", b'{"version":1,"config":{"producer_byte_rate":"2"}}')
        request = PB.ListConfigsRequest(root=root, type=TYPES.CONFIG_ENTITY_TYPE_USER)
        admin = API.metadata(self.ensemble.grpc_server(1), login="digest admin:secret")

        def names(answer):
            return [c.entity.parts[0].name for c in answer.configs], answer.withheld

        self.assertEqual(names(self.stub.ListConfigs(request)), (["bob"], True))
        self.assertEqual(names(admin.ListConfigs(request)), (["alice", "bob"], False))
        for stub, expected in ((self.stub, ["bob"]), (admin, ["alice", "bob"])):
            parts = list(stub.ReadCluster(PB.ReadClusterRequest(root=root)))
            self.assertEqual([q.entity.parts[0].name for p in parts for q in p.part.quotas], expected)
            self.assertNotEqual(parts[-1].part.withheld, stub is admin)
        # Nor is a change of it, now or from a zxid long ago.
        place = self.stub.ListTopics(PB.ListTopicsRequest(root=root)).zxid
        alter = PB.AlterQuotaRequest(root=root, entity=entity("USER", "alice"), set={"producer_byte_rate": 9})
        self.assertIn("/config/users/alice", self.refused(Code.PERMISSION_DENIED, self.stub.AlterQuota, alter))
        admin.AlterQuota(alter)
        self.stub.AlterQuota(PB.AlterQuotaRequest(root=root, entity=entity("USER", "bob"),
                                                  set={"producer_byte_rate": 8}))
        for stub, expected in ((self.stub, ["bob"]), (admin, ["alice", "bob"])):
            told = []
            stream = stub.WatchMetadata(PB.WatchMetadataRequest(root=root, after_zxid=place))
            while not told or told[-1] != "bob":
                for change in next(stream).changes.changes:
                    told += [e.quota_changed.entity.parts[0].name for e in change.events]
            stream.cancel()
            self.assertEqual(told, expected)

    def test_a_caller_who_may_only_read_changes_nothing(self):
        root = self.cluster("/readonly")
        for path in ROOTS:
            self.client.set_acls(root + path, [make_acl("world", "anyone", read=True)])
        details = self.refused(Code.PERMISSION_DENIED, self.stub.CreateTopic, PB.CreateTopicRequest(
            root=root, name="t", partitions=1, replication_factor=1))
        self.assertIn(f"{root}/config/topics/t", details)
        self.assertEqual(self.client.get_children(f"{root}/config/topics"), [])

    def test_hostile_requests_are_refused_by_name_and_hurt_nobody(self):
        root = self.cluster("/hostile")
        create = PB.CreateTopicRequest(root=root, name="t", partitions=1, replication_factor=1)

        def topic(**changes):
            request = PB.CreateTopicRequest()
            request.CopyFrom(create)
            for key, value in changes.items():
                setattr(request, key, value)
            return request

        for request in (topic(root="hostile"), topic(root="/a/../b"), topic(root="/\x00"), topic(name=""),
                        topic(name="../x"), topic(name="x" * 250), topic(name="a/b"), topic(name="."),
                        topic(partitions=0), topic(partitions=-1), topic(partitions=2**31 - 1),
                        topic(replication_factor=0), topic(replication_factor=4)):
            self.refused(Code.INVALID_ARGUMENT, self.stub.CreateTopic, request)
        self.refused(Code.NOT_FOUND, self.stub.CreateTopic, topic(root="/nowhere"))
        self.refused(Code.RESOURCE_EXHAUSTED, self.stub.CreateTopic,
                     topic(partitions=100000, replication_factor=3))
        for bad in (TYPES.ConfigEntity(), entity("TOPIC"), entity("BROKER", "x"), entity("TOPIC", "a/b"),
                    TYPES.ConfigEntity(parts=[TYPES.ConfigEntityPart(type=99, name="x")]),
                    TYPES.ConfigEntity(parts=entity("CLIENT", "c").parts[:] + entity("USER", "u").parts[:])):
            self.refused(Code.INVALID_ARGUMENT, self.stub.AlterConfig,
                         PB.AlterConfigRequest(root=root, entity=bad, set={"a": "b"}))
        for limit in (float("nan"), float("inf"), -1.0, 0.0, 1e300):
            self.refused(Code.INVALID_ARGUMENT, self.stub.AlterQuota, PB.AlterQuotaRequest(
                root=root, entity=entity("USER", "u"), set={"producer_byte_rate": limit}))
        self.refused(Code.INVALID_ARGUMENT, self.stub.DescribeTopics, PB.DescribeTopicsRequest(root=root))
        self.refused(Code.RESOURCE_EXHAUSTED, self.stub.DescribeTopics,
                     PB.DescribeTopicsRequest(root=root, names=["x"] * 20000))
        for place in (-1, 2**63 - 1):
            code = Code.OUT_OF_RANGE if place > 0 else Code.INVALID_ARGUMENT
            self.refused(code, lambda r: next(self.stub.WatchMetadata(r)),
                         PB.WatchMetadataRequest(root=root, after_zxid=place))
        self.refused(Code.UNAUTHENTICATED, API.metadata(self.ensemble.grpc_server(1), "nonsense").ListTopics,
                     PB.ListTopicsRequest(root=root))
        # Bytes that are no message.
        channel = API.channel(self.ensemble.grpc_server(1))
        for method in ("CreateTopic", "AlterAcls", "ListConfigs"):
            call = channel.unary_unary(f"/rookery.v1.MetadataService/{method}")
            for _ in range(50):
                with self.assertRaises(grpc.RpcError):
                    call(b"\xff" + os.urandom(64))
        # Nodes that no Kafka wrote are named beside the rest; names that are no text are left out.
        self.client.create(f"{root}/brokers/ids/x", b"y")
        self.client.create(f"{root}/brokers/ids/4", b"\xff\xfe")
        self.client.create(f"{root}/controller_epoch", b"\x00\xff")
        self.client.create(f"{root}/config/users/%FF", b'{"version":1,"config":{"a":"b"}}')
        answer = self.stub.ListBrokers(PB.ListBrokersRequest(root=root))
        self.assertEqual(len(answer.brokers), 3)
        self.assertEqual(sorted(n.path for n in answer.unreadable),
                         ["/brokers/ids/4", "/brokers/ids/x", "/controller_epoch"])
        self.assertEqual(len(list(self.stub.ReadCluster(PB.ReadClusterRequest(root=root)))), 5)
        self.stub.CreateTopic(create)
        self.assertEqual(self.stub.ListTopics(PB.ListTopicsRequest(root=root)).names, ["t"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
