#!/usr/bin/python3
"""What `rookery doctor` and `whatif` say is the same over both protocols: over ZooKeeper's they read every node
themselves, over gRPC they ask MetadataService."""

import json
import pathlib
import subprocess
import sys
import unittest

from kazoo.client import KazooClient
from kazoo.security import make_digest_acl

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble  # noqa: E402

ROOT = "/east"
STATE = {"controller_epoch": 3, "version": 1, "leader_epoch": 5}


class ToolsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = cls.enterClassContext(Ensemble(1))
        cls.ensemble.wait_serving()
        cls.client = KazooClient(hosts=cls.ensemble.servers)
        cls.client.start()
        cls.addClassCleanup(cls.client.close)
        cls.addClassCleanup(cls.client.stop)
        cls.fill()

    @classmethod
    def put(cls, path, value):
        cls.client.create(ROOT + path, json.dumps(value).encode(), makepath=True)

    @classmethod
    def fill(cls):
        """A cluster with everything that is worth a word."""
        for n in (1, 2, 3):
            cls.put(f"/brokers/ids/{n}", {"version": 5, "host": "h", "port": 9092, "jmx_port": -1, "timestamp": "1",
                                          "endpoints": ["PLAINTEXT://h:9092"], "rack": f"r{n}", "features": {},
                                          "listener_security_protocol_map": {"PLAINTEXT": "PLAINTEXT"}})
        cls.put("/controller", {"version": 1, "brokerid": 2, "timestamp": "1"})
        cls.client.create(ROOT + "/controller_epoch", b"3")
        cls.put("/brokers/topics/orders", {"version": 3, "topic_id": "AAAAAAAAAAAAAAAAAAAAAA",
                                           "partitions": {"0": [1, 2], "1": [2, 4], "2": [4]},
                                           "adding_replicas": {"0": [2]}, "removing_replicas": {}})
        cls.put("/brokers/topics/orders/partitions/0/state", {**STATE, "leader": 1, "isr": [1, 2]})
        cls.put("/brokers/topics/orders/partitions/1/state", {**STATE, "leader": 2, "isr": [2]})
        cls.put("/brokers/topics/orders/partitions/2/state", {**STATE, "leader": -1, "isr": [4]})
        cls.put("/config/topics/orders", {"version": 1, "config": {"min.insync.replicas": "2"}})
        cls.put("/brokers/topics/payments", {"version": 2, "partitions": {"0": [1, 3]}})
        cls.put("/brokers/topics/payments/partitions/0/state", {**STATE, "leader": 1, "isr": [1, 3]})
        cls.put("/brokers/topics/new", {"version": 2, "partitions": {"0": [3]}})
        cls.client.create(ROOT + "/brokers/topics/broken", b"{")
        cls.put("/config/topics/gone", {"version": 1, "config": {}})
        for name in ("orders", "gone-too"):
            cls.client.create(f"{ROOT}/admin/delete_topics/{name}", b"", makepath=True)

    def told(self, servers, *words):
        done = subprocess.run([BIN / "rookery", *words[:2], "--servers", servers, *words[2:], "--json"],
                              capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertNotEqual(done.stdout, "", done.stderr)
        found = json.loads(done.stdout)
        # Over ZooKeeper's protocol it is that of the newest change among what was read.
        self.assertGreater(found.pop("zxid"), 0)
        return found

    def both(self, *words):
        over_grpc = self.told(self.ensemble.grpc_server(1) + ROOT, "--protocol", "grpc", *words)
        self.assertEqual(over_grpc, self.told(self.ensemble.server(1) + ROOT, "--protocol", "zookeeper", *words))
        return over_grpc

    def test_the_doctor(self):
        findings = {one["name"]: one["subjects"] for one in self.both("doctor")["findings"]}
        self.assertEqual(findings["orphaned-configs"], ["gone"])
        self.assertEqual(findings["waiting-deletions"], ["gone-too (no such topic)", "orders (broker 4 is down)"])
        self.assertEqual(len(findings["unreadable"]), 1)
        self.assertIn("/brokers/topics/broken", findings["unreadable"][0])

    def test_an_outage(self):
        self.assertIn("payments", json.dumps(self.both("whatif", "--down", "1")))

    def test_what_may_not_be_read_is_said(self):
        self.client.add_auth("digest", "kafka:secret")
        path = ROOT + "/brokers/topics/new"
        self.client.set_acls(path, [make_digest_acl("kafka", "secret", all=True)])
        try:
            done = subprocess.run([BIN / "rookery", "--protocol", "grpc", "--servers",
                                   self.ensemble.grpc_server(1) + ROOT, "doctor"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("--login", done.stderr)
        finally:
            self.client.set_acls(path, [make_digest_acl("kafka", "secret", all=True),
                                        *[acl for acl in self.client.get_acls("/")[0]]])

    def test_no_cluster_there(self):
        done = subprocess.run([BIN / "rookery", "--protocol", "grpc", "--servers",
                               self.ensemble.grpc_server(1) + "/nowhere", "doctor"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nowhere", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
