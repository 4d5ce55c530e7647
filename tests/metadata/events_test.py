#!/usr/bin/python3
"""The event stream of MetadataService over three real servers: what it tells is what the tree did, also
across the leader's death, for a reader that falls behind, and from a zxid that is no longer kept."""

import json
import pathlib
import subprocess
import sys
import threading
import unittest
import urllib.request

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402
from grpc_api import GrpcApi  # noqa: E402
from kafka_writer import KafkaWriter, topic  # noqa: E402

API = GrpcApi()
PB, EVENTS = API.metadata_pb2, API.events_pb2
# The smallest that there is: 512 KiB of changes are kept.
LINES = ["memoryBudget=32m"]
KEPT_BYTES = 512 << 10


def kinds_of(change):
    return tuple(event.WhichOneof("kind") for event in change.events)


class Watcher(threading.Thread):
    """Follows the cluster at one server after the other, as a careful client does."""

    def __init__(self, servers, after_zxid=None, root=""):
        super().__init__(daemon=True)
        self.servers, self.root = servers, root
        self.place = after_zxid
        self.events, self.views, self.resumed = [], [], 0
        self.failure = None
        self.ended = threading.Event()

    def run(self):
        try:
            turn = 0
            while not self.ended.is_set():
                self.follow(self.servers[turn % len(self.servers)])
                turn += 1
                self.resumed += 1
        except Exception as error:  # told to the test by join_at
            self.failure = error

    def follow(self, server):
        request = PB.WatchMetadataRequest(root=self.root, events_only=True)
        if self.place is not None:
            request.after_zxid = self.place
        try:
            for message in API.metadata(server).WatchMetadata(request):
                if message.HasField("view_begin"):
                    self.views.append(EVENTS.ViewReason.Name(message.view_begin.reason))
                self.events += [(change.zxid, kinds_of(change)) for change in message.changes.changes]
                if message.zxid:
                    self.place = message.zxid
                if self.ended.is_set():
                    return
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise

    def wait_until(self, zxid):
        """Until everything up to there was told."""
        def there():
            if self.failure:
                raise self.failure
            return self.place is not None and self.place >= zxid
        wait_for(there, 60, f"the stream comes to {zxid:x}, it is at {self.place or 0:x}")
        self.ended.set()


class EventsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = cls.enterClassContext(Ensemble(3, LINES))
        cls.ensemble.wait_serving()

    def servers_from(self, first):
        """gRPC servers, `first` first."""
        numbers = [first] + [n for n in self.ensemble.numbers if n != first]
        return [self.ensemble.grpc_server(n) for n in numbers]

    def stub(self, n=None):
        return API.metadata(self.ensemble.grpc_server(n or self.ensemble.leader()))

    def test_no_event_is_lost_or_told_twice_across_kills_of_the_leader(self):
        writer = KafkaWriter(self.ensemble.servers, root="/kills")
        self.addCleanup(writer.close)
        first = wait_for(self.ensemble.leader, 20, "a leader")
        watcher = Watcher(self.servers_from(first), root="/kills")
        watcher.start()
        wait_for(lambda: watcher.place, 20, "the stream begins")
        begin = watcher.place
        tool = subprocess.Popen(
            [BIN / "rookery", "--servers",
             ",".join(self.ensemble.server(n) for n in self.ensemble.numbers) + "/kills",
             "events", "--json", "--after", str(begin), "--grpc-servers",
             ",".join(self.servers_from(first))], stdout=subprocess.PIPE, text=True)
        self.addCleanup(tool.wait)
        self.addCleanup(tool.kill)
        for _ in range(2):
            for _ in range(60):
                writer.step()
            leader = wait_for(self.ensemble.leader, 20, "a leader")
            self.ensemble.kill(leader)
            for _ in range(60):
                writer.step()
            self.ensemble.start(leader)
            self.ensemble.wait_serving()
        writer.make("/brokers/topics/last", topic({"0": [1]}), "topic_created")
        last = writer.history[-1][0]
        watcher.wait_until(last)
        expected = [(zxid, kinds) for zxid, kinds in writer.history if zxid > begin]
        self.assertGreater(len(expected), 150)
        self.assertEqual(watcher.events, expected)
        self.assertGreaterEqual(watcher.resumed, 1, "the server it began at was killed")
        self.assertEqual(watcher.views, ["VIEW_REASON_ASKED"], "everything was kept at the other servers")

        told = []
        for line in tool.stdout:
            message = json.loads(line)
            self.assertNotIn("view_begin", message)
            for change in message.get("changes", {}).get("changes", []):
                told.append((int(change["zxid"]), tuple(kind for event in change["events"] for kind in event)))
            if told and told[-1][0] >= last:
                break
        self.assertEqual(told, expected)

    def test_a_slow_reader_holds_nobody_up_and_begins_with_a_fresh_view(self):
        writer = KafkaWriter(self.ensemble.servers, root="/slow")
        self.addCleanup(writer.close)
        n = wait_for(self.ensemble.leader, 20, "a leader")
        stream = self.stub(n).WatchMetadata(PB.WatchMetadataRequest(root="/slow"))
        self.assertEqual(next(stream).view_begin.reason, EVENTS.VIEW_REASON_ASKED)
        # 20 MB of changes, more than all that lies between the journal and a reader who does not read.
        partitions = {str(p): [1, 2, 3] for p in range(700)}
        pending = []
        for i in range(1000):
            partitions["0"] = [1, 2, 3] if i % 2 else [3, 2, 1]
            name = f"/slow/brokers/topics/t{i % 50}"
            if i < 50:
                self.writer_done(writer.client.create_async(name, topic(partitions)))
            else:
                pending.append(writer.client.set_async(name, topic(partitions)))
        for one in pending:
            self.writer_done(one)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ensemble.admin[n]}/metrics") as page:
            metrics = page.read().decode()
        kept = float(next(line.split()[-1] for line in metrics.splitlines()
                          if line.startswith("metadata_journal_bytes")))
        self.assertLessEqual(kept, KEPT_BYTES)
        self.assertGreater(kept, 0)
        last = max(writer.client.get(f"/slow/brokers/topics/t{i}")[1].mzxid for i in range(50))
        # Read on: a second view comes, is complete, and is what the tree holds.
        reasons, view, place = [], {}, 0
        while place < last:
            message = next(stream)
            place = message.zxid or place
            if message.HasField("view_begin"):
                reasons.append(message.view_begin.reason)
                view = {}
            for one in message.view_part.topics:
                view[one.name] = list(one.partitions[0].replicas)
            for change in message.changes.changes:
                for event in change.events:
                    if event.WhichOneof("kind") == "topic_created":
                        created = event.topic_created.topic
                        view[created.name] = list(created.partitions[0].replicas)
                    elif event.WhichOneof("kind") == "replicas_changed":
                        moved = event.replicas_changed
                        view[moved.topic] = list(moved.partition.replicas)
        stream.cancel()
        self.assertIn(EVENTS.VIEW_REASON_TOO_SLOW, reasons)
        tree = {f"t{i}": json.loads(writer.client.get(f"/slow/brokers/topics/t{i}")[0])["partitions"]["0"]
                for i in range(50)}
        self.assertEqual(view, tree)

    def writer_done(self, result):
        result.get(timeout=60)

    def test_a_zxid_that_is_not_kept_is_said_and_a_view_takes_its_place(self):
        writer = KafkaWriter(self.ensemble.servers, root="/old")
        self.addCleanup(writer.close)
        writer.make("/brokers/topics/first", topic({"0": [1]}), "topic_created")
        first = writer.history[-1][0]
        for i in range(30):
            writer.make(f"/brokers/topics/large{i}", topic({str(p): [1, 2, 3] for p in range(2000)}),
                        "topic_created")
        for n in self.ensemble.numbers:
            stream = self.stub(n).WatchMetadata(
                PB.WatchMetadataRequest(root="/old", after_zxid=first))
            self.assertEqual(next(stream).view_begin.reason, EVENTS.VIEW_REASON_NOT_KEPT)
            names, place = set(), 0
            while not place:
                message = next(stream)
                names |= {one.name for one in message.view_part.topics}
                place = message.zxid
            self.assertEqual(len(names), 31)
            self.assertGreaterEqual(place, writer.history[-1][0])
            writer.make(f"/brokers/topics/after{n}", topic({"0": [1]}), "topic_created")
            changes = []
            while not changes:
                changes = next(stream).changes.changes
            self.assertEqual((changes[0].zxid, kinds_of(changes[0])), writer.history[-1])
            stream.cancel()
            writer.remove(f"/brokers/topics/after{n}", "topic_deleted")

    def test_many_readers_come_and_go(self):
        writer = KafkaWriter(self.ensemble.servers, root="/many")
        self.addCleanup(writer.close)
        stub = self.stub()
        for _ in range(10):
            streams = [stub.WatchMetadata(PB.WatchMetadataRequest(root="/many")) for _ in range(20)]
            for stream in streams[:10]:
                next(stream)
            writer.step()
            for stream in streams:
                stream.cancel()
        watcher = Watcher(self.servers_from(self.ensemble.leader()), root="/many")
        watcher.start()
        wait_for(lambda: watcher.place, 20, "the stream begins")
        writer.make("/brokers/topics/last", topic({"0": [1]}), "topic_created")
        watcher.wait_until(writer.history[-1][0])
        self.assertEqual(watcher.events, writer.history[-1:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
