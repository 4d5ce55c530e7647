#!/usr/bin/env python3
"""tests/mutations fits the sources: each text is there once, each test exists, each invariant has a mutant."""
import dataclasses
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/mutations"))
import catalogue  # noqa: E402


class MutationsTest(unittest.TestCase):
    def test_every_mutant_fits_the_sources(self):
        mutants, _ = catalogue.load()
        self.assertGreater(len(mutants), 50)
        self.assertEqual(catalogue.wrong_mutants(mutants, catalogue.invariants()), [])

    def test_every_test_of_an_invariant_has_a_mutant_or_a_reason(self):
        mutants, without = catalogue.load()
        self.assertEqual(catalogue.uncovered(mutants, without, catalogue.invariants()), [])


# What the checks above must find.
class CatalogueTest(unittest.TestCase):
    mutant = catalogue.load()[0][0]

    def wrong(self, **changes):
        return catalogue.wrong_mutants([dataclasses.replace(self.mutant, **changes)], catalogue.invariants())

    def test_finds_a_text_that_is_gone_or_there_twice(self):
        self.assertIn("found it 0 times", self.wrong(find="no source says this")[0])
        self.assertIn("expected its text once", self.wrong(find=";\n")[0])

    def test_finds_a_mutant_that_changes_nothing(self):
        self.assertIn("changes nothing", self.wrong(replace=self.mutant.find)[0])

    def test_finds_files_that_are_not_the_products(self):
        self.assertIn("no file of the product", self.wrong(file="coordinator/nowhere.cc")[0])
        self.assertIn("no file of the product", self.wrong(file="tests/lint/mutations_test.py")[0])

    def test_finds_tests_that_are_gone_or_not_those_of_an_invariant(self):
        gone = "machine.TicketTest.NoSuchTest"
        self.assertIn("does not name", self.wrong(tests=(gone,))[0])
        lines = [("something", (gone,))]
        changed = dataclasses.replace(self.mutant, tests=(gone,))
        self.assertIn("there is no test", catalogue.wrong_mutants([changed], lines)[0])
        self.assertIn("names no test", self.wrong(tests=())[0])

    def test_finds_two_mutants_of_one_name(self):
        self.assertIn("two mutants", catalogue.wrong_mutants([self.mutant] * 2, catalogue.invariants())[0])

    def test_finds_invariants_without_a_mutant(self):
        lines = catalogue.invariants("| what holds | test |\n|---|---|\n| a | `x.Y.Z` |\n| b | none |\n")
        found = catalogue.uncovered([self.mutant], {}, lines)
        self.assertEqual(len(found), 2)
        self.assertIn("x.Y.Z", found[0])
        self.assertIn("'b': names no test", found[1])
        self.assertEqual(len(catalogue.uncovered([self.mutant], {"x.Y.Z": "why"}, lines)), 1)
        self.assertEqual(len(catalogue.uncovered([self.mutant], {"u.V.W": "why"}, lines)), 3)


if __name__ == "__main__":
    unittest.main()
