"""Plays what real Kafka 3.9 brokers and tools sent to a ZooKeeper 3.9, and compares every answer.

The traces were taken by a proxy between Kafka 3.9.2 and ZooKeeper 3.9.4: one message a line, fields
separated by tabs:

    ms  connection  mark  xid  operation  path  key=value...

Marks: '>' request, '>+' part of the multi above, '<' reply, '<+' its parts, '!' watch event. Session ids
are S1, S2, ..; text is escaped as \\\\ \\t \\n \\r \\xNN; len=-1 is null data.

One request is in flight at a time, in the order in which the recorded server committed them. Zxids need
not be equal, but each recorded one must stand for one and the same zxid here wherever it appears, in the
same order. Events of one transaction may come in another order: a session's ephemeral nodes go in none.
"""

import itertools
import re
import struct

from raw import OPCODES, Connection, buffer, string

WRITES = ("create", "delete", "setData", "multi", "closeSession")
STAT = ("czxid", "mzxid", "version", "cversion", "aversion", "ephemeralOwner", "dataLength",
        "numChildren", "pzxid")
STAT_ZXIDS = (0, 1, 8)
ESCAPES = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b"\\": b"\\"}


def unescape(text):
    return re.sub(rb"\\(x..|.)",
                  lambda m: ESCAPES.get(m[1]) or bytes([int(m[1][1:], 16)]), text.encode())


class Part:
    """A request, or one operation of a multi."""

    def __init__(self, operation, path, fields):
        self.operation, self.path, self.fields = operation, path, fields

    def body(self):
        fields = self.fields
        path = string(unescape(self.path))
        data = lambda: buffer(None if fields["len"] == "-1" else unescape(fields.get("data", "")))
        if self.operation == "create":
            scheme, identity, permissions = fields["acl"].split(":")
            return (path + data() + struct.pack(">ii", 1, int(permissions)) + string(scheme.encode()) +
                    string(identity.encode()) + struct.pack(">i", int(fields["flags"])))
        if self.operation in ("delete", "check"):
            return path + struct.pack(">i", int(fields["version"]))
        if self.operation == "setData":
            return path + data() + struct.pack(">i", int(fields["version"]))
        if self.operation in ("exists", "getData", "getChildren2"):
            return path + bytes([int(fields["watch"])])
        return b""


class Step:
    """A recorded request (parts[0], a multi's operations after it) with its recorded answers."""

    def __init__(self, connection, xid, parts, answers, line, last_zxid):
        self.connection, self.xid, self.parts, self.answers = connection, xid, parts, answers
        self.line, self.last_zxid = line, last_zxid
        self.order = None

    def payload(self):
        if self.parts[0].operation != "multi":
            return self.parts[0].body()
        operations = b"".join(
            struct.pack(">ibi", OPCODES[part.operation], 0, -1) + part.body() for part in self.parts[1:])
        return operations + struct.pack(">ibi", -1, 1, -1)


def load(files):
    """(steps in the order of their commits, events by connection)."""
    rows = [line.rstrip("\n").split("\t") for name in files for line in open(name, encoding="utf-8")]
    pending, steps, events, used, last = {}, [], {}, set(), 0
    for line, row in enumerate(rows):
        connection, mark, xid, operation, path = row[1:6]
        fields = dict(item.split("=", 1) for item in row[6:] if "=" in item)
        if mark == ">":
            pending[connection, xid] = [Part(operation, path, fields)]
        elif mark == ">+":
            pending[connection, xid.split(".")[0]].append(Part(operation, path, fields))
        elif mark == "<":
            parts = pending.pop((connection, xid))
            step = Step(connection, xid, parts, [fields], line, last)
            if operation != "connect":
                zxid = int(fields["zxid"])
                last = step.last_zxid = max(last, zxid)
                is_write = parts[0].operation in WRITES
                if is_write:
                    used.add(zxid)
                step.order = (zxid, 0 if is_write else 1, line)
            steps.append(step)
        elif mark == "<+":
            owner = next(s for s in reversed(steps)
                         if (s.connection, s.xid) == (connection, xid.split(".")[0]))
            owner.answers.append(fields)
        elif mark == "!":
            events.setdefault(connection, []).append((int(fields["zxid"]), operation, path))
    # A new session takes a zxid of its own: the first unused one from there on.
    for step in steps:
        if step.order is None:
            zxid = next(z for z in itertools.count(step.last_zxid + 1) if z not in used)
            used.add(zxid)
            step.order = (zxid, 0, step.line)
    return sorted(steps, key=lambda step: step.order), events


