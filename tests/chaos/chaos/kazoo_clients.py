#!/usr/bin/python3
"""Clients of an unmodified kazoo that ask without rest and write down all they asked and were told.

    kazoo_clients.py SERVERS FIRST COUNT PER_SECOND SEED FILE

Ends when its standard input does, and then writes the history (tests/sim/history/json.h) to FILE.
"""

import json
import logging
import random
import sys
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import (BadVersionError, ConnectionLoss, NodeExistsError, NoNodeError,
                              SessionExpiredError)
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.protocol.states import KazooState
from kazoo.retry import KazooRetry

ROOT = "/chaos"
REGISTERS = 6
EVENTS = {"CREATED": "NodeCreated", "DELETED": "NodeDeleted", "CHANGED": "NodeDataChanged",
          "CHILD": "NodeChildrenChanged"}
ERRORS = {NoNodeError: "NoNode", NodeExistsError: "NodeExists", BadVersionError: "BadVersion"}


# Of a Stat: kazoo's names by those of the history.
STAT = {**{name: name for name in ("czxid", "mzxid", "version", "cversion", "aversion", "pzxid")},
        "ctime_ms": "ctime", "mtime_ms": "mtime", "ephemeral_owner": "ephemeralOwner",
        "data_length": "dataLength", "num_children": "numChildren"}


def fields(stat):
    return {name: getattr(stat, kazoo_name) for name, kazoo_name in STAT.items()}


