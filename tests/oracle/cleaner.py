"""Brings two servers back to the same tree, that of fresh ones apart from the numbers of what cannot go."""

import re

from ensemble import four_letter_word, wait_for
from player import Player
from protocol import Command
from servers import addresses

SUPER = b"super:admin"
KEPT = (b"/", b"/zookeeper", b"/zookeeper/quota", b"/zookeeper/config")
CHANGEABLE = KEPT[:3]
LAST_S = 90  # the longest timeout of a script, and some more


class Cleaner:
    """A client that may do everything, on one server."""

    def __init__(self, server):
        self.player = Player(addresses(server))
        self.call("open", timeout=30000)
        self.call("auth", scheme=b"digest", auth=SUPER)

    def close(self):
        self.player.close()

    def call(self, verb, **args):
        self.player.begin(Command("cleaner", verb, args))
        return self.player.finish()[0][1]

    def clean(self):
        self.remove_below(b"/")
        for path in CHANGEABLE:
            self.call("setacl", path=path)
            self.call("set", path=path)

    def remove_below(self, path):
        for name in self.call("children", path=path).raw["names"]:
            child = path.rstrip(b"/") + b"/" + name
            self.remove_below(child)
            if child not in KEPT:
                self.call("delete", path=child)

    def stat(self, path):
        return self.call("exists", path=path).raw["stat"]

    def raise_to(self, path, wanted):
        """Changes the node until its numbers are not below those of `wanted`."""
        have = self.stat(path)
        for _ in range(wanted["version"] - have["version"]):
            self.call("set", path=path)
        for _ in range(wanted["aversion"] - have["aversion"]):
            self.call("setacl", path=path)
        for _ in range((wanted["cversion"] - have["cversion"]) // 2):
            child = path.rstrip(b"/") + b"/x"
            self.call("create", path=child)
            self.call("delete", path=child)


def wait_alone(server):
    """Until the last session is over: its end takes a zxid."""
    def sessions():
        return re.search(r"(?m)^zk_global_sessions\t(\d+)$", four_letter_word(server.client[1], "mntr", LAST_S))

    wait_for(lambda: sessions()[1] == "0", LAST_S, "every session is over")


def clean(servers):
    for server in servers:
        wait_alone(server)
    cleaners = []
    try:
        for server in servers:
            cleaners.append(Cleaner(server))
            cleaners[-1].clean()
        # What one of them did alone in an episode that failed has to be made up for.
        for path in CHANGEABLE:
            for one, other in (cleaners, reversed(cleaners)):
                one.raise_to(path, other.stat(path))
    finally:
        for cleaner in cleaners:
            cleaner.close()
