#!/usr/bin/python3
"""Four-letter words: rookeryd's texts have the shape, and where they can the values, of ZooKeeper 3.8's."""

import pathlib
import re
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]
from differences import Differences  # noqa: E402
from ensemble import four_letter_word  # noqa: E402
from grammar import parse_command  # noqa: E402
from pair import Pair  # noqa: E402
from servers import end, required, start_rookeryd, start_zookeeper  # noqa: E402

STEPS = ("c1 open", "c2 open", 'c1 create /a "x"', "c1 create /e ephemeral", "c1 get /a watch",
         "c1 children /a watch", "c2 exists /e")
# Of a Java machine, which this server has none of.
NO_JAVA = {"java.version", "java.vendor", "java.home", "java.class.path", "java.library.path",
           "java.io.tmpdir", "java.compiler", "os.memory.free", "os.memory.max"}
SUMMARIES = r"zk_(avg|min|max|cnt|sum|p50|p95|p99|p999)_(?!latency$)"
# Counters of ZooKeeper's own insides: its processors, caches, throttles, watch managers and TLS.
NOT_COUNTED = r"""zk_(add_dead_watcher_stall_time|cnxn_closed_without_zk_server_running|dead_watchers_.*|
    diff_count|digest_mismatches_count|ensemble_auth_.*|insecure_admin_count|learner_.*_received_count|
    looking_count|non_mtls_.*_conn_count|outstanding_changes_.*|.*_processor_request_queued|quit_leading_.*|
    request_commit_queued|request_throttle_wait_count|requests_not_forwarded_to_commit_processor|
    response_packet_.*|revalidate_count|skip_learner_request_to_next_processor_count|stale_.*|throttled_ops|
    tls_handshake_exceeded|unrecoverable_error_count|unsuccessful_handshake|watch_bytes)"""
SAME_VALUES = ("zk_server_state", "zk_num_alive_connections", "zk_znode_count", "zk_watch_count", "zk_ephemerals_count",
               "zk_approximate_data_size", "zk_global_sessions", "zk_outstanding_requests")


def shape(text):
    """Without numbers, versions and dates; lines of clients in no order."""
    text = re.sub(r"(?m)^(Zookeeper version: ).*, built on .*$", r"\1V, built on D", text)
    text = re.sub(r"0x[0-9a-f]+|[0-9]+(\.[0-9]+)*", "N", text)
    lines = text.splitlines()
    clients = iter(sorted(line for line in lines if line.startswith(" /")))
    return [next(clients) if line.startswith(" /") else line for line in lines]


def keys(text, between):
    return [line.split(between)[0] for line in text.splitlines() if between in line]


class WordsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.zookeeper = start_zookeeper("3.8")
        if cls.zookeeper is None:
            assert not required("zookeeper"), "ZooKeeper is missing"
            raise unittest.SkipTest("ZooKeeper 3.8 is not here: tools/dev/setup test installs it")
        cls.addClassCleanup(end, cls.zookeeper)
        cls.rookeryd = start_rookeryd()
        cls.addClassCleanup(end, cls.rookeryd)
        for server in (cls.zookeeper, cls.rookeryd):
            server.wait_serving()
        cls.pair = Pair(cls.zookeeper, cls.rookeryd, Differences("3.8"))
        cls.addClassCleanup(cls.pair.close)
        for line in STEPS:
            findings, _, _ = cls.pair.play(parse_command([line]))
            assert not findings, findings

    def ask(self, word):
        return [four_letter_word(server.client[1], word) for server in (self.zookeeper, self.rookeryd)]

    def test_srvr_and_stat_line_by_line(self):
        for word in ("srvr", "stat"):
            theirs, ours = self.ask(word)
            self.assertEqual(shape(theirs), shape(ours))
            for label in ("Mode", "Node count", "Outstanding", "Connections"):
                self.assertEqual(re.findall(f"(?m)^{label}: .*$", theirs),
                                 re.findall(f"(?m)^{label}: .*$", ours))

    def test_conf_key_by_key(self):
        theirs, ours = self.ask("conf")
        self.assertEqual([*keys(theirs, "="), "grpcPort", "admin.serverPort"], keys(ours, "="))
        for key in ("secureClientPort", "tickTime", "maxClientCnxns", "minSessionTimeout", "maxSessionTimeout",
                    "clientPortListenBacklog"):
            self.assertEqual(re.findall(f"(?m)^{key}=.*$", theirs), re.findall(f"(?m)^{key}=.*$", ours))

    def test_sizes_of_the_directories(self):
        for text in self.ask("conf"):
            for key in ("dataDirSize", "dataLogSize"):
                self.assertGreater(int(re.search(f"(?m)^{key}=(.*)$", text)[1]), 0)
        theirs, ours = self.ask("dirs")
        self.assertEqual(shape(theirs), shape(ours))
        self.assertNotIn(": 0\n", ours)

    def test_envi_without_java(self):
        theirs, ours = self.ask("envi")
        for key in ("user.name", "user.home"):
            self.assertEqual(*(re.findall(f"(?m)^{key}=.*$", text) for text in (theirs, ours)))
        self.assertEqual(theirs.splitlines()[0], ours.splitlines()[0])
        self.assertEqual([key for key in keys(theirs, "=") if key not in NO_JAVA], keys(ours, "="))

    def test_cons_field_by_field(self):
        theirs, ours = self.ask("cons")
        self.assertEqual(shape(theirs), shape(ours))
        fields = [sorted(re.findall(r"lop=\w+|to=\d+|lcxid=\w+", text)) for text in (theirs, ours)]
        self.assertEqual(*fields)

    def test_120_wchs_counts_data_watches_and_mntr_all(self):
        theirs, ours = self.ask("wchs")
        self.assertEqual(theirs, ours)
        self.assertIn("Total watches:1\n", ours)
        for text in self.ask("mntr"):
            self.assertIn("zk_watch_count\t2\n", text)

    @staticmethod
    def named(text, player):
        """With the sessions' names of the script for their ids."""
        names = {f"0x{session:x}": str(name) for session, name in player.names.sessions.items()}
        return re.sub(r"0x[0-9a-f]+", lambda match: names[match[0]], text)

    def test_wchc_and_wchp_list_data_watches(self):
        for word, lines in (("wchc", ["c1", "\t/a"]), ("wchp", ["/a", "\tc1"])):
            for text, player in zip(self.ask(word), self.pair.players):
                self.assertEqual(self.named(text, player).split("\n"), [*lines, "", ""])

    def test_trace_masks_are_told_and_kept(self):
        self.assertEqual(*self.ask("gtmk"))
        theirs, ours = (four_letter_word(server.client[1], "stmk\0\0\0\0\0\0\1\2")
                        for server in (self.zookeeper, self.rookeryd))
        self.assertEqual(theirs, "258")
        self.assertEqual(ours, theirs)
        self.assertEqual(self.ask("gtmk"), [theirs, ours])

    def test_zz_resets(self):
        """Last, since the other tests look at what is counted."""
        self.assertEqual(*self.ask("crst"))
        theirs, ours = self.ask("cons")
        self.assertEqual(shape(theirs), shape(ours))
        self.assertEqual(*self.ask("srst"))
        for text in self.ask("mntr"):
            self.assertRegex(text, r"zk_packets_received\t[0-9]\n")

    def test_dump_names_sessions_and_their_nodes(self):
        # When sessions expire is a date there and a distance here, and connections are not in buckets.
        def part(text, player):
            text = self.named(re.sub(r"Sets \(\d\)", "Sets (N)", text), player)
            return [line for line in text.splitlines() if "expire" not in line and "\tip:" not in line]

        theirs, ours = (part(text, player) for text, player in zip(self.ask("dump"), self.pair.players))
        self.assertEqual(theirs[:2] + sorted(theirs[2:4]) + theirs[4:], ours[:2] + sorted(ours[2:4]) + ours[4:])

    def test_mntr_has_the_keys_that_monitors_read(self):
        theirs, ours = (dict(line.split("\t", 1) for line in text.splitlines()) for text in self.ask("mntr"))
        self.assertEqual(next(iter(theirs)), next(iter(ours)))
        missing = [key for key in theirs if key not in ours and not re.match(SUMMARIES, key)]
        self.assertEqual([key for key in missing if not re.fullmatch(NOT_COUNTED, key, re.X)], [])
        self.assertEqual([(key, theirs[key]) for key in SAME_VALUES], [(key, ours[key]) for key in SAME_VALUES])

    def test_111_single_words(self):
        for word in ("ruok", "isro"):
            self.assertEqual(*self.ask(word))

    def test_117_a_key_that_nobody_knows_does_not_keep_a_server_from_starting(self):
        for server in (self.zookeeper, self.rookeryd):
            self.assertIn("nobody.knows.this.key", (server.dir / "1.cfg").read_text())
        self.assertTrue(all(text == "imok" for text in self.ask("ruok")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
