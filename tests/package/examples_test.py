#!/usr/bin/python3
"""examples_test.py BUILD: installs the package, builds the examples with nothing but that, and runs them.

Also that docs/recipes.md shows the programs as they are.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from ensemble import Ensemble  # noqa: E402

EXAMPLES = ROOT / "examples" / "recipes"
# What each prints, its lines in order; configuration may have missed its first value.
PRINTED = {
    "lock": ["printing with a token: 1"],
    "shared_lock": ["read: 1 1, wrote: 0"],
    "election": ["the leader is node-1"],
    "membership": ["worker-1 at 10.0.0.1:9000"],
    "barrier": ["stands: 1", "open: 1"],
    "double_barrier": ["all are done", "all are done"],
    "queue": ["a telegram", "a letter"],
    "confirmed_queue": ["working on order 17", "done: 1"],
    "counter": ["5", "3"],
    "ids": ["order 0", "order 1", "order 2"],
    "configuration": ["the limit is 200 MB, version 1"],
    "discovery": ["search is at 10.0.0.1:8080"],
    "cache": ["/tree is root", "/tree/leaf is red"],
}


class ExamplesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="rookery-package-")
        top = pathlib.Path(cls.directory.name)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", top / "installed",
                        "--component", "development"], check=True,
                       stdout=subprocess.DEVNULL)
        build = top / "build"
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if os.path.exists("/usr/bin/ccache") else []
        subprocess.run(["cmake", "-G", "Ninja", "-S", EXAMPLES, "-B", build, *launcher,
                        f"-DCMAKE_PREFIX_PATH={top / 'installed'}"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", build, "-j2"], check=True, stdout=subprocess.DEVNULL)
        cls.programs = build
        cls.ensemble = Ensemble(1).__enter__()
        cls.ensemble.wait_serving()

    @classmethod
    def tearDownClass(cls):
        cls.ensemble.__exit__(None, None, None)
        cls.directory.cleanup()

    def test_every_program_prints_what_it_should(self):
        self.assertEqual(sorted(PRINTED), sorted(one.stem for one in EXAMPLES.glob("*.cc")))
        for name, printed in PRINTED.items():
            with self.subTest(name):
                done = subprocess.run([self.programs / name, self.ensemble.running_servers],
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
                lines = done.stdout.splitlines()
                self.assertEqual([line for line in lines if line in printed], printed, done.stdout)

    def test_the_page_shows_the_programs_as_they_are(self):
        page = (ROOT / "docs" / "recipes.md").read_text()
        shown = dict(re.findall(r"<!-- examples/recipes/(\w+)\.cc -->\n```cpp\n(.*?)```", page, re.S))
        self.assertEqual(sorted(shown), sorted(PRINTED))
        for name, code in shown.items():
            self.assertEqual(code, (EXAMPLES / f"{name}.cc").read_text(), f"{name}.cc in docs/recipes.md")
            self.assertLessEqual(len(code.splitlines()), 30)


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    unittest.main(verbosity=2)
