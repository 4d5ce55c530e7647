#!/usr/bin/python3
"""The jars of Apache Kafka, from Maven Central into build/kafka/VERSION.

    artifacts.py [VERSION...]   fetches what is not there, or all that tests need; exit status 1 and
                                the reason if it cannot
"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "lib"))
import maven  # noqa: E402

CACHE = pathlib.Path(os.environ.get("ROOKERY_KAFKA_CACHE", HERE.parents[2] / "build" / "kafka"))

KAFKA = "3.9.2"  # the last line with ZooKeeper mode
OLD_KAFKA = "2.8.2"  # the last one whose topics and configs tools take --zookeeper


def classpath(version):
    return f"{CACHE / version}/*"


def fetch(version):
    """RuntimeError with the reason."""
    maven.copy_jars(f"Kafka {version}", HERE / "pom.xml", CACHE / version, f"-Dkafka={version}",
                    "-DincludeScope=runtime")


def main():
    for version in sys.argv[1:] or (KAFKA, OLD_KAFKA):
        try:
            fetch(version)
        except RuntimeError as why:
            print(why)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
