#!/usr/bin/python3
"""Byte by byte: handshakes, frames, headers and words, against rookeryd, alone and as a follower,
and against ZooKeeper 3.8, which shows that what is expected is true there."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import Ensemble  # noqa: E402
from wire_cases.handshakes import HandshakeCases  # noqa: E402
from wire_cases.requests import RequestCases  # noqa: E402
from wire_cases.server import TICK_MS  # noqa: E402
from wire_cases.words import WordCases  # noqa: E402
from zookeeper import ZooKeeper  # noqa: E402

LINES = ("4lw.commands.whitelist=srvr,isro,ruok,mntr", "maxClientCnxns=60")


class Cases(HandshakeCases, RequestCases, WordCases):
    pass


class RookerydTest(Cases, unittest.TestCase):
    size = 1

    @classmethod
    def setUpClass(cls):
        cls.servers = cls.enterClassContext(
            Ensemble(cls.size, (*LINES, "preload.kafka=false"), TICK_MS))
        cls.servers.wait_serving()
        leader = cls.servers.leader()
        cls.begin(cls.servers.client[next((n for n in cls.servers.numbers if n != leader), leader)])


class RookerydFollowerTest(RookerydTest):
    size = 3


INSTALLED = pathlib.Path("/usr/share/java/zookeeper.jar").exists()
REQUIRED = "zookeeper" in os.environ.get("ROOKERY_REQUIRE", "").split(",")


@unittest.skipUnless(INSTALLED or REQUIRED, "zookeeper is missing (tools/dev/setup test installs it)")
class ZooKeeperTest(Cases, unittest.TestCase):
    refuses_check_alone = False
    events_have_zxids = False
    derives_passwords = True

    @classmethod
    def setUpClass(cls):
        cls.servers = cls.enterClassContext(ZooKeeper(1, heap="512m", lines=LINES))
        cls.servers.wait_serving()
        cls.begin(cls.servers.client[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
