#!/usr/bin/python3
"""The jars of Apache Curator 5, from Maven Central into build/curator/VERSION, and the driver over them."""

import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[2] / "lib"))
import maven  # noqa: E402

CACHE = pathlib.Path(os.environ.get("ROOKERY_CURATOR_CACHE", HERE.parents[3] / "build" / "curator"))
VERSION = "5.7.1"  # as pom.xml says


def fetch():
    """The folder of the jars. RuntimeError: they cannot be had, and why."""
    return maven.copy_jars(f"Curator {VERSION}", HERE / "pom.xml", CACHE / VERSION)


def compile_driver(folder):
    """The command of the driver, but for its servers. RuntimeError as for fetch()."""
    jars = f"{fetch()}/*"
    if shutil.which("javac") is None:
        raise RuntimeError("javac is missing, which compiles the driver over Curator")
    subprocess.run(["javac", "-d", folder, "-cp", jars, HERE / "CuratorDriver.java"], check=True)
    return ["java", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", f"{folder}:{jars}", "CuratorDriver"]
