#!/usr/bin/python3
"""The jars of Apache Curator 5, from Maven Central into build/curator/VERSION, and the driver over them."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("ROOKERY_CURATOR_CACHE", HERE.parents[3] / "build" / "curator"))
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
VERSION = "5.7.1"  # as pom.xml says
FETCH_S = 240


def fetch():
    """The folder of the jars. RuntimeError: they cannot be had, and why. None that is half fetched is taken."""
    target = CACHE / VERSION
    if target.is_dir():
        return target
    if shutil.which("mvn") is None:
        raise RuntimeError("mvn is missing, which fetches Curator from Maven Central")
    part = CACHE / f"{VERSION}.part-{os.getpid()}"
    try:
        done = subprocess.run(["mvn", "-q", "-B", "-f", HERE / "pom.xml", COPY, f"-DoutputDirectory={part}"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=FETCH_S)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        shutil.rmtree(part, ignore_errors=True)
        raise RuntimeError(f"mvn cannot fetch Curator {VERSION} from Maven Central: "
                           f"{done.stdout[-1000:] if done else f'no answer within {FETCH_S} s'}")
    try:
        part.rename(target)
    except OSError:  # somebody else was faster
        shutil.rmtree(part)
    return target


def compile_driver(folder):
    """The command of the driver, but for its servers. RuntimeError as for fetch()."""
    jars = f"{fetch()}/*"
    if shutil.which("javac") is None:
        raise RuntimeError("javac is missing, which compiles the driver over Curator")
    subprocess.run(["javac", "-d", folder, "-cp", jars, HERE / "CuratorDriver.java"], check=True)
    return ["java", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", f"{folder}:{jars}", "CuratorDriver"]
