"""What stands in the coordinator of a Kafka cluster, read with kazoo."""

import json

from kazoo.client import KazooClient
from kazoo.exceptions import NoAuthError, NoNodeError


class Metadata:
    """Values as a broker would read them; None for a node that is missing."""

    def __init__(self, servers):
        self.client = KazooClient(servers, timeout=30.0)
        self.client.start(timeout=30)

    def close(self):
        self.client.stop()
        self.client.close()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.close()

    def node(self, path):
        """(data, Stat)."""
        try:
            return self.client.get(path)
        except NoNodeError:
            return None, None

    def json(self, path):
        data, _ = self.node(path)
        return None if data is None else json.loads(data)

    def children(self, path):
        try:
            return sorted(self.client.get_children(path))
        except NoNodeError:
            return []

    def broker_ids(self):
        return [int(name) for name in self.children("/brokers/ids")]

    def controller(self):
        value = self.json("/controller")
        return None if value is None else value["brokerid"]

    def controller_epoch(self):
        data, _ = self.node("/controller_epoch")
        return None if data is None else int(data)

    def topics(self):
        return self.children("/brokers/topics")

    def states(self, *topics):
        """{(topic, partition): state}, a state being None until the controller has made it."""
        found = {}
        for topic in topics or self.topics():
            for partition in self.json(f"/brokers/topics/{topic}")["partitions"]:
                state = self.json(f"/brokers/topics/{topic}/partitions/{partition}/state")
                found[topic, int(partition)] = state
        return found

    def all_in_sync(self, *topics):
        """Every partition is led, and all of its replicas are in the ISR."""
        for topic in topics or self.topics():
            placed = self.json(f"/brokers/topics/{topic}")
            if placed is None:  # a KRaft controller that migrates writes it a little later
                return False
            for partition, replicas in placed["partitions"].items():
                state = self.json(f"/brokers/topics/{topic}/partitions/{partition}/state")
                if state is None or state["leader"] < 0 or sorted(state["isr"]) != sorted(replicas):
                    return False
        return True

    def tree(self, path="/"):
        """Every node under `path` but ZooKeeper's own, and but those that may not be read:
        [(path, data, Stat, ACL)], parents first."""
        found, todo = [], [path]
        while todo:
            path = todo.pop(0)
            if path == "/zookeeper":
                continue
            try:
                data, stat = self.client.get(path)
                if path != "/":
                    found.append((path, data, stat, self.client.get_acls(path)[0]))
                names = sorted(self.client.get_children(path))
                todo += [f"{path.rstrip('/')}/{name}" for name in names]
            except (NoAuthError, NoNodeError):  # the latter: gone since its parent was read
                continue
        return sorted(found, key=lambda node: node[0])