class Client:
    def __init__(self, number, servers, seed):
        self.number, self.random = number, random.Random(seed)
        self.addresses = servers.split(",")
        self.lines, self.lock = [], threading.Lock()
        self.calls, self.written = 0, 0
        self.versions, self.mine = {}, []
        self.failure = None
        self.answers = 0
        self.answered = (0, 0)  # zxid, server of the last answer
        self.kazoo = KazooClient(servers, timeout=6.0, randomize_hosts=True, connection_retry=KazooRetry(
            max_tries=-1, delay=0.05, backoff=1.5, max_delay=0.5))
        self.kazoo.add_listener(self.on_state)
        self.listen_in()
        self.kazoo.start(timeout=60)

    def note(self, line):
        with self.lock:
            self.lines.append(line)

    def listen_in(self):
        """The header of every answer, which kazoo keeps to itself, and when an event came in: it is told by
        another thread, perhaps later than the answers behind it."""
        connection, handler = self.kazoo._connection, self.kazoo.handler
        read, dispatch = connection._read_response, handler.dispatch_callback

        def read_response(header, *rest):
            peer = connection._socket.getpeername()
            server = self.addresses.index(f"{peer[0]}:{peer[1]}") + 1
            self.answered = (header.zxid, server)
            self.answers += 1
            return read(header, *rest)

        def dispatch_callback(callback):
            if callback.type == "watch":
                callback = callback._replace(args=(*callback.args, time.monotonic_ns()))
            return dispatch(callback)
        connection._read_response = read_response
        handler.dispatch_callback = dispatch_callback

    def session(self):
        known = self.kazoo.client_id
        return known[0] if known else 0

    def on_state(self, state):
        names = {KazooState.CONNECTED: "CONNECTED", KazooState.SUSPENDED: "CONNECTING",
                 KazooState.LOST: "EXPIRED"}
        self.note({"kind": "session", "client": self.number, "order": time.monotonic_ns(),
                   "at_us": time.monotonic_ns() // 1000, "state": names[state], "session": self.session(),
                   "timeout_ms": self.kazoo._session_timeout})

    def watch(self, call):
        def told(event, came_in):
            if event.type == "NONE" and event.state == "CONNECTED":
                return
            kind = EVENTS.get(event.type, "SessionLost")
            self.note({"kind": "told", "client": self.number, "call": call, "order": came_in,
                       "at_us": came_in // 1000, "session": self.session(),
                       "event": {"type": kind, "path": event.path or "", "zxid": -1}})
        return told

    def ask(self, op, ask, watched=False, **said):
        """Runs ask(watch) and writes down what it was and became; its reply, None if it failed."""
        self.calls += 1
        line = {"kind": "call", "client": self.number, "number": self.calls, "op": op, **said,
                "watched": watched, "session": self.session(), "invoked": time.monotonic_ns()}
        line["invoked_us"] = line["invoked"] // 1000
        reply, answers = None, self.answers
        try:
            reply = ask(self.watch(self.calls) if watched else None)
            line["error"] = "Ok"
        except tuple(ERRORS) as error:
            line["error"] = ERRORS[type(error)]
        except SessionExpiredError:
            line.update(error="SessionExpired", maybe_applied=True)
        except (ConnectionLoss, KazooTimeoutError):
            line.update(error="ConnectionLoss", maybe_applied=True)
        if op == "exists" and line["error"] == "Ok" and reply is None:
            line["error"] = "NoNode"
        if self.answers == answers and "maybe_applied" not in line:  # kazoo has answered by itself
            line.update(error="ConnectionLoss", maybe_applied=True)
        line["returned"] = time.monotonic_ns()
        line["returned_us"] = line["returned"] // 1000
        if "maybe_applied" not in line:
            line["zxid"], line["server"] = self.answered
            line["session"] = self.session() or line["session"]
        if reply is not None:
            line["reply"] = self.reply(op, reply)
            stat = line["reply"].get("stat")
            if stat and "path" in said and op != "getChildren":
                self.versions[said["path"]] = stat["version"]
        self.note(line)
        return reply

    @staticmethod
    def reply(op, reply):
        if op == "create":
            return {"path": reply[0], "stat": fields(reply[1])}
        if op == "getData":
            return {"data": reply[0].decode(), "stat": fields(reply[1])}
        if op == "getChildren":
            return {"children": reply[0], "stat": fields(reply[1])}
        return {"stat": fields(reply)} if op in ("setData", "exists") else {}

    # --- requests

    def unique(self):
        self.written += 1
        return f"c{self.number}:{self.written}"

    def create(self, path, data="", flags=0):
        return self.ask("create", lambda _: self.kazoo.create(
            path, data.encode(), ephemeral=bool(flags & 1), sequence=bool(flags & 2), include_data=True),
            path=path, data=data, flags=flags, want_stat=True)

    def set(self, path, version=-1):
        data = self.unique()
        self.ask("setData", lambda _: self.kazoo.set(path, data.encode(), version=version), path=path,
                 data=data, version=version)

    def get(self, path):
        self.ask("getData", lambda watch: self.kazoo.get(path, watch=watch), path=path,
                 watched=self.random.random() < 0.4)

    def register(self):
        return f"{ROOT}/k{self.random.randrange(REGISTERS)}"

    def compare_and_set(self):
        path = self.register()
        self.set(path, self.versions.get(path, 0))

    def exists(self):
        path = self.register()
        self.ask("exists", lambda watch: self.kazoo.exists(path, watch=watch), path=path,
                 watched=self.random.random() < 0.4)

    def children(self):
        path = f"{ROOT}/eph"
        self.ask("getChildren", lambda watch: self.kazoo.get_children(path, watch=watch, include_data=True),
                 path=path, want_stat=True, watched=self.random.random() < 0.4)

    def ephemeral(self):
        made = self.create(f"{ROOT}/eph/e-", self.unique(), 3)
        if made:
            self.mine.append(made[0])

    def delete_mine(self):
        if self.mine:
            path = self.mine.pop(self.random.randrange(len(self.mine)))
            self.ask("delete", lambda _: self.kazoo.delete(path), path=path)

    def recreate(self):
        path = self.register()
        self.ask("delete", lambda _: self.kazoo.delete(path), path=path)
        self.create(path, self.unique())

    def sync_and_get(self):
        path = self.register()
        self.ask("sync", lambda _: self.kazoo.sync(path), path=path)
        self.get(path)

    def prepare(self):
        for path in (ROOT, f"{ROOT}/eph", f"{ROOT}/own-{self.number}",
                     *(f"{ROOT}/k{i}" for i in range(REGISTERS))):
            self.create(path)

    def run(self, per_second, stop):
        try:
            self.ask_until(stop, per_second)
        except BaseException as error:
            self.failure = error
            raise

    def ask_until(self, stop, per_second):
        self.prepare()
        steps = ((4, lambda: self.get(self.register())), (2, self.exists), (1, self.children),
                 (4, lambda: self.set(self.register())), (2, self.compare_and_set),
                 (5, lambda: self.set(f"{ROOT}/own-{self.number}")), (2, self.ephemeral),
                 (2, self.delete_mine), (0.3, self.recreate), (1.5, self.sync_and_get))
        while not stop.wait(self.random.uniform(0, 2 / per_second)):
            weights, actions = zip(*steps)
            self.random.choices(actions, weights)[0]()

    def finish(self):
        """Hears whatever a watch still has to tell, and goes."""
        self.ask("sync", lambda _: self.kazoo.sync(ROOT), path=ROOT)
        self.exists()
        self.ask("close", lambda _: self.kazoo.stop())
        self.kazoo.close()


def main():
    servers, first, count, per_second, seed, path = sys.argv[1:]
    stop, choose = threading.Event(), random.Random(int(seed))
    clients = [Client(int(first) + i, servers, choose.randrange(1 << 30)) for i in range(int(count))]
    threads = [threading.Thread(target=client.run, args=(float(per_second), stop)) for client in clients]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    with open(path, "w") as file:
        for client in clients:
            client.finish()
            for line in client.lines:
                file.write(json.dumps(line) + "\n")
    sys.exit(any(client.failure for client in clients))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main()
