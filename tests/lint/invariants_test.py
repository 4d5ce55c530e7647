#!/usr/bin/env python3
"""docs/invariants.md names tests that exist, under the suites that ctest knows them by."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = re.compile(r"`([a-z_]+)\.([A-Za-z0-9]+)\.([A-Za-z0-9]+)`")
TEST = re.compile(r"^TEST(?:_[FP])?\(\s*([A-Za-z0-9]+),\s*([A-Za-z0-9]+)\)", re.M)


class InvariantsTest(unittest.TestCase):
    def test_every_named_test_exists(self):
        named = NAME.findall((ROOT / "docs/invariants.md").read_text())
        self.assertGreater(len(named), 50)
        missing = []
        for suite, group, name in named:
            folder = ROOT / "tests" / ("sim" if suite == "sim" else f"unit/{suite}")
            found = {pair for file in folder.rglob("*_test.cc") for pair in TEST.findall(file.read_text())}
            if (group, name) not in found:
                missing.append(f"{suite}.{group}.{name}")
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
