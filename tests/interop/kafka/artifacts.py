#!/usr/bin/python3
"""The jars of Apache Kafka, from Maven Central into build/kafka/VERSION.

    artifacts.py [VERSION...]   fetches what is not there, or all that tests need; exit status 1 and
                                the reason if it cannot
"""

import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("ROOKERY_KAFKA_CACHE", HERE.parents[2] / "build" / "kafka"))
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"

KAFKA = "3.9.2"  # the last line with ZooKeeper mode
OLD_KAFKA = "2.8.2"  # the last one whose topics and configs tools take --zookeeper


def classpath(version):
    return f"{CACHE / version}/*"


def fetch(version):
    """Raises RuntimeError with the reason. A half fetched version is never taken for a whole one."""
    target = CACHE / version
    if target.is_dir():
        return
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise RuntimeError(f"Kafka cannot be fetched: {program} is missing")
    part = CACHE / f"{version}.part-{os.getpid()}"
    done = subprocess.run(
        ["mvn", "-q", "-B", "-f", HERE / "pom.xml", f"-Dkafka={version}", COPY,
         "-DincludeScope=runtime", f"-DoutputDirectory={part}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        shutil.rmtree(part, ignore_errors=True)
        raise RuntimeError(f"mvn cannot fetch Kafka {version}: {done.stdout[-2000:]}")
    try:
        part.rename(target)
    except OSError:  # somebody else was faster
        shutil.rmtree(part)


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
