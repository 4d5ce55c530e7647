"""check_floors.py, run as a program on small trees: what it must find, and what it must let pass."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).resolve().parents[2] / "tools/dev/check_floors.py"

# Two floors, a program beside a library in one folder, and a library of headers only.
TARGETS = """\
target low STATIC_LIBRARY
folder coordinator/low
source coordinator/low/low.cc
target high STATIC_LIBRARY
folder coordinator/high
source coordinator/high/high.cc
source coordinator/high/part/part.cc
links low
links secret
exposes low
target secret STATIC_LIBRARY
folder coordinator/secret
source secret/v1/wire.pb.cc
target top STATIC_LIBRARY
folder coordinator/top
source coordinator/top/top.cc
links high
exposes high
target seam INTERFACE_LIBRARY
folder coordinator/seam
exposes low
target helper STATIC_LIBRARY
folder tools/two
source tools/two/table.cc
target program EXECUTABLE
folder tools/two
source tools/two/main.cc
links helper
links top
target top_test EXECUTABLE
folder tests/unit/top
source tests/unit/top/top_test.cc
links top
"""


class CheckFloorsTest(unittest.TestCase):
    def check(self, files):
        """Runs the checker on a tree of path -> included headers; its status and its lines."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, headers in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text("".join(f'#include "{header}"\n' for header in headers))
            (root / "targets.txt").write_text(TARGETS)
            done = subprocess.run(
                [sys.executable, CHECKER, "--root", root, "--targets", root / "targets.txt"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            return done.returncode, done.stdout.splitlines()

    def assert_passes(self, files):
        self.assertEqual(self.check(files), (0, []))

    def assert_finds(self, files, line):
        self.assertEqual(self.check(files), (1, [line]))

    def test_lets_a_higher_floor_include_what_it_links_directly_or_through_others(self):
        self.assert_passes({
            "coordinator/high/part/part.cc": ["coordinator/low/low.h", "coordinator/high/high.h"],
            "coordinator/top/top.cc": ["coordinator/high/high.h", "coordinator/low/low.h"],
        })

    def test_finds_a_source_that_includes_a_higher_floor(self):
        self.assert_finds(
            {"coordinator/low/low.cc": ["coordinator/high/high.h"]},
            "coordinator/low/low.cc: includes coordinator/high/high.h, but low does not link high")

    def test_finds_a_header_that_includes_a_higher_floor(self):
        self.assert_finds(
            {"coordinator/low/values.h": ["coordinator/high/part/names.h"]},
            "coordinator/low/values.h: includes coordinator/high/part/names.h, "
            "but low does not link high")

    def test_keeps_what_is_linked_privately_from_those_above(self):
        self.assert_passes({"coordinator/high/high.cc": ["secret/v1/wire.pb.h"]})
        self.assert_finds(
            {"coordinator/top/top.cc": ["secret/v1/wire.pb.h"]},
            "coordinator/top/top.cc: includes secret/v1/wire.pb.h, but top does not link secret")

    def test_tells_two_targets_of_one_folder_apart(self):
        self.assert_passes({
            "tools/two/main.cc": ["tools/two/table.h", "tools/two/command.h",
                                  "coordinator/top/top.h"],
        })
        self.assert_finds(
            {"tools/two/table.cc": ["coordinator/top/top.h"]},
            "tools/two/table.cc: includes coordinator/top/top.h, but helper does not link top")

    def test_gives_a_header_without_a_source_to_the_library_of_its_folder(self):
        self.assert_finds(
            {"tools/two/command.h": ["coordinator/top/top.h"]},
            "tools/two/command.h: includes coordinator/top/top.h, but helper does not link top")

    def test_checks_a_library_of_headers_only(self):
        self.assert_passes({"coordinator/seam/seam.h": ["coordinator/low/low.h"]})
        self.assert_finds(
            {"coordinator/seam/seam.h": ["coordinator/high/high.h"]},
            "coordinator/seam/seam.h: includes coordinator/high/high.h, but seam does not link high")

    def test_finds_a_source_that_no_target_compiles(self):
        self.assert_finds({"coordinator/low/dead.cc": []},
                          "coordinator/low/dead.cc: belongs to no target")

    def test_holds_tests_to_the_floors_but_not_to_each_other(self):
        self.assert_passes({"tests/unit/top/top_test.cc": ["tests/unit/low/fixture.h"]})
        self.assert_finds(
            {"tests/unit/top/top_test.cc": ["tools/two/table.h"]},
            "tests/unit/top/top_test.cc: includes tools/two/table.h, but top_test does not link helper")

    def test_says_so_when_cmake_has_not_written_the_targets(self):
        done = subprocess.run([sys.executable, CHECKER, "--targets", "/nonexistent/targets.txt"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cmake --preset release", done.stderr)


if __name__ == "__main__":
    unittest.main()
