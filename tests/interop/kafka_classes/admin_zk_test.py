#!/usr/bin/python3
"""rookery topics and rookery configs beside Kafka's own AdminZkClient: the same changes in two chroots of one
server leave the same nodes and are refused in the same words."""

import json
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "lib"))
sys.path.insert(0, str(HERE.parent / "kafka"))
from ensemble import BIN, Ensemble  # noqa: E402
import artifacts  # noqa: E402
import kazoo.client  # noqa: E402

THEIRS, OURS = "/theirs", "/ours"
ROOTS = ("/brokers/ids", "/brokers/topics", "/config/topics", "/config/clients", "/config/users",
         "/config/brokers", "/config/ips", "/config/changes", "/admin/delete_topics")
BROKER = {"version": 5, "host": "h", "port": 9092, "jmx_port": -1, "timestamp": "1",
          "endpoints": ["PLAINTEXT://h:9092"], "listener_security_protocol_map": {"PLAINTEXT": "PLAINTEXT"},
          "features": {}}
RACKS = {1: "a", 2: "b", 3: "a", 5: "b"}

BOB_C = "--entity-type users --entity-name bob --entity-type clients --entity-name c"
BOB_D = "--entity-type users --entity-name bob --entity-type clients --entity-default"
# What AdminZkClient is told (a whole configuration), and what our tool is told (a change).
CHANGES = (
    ("create\torders\t1:2,2:1\tretention.ms=5", "topics --create --topic orders --replica-assignment 1:2,2:1 "
     "--config retention.ms=5"),
    ("create\torders\t1:2", "topics --create --topic orders --replica-assignment 1:2"),
    ("create\tor.ders\t1", "topics --create --topic or.ders --replica-assignment 1"),
    ("create\tor_ders\t1", "topics --create --topic or_ders --replica-assignment 1"),
    ("create\twrong\t1:2\tretention.ms=x", "topics --create --topic wrong --replica-assignment 1:2 "
     "--config retention.ms=x"),
    ("create\twrong\t1\tno.such=1", "topics --create --topic wrong --replica-assignment 1 --config no.such=1"),
    ("partitions\torders\t5", "topics --alter --topic orders --partitions 5"),
    ("partitions\torders\t6\t3:5", "topics --alter --topic orders --partitions 6 --replica-assignment "
     "1:2,1:2,1:2,1:2,1:2,3:5"),
    ("partitions\torders\t6", "topics --alter --topic orders --partitions 6"),
    ("partitions\torders\t7\t3:9", "topics --alter --topic orders --partitions 7 --replica-assignment "
     "1:2,1:2,1:2,1:2,1:2,3:5,3:9"),
    ("config\ttopics\torders\tretention.ms=5\tcleanup.policy=compact", "configs --alter --entity-type topics "
     "--entity-name orders --add-config cleanup.policy=compact"),
    ("config\ttopics\torders", "configs --alter --entity-type topics --entity-name orders --delete-config "
     "cleanup.policy,retention.ms"),
    ("config\ttopics\torders\tsegment.bytes=1", "configs --alter --entity-type topics --entity-name orders "
     "--add-config segment.bytes=1"),
    ("config\tclients\tc%2Fd\tproducer_byte_rate=5", "configs --alter --entity-type clients --entity-name c/d "
     "--add-config producer_byte_rate=5"),
    ("config\tclients\tc%2Fd", "configs --alter --entity-type clients --entity-name c/d --delete-config "
     "producer_byte_rate"),
    ("config\tusers\tbob/clients/c\trequest_percentage=50", f"configs --alter {BOB_C} --add-config "
     "request_percentage=50"),
    ("config\tusers\tbob/clients/<default>\trequest_percentage=50", f"configs --alter {BOB_D} --add-config "
     "request_percentage=50"),
    ("config\tusers\tbob/clients/c", f"configs --alter {BOB_C} --delete-config request_percentage"),
    ("config\tusers\tbob\tproducer_byte_rate=1", "configs --alter --entity-type users --entity-name bob "
     "--add-config producer_byte_rate=1"),
    ("config\tusers\tbob", "configs --alter --entity-type users --entity-name bob --delete-config "
     "producer_byte_rate"),
    ("config\tusers\tbob/clients/<default>", f"configs --alter {BOB_D} --delete-config request_percentage"),
    ("config\tusers\tal\tproducer_byte_rate=x", "configs --alter --entity-type users --entity-name al "
     "--add-config producer_byte_rate=x"),
    ("config\tusers\t<default>\tproducer_byte_rate=7", "configs --alter --entity-type users --entity-default "
     "--add-config producer_byte_rate=7"),
    ("config\tips\t10.0.0.1\tconnection_creation_rate=7", "configs --alter --entity-type ips --entity-name "
     "10.0.0.1 --add-config connection_creation_rate=7"),
    ("config\tips\t10.0.0.1", "configs --alter --entity-type ips --entity-name 10.0.0.1 --delete-config "
     "connection_creation_rate"),
    ("config\tips\t10.0.0.1\tconnection_creation_rate=-7", "configs --alter --entity-type ips --entity-name "
     "10.0.0.1 --add-config connection_creation_rate=-7"),
    ("config\tbrokers\t1\tlog.cleaner.threads=2", "configs --alter --entity-type brokers --entity-name 1 "
     "--add-config log.cleaner.threads=2"),
    ("config\tbrokers\t1", "configs --alter --entity-type brokers --entity-name 1 --delete-config "
     "log.cleaner.threads"),
    ("config\tbrokers\t1\tlog.cleaner.threads=x", "configs --alter --entity-type brokers --entity-name 1 "
     "--add-config log.cleaner.threads=x"),
)


