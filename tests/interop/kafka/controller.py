"""A lone KRaft controller, to which a cluster in ZooKeeper mode migrates."""

import tools
from brokers import Brokers

NODE_ID = 3000


class Controller(Brokers):
    """Its number is 0. start() after format()."""

    def __init__(self, zookeeper):
        super().__init__(zookeeper, size=1)
        self.settings = {
            "broker.id": None, "node.id": NODE_ID, "process.roles": "controller",
            "listeners": f"CONTROLLER://127.0.0.1:{self.port[0]}",
            **self.quorum(), "zookeeper.metadata.migration.enable": "true"}

    def quorum(self):
        """What brokers must know of it."""
        return {"controller.listener.names": "CONTROLLER",
                "controller.quorum.voters": f"{NODE_ID}@127.0.0.1:{self.port[0]}",
                "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"}

    def format(self, cluster_id):
        tools.run(tools.STORAGE, "format", "-t", cluster_id, "-c", self.configure(0))
