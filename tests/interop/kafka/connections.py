"""A broker's connections to the coordinator, read from its log: what ZooKeeper's own client writes."""

import collections
import re

ESTABLISHED = re.compile(
    r"Session establishment complete on server \S*?:(\d+), session id = (0x[0-9a-f]+)")
LOST = re.compile(r"Session (0x[0-9a-f]+) for server \S*?:(\d+), Closing socket connection")
SILENT = re.compile(r"Client session timed out, have not heard from server .* session ?id (0x[0-9a-f]+)")
EXPIRED = re.compile(r"session (0x[0-9a-f]+) has expired")


class Connections:
    """Feed() takes what a log grew by. A connection that was never established is no loss."""

    def __init__(self):
        self.port = {}  # by session: where it is connected now
        self.expired = 0

    def feed(self, text):
        """The ports whose established connections were lost, one each."""
        lost = collections.Counter()
        for line in text.splitlines():
            if found := ESTABLISHED.search(line):
                self.port[found[2]] = int(found[1])
            elif found := LOST.search(line) or SILENT.search(line):
                port = self.port.pop(found[1], None)
                if port is not None:
                    lost[port] += 1
            elif EXPIRED.search(line):
                self.expired += 1
        return lost
