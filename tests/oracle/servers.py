"""The servers that are compared: ZooKeeper 3.8 of Debian, 3.9 from Maven Central, and rookeryd."""

import fcntl
import os
import pathlib
import shutil
import subprocess

from ensemble import ROOT, Ensemble
from zookeeper import CLASSPATH, ZooKeeper

TICK_MS = 500  # session timeouts from 1 s on
LINES = ("4lw.commands.whitelist=*", "nobody.knows.this.key=1", "maxSessionTimeout=60000", "forceSync=no",
         "maxClientCnxns=0", "enforceQuota=true",
         "DigestAuthenticationProvider.superDigest=super:xQJmxLMiHGwaqBvst5y6rkB6HQs=")
JARS_39 = ROOT / "build" / "zookeeper-3.9"
FETCH_S = 240
NEVER_MS = 3_600_000  # between looks for empty containers, where a script must not meet one


def installed_38():
    return pathlib.Path("/usr/share/java/zookeeper.jar").exists() and shutil.which("java") is not None


def fetch_39():
    """The classpath of ZooKeeper 3.9, fetched once; "" if it is not reachable."""
    JARS_39.mkdir(parents=True, exist_ok=True)
    with open(JARS_39 / "lock", "w", encoding="utf-8") as lock:  # tests run beside each other
        fcntl.flock(lock, fcntl.LOCK_EX)
        complete = JARS_39 / "complete"
        if not complete.exists():
            if shutil.which("mvn") is None:
                return ""
            pom = ROOT / "tests" / "lib" / "zookeeper39" / "pom.xml"
            try:
                subprocess.run(["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies",
                                f"-DoutputDirectory={JARS_39}"], check=True, timeout=FETCH_S,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            except (subprocess.SubprocessError, OSError):
                return ""
            complete.touch()
    return f"{JARS_39}/*"


def start_zookeeper(version, look_ms=NEVER_MS):
    """A fresh one that serves; the caller ends it. None if this version is not here."""
    classpath = fetch_39() if version == "3.9" else CLASSPATH if installed_38() else ""
    if not classpath:
        return None
    server = ZooKeeper(1, heap="512m", lines=LINES, tick_ms=TICK_MS, classpath=classpath,
                       jvm=(f"-Dznode.container.checkIntervalMs={look_ms}",))
    server.start()
    return server


def start_rookeryd(size=1, look_ms=NEVER_MS):
    server = Ensemble(size, (*LINES, "preload.kafka=false", f"znode.container.checkIntervalMs={look_ms}"), TICK_MS)
    server.start()
    return server


def end(server, keep=False):
    server.__exit__(Exception if keep else None, None, None)


def addresses(server):
    return [("127.0.0.1", port) for port in server.client.values()]


def required(what):
    return what in os.environ.get("ROOKERY_REQUIRE", "").split(",")
