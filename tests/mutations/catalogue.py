"""The mutants of this folder: each breaks one invariant of docs/invariants.md where the product keeps it.

A room is a file, ROOM.toml. A mutant is the smallest change that breaks the invariant:

    [[mutant]]
    name = "what-no-longer-holds"
    tests = ["suite.Class.Name"]     tests of docs/invariants.md, each of which must fail with it
    file = "coordinator/..."         the source that keeps the invariant
    find = '''...'''                 text that occurs there once
    replace = '''...'''

A test without a mutant is listed with the reason:

    [without]
    "suite.Class.Name" = "why no change of the product shows that it can fail"
"""
import dataclasses
import pathlib
import re
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/mutations"
INVARIANTS = ROOT / "docs/invariants.md"

NAME = re.compile(r"`([a-z_]+\.[A-Za-z0-9]+\.[A-Za-z0-9]+)`")
TEST = re.compile(r"^TEST(?:_[FP])?\(\s*([A-Za-z0-9]+),\s*([A-Za-z0-9]+)\)", re.M)
KEYS = {"name", "tests", "file", "find", "replace"}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One change, and the tests that must notice it."""
    name: str
    tests: tuple
    file: str
    find: str
    replace: str
    room: str

    def apply(self, text):
        """The text of its file with the change. REQUIRES: wrong_text(self, text) is None."""
        return text.replace(self.find, self.replace)


def load(folder=FOLDER):
    """The mutants in the order of the files, and the tests without one: name -> reason."""
    mutants, without = [], {}
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(path.read_text())
        for entry in table.get("mutant", []):
            if set(entry) != KEYS:
                raise ValueError(f"{path.name}: expected the keys {sorted(KEYS)}, found {sorted(entry)}")
            mutants.append(Mutant(**{**entry, "tests": tuple(entry["tests"])}, room=path.stem))
        without.update(table.get("without", {}))
    return mutants, without


def invariants(text=None):
    """What docs/invariants.md promises: (what holds, its tests) for each line of its tables."""
    found = []
    for line in (INVARIANTS.read_text() if text is None else text).splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 4 and cells[1] != "what holds" and not cells[1].startswith("---"):
            found.append((cells[1], tuple(NAME.findall(cells[2]))))
    return found


def target(test):
    """The program that holds a test, which is its target as well."""
    return test.split(".")[0] + "_test"


def source_of(test, root=ROOT):
    """The source of a test, below ROOT; None if there is none of that name."""
    suite, group, name = test.split(".")
    folder = root / "tests" / ("sim" if suite == "sim" else f"unit/{suite}")
    for path in sorted(folder.rglob("*_test.cc")):
        if (group, name) in TEST.findall(path.read_text()):
            return path.relative_to(root)
    return None


def wrong_text(mutant, text):
    """What is wrong with a mutant in the text of its file; None if it can be applied."""
    count = text.count(mutant.find)
    if count != 1:
        return f"{mutant.name}: expected its text once in {mutant.file}, found it {count} times"
    if mutant.find == mutant.replace:
        return f"{mutant.name}: changes nothing"
    return None


def wrong_mutants(mutants, lines, root=ROOT):
    """What is wrong with each, one line a finding; without a build."""
    found = []
    named = {test for _, tests in lines for test in tests}
    names = [mutant.name for mutant in mutants]
    found += [f"{name}: two mutants of that name" for name in sorted(set(names)) if names.count(name) > 1]
    for mutant in mutants:
        path = root / mutant.file
        if not mutant.file.startswith("coordinator/") or not path.is_file():
            found.append(f"{mutant.name}: {mutant.file} is no file of the product")
        elif wrong := wrong_text(mutant, path.read_text()):
            found.append(wrong)
        if not mutant.tests:
            found.append(f"{mutant.name}: names no test")
        for test in mutant.tests:
            if test not in named:
                found.append(f"{mutant.name}: docs/invariants.md does not name {test}")
            elif source_of(test, root) is None:
                found.append(f"{mutant.name}: there is no test {test}")
    return found


def uncovered(mutants, without, lines):
    """Tests of docs/invariants.md that nobody has seen fail, and reasons for tests that need none."""
    found = []
    caught = {test for mutant in mutants for test in mutant.tests}
    for what, tests in lines:
        if not tests:
            found.append(f"'{what}': names no test")
        found += [f"'{what}': tests/mutations has no mutant that {test} must catch"
                  for test in tests if test not in caught and test not in without]
    named = {test for _, tests in lines for test in tests}
    for test in without:
        if test not in named:
            found.append(f"without: docs/invariants.md does not name {test}")
        elif test in caught:
            found.append(f"without: {test} has a mutant")
    return found
