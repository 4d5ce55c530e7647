"""Jars from Maven Central."""

import os
import shutil
import subprocess

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
FETCH_S = 900


def copy_jars(what, pom, target, *options):
    """The folder `target`, filled with what `pom` depends on unless it is there. RuntimeError: `what` cannot be had,
    and why. A half fetched folder is never taken for a whole one."""
    if target.is_dir():
        return target
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise RuntimeError(f"{what} cannot be fetched: {program} is missing")
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        done = subprocess.run(["mvn", "-q", "-B", "-f", pom, COPY, f"-DoutputDirectory={part}", *options],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=FETCH_S)
        why = "" if done.returncode == 0 else done.stdout[-2000:]
    except subprocess.TimeoutExpired:
        why = f"no answer within {FETCH_S} s"
    if why:
        shutil.rmtree(part, ignore_errors=True)
        raise RuntimeError(f"mvn cannot fetch {what} from Maven Central: {why}")
    try:
        part.rename(target)
    except OSError:  # somebody else was faster
        shutil.rmtree(part)
    return target
