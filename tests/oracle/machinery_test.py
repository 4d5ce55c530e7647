#!/usr/bin/python3
"""The oracle itself: it sees every changed byte, its scripts say what was asked, shrinking keeps the fault."""

import collections
import pathlib
import struct
import sys
import types
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]
import pair  # noqa: E402
import protocol  # noqa: E402
import shrink  # noqa: E402
from connection import Disturbed, NoAnswer  # noqa: E402
from differences import Differences, Finding  # noqa: E402
from generator import Generator  # noqa: E402
from grammar import command_lines, parse_command  # noqa: E402
from model import CHILDREN, DATA, PERSISTENT, RECURSIVE, Link, Model  # noqa: E402
from pair import Disagreement  # noqa: E402
from pauses import PauseWatch  # noqa: E402
from player import Player  # noqa: E402
from raw import buffer, string  # noqa: E402
from records import Names, Record, event_record  # noqa: E402

NOW_MS = 1_700_000_000_000
SESSION = 0x100000000000001
HEADER = struct.pack(">iqi", 1, 7, 0)
STAT = struct.pack(">qqqqiiiqiiq", 3, 5, NOW_MS, NOW_MS, 1, 2, 3, SESSION, 4, 5, 6)
TIMES = range(16, 32)  # of a Stat: they differ from server to server
ONE_ACL = struct.pack(">ii", 1, 31) + string(b"world") + string(b"anyone")


def part(kind, error, rest=b"", done=False):
    return struct.pack(">i?i", kind, done, error) + rest


# What was asked, what was answered behind the header, and which bytes behind it are times.
ANSWERS = (
    ("c1 exists /a", STAT, TIMES),
    ("c1 set /a", STAT, TIMES),
    ("c1 get /a", buffer(b"data") + STAT, range(8 + TIMES.start, 8 + TIMES.stop)),
    ("c1 getacl /a", ONE_ACL + STAT, range(len(ONE_ACL) + 16, len(ONE_ACL) + 32)),
    ("c1 children /a stat", struct.pack(">i", 1) + string(b"b") + STAT, range(9 + 16, 9 + 32)),
    ("c1 create /a", string(b"/a"), ()),
    ("c1 delete /a", b"", ()),
    ("c1 sync /a", string(b"/a"), ()),
    ("c1 whoami", struct.pack(">i", 1) + string(b"ip") + string(b"127.0.0.1"), ()),
    ("c1 multi\n+ create /a\n+ check /a",
     part(1, 0, string(b"/a")) + part(13, 0) + part(-1, -1, done=True), ()),
    ("c1 multi\n+ create /a\n+ check /a",
     part(-1, 0, bytes(4)) + part(-1, -103, struct.pack(">i", -103)) + part(-1, -1, done=True), ()),
)


def told(request, payload):
    """What a client of a script is told of these bytes; None: they cannot be read."""
    player = Player([])
    player.names.times = {3: NOW_MS, 5: NOW_MS}
    player.names.add_session(SESSION, "c1")
    asked = collections.deque([(parse_command(request.split("\n")), 1)])
    connection = types.SimpleNamespace(name="c1", pending=asked, auths=collections.deque(), told=[], pongs=0)
    try:
        player.take(connection, payload)
    except (NoAnswer, struct.error, KeyError, ValueError, MemoryError):
        return None
    return [("", record) for record in connection.told]


class ComparisonTest(unittest.TestCase):
    def test_every_changed_byte_of_an_answer_is_seen(self):
        for request, body, times in ANSWERS:
            payload = HEADER + body
            good = told(request, payload)
            self.assertEqual(Differences("3.9", []).compare(request, good, good), [])
            for at in range(len(payload)):
                for change in (0x01, 0x80):
                    changed = bytearray(payload)
                    changed[at] ^= change
                    bad = told(request, bytes(changed))
                    if bad is None or at - len(HEADER) in times:
                        continue
                    found = Differences("3.9", []).compare(request, good, bad)
                    self.assertTrue(found, f"{request}: byte {at} ^ {change}")

    def test_events_are_compared_in_order_and_at_a_sessions_end_as_a_set(self):
        events = [("c2", Record("event", {"path": path}, [f"event {path}"])) for path in ("/a", "/b")]
        differences = Differences("3.9", [])
        self.assertTrue(differences.compare("", events, events[::-1]))
        self.assertEqual(differences.compare("", events, events[::-1], any_order=True), [])
        self.assertTrue(differences.compare("", events, events[:1], any_order=True))

    def test_a_listed_difference_is_counted_and_one_that_nobody_met_is_told(self):
        row = {"name": "n", "operation": "get", "field": "stat.*", "zookeeper": "1", "request": "/a",
               "reason": "r"}
        differences = Differences("3.9", [row, dict(row, name="m", operation="set")])
        one, two = (("", Record("get", {"error": "Ok", "stat.version": v}, [])) for v in ("1", "2"))
        self.assertEqual(differences.compare("c1 get /a", [one], [two]), [])
        self.assertEqual([str(f) for f in differences.compare("c1 get /b", [one], [two])],
                         ["get stat.version: ZooKeeper '1', rookeryd '2'"])
        self.assertTrue(differences.compare("c1 get /a", [two], [one]))
        self.assertEqual(differences.unused(), ["m"])


