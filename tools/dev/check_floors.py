#!/usr/bin/env python3
"""A target may include only headers of targets that it links, directly or through what those expose.

Reads what CMake knows of every target (cmake/Floors.cmake writes it when it configures) and the include
lines of the sources. Prints what does not fit; status 1 if anything does not, 2 if it cannot tell. Tests
keep to this for the headers of the product; the helpers of another test they may include freely.
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRODUCT = ("coordinator", "broker-sim", "tools")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


class Target:
    def __init__(self, name, kind):
        self.name = name
        self.is_library = kind != "EXECUTABLE"
        self.folder = ""
        self.sources = set()
        self.links = set()
        self.exposes = set()


def read_targets(text):
    """The targets by name, from the lines that cmake/Floors.cmake describes."""
    targets = {}
    for line in text.splitlines():
        word, _, value = line.partition(" ")
        if word == "target":
            target = Target(*value.split())
            targets[target.name] = target
        elif word == "folder":
            target.folder = value
        else:
            {"source": target.sources, "links": target.links, "exposes": target.exposes}[word].add(value)
    return targets


class Owners:
    """Which targets a file belongs to.

    A source belongs to the targets that compile it, a header to those that compile the source beside it
    of the same name. A header without a source belongs to the libraries of its folder, or to its programs
    where there are none; a folder without any asks the one above.
    """

    def __init__(self, targets):
        self._by_source = {}
        self._by_folder = {}
        for target in targets.values():
            folders = {target.folder} if target.is_library and not target.sources else set()
            for source in target.sources:
                self._by_source.setdefault(source, []).append(target)
                folders.add(pathlib.PurePosixPath(source).parent.as_posix())
            for folder in folders:
                self._by_folder.setdefault(folder, []).append(target)

    def compiling(self, path):
        """The targets that compile `path`, or the source beside a header."""
        source = pathlib.PurePosixPath(path).with_suffix(".cc").as_posix()
        return self._by_source.get(source, [])

    def around(self, path):
        for folder in pathlib.PurePosixPath(path).parents:
            here = self._by_folder.get(folder.as_posix(), [])
            if here:
                return [t for t in here if t.is_library] or here
        return []

    def of(self, path):
        return self.compiling(path) or (self.around(path) if path.endswith(".h") else [])


def reachable(target, targets):
    """Names of the targets whose headers `target` may include; a library without sources has no links,
    only what it exposes."""
    seen = {target.name}
    waiting = list(target.links | target.exposes)
    while waiting:
        name = waiting.pop()
        if name not in seen and name in targets:
            seen.add(name)
            waiting.extend(targets[name].exposes)
    return seen


def findings(root, targets):
    owners = Owners(targets)
    allowed = {name: reachable(target, targets) for name, target in targets.items()}
    found = []
    for path in sorted(p for folder in (*PRODUCT, "tests") for p in (root / folder).rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        name = path.relative_to(root).as_posix()
        own = owners.of(name)
        is_test = name.startswith("tests/")
        # Some tests are built by some presets only.
        if not own and not is_test:
            found.append(f"{name}: belongs to no target")
        for header in INCLUDE.findall(path.read_text()):
            if is_test and header.startswith("tests/"):
                continue
            needed = {target.name for target in owners.of(header)}
            refused = [t.name for t in own if needed and not needed & allowed[t.name]]
            # A header that any of several targets may own needs only one that it fits.
            if refused and (owners.compiling(name) or len(refused) == len(own)):
                found.append(f"{name}: includes {header}, but {refused[0]} does not link "
                             f"{' or '.join(sorted(needed))}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=ROOT)
    parser.add_argument("--targets", type=pathlib.Path, default=ROOT / "build/release/targets.txt")
    arguments = parser.parse_args()
    if not arguments.targets.exists():
        print(f"{arguments.targets} is missing; write it with cmake --preset release", file=sys.stderr)
        return 2
    found = findings(arguments.root, read_targets(arguments.targets.read_text()))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
