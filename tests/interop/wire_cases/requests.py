"""Cases 12, 13 and 16 to 22: frames, headers and bodies; and the test vectors of replies."""

import struct

from raw import OPCODES, Reader, buffer, connect_request, string
from wire_cases.server import OPEN_ACL, PING, WireServer, create, header, request

FRAME_BYTES_MAX = 1048575


class RequestCases(WireServer):
    def test_012_the_longest_frame_is_taken_and_a_longer_one_closes(self):
        session = self.connect()
        session.call(1, OPCODES["create"], create(b"/long"))
        room = FRAME_BYTES_MAX - len(request(2, OPCODES["setData"], string(b"/long") +
                                             buffer(b"") + bytes(4))) + 4
        longest = request(2, OPCODES["setData"],
                          string(b"/long") + buffer(b"x" * room) + struct.pack(">i", 0))
        self.assertEqual(longest[:4].hex(), "000fffff")
        session.send(longest)
        answer = session.frame()
        self.assertEqual((header(answer)[0], header(answer)[2]), (2, 0))
        self.assertEqual(Reader(answer[16:]).stat()["dataLength"], room)
        session.call(3, OPCODES["delete"], string(b"/long") + struct.pack(">i", -1))
        for length in ("00100000", "ffffffff", "80000000"):
            self.assert_closed_in_silence(bytes.fromhex(length))
            session.send(bytes.fromhex(length))
            self.assertEqual(session.rest(), b"")
            session = self.connect()

    def test_013_garbage_closes(self):
        for garbage in (b"GET ", b"\x16\x03\x01\x02", b"abcd", b"RUOK"):
            self.assert_closed_in_silence(garbage)

    def test_016_frames_come_in_any_pieces(self):
        stream = self.stream()
        for byte in connect_request(10000) + request(9, OPCODES["exists"], string(b"/") + b"\0"):
            stream.send(bytes([byte]))
        self.assertEqual(len(stream.frame()), 37)
        self.assertEqual(header(stream.frame())[0], 9)
        many = b"".join(
            request(xid, OPCODES["exists"], string(b"/") + b"\0") if xid % 2 else
            request(xid, OPCODES["setData"], string(b"/") + buffer(b"") + struct.pack(">i", -1))
            for xid in range(1, 1001))
        stream.send(many + request(1001, OPCODES["closeSession"]))
        answers = [header(stream.frame()) for _ in range(1001)]
        self.assertEqual([(xid, err) for xid, _, err in answers],
                         [(xid, 0) for xid in range(1, 1002)])
        self.assertEqual(answers, sorted(answers))

    def test_017_a_ping_is_answered_with_the_last_zxid(self):
        session = self.connect()
        _, zxid, err, _ = session.call(1, OPCODES["setData"],
                                       string(b"/") + buffer(None) + struct.pack(">i", -1))
        self.assertEqual(err, 0)
        session.send(PING)
        pong = bytes.fromhex("fffffffe") + struct.pack(">qi", zxid, 0)
        self.assertEqual(session.frame(), pong)
        session.send(request(7, 11))  # its own number makes no difference
        self.assertEqual(session.frame(), pong)

    def test_018_an_unknown_operation_is_refused_and_closes(self):
        for opcode in (999, 0, 10) + ((13,) if self.refuses_check_alone else ()):
            session = self.connect()
            session.send(request(5, opcode, string(b"/") + struct.pack(">i", -1)))
            self.assertEqual(session.rest(), string(struct.pack(">iqi", 5, -1, -6)), opcode)

    def test_019_a_body_that_is_too_short_is_refused_and_the_connection_stays(self):
        session = self.connect()
        for opcode, body in ((OPCODES["getData"], string(b"/")), (OPCODES["exists"], b""),
                             (OPCODES["getData"], b"\0\0\0\x09/a\0"),
                             (OPCODES["setData"], string(b"/") + b"\0\0")):
            session.send(request(3, opcode, body))
            answer = session.frame()
            self.assertEqual((header(answer)[0], header(answer)[2], len(answer)), (3, -5, 16))
        self.assert_alive(session)

    def test_020_bytes_behind_a_body_are_ignored(self):
        session = self.connect()
        session.send(request(1, OPCODES["exists"], string(b"/") + b"\0" + b"more") +
                     request(2, 9, string(b"/") + b"more"))
        self.assertEqual([(header(a)[0], header(a)[2], len(a))
                          for a in (session.frame(), session.frame())],
                         [(1, 0, 16 + 68), (2, 0, 16 + 5)])

    def test_021_a_null_path_is_refused_and_the_connection_stays(self):
        session = self.connect()
        null = version = struct.pack(">i", -1)
        fresh = create(b"")[4:]
        for opcode, after, err in (
                (OPCODES["create"], fresh, -5), (OPCODES["delete"], version, -5),
                (OPCODES["exists"], b"\0", -5), (OPCODES["getData"], b"\0", -5),
                (OPCODES["setData"], buffer(b"") + version, -8), (6, b"", -5),
                (7, OPEN_ACL + version, -8), (8, b"\0", -5), (9, b"", 0),
                (OPCODES["getChildren2"], b"\0", -5), (15, fresh, -5)):
            self.assertEqual(session.call(4, opcode, null + after)[::2], (4, err), opcode)
        part = struct.Struct(">i?i").pack
        for opcode, after in ((1, fresh), (2, version), (5, buffer(b"") + version), (13, version)):
            self.assertEqual(session.call(4, 14, part(opcode, False, -1) + null + after +
                                          part(-1, True, -1))[::2], (4, -5), opcode)
        self.assert_alive(session)

    def test_022_auth_is_answered_with_its_own_xid(self):
        session = self.connect()
        session.send(request(7, 100, bytes(4) + string(b"digest") + buffer(b"user:pass")))
        self.assertEqual(session.frame(), struct.pack(">iqi", 7, 0, 0))
        session.send(request(-4, 100, bytes(4) + string(b"digest") + buffer(b"admin:secret")))
        self.assertEqual(session.frame(), struct.pack(">iqi", -4, 0, 0))
        auth = struct.pack(">ii", 1, 31) + string(b"auth") + string(b"")
        self.assertEqual(session.call(1, OPCODES["create"], string(b"/own") + buffer(b"") + auth +
                                      bytes(4))[2], 0)
        reader = session.call(2, 6, string(b"/own"))[3]
        ids = {(reader.take("i"), reader.buffer(), reader.buffer())
               for _ in range(reader.take("i"))}
        self.assertEqual(ids, {(31, b"digest", b"user:smGaoVKd/cQkjm7b88GyorAUz20="),
                               (31, b"digest", b"admin:fvr2cB/fjGeAiX8g1aGhUm3ZICk=")})
        self.assertEqual(session.call(3, OPCODES["delete"], string(b"/own") + bytes(4))[2], 0)

    def test_022_an_unknown_scheme_is_refused_and_closes(self):
        session = self.connect()
        session.send(request(7, 100, bytes(4) + string(b"nonsense") + buffer(b"")))
        self.assertEqual(session.rest(), string(struct.pack(">iqi", 7, 0, -115)))

    def test_118_the_longest_data_is_read_back_in_a_frame_longer_than_any_request(self):
        session = self.connect()
        session.call(1, OPCODES["create"], create(b"/big"))
        room = FRAME_BYTES_MAX - len(request(2, OPCODES["setData"], string(b"/big") + buffer(b"") + bytes(4))) + 4
        self.assertEqual(session.call(2, OPCODES["setData"], string(b"/big") + buffer(b"y" * room) +
                                      struct.pack(">i", 0))[2], 0)
        session.send(request(3, OPCODES["getData"], string(b"/big") + b"\0"))
        answer = session.frame()
        self.assertGreater(len(answer), FRAME_BYTES_MAX)
        self.assertEqual(Reader(answer[16:]).buffer(), b"y" * room)
        self.assertEqual(session.call(4, OPCODES["delete"], string(b"/big") + struct.pack(">i", 1))[2], 0)

    def test_vector_create_and_its_event(self):
        session = self.connect()
        before = self.last_zxid(session)
        session.send(bytes.fromhex(
            "00000032 00000001 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005"
            "776f726c64 00000006 616e796f6e65 00000000"))
        self.assertEqual(session.frame(), bytes.fromhex("00000001") +
                         struct.pack(">q", before + 1) + bytes.fromhex("00000000 00000002 2f61"))
        data = session.call(2, OPCODES["getData"], string(b"/a") + b"\1")[3].buffer()
        self.assertEqual(data, b"x")
        session.send(request(3, OPCODES["setData"], string(b"/a") + buffer(None) +
                             struct.pack(">i", 0)))
        zxid = before + 2 if self.events_have_zxids else -1
        self.assertEqual(session.frame(), bytes.fromhex("ffffffff") + struct.pack(">q", zxid) +
                         bytes.fromhex("00000000 00000003 00000003 00000002 2f61"))
        self.assertEqual(header(session.frame()), (3, before + 2, 0))
        self.assertEqual(session.call(4, OPCODES["delete"], string(b"/a") +
                                      struct.pack(">i", 1))[2], 0)

    def test_vector_multi_that_fails(self):
        session = self.connect()
        before = self.last_zxid(session)
        part = struct.Struct(">i?i").pack
        session.send(request(2, OPCODES["multi"],
                             part(1, False, -1) + create(b"/part") +
                             part(2, False, -1) + string(b"/none") + struct.pack(">i", -1) +
                             part(13, False, -1) + string(b"/part") + struct.pack(">i", 0) +
                             part(-1, True, -1)))
        self.assertEqual(session.frame(), bytes.fromhex("00000002") +
                         struct.pack(">q", before + 1) + bytes.fromhex(
                             "00000000 ffffffff 00 00000000 00000000 ffffffff 00 ffffff9b ffffff9b"
                             "ffffffff 00 fffffffe fffffffe ffffffff 01 ffffffff"))
        self.assertEqual(session.call(3, OPCODES["exists"], string(b"/part") + b"\0")[2], -101)