def plain(path, data):
    """Data of a node to compare: JSON as a value, without the id that each topic draws."""
    if not data:
        return data
    value = json.loads(data)
    if path.startswith("/brokers/topics/"):
        value["topic_id"] = len(value["topic_id"])
    return value


class AdminZkTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.ensemble = self.enterContext(Ensemble(1))
        self.ensemble.wait_serving()
        self.client = kazoo.client.KazooClient(self.ensemble.servers)
        self.client.start()
        self.addCleanup(self.client.stop)
        for chroot in (THEIRS, OURS):
            for root in ROOTS:
                self.client.ensure_path(chroot + root)
            # Without a controller AdminZkClient writes no configurations.
            self.client.create(f"{chroot}/controller", b'{"version":1,"brokerid":1,"timestamp":"1"}')
            for broker, rack in RACKS.items():
                self.client.create(f"{chroot}/brokers/ids/{broker}",
                                   json.dumps({**BROKER, "rack": rack}).encode())

    def theirs(self):
        """What AdminZkClient says of each change."""
        done = subprocess.run(
            ["nice", "java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
             f"-Dlog4j.configuration=file:{HERE.parent / 'kafka' / 'log4j-tools.properties'}",
             "-cp", artifacts.classpath(artifacts.KAFKA), HERE / "AdminZk.java", self.ensemble.servers + THEIRS],
            input="".join(change + "\n" for change, _ in CHANGES), capture_output=True, text=True, timeout=300)
        said = done.stdout.splitlines()
        self.assertEqual(len(said), len(CHANGES), done.stdout + done.stderr[-4000:])
        return said

    def ours(self, words):
        """ "ok", or the message without what our tool says before and after Kafka's words."""
        done = subprocess.run([BIN / "rookery", "--servers", self.ensemble.servers + OURS, *words.split()],
                              capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return "ok"
        return done.stderr.strip().split(" command : ")[-1].split("; did you mean")[0]

    def nodes(self, chroot):
        found, waiting = {}, [""]
        while waiting:
            path = waiting.pop()
            waiting += [f"{path}/{name}" for name in self.client.get_children(chroot + path)]
            found[path] = plain(path, self.client.get(chroot + path)[0])
        return found

    def test_the_same_changes_leave_the_same_nodes(self):
        for said, (change, words) in zip(self.theirs(), CHANGES):
            with self.subTest(words):
                self.assertEqual(self.ours(words), said, change)
        self.assertEqual(self.nodes(OURS), self.nodes(THEIRS))


if __name__ == "__main__":
    unittest.main(verbosity=2)
