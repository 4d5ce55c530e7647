"""Cases 1 to 11, 14 and 15: how a connection and a session begin."""

import struct

from raw import OPCODES, Connection, Reader, Stream, buffer, connect_request, string
from wire_cases.server import TICK_MS, WireServer, create, header, request

REFUSED = bytes.fromhex("00000025 00000000 00000000 0000000000000000 00000010"
                        "00000000000000000000000000000000 00")


def java_password(session):
    """What ZooKeeper derives from a session's id: java.util.Random's first 16 bytes."""
    mask = (1 << 48) - 1
    state = ((session ^ 0xB3415C00) ^ 0x5DEECE66D) & mask
    password = b""
    for _ in range(4):
        state = (state * 0x5DEECE66D + 11) & mask
        password += struct.pack("<I", state >> 16)
    return password


class HandshakeCases(WireServer):
    def assert_refused(self, handshake):
        stream = self.stream()
        stream.send(handshake)
        self.assertEqual(stream.rest(), REFUSED)

    def test_001_a_handshake_is_answered_in_the_length_it_was_asked(self):
        self.assertEqual(connect_request(10000), bytes.fromhex(
            "0000002d 00000000 0000000000000000 00002710 0000000000000000 00000010"
            "00000000000000000000000000000000 00"))
        self.assertEqual(len(connect_request(10000, read_only=b"")), 4 + 44)
        self.assertEqual(len(self.connect(read_only=b"").response), 36)
        modern = self.connect()
        self.assertEqual(modern.response, struct.pack(">iiq", 0, 10000, modern.session) +
                         string(modern.password) + b"\0")
        self.assertEqual(len(modern.response), 37)

    def test_002_a_new_session_has_an_id_a_password_and_a_timeout_within_bounds(self):
        for asked, given in ((1, 2 * TICK_MS), (10**9, 20 * TICK_MS), (7777, 7777)):
            session = self.connect(asked)
            self.assertNotEqual(session.session, 0)
            self.assertEqual(len(session.password), 16)
            self.assertNotEqual(session.password, bytes(16))
            self.assertEqual(session.timeout_ms, given)

    def test_002_passwords_are_derived_as_java_does_where_they_are(self):
        self.assertEqual(java_password(0x0100000000000000).hex(),
                         "f22acd4a97e69d6d20a49bb638eadb38")
        self.assertEqual(java_password(0x10000000000abcd0).hex(),
                         "67dc56f2d37ec2aef0882a53d8ba9bc7")
        session = self.connect()
        self.assertEqual(session.password == java_password(session.session),
                         self.derives_passwords)

    def test_003_a_negative_timeout_gives_the_least(self):
        self.assertEqual(self.connect(-1).timeout_ms, 2 * TICK_MS)
        self.assertEqual(self.connect(-2**31).timeout_ms, 2 * TICK_MS)

    def test_004_the_clients_version_of_the_protocol_is_ignored(self):
        session = self.connect(version=7)
        self.assertEqual(session.version, 0)
        self.assertNotEqual(session.session, 0)

    def test_005_a_new_session_needs_no_password(self):
        self.assertNotEqual(self.connect(password=None).session, 0)
        self.assertNotEqual(self.connect(password=b"").session, 0)

    def test_006_a_session_is_resumed_with_its_password_and_takes_no_zxid(self):
        first = self.connect()
        before = self.last_zxid(first)
        again = self.connect(5000, session=first.session, password=first.password,
                             last_zxid=before)
        self.assertEqual((again.session, again.password, again.timeout_ms),
                         (first.session, first.password, 5000))
        self.assertEqual(self.last_zxid(again), before)

    def test_007_a_wrong_password_is_refused_with_zeros(self):
        owner = self.connect()
        wrong = bytes([owner.password[0] ^ 1]) + owner.password[1:]
        for password in (wrong, bytes(16), b"", None, owner.password + b"\0"):
            self.assert_refused(connect_request(10000, owner.session, password))
        again = self.connect(session=owner.session, password=owner.password)
        self.assertEqual(again.session, owner.session)

    def test_008_an_expired_or_unknown_session_is_refused_with_zeros(self):
        other = self.connect(20000)
        gone = self.connect(2000)
        self.assertEqual(gone.call(1, OPCODES["create"], create(b"/brief", flags=1))[2], 0)
        self.assertEqual(other.call(1, 9, string(b"/"))[2], 0)
        self.assertEqual(other.call(2, OPCODES["exists"], string(b"/brief") + b"\1")[2], 0)
        gone.close()
        event = other.frame()
        self.assertEqual(event[16:], bytes.fromhex("00000002 00000003") + string(b"/brief"))
        self.assert_refused(connect_request(10000, gone.session, gone.password))
        self.assert_refused(connect_request(10000, 0x123456789, gone.password))

    def test_009_a_client_from_the_future_is_closed_in_silence(self):
        session = self.connect()
        now = self.last_zxid(session)
        self.assert_closed_in_silence(connect_request(10000, last_zxid=now + 1))
        again = self.connect(last_zxid=now)
        self.assertNotEqual(again.session, 0)
        now = self.last_zxid(again)
        self.assert_closed_in_silence(
            connect_request(10000, session.session, session.password, last_zxid=now + 1))
        moved = self.connect(session=session.session, password=session.password, last_zxid=now)
        self.assertEqual(moved.session, session.session)

    def test_010_a_resumed_session_leaves_its_old_connection(self):
        first = self.connect()
        second = self.connect(session=first.session, password=first.password)
        self.assertEqual(first.rest(), b"")
        self.assert_alive(second)

    def test_011_requests_behind_the_handshake_are_answered_after_it(self):
        stream = self.stream()
        stream.send(connect_request(10000) + request(1, OPCODES["create"], create(b"/pipe")) +
                    request(2, OPCODES["delete"], string(b"/pipe") + struct.pack(">i", 0)) +
                    request(3, OPCODES["closeSession"]))
        self.assertNotEqual(Reader(stream.frame()).take("iiq")[2], 0)
        self.assertEqual(stream.frame()[12:], bytes(4) + string(b"/pipe"))
        for xid in (2, 3):
            answer = stream.frame()
            self.assertEqual((header(answer)[0], header(answer)[2], len(answer)), (xid, 0, 16))
        self.assertEqual(stream.rest(), b"")

    def test_014_a_connection_that_says_nothing_is_closed_after_ten_seconds(self):
        self.idle_wait.join(25)
        self.assertIsNotNone(self.idle_s, "it was not closed in 25 s")
        self.assertEqual(self.idle_bytes, b"")
        self.assertTrue(9.9 <= self.idle_s <= 21, self.idle_s)

    def test_015_one_host_has_sixty_connections(self):
        here = "127.0.0.2"
        held = []
        for _ in range(60):
            held.append(Connection(self.port, 10000, source=here))
            self.addCleanup(self.end_session, held[-1])
        try:
            one_more = Stream(self.port, here)
            self.addCleanup(one_more.close)
            self.assertEqual(one_more.rest(), b"")
        except (BrokenPipeError, ConnectionError):  # closed before the client saw it open
            pass
        self.assert_alive(held[0])
        self.assert_alive(held[-1])
        self.assert_alive(self.connect())
