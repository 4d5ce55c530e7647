#!/usr/bin/env python3
"""A module may include only headers of modules that it links, directly or through others.

Reads the DEPS of every rookery_module and the include lines below it; prints what does not fit.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = re.compile(r"(?:rookery_module|rookery_program)\((\S+)(.*?)\)", re.S)
INCLUDE = re.compile(r'^#include "((?:coordinator|broker-sim|tools)/[^"]+)"', re.M)


def read_modules():
    """folder -> (module name, names of the modules it links)."""
    modules = {}
    for path in ROOT.glob("**/CMakeLists.txt"):
        folder = path.parent.relative_to(ROOT)
        if folder.parts and folder.parts[0] in ("build", "cmake", "tests"):
            continue
        text = path.read_text()
        for name, rest in MODULE.findall(text):
            modules[folder] = (name, set(re.findall(r"rookery::(\w+)", rest)))
        for name in re.findall(r"add_library\(rookery::(\w+) ALIAS", text):
            if folder not in modules:
                linked = set(re.findall(r"rookery::(\w+)", text)) - {name}
                modules[folder] = (name, linked)
    return modules


def module_of(path, modules):
    folder = path.parent
    while folder not in modules and folder != folder.parent:
        folder = folder.parent
    return modules.get(folder)


def main():
    modules = read_modules()
    links = {name: linked for name, linked in modules.values()}

    def reach(name, seen):
        for other in links.get(name, ()):
            if other not in seen:
                seen.add(other)
                reach(other, seen)
        return seen

    wrong = []
    for folder, (name, _) in sorted(modules.items()):
        allowed = reach(name, {name})
        for source in (ROOT / folder).rglob("*"):
            if source.suffix not in (".h", ".cc"):
                continue
            own = module_of(source.relative_to(ROOT), modules)
            if own is None or own[0] != name:
                continue
            for header in INCLUDE.findall(source.read_text()):
                target = module_of(pathlib.Path(header), modules)
                if target is not None and target[0] not in allowed:
                    wrong.append(f"{source.relative_to(ROOT)}: includes {header}, but {name} does "
                                 f"not link {target[0]}")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
