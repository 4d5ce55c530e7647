#!/usr/bin/python3
"""Asks classes of Kafka's own jars and writes down what they answer: the tables that unit tests compare our
code with, and the table of topic configurations that is built in.

    generate.py [NAME...]           writes tables anew, all by default
    generate.py --check [NAME...]   compares instead; exit status 1 and the first lines that differ

Needs the jars (tests/interop/kafka/artifacts.py fetches them) and a JDK: each class is compiled as it runs.
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))
import artifacts  # noqa: E402

# Name: the program with its words, and the file.
TABLES = {
    "acls": (["AclCases.java", "1"], HERE / "acls.txt"),
    "quotas": (["QuotaCases.java", "1"], HERE / "quotas.txt"),
    "throttles": (["ThrottleCases.java", "1"], HERE / "throttles.txt"),
    "placements": (["PlacementCases.java", "1"], HERE / "placements.txt"),
    "reassignments": (["ReassignCases.java", "1"], HERE / "reassignments.txt"),
    "config_tables": (["ConfigTables.java"], HERE.parents[2] / "coordinator/kafka/config_tables.cc"),
    "configs": (["ConfigCases.java"], HERE / "configs.txt"),
}


def ask(words):
    """RuntimeError with what Java said if it fails."""
    done = subprocess.run(
        ["nice", "java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8",
         f"-Dlog4j.configuration=file:{HERE.parent / 'kafka' / 'log4j-tools.properties'}",
         "-cp", artifacts.classpath(artifacts.KAFKA), *words],
        cwd=HERE, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]}: exit status {done.returncode}\n{done.stderr[-4000:]}")
    return done.stdout


def differences(name, told, kept, most=5):
    """What to say of a table that is not what the classes tell."""
    pairs = zip(told.splitlines() + ["(end)"], kept.splitlines() + ["(end)"])
    unlike = [(line, pair) for line, pair in enumerate(pairs, 1) if pair[0] != pair[1]]
    return [f"{name}, line {line}: Kafka says '{pair[0]}', the table '{pair[1]}'"
            for line, pair in unlike[:most]]


def main():
    check = "--check" in sys.argv
    names = [word for word in sys.argv[1:] if word != "--check"] or list(TABLES)
    artifacts.fetch(artifacts.KAFKA)
    said = []
    for name in names:
        words, file = TABLES[name]
        told = ask(words)
        if not check:
            file.write_text(told)
        else:
            said += differences(name, told, file.read_text())
    print("\n".join(said) or f"{len(names)} tables are what Kafka {artifacts.KAFKA} says"
          if check else "\n".join(str(TABLES[name][1].relative_to(HERE.parents[2])) for name in names))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