class Replay:
    """Plays recordings against the server at `port`; `differences` tells what was not as recorded."""

    def __init__(self, port):
        self.port = port
        self.differences = []
        self.requests = 0
        self.connections = {}
        self.session_names = {0: "0"}
        self.zxids = {}  # recorded -> here

    def run(self, files):
        steps, events = load(files)
        # The recording had one session open before the first broker's.
        observer = Connection(self.port, 40000)
        for step in steps:
            if step.parts[0].operation == "connect":
                self.connect(step)
            elif step.connection in self.connections and step.parts[0].operation in OPCODES:
                self.play(step)
        for name, connection in self.connections.items():
            self.compare_events(name, events.get(name, []), connection.events)
            connection.close()
        observer.close()

    def connect(self, step):
        fields = step.parts[0].fields
        if fields["session"] != "0":
            return  # a reconnect is not replayed
        connection = self.connections[step.connection] = Connection(self.port, int(fields["timeout"]))
        self.session_names[connection.session] = step.answers[0]["session"]

    def play(self, step):
        operation = step.parts[0].operation
        xid, zxid, err, reader = self.connections[step.connection].call(
            int(step.xid), OPCODES[operation], step.payload())
        self.requests += 1
        self.expect(step, "xid", int(step.xid), xid)
        if not self.expect(step, "err", int(step.answers[0]["err"]), err):
            return
        if not self.same_zxid(step.answers[0]["zxid"], zxid):
            self.expect(step, "zxid", step.answers[0]["zxid"], zxid)
        if operation != "multi":
            if err == 0:
                self.compare_result(step, operation, step.answers[0], reader)
            return
        for part, wanted in zip(step.parts[1:], step.answers[1:]):
            kind, _, part_err = reader.take("ibi")
            if kind == -1:
                part_err = reader.take("i")
            if self.expect(step, part.operation, int(wanted["err"]), part_err) and kind != -1:
                self.compare_result(step, part.operation, wanted, reader)

    def compare_result(self, step, operation, wanted, reader):
        if operation == "create":
            self.expect(step, "path", unescape(wanted["path"]), reader.buffer())
            return
        if operation == "getData":
            data = None if wanted["len"] == "-1" else unescape(wanted.get("data", ""))
            self.expect(step, "data", data, reader.buffer())
        if operation == "getChildren2":
            names = sorted(unescape(name) for name in wanted["children"].split(",") if name)
            self.expect(step, "children", names,
                        sorted(reader.buffer() for _ in range(reader.take("i"))))
        if operation in ("setData", "exists", "getData", "getChildren2"):
            self.compare_stat(step, wanted["stat"].split(","), reader.stat())

    def compare_stat(self, step, wanted, stat):
        stat["ephemeralOwner"] = self.session_names.get(stat["ephemeralOwner"], stat["ephemeralOwner"])
        found = [str(stat[field]) for field in STAT]
        plain_same = all(w == f for i, (w, f) in enumerate(zip(wanted, found)) if i not in STAT_ZXIDS)
        if not plain_same or not all(self.same_zxid(wanted[i], found[i]) for i in STAT_ZXIDS):
            self.expect(step, "stat", ",".join(wanted), ",".join(found))

    def compare_events(self, name, wanted, found):
        """In order by transaction; within one as a set."""
        def grouped(events):
            return [sorted((kind, path) for _, kind, path in group)
                    for _, group in itertools.groupby(events, key=lambda event: event[0])]

        if grouped(wanted) != grouped(found):
            self.differences.append(f"{name} watch events: expected {wanted}, found {found}")

    def same_zxid(self, wanted, found):
        """True if the recorded zxid means what it meant before, and its order is kept."""
        wanted, found = int(wanted), int(found)
        if self.zxids.setdefault(wanted, found) != found:
            return False
        latest = list(self.zxids.items())[-3:]
        return all((a < wanted) == (b < found) or a == wanted or b == found for a, b in latest)

    def expect(self, step, what, wanted, found):
        if wanted == found:
            return True
        part = step.parts[0]
        self.differences.append(f"{step.connection} xid {step.xid} {part.operation} {part.path}: {what} "
                                f"expected {wanted}, found {found}")
        return False
