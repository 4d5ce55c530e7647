"""ZooKeeper's wire protocol by hand: what tests need to send exact bytes and see exact answers."""

import socket
import struct

OPCODES = {"create": 1, "delete": 2, "exists": 3, "getData": 4, "setData": 5, "getChildren2": 12,
           "check": 13, "multi": 14, "closeSession": -11}
EVENTS = {1: "NodeCreated", 2: "NodeDeleted", 3: "NodeDataChanged", 4: "NodeChildrenChanged"}
STAT_FIELDS = ("czxid", "mzxid", "ctime", "mtime", "version", "cversion", "aversion",
               "ephemeralOwner", "dataLength", "numChildren", "pzxid")


def string(value):
    return struct.pack(">i", len(value)) + value


def buffer(value):
    """None is null, which is not the same as empty."""
    return struct.pack(">i", -1) if value is None else string(value)


def connect_request(timeout_ms, session=0, password=b"\0" * 16, last_zxid=0, read_only=b"\0",
                    version=0):
    """A whole frame. An old client's lacks the last field: read_only=b""."""
    body = struct.pack(">iqiq", version, last_zxid, timeout_ms, session)
    return string(body + buffer(password) + read_only)


class Reader:
    def __init__(self, payload):
        self.payload, self.at = payload, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.payload, self.at)
        self.at += struct.calcsize(">" + form)
        return values if len(values) > 1 else values[0]

    def buffer(self):
        length = self.take("i")
        if length == -1:
            return None
        value = self.payload[self.at : self.at + length]
        if len(value) != length:
            raise ValueError(f"expected {length} bytes, found {len(value)}")
        self.at += length
        return value

    def stat(self):
        return dict(zip(STAT_FIELDS, self.take("qqqqiiiqiiq")))


class Stream:
    """A connection that has sent nothing. `source` is the address it comes from."""

    def __init__(self, port, source="127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", port), 30, (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def frame(self):
        """The next frame's payload, without its length."""
        def exactly(count):
            got = b""
            while len(got) < count:
                piece = self.socket.recv(count - len(got))
                if not piece:
                    raise ConnectionError("closed by the server")
                got += piece
            return got

        return exactly(struct.unpack(">i", exactly(4))[0])

    def rest(self):
        """What comes until the server closes; TimeoutError if it does not."""
        got = b""
        try:
            while piece := self.socket.recv(65536):
                got += piece
        except ConnectionResetError:  # it closed with bytes of ours unread
            pass
        return got


class Connection(Stream):
    """A session over one socket. Watch events are gathered in `events` as (zxid, type, path)."""

    def __init__(self, port, timeout_ms, source="127.0.0.1", **handshake):
        super().__init__(port, source)
        self.events = []
        self.send(connect_request(timeout_ms, **handshake))
        self.response = self.frame()  # of the handshake
        reader = Reader(self.response)
        self.version, self.timeout_ms, self.session = reader.take("iiq")
        self.password = reader.buffer()

    def call(self, xid, opcode, payload):
        """(xid, zxid, err, Reader of the body) of the answer."""
        self.socket.sendall(string(struct.pack(">ii", xid, opcode) + payload))
        while True:
            reader = Reader(self.frame())
            answered, zxid, err = reader.take("iqi")
            if answered != -1:
                return answered, zxid, err, reader
            kind, _ = reader.take("ii")
            self.events.append((zxid, EVENTS[kind], reader.buffer().decode()))
