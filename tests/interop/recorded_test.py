#!/usr/bin/python3
"""What real Kafka 3.9 brokers and tools did, played against rookeryd: no reply, Stat or event differs."""

import glob
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE / "recorded")]
from ensemble import Ensemble  # noqa: E402
from replay import Replay  # noqa: E402


class RecordedTest(unittest.TestCase):
    def server(self):
        return Ensemble(1, lines=["preload.kafka=false"], tick_ms=2000)

    def replay(self, *patterns, requests):
        files = [name for pattern in patterns
                 for name in sorted(glob.glob(str(HERE / "recorded" / "traces" / pattern)))]
        self.assertTrue(files)
        with self.server() as server:
            server.wait_serving()
            replay = Replay(server.client[1])
            replay.run(files)
        self.assertEqual(replay.differences, [])
        self.assertEqual(replay.requests, requests)

    def test_three_brokers_topics_quotas_reassignment_shutdown(self):
        self.replay("0*.txt", "1[0-6]*.txt", requests=3942)

    def test_authorizer_acls_tokens_racks(self):
        self.replay("3[1-7]*.txt", requests=580)

    def test_inter_broker_protocol_2_6(self):
        self.replay("5*.txt", requests=169)

    def test_twelve_partitions(self):
        self.replay("60*.txt", requests=212)

    def test_chroot(self):
        self.replay("65*.txt", "66*.txt", requests=132)


if __name__ == "__main__":
    unittest.main(verbosity=2)
