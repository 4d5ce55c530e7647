#!/usr/bin/python3
"""An unmodified kazoo against three rookeryd."""

import logging
import pathlib
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import Ensemble, four_letter_word, wait_for  # noqa: E402

from kazoo.client import KazooClient  # noqa: E402
from kazoo.exceptions import (BadVersionError, NoAuthError, NoChildrenForEphemeralsError,  # noqa: E402
                              NodeExistsError, NoNodeError, NotEmptyError)
from kazoo.security import make_digest_acl  # noqa: E402


class KazooTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ensemble = Ensemble(3).__enter__()
        cls.ensemble.wait_serving()

    @classmethod
    def tearDownClass(cls):
        cls.ensemble.__exit__(None, None, None)

    def setUp(self):
        self.clients = []

    def tearDown(self):
        for client in self.clients:
            client.stop()
            client.close()

    def client(self, server=None, timeout_s=10.0, **options):
        hosts = self.ensemble.servers if server is None else f"127.0.0.1:{self.ensemble.client[server]}"
        client = KazooClient(hosts=hosts, timeout=timeout_s, **options)
        client.start(timeout=10)
        self.clients.append(client)
        return client

    def test_creates_reads_changes_and_deletes(self):
        client = self.client()
        self.assertEqual(client.create("/crud", b"one"), "/crud")
        data, stat = client.get("/crud")
        self.assertEqual((data, stat.version, stat.dataLength), (b"one", 0, 3))
        self.assertEqual(client.set("/crud", b"two").version, 1)
        with self.assertRaises(BadVersionError):
            client.set("/crud", b"three", version=0)
        with self.assertRaises(NodeExistsError):
            client.create("/crud", b"")
        client.create("/crud/child")
        with self.assertRaises(NotEmptyError):
            client.delete("/crud")
        client.delete("/crud", recursive=True)
        with self.assertRaises(NoNodeError):
            client.get("/crud")

    def test_numbers_sequential_nodes(self):
        client = self.client()
        client.create("/seq")
        names = [client.create("/seq/n-", sequence=True) for _ in range(3)]
        self.assertEqual(names, [f"/seq/n-{i:010d}" for i in range(3)])
        brief = client.create("/seq/e-", ephemeral=True, sequence=True)
        self.assertEqual(brief, "/seq/e-0000000003")
        self.assertEqual(client.exists(brief).ephemeralOwner, client.client_id[0])

    def test_ephemerals_go_with_their_session(self):
        owner, other = self.client(1), self.client(2)
        owner.create("/eph", ephemeral=True)
        other.sync("/eph")
        self.assertEqual(other.exists("/eph").ephemeralOwner, owner.client_id[0])
        with self.assertRaises(NoChildrenForEphemeralsError):
            owner.create("/eph/child")
        gone = threading.Event()
        other.exists("/eph", watch=lambda event: gone.set())
        owner.stop()
        self.assertTrue(gone.wait(5))
        self.assertIsNone(other.exists("/eph"))

    def test_watches_fire_on_another_server(self):
        watcher, writer = self.client(1), self.client(3)
        events = []
        writer.create("/watched", b"0")
        watcher.sync("/watched")
        watcher.get("/watched", watch=events.append)
        watcher.get_children("/watched", watch=events.append)
        writer.set("/watched", b"1")
        writer.create("/watched/c")
        wait_for(lambda: len(events) == 2, 5, "two events")
        self.assertEqual([(e.type, e.path) for e in events],
                         [("CHANGED", "/watched"), ("CHILD", "/watched")])

    def test_transactions_are_all_or_nothing(self):
        client = self.client()
        client.create("/tx", b"")
        good = client.transaction()
        good.create("/tx/a", b"x")
        good.set_data("/tx/a", b"y", version=0)
        good.check("/tx", 0)
        results = good.commit()
        self.assertEqual(results[0], "/tx/a")
        self.assertEqual(results[1].version, 1)
        bad = client.transaction()
        bad.create("/tx/b")
        bad.check("/tx", 7)
        self.assertEqual([type(r).__name__ for r in bad.commit()],
                         ["RolledBackError", "BadVersionError"])
        self.assertIsNone(client.exists("/tx/b"))

    def test_acls_keep_strangers_out(self):
        bob = self.client(auth_data=[("digest", "bob:secret")])
        bob.create("/private", b"mine", acl=[make_digest_acl("bob", "secret", all=True)])
        stranger = self.client()
        stranger.sync("/private")
        with self.assertRaises(NoAuthError):
            stranger.get("/private")
        stranger.add_auth("digest", "bob:secret")
        self.assertEqual(stranger.get("/private")[0], b"mine")

    def test_a_lock_is_exclusive(self):
        first, second = self.client(1), self.client(2)
        held = first.Lock("/lock", "first")
        self.assertTrue(held.acquire(timeout=5))
        self.assertFalse(second.Lock("/lock", "second").acquire(blocking=False))
        held.release()
        self.assertTrue(second.Lock("/lock", "second").acquire(timeout=5))


class FailureTest(unittest.TestCase):
    def test_session_moves_to_another_server(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            client = KazooClient(hosts=ensemble.servers, timeout=10)
            client.start(timeout=10)
            session = client.client_id[0]
            client.create("/kept", ephemeral=True)
            port = client._connection._socket.getpeername()[1]
            server = next(n for n in ensemble.numbers if ensemble.client[n] == port)
            ensemble.kill(server)
            wait_for(lambda: client.connected and
                     client._connection._socket.getpeername()[1] != port, 10, "another server")
            self.assertEqual(client.client_id[0], session)
            self.assertEqual(client.retry(client.exists, "/kept").ephemeralOwner, session)
            client.stop()

    def test_a_silent_session_expires(self):
        with Ensemble(3, tick_ms=500) as ensemble:
            ensemble.wait_serving()
            script = ("from kazoo.client import KazooClient; import sys, time\n"
                      f"c = KazooClient('127.0.0.1:{ensemble.client[1]}', timeout=1.0)\n"
                      "c.start(10); c.create('/silent', ephemeral=True)\n"
                      "print(c.client_id[0], c.client_id[1].hex(), flush=True); time.sleep(60)")
            owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
            session, password = owner.stdout.readline().split()
            other = KazooClient(hosts=f"127.0.0.1:{ensemble.client[2]}", timeout=10)
            other.start(timeout=10)
            other.sync("/silent")
            gone = threading.Event()
            self.assertIsNotNone(other.exists("/silent", watch=lambda event: gone.set()))
            owner.kill()  # neither closes nor pings any more
            owner.wait()
            owner.stdout.close()
            began = time.monotonic()
            self.assertTrue(gone.wait(8))
            self.assertGreater(time.monotonic() - began, 0.5)
            other.stop()
            # Who comes back with it is told that it is over, upon which kazoo takes another.
            heir = KazooClient(hosts=ensemble.servers, timeout=10,
                               client_id=(int(session), bytes.fromhex(password.decode())))
            heir.start(timeout=10)
            self.assertNotEqual(heir.client_id[0], int(session))
            heir.stop()

    def test_words_answer_as_zookeeper_does(self):
        with Ensemble(1) as ensemble:
            ensemble.wait_serving()
            port = ensemble.client[1]
            self.assertEqual(four_letter_word(port, "ruok"), "imok")
            self.assertEqual(four_letter_word(port, "isro"), "rw")
            self.assertIn("Mode: standalone", four_letter_word(port, "srvr"))
            self.assertIn("zk_znode_count\t", four_letter_word(port, "mntr"))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    unittest.main(verbosity=2)
