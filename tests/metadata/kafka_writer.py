"""Plays brokers and a controller that change their nodes, and writes down what the tree says of each
change: its zxid, and what it means. That is the history that every stream of events must tell."""

import json
import random

from kazoo.client import KazooClient, KazooRetry
from kazoo.exceptions import (ConnectionLoss, KazooException, NodeExistsError, NoNodeError,
                              OperationTimeoutError, SessionExpiredError)

LOST = (ConnectionLoss, OperationTimeoutError, SessionExpiredError)


def state(leader, epoch, isr):
    return json.dumps({"version": 1, "leader": leader, "leader_epoch": epoch, "controller_epoch": 1,
                       "isr": isr}).encode()


def topic(partitions, adding=None, removing=None):
    return json.dumps({"version": 2, "partitions": partitions, "adding_replicas": adding or {},
                       "removing_replicas": removing or {}}).encode()


def config(values):
    return json.dumps({"version": 1, "config": values}).encode()


class KafkaWriter:
    """One change after the other, each tried until it is known to have happened once."""

    def __init__(self, servers, root="", seed=1):
        self.root = root
        self.random = random.Random(seed)
        self.history = []  # (zxid, kinds of events)
        self.client = KazooClient(hosts=servers, timeout=10,
                                  connection_retry=KazooRetry(max_tries=-1, delay=0.02, max_delay=0.2))
        self.client.start(timeout=30)
        for path in ("/brokers/ids", "/brokers/topics", "/config/topics", "/config/users",
                     "/config/clients", "/config/changes", "/admin/delete_topics",
                     "/kafka-acl/Topic"):
            self.client.ensure_path(root + path)
        self.topics = 0
        self.leader, self.epoch, self.isr = 1, 0, [1, 2, 3]
        self.rate = 0
        self.broker_up = False

    def close(self):
        self.client.stop()
        self.client.close()

    def again(self, act):
        while True:
            try:
                return act()
            except LOST:
                pass

    def make(self, path, data, *kinds):
        """Creates a node; its czxid is the history's, also where the answer was lost."""
        path = self.root + path

        def act():
            try:
                self.client.create(path, data)
            except NodeExistsError:
                pass  # made by a try whose answer was lost
            return self.client.exists(path).czxid

        self.note(self.again(act), kinds)

    def set(self, path, data, *kinds):
        path = self.root + path
        before = self.again(lambda: self.client.get(path)[1])

        def act():
            try:
                return self.client.set(path, data, version=before.version).mzxid
            except KazooException as error:
                if isinstance(error, LOST):
                    raise
                stat = self.client.exists(path)
                assert stat.version == before.version + 1, f"{path}: {error}"
                return stat.mzxid

        self.note(self.again(act), kinds)

    def remove(self, path, *kinds):
        """Deletes a node; the zxid is its parent's newest then, which nobody else changes."""
        path = self.root + path
        parent = path.rsplit("/", 1)[0]

        def act():
            try:
                self.client.delete(path)
            except NoNodeError:
                pass
            return self.client.exists(parent).pzxid

        self.note(self.again(act), kinds)

    def note(self, zxid, kinds):
        if kinds:
            self.history.append((zxid, kinds))

    def step(self):
        """A change, chosen at random; some are no event."""
        what = self.random.randrange(10)
        if what == 0 or self.topics == 0:
            self.topics += 1
            self.make(f"/brokers/topics/t{self.topics}", topic({"0": [1, 2, 3]}), "topic_created")
            self.make(f"/brokers/topics/t{self.topics}/partitions", b"")
            self.make(f"/brokers/topics/t{self.topics}/partitions/0", b"")
            self.leader, self.epoch, self.isr = 1, 0, [1, 2, 3]
            self.make(self.state_path(), state(1, 0, [1, 2, 3]), "leader_changed")
        elif what <= 3:
            self.leader, self.epoch = self.leader % 3 + 1, self.epoch + 1
            self.set(self.state_path(), state(self.leader, self.epoch, self.isr), "leader_changed")
        elif what <= 5:
            self.isr = [1, 2] if len(self.isr) == 3 else [1, 2, 3]
            self.set(self.state_path(), state(self.leader, self.epoch, self.isr), "isr_changed")
        elif what == 6:
            self.rate += 1
            data = config({"producer_byte_rate": str(self.rate)})
            if self.rate == 1:
                self.make("/config/users/alice", data, "quota_changed")
            else:
                self.set("/config/users/alice", data, "quota_changed")
        elif what == 7:
            path = f"/brokers/topics/t{self.topics}"
            self.set(path, topic({"0": [4, 1, 2, 3]}, {"0": [4]}, {"0": [1]}), "reassignment_started")
            self.set(path, topic({"0": [1, 2, 3]}), "reassignment_ended")
        elif what == 8:
            if self.broker_up:
                self.remove("/brokers/ids/9", "broker_lost")
            else:
                self.make("/brokers/ids/9", json.dumps(
                    {"version": 5, "host": "h", "port": 9092, "jmx_port": -1, "timestamp": "1",
                     "endpoints": ["PLAINTEXT://h:9092"],
                     "listener_security_protocol_map": {"PLAINTEXT": "PLAINTEXT"}}).encode(),
                    "broker_joined")
            self.broker_up = not self.broker_up
        else:
            self.again(lambda: self.client.ensure_path(self.root + "/elsewhere"))
            self.set("/elsewhere", b"x")

    def state_path(self):
        return f"/brokers/topics/t{self.topics}/partitions/0/state"
