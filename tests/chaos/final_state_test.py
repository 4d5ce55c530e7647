#!/usr/bin/python3
"""What the check of a chaos run's end finds in histories that are wrong on purpose."""

import copy
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent / "chaos"),
                str(pathlib.Path(__file__).resolve().parents[1] / "lib")]
from final_state import lost_and_doubled  # noqa: E402

PATH = "/chaos/own-1"


def write(number, version=None):
    """A write that made `version`; None: nobody knows whether it was done."""
    line = {"kind": "call", "client": 1, "number": number, "op": "setData", "path": PATH,
            "data": f"c1:{number}", "invoked": 10 * number, "returned": 10 * number + 5}
    if version is None:
        return {**line, "error": "ConnectionLoss", "maybe_applied": True}
    return {**line, "error": "Ok", "reply": {"stat": {"version": version}}}


def final(server, version):
    return {"kind": "final", "server": server,
            "nodes": {PATH: {"data": "", "stat": {"version": version}}}}


GOOD = [write(1, 1), write(2), write(3, 3), write(4), final(1, 3), final(2, 3), final(3, 3)]


class FinalStateTest(unittest.TestCase):
    def found(self, change):
        lines = copy.deepcopy(GOOD)
        change(lines)
        return "; ".join(lost_and_doubled(lines))

    def test_uncertain_writes_may_be_there_or_not(self):
        self.assertEqual(lost_and_doubled(GOOD), [])
        self.assertEqual(lost_and_doubled([write(1, 1), write(2), write(3, 2), final(1, 2)]), [])
        self.assertEqual(lost_and_doubled([write(1, 1), write(2), final(1, 2)]), [])

    def test_a_write_that_was_done_twice_is_found(self):
        def twice(lines):
            lines[2]["reply"]["stat"]["version"] = 4
            for line in lines[4:]:
                line["nodes"][PATH]["stat"]["version"] = 4
        self.assertIn("c1:3 made version 4, expected 2 to 3", self.found(twice))

    def test_an_acknowledged_write_that_is_gone_is_found(self):
        def lost(lines):
            for line in lines[4:]:
                line["nodes"][PATH]["stat"]["version"] = 2
        self.assertIn("at server 2: version 2, expected 3 to 4", self.found(lost))

    def test_a_node_that_is_gone_is_found(self):
        self.assertIn("at server 3: version -1", self.found(lambda lines: lines[6]["nodes"].clear()))

    def test_servers_that_differ_are_found(self):
        def differ(lines):
            lines[5]["nodes"][PATH]["data"] = "x"
        self.assertIn(f"servers 1 and 2 differ in ['{PATH}']", self.found(differ))


if __name__ == "__main__":
    unittest.main(verbosity=2)