class ModelTest(unittest.TestCase):
    def test_knows_what_is_watched(self):
        model = Model()
        model.links["c1"] = Link("c1")

        def step(line, error, *events):
            command = parse_command([f"c1 {line}"])
            told = [("", event_record(7, 0, kind, 3, path, Names())) for kind, path in events]
            model.learn([command], told + [("", Record(command.verb, {"error": error}, []))])
            return sorted(model.links["c1"].watches)

        self.assertEqual(step("get /a watch", "NoNode"), [])
        self.assertEqual(step("exists /a watch", "NoNode"), [(b"/a", DATA)])
        self.assertEqual(step("sync /", "Ok", (1, b"/a")), [])
        step("children /a watch", "Ok")
        step("get /a watch", "Ok")
        self.assertEqual(step("addwatch /a recursive", "Ok"), [(b"/a", CHILDREN), (b"/a", DATA), (b"/a", RECURSIVE)])
        self.assertEqual(step("sync /", "Ok", (4, b"/a")), [(b"/a", DATA), (b"/a", RECURSIVE)])
        self.assertEqual(step("removewatches /a type=5", "NoWatcher"), [(b"/a", DATA), (b"/a", RECURSIVE)])
        self.assertEqual(step("removewatches /a type=5", "Ok"), [(b"/a", DATA)])
        self.assertEqual(step("setwatches since=0 persistent=/p child=/c", "Ok"),
                         [(b"/a", DATA), (b"/c", CHILDREN), (b"/p", PERSISTENT)])
        self.assertEqual(step("removewatches /a", "Ok"), [(b"/c", CHILDREN), (b"/p", PERSISTENT)])


class ScriptTest(unittest.TestCase):
    def test_what_is_generated_reads_the_same_again(self):
        generator = Generator(1, "3.9", 3000, True)
        for name in ("c1", "c2"):
            generator.model.links[name] = Link(name)
        for _ in range(3000):
            command = generator.operation("c1") if generator.chance(90) else generator.odd_frame("c1")
            lines = command_lines(command)
            again = parse_command(lines)
            self.assertEqual(command_lines(again), lines)
            self.assertEqual(self.bytes_of(again), self.bytes_of(command), lines)

    def bytes_of(self, command):
        return protocol.request(command, 1)


class ShrinkTest(unittest.TestCase):
    def test_keeps_what_the_fault_needs_and_drops_the_rest(self):
        needed = ["c1 open", "c1 create /b", 'c1 set /b "x"']
        lines = needed[:1] + [f"c1 get /{n}" for n in range(20)] + needed[1:2] + ["c1 sync /"] * 9 + needed[2:]
        commands = [parse_command([line]) for line in lines]

        def run(steps, *_):
            asked = [(step.verb, step.args.get("path")) for step in steps]
            at = [asked.index(one) if one in asked else None
                  for one in (("open", None), ("create", b"/b"), ("set", b"/b"))]
            if None in at or at != sorted(at):
                return None
            return Disagreement(steps, [Finding("", "set", "stat.version", "1", "2")])

        shrink.run, shrink.clean = run, lambda servers: None
        small = shrink.Shrinker(None, None, lambda: None, run(commands)).shrink()
        self.assertEqual([line for step in small.steps for line in command_lines(step)],
                         ["c1 open", "c1 create /b", "c1 set /b"])


class PauseTest(unittest.TestCase):
    def test_sees_a_pause_and_no_ordinary_delay(self):
        now = 100.0
        pauses = PauseWatch(lambda: now)
        for step_s in (0.1, 0.1, 0.4, 0.1):
            now += step_s
            pauses.look()
        self.assertFalse(pauses.paused())
        now += 3.1  # and the thread has not run since
        self.assertTrue(pauses.paused())
        self.assertAlmostEqual(pauses.longest_s(), 3.0)
        pauses.look()
        now += 0.1
        pauses.look()
        self.assertTrue(pauses.paused())

    def test_a_disagreement_behind_a_pause_is_none(self):
        class Disagrees:
            def __init__(self, *_):
                pass

            def play(self, _):
                return ["finding"], [], []

            def close(self):
                pass

        for paused, raises in ((False, False), (True, True)):
            with mock.patch.object(pair, "Pair", Disagrees), mock.patch.object(
                    pair.PauseWatch, "paused", lambda _: paused):  # noqa: B023
                if raises:
                    self.assertRaises(Disturbed, pair.run, [parse_command(["c1 sync /"])], None, None, None)
                else:
                    self.assertEqual(pair.run([parse_command(["c1 sync /"])], None, None, None).findings,
                                     ["finding"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
