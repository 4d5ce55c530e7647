#!/usr/bin/python3
"""Live clients under session.disconnectGraceMs, whose connections break all the time: none loses its session.

In each round every client ends its connection now and then, waits up to a second as ZooKeeper's Java client does,
and comes back, to the same server or another; in every other round a server, the leader among them, is killed
(kill -9) and started again. A round holds if all sessions are still there with their ephemeral nodes, and if a
client that ended its connection for good was missed after the grace, not after its timeout: so the grace works.
Exit status 1 if a round does not hold.
"""

import argparse
import pathlib
import random
import struct
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import Ensemble, wait_for  # noqa: E402
from raw import OPCODES, Connection, buffer, string  # noqa: E402

CLIENTS = 9  # three a server: with ten or more, ends that come together would not count
TIMEOUT_MS = 15_000
GRACE_MS = 2500
ROUND_S = 3.0
OPEN_ACL = struct.pack(">ii", 1, 31) + string(b"world") + string(b"anyone")


class Client(threading.Thread):
    """One session. `refused` is what the ensemble said to it: its end."""

    def __init__(self, ensemble, name, seed):
        super().__init__(name=name, daemon=True)
        self.ensemble, self.random = ensemble, random.Random(seed)
        self.path = f"/{name}".encode()
        self.session, self.password = 0, b"\0" * 16
        self.connection = None
        self.returns = self.moves = 0
        self.refused = ""
        self.stopping = False
        self.server = self.random.choice(ensemble.numbers)
        self.connect()
        self.call("create", string(self.path) + buffer(b"") + OPEN_ACL + struct.pack(">i", 1))

    def call(self, name, payload):
        return self.connection.call(1, OPCODES[name], payload)

    def connect(self):
        """Until a server takes it, a new one each time; as soon as one answers that the session is gone, it ends."""
        while not self.stopping:
            try:
                self.connection = Connection(self.ensemble.client[self.server], TIMEOUT_MS,
                                             session=self.session, password=self.password)
            except (OSError, ConnectionError):
                self.server = self.random.choice(self.ensemble.numbers)
                time.sleep(0.02)
                continue
            if self.session and self.connection.session != self.session:
                self.refused = f"session {self.session:#x} of {self.name} is gone"
                return
            self.session, self.password = self.connection.session, self.connection.password
            return

    def run(self):
        while not self.stopping and not self.refused:
            until = time.monotonic() + self.random.uniform(0.1, 1.5)
            try:
                while time.monotonic() < until and not self.stopping:
                    self.call("exists", string(self.path) + b"\0")
                    time.sleep(0.05)
            except (OSError, ConnectionError):  # its server was killed
                self.connection.close()
            else:
                if self.stopping:
                    return
                self.connection.close()  # without a word
                time.sleep(self.random.uniform(0, 1))
            before, self.server = self.server, self.random.choice(self.ensemble.numbers)
            self.moves += self.server != before
            self.returns += 1
            self.connect()

    def owner(self):
        """Of its node; 0 if there is none. For who is not connected: a look from outside."""
        with_node = Connection(self.ensemble.client[self.ensemble.leader()], 10_000)
        try:
            _, _, error, body = with_node.call(1, OPCODES["exists"], string(self.path) + b"\0")
            return body.stat()["ephemeralOwner"] if error == 0 else 0
        finally:
            with_node.call(2, OPCODES["closeSession"], b"")
            with_node.close()


def missed_after(ensemble, seed):
    """Seconds until a client that ended its connection for good was missed."""
    gone = Client(ensemble, f"gone{seed}", seed)
    began = time.monotonic()
    gone.connection.close()
    wait_for(lambda: gone.owner() == 0, 30, "a client that does not come back is missed")
    return time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with Ensemble(3, [f"session.disconnectGraceMs={GRACE_MS}"]) as ensemble:
        ensemble.wait_serving()
        clients = [Client(ensemble, f"client{n}", args.seed * 1000 + n) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        missed = []
        for number in range(args.rounds):
            if number % 2 == 1:
                killed = ensemble.leader() if number % 4 == 1 else chance.choice(ensemble.numbers)
                killed = killed or chance.choice(ensemble.numbers)
                ensemble.kill(killed)
                time.sleep(chance.uniform(0, 1))
                ensemble.start(killed)
                ensemble.wait_serving()
            else:
                missed.append(missed_after(ensemble, number))
            time.sleep(ROUND_S)
            wait_for(ensemble.leader, 30, "a leader")
            failures = [client.refused for client in clients if client.refused]
            failures += [f"the node of {client.name} is gone" for client in clients
                         if not client.refused and client.owner() != client.session]
            if failures:
                print(f"round {number + 1} of seed {args.seed}: {'; '.join(failures)}", flush=True)
                return 1
        for client in clients:
            client.stopping = True
        for client in clients:
            client.join()
        print(f"{args.rounds} rounds: {sum(c.returns for c in clients)} returns of {CLIENTS} clients, "
              f"{sum(c.moves for c in clients)} to another server, {args.rounds // 2} servers killed under them, no "
              f"session expired; clients that stayed away were missed after {min(missed):.1f} to "
              f"{max(missed):.1f} s", flush=True)
        return 0 if max(missed) < TIMEOUT_MS / 1000 - 3 else 1


if __name__ == "__main__":
    sys.exit(main())
