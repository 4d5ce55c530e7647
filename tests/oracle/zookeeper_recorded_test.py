#!/usr/bin/python3
"""What real Kafka 3.9 did, played on the ZooKeeper of the kind that it was recorded on: nothing differs, so
what interop.recorded asks of rookeryd is what ZooKeeper answers, and its replayer judges it rightly."""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "interop"), str(HERE.parent / "lib")]
from recorded_test import RecordedTest  # noqa: E402
from servers import fetch_39, required  # noqa: E402
from zookeeper import ZooKeeper  # noqa: E402


class ZooKeeperRecordedTest(RecordedTest):
    @classmethod
    def setUpClass(cls):
        cls.classpath = fetch_39()
        if not cls.classpath:
            assert not required("zookeeper-3.9"), "ZooKeeper 3.9 is missing"
            raise unittest.SkipTest("ZooKeeper 3.9 is not here: mvn fetches it from Maven Central")

    def server(self):
        return ZooKeeper(1, heap="512m", lines=("forceSync=no",), tick_ms=2000, classpath=self.classpath)


if __name__ == "__main__":
    unittest.main(verbosity=2, defaultTest="ZooKeeperRecordedTest")
