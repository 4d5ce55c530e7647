"""One connection of a script to a server: its socket, what it asked and what it was told."""

import collections
import socket
import struct
import time

import protocol

ANSWER_S = 20


class NoAnswer(Exception):
    """The server did not say what it had to."""


class Disturbed(Exception):
    """This machine paused so long that a session may have expired: nothing follows from the run."""


class Connection:
    def __init__(self, name, address):
        self.name, self.port = name, address[1]
        self.socket = socket.create_connection(address, ANSWER_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = bytearray()
        self.pending = collections.deque()  # (command, xid); a None command is the handshake
        self.auths = collections.deque()  # answered at once, so not in order
        self.told = []
        self.session, self.password, self.timeout_ms = 0, b"", 0
        self.next_xid = 1
        self.pings = self.pongs = 0
        self.pong_zxid = 0
        self.closed = self.silent = False
        self.asked = None  # the session that was asked for
        self.old = False
        self.sent_at = time.monotonic()

    def send(self, data):
        self.sent_at = time.monotonic()
        try:
            self.socket.sendall(data)
        except OSError:  # its end is read in its turn
            pass

    def ping(self):
        self.pings += 1
        self.send(protocol.string(struct.pack(">ii", protocol.PING_XID, protocol.PING)))

    def frame(self):
        """The next frame that has come as a whole, or None."""
        if len(self.bytes) < 4:
            return None
        length = struct.unpack_from(">i", self.bytes)[0]
        if len(self.bytes) < 4 + length:
            return None
        payload = bytes(self.bytes[4 : 4 + length])
        del self.bytes[: 4 + length]
        return payload

    def check_pause(self):
        if self.timeout_ms and not self.silent and not self.closed and (
                time.monotonic() - self.sent_at > self.timeout_ms / 1000 * 0.6):
            raise Disturbed(f"connection {self.name} was not heard for most of its session's timeout")
