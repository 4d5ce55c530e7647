#!/usr/bin/python3
"""The table of cases and the generator's list of operations are complete."""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]
import cases  # noqa: E402
import coverage  # noqa: E402
import generator  # noqa: E402
import asking  # noqa: E402
from differences import ANY, Differences  # noqa: E402


class CasesTest(unittest.TestCase):
    def test_every_case_is_compared_or_says_why_not(self):
        why = cases.exceptions()
        self.assertEqual([case for case, where in cases.places().items() if not where and case not in why], [])
        self.assertTrue(set(why) <= set(cases.CASES))

    def test_what_is_built_has_no_excuse(self):
        built = asking.built_operations()
        self.assertEqual([(case, row["operation"]) for case, row in cases.exceptions().items()
                          if row.get("operation") in built], [])

    def test_a_case_that_is_compared_wholly_has_no_excuse(self):
        partly = {55}
        where = cases.places()
        self.assertEqual([case for case in cases.exceptions() if where[case] and case not in partly], [])

    def test_what_is_built_is_generated(self):
        writer = generator.Generator(1, "3.9", 1, False)
        for operation in asking.built_operations():
            verb = asking.LATER_VERBS.get(operation, (None,))[0]
            self.assertTrue(verb is None or verb in writer.verbs, operation)
        self.assertTrue(set(asking.VERBS) <= set(coverage.PAIRS))

    def test_every_listed_difference_says_what_and_why(self):
        for row in Differences("3.9").rows:
            self.assertTrue(row.reason.strip(), row.name)
            self.assertNotEqual((row.zookeeper, row.rookery, row.request), (ANY, ANY, ""), row.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
