"""A server under test, and sessions on it that leave nothing behind."""

import struct
import threading
import time

from ensemble import four_letter_word
from raw import OPCODES, Connection, Stream, buffer, string

TICK_MS = 1000
OPEN_ACL = bytes.fromhex("00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65")
PING = bytes.fromhex("00000008 fffffffe 0000000b")


def request(xid, opcode, body=b""):
    return string(struct.pack(">ii", xid, opcode) + body)


def create(path, data=b"", flags=0):
    return string(path) + buffer(data) + OPEN_ACL + struct.pack(">i", flags)


def header(frame):
    """(xid, zxid, err)"""
    return struct.unpack_from(">iqi", frame)


class WireServer:
    """Every test starts and ends with no session on the server, so that zxids can be foretold."""

    port = 0
    fresh = ""  # the answer to srvr before the first test
    # What ZooKeeper 3.8.0 does otherwise.
    refuses_check_alone = True
    events_have_zxids = True
    derives_passwords = False

    @classmethod
    def begin(cls, port):
        """Once the server serves. One connection says nothing until it is closed."""
        cls.port = port
        cls.fresh = four_letter_word(port, "srvr")
        cls.idle = Stream(port, "127.0.0.3")
        cls.idle_s = None
        began = time.monotonic()

        def wait():
            cls.idle_bytes = cls.idle.rest()
            cls.idle_s = time.monotonic() - began

        cls.idle_wait = threading.Thread(target=wait)
        cls.idle_wait.start()
        cls.addClassCleanup(cls.idle.close)
        cls.addClassCleanup(cls.idle_wait.join)

    def stream(self):
        stream = Stream(self.port)
        self.addCleanup(stream.close)
        return stream

    def connect(self, timeout_ms=10000, **handshake):
        connection = Connection(self.port, timeout_ms, **handshake)
        self.addCleanup(self.end_session, connection)
        return connection

    def end_session(self, connection):
        """Whatever became of its connection."""
        connection.close()
        if connection.session == 0:
            return
        again = Connection(self.port, 10000, session=connection.session,
                           password=connection.password)
        if again.session != 0:
            again.call(1, OPCODES["closeSession"], b"")
        again.close()

    def last_zxid(self, connection):
        connection.send(PING)
        return header(connection.frame())[1]

    def assert_alive(self, connection):
        connection.send(PING)
        frame = connection.frame()
        self.assertEqual((len(frame), header(frame)[0], header(frame)[2]), (16, -2, 0))

    def assert_closed_in_silence(self, data):
        stream = self.stream()
        stream.send(data)
        self.assertEqual(stream.rest(), b"")
