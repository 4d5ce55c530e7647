#!/usr/bin/python3
"""Recipes of ours and of an unmodified kazoo in one line, over both of our protocols, both ways round."""

import pathlib
import sys
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE / "recipes")]
from driver import Driver, Refused  # noqa: E402
import ensemble as ensembles  # noqa: E402

from kazoo.client import KazooClient  # noqa: E402
from kazoo.exceptions import LockTimeout  # noqa: E402

WAIT_MS = 20000


def wait_for(condition):
    return ensembles.wait_for(condition, 30, "what the test waits for")


class Both:
    """The tests; a class below for each protocol of ours."""

    protocol = None

    @classmethod
    def setUpClass(cls):
        # One server: with more, what one client did is not yet to be seen by another that asks elsewhere.
        cls.ensemble = ensembles.Ensemble(1).__enter__()
        cls.ensemble.wait_serving()

    @classmethod
    def tearDownClass(cls):
        cls.ensemble.__exit__(None, None, None)

    def setUp(self):
        self.path = f"/recipes/{self.id().split('.')[-1]}"
        self.opened = []

    def tearDown(self):
        for one in self.opened:
            one.close()

    def ours(self):
        ensemble = self.ensemble
        driver = Driver(self.protocol, ensemble.running_servers if self.protocol == "zookeeper"
                        else ensemble.running_grpc_servers)
        self.opened.append(driver)
        return driver

    def theirs(self):
        client = KazooClient(hosts=self.ensemble.servers, timeout=6)
        client.start(timeout=10)
        self.opened.append(type("Opened", (), {"close": lambda _: (client.stop(), client.close())})())
        return client

    def start(self, work):
        """Runs it in a thread; the list that is returned gets its result."""
        result = []
        thread = threading.Thread(target=lambda: result.append(work()), daemon=True)
        thread.start()
        return result

    def test_a_lock_goes_from_kazoo_to_us_and_back(self):
        ours, theirs = self.ours(), self.theirs()
        ours.lock("l", self.path, "kazoo", "rookery")
        lock = theirs.Lock(self.path, "kazoo")
        self.assertTrue(lock.acquire(timeout=10))
        with self.assertRaises(Refused) as refused:
            ours.acquire("l", 100)
        self.assertEqual(refused.exception.code, "DEADLINE_EXCEEDED")
        wait_for(lambda: lock.contenders() == ["kazoo"])
        ours.send("acquire", "l", WAIT_MS)
        wait_for(lambda: lock.contenders() == ["kazoo", "rookery"])
        lock.release()
        self.assertGreater(int(ours.wait()), 0)
        with self.assertRaises(LockTimeout):
            lock.acquire(timeout=0.2)
        got = self.start(lambda: lock.acquire(timeout=20))
        wait_for(lambda: len(lock.contenders()) == 2)
        self.assertEqual(ours.contenders("l"), "rookery,kazoo")
        ours.release("l")
        wait_for(lambda: got == [True])

    def test_a_lock_of_ours_goes_to_kazoo_when_our_process_dies(self):
        ours, theirs = self.ours(), self.theirs()
        ours.lock("l", self.path, "kazoo", "rookery")
        ours.acquire("l", WAIT_MS)
        ours.kill()
        self.opened.remove(ours)
        self.assertTrue(theirs.Lock(self.path, "kazoo").acquire(timeout=30))

    def test_readers_and_writers(self):
        ours, theirs = self.ours(), self.theirs()
        ours.shared("r", self.path, "kazoo", "our-reader", "read")
        ours.shared("w", self.path, "kazoo", "our-writer", "write")
        reader, writer = theirs.ReadLock(self.path, "reader"), theirs.WriteLock(self.path, "writer")
        self.assertTrue(reader.acquire(timeout=10))
        ours.acquire("r", WAIT_MS)  # both read
        with self.assertRaises(Refused):
            ours.acquire("w", 100)
        wait_for(lambda: len(writer.contenders()) == 2)
        with self.assertRaises(LockTimeout):
            writer.acquire(timeout=0.2)
        reader.release()
        ours.release("r")
        ours.acquire("w", WAIT_MS)
        got = self.start(lambda: reader.acquire(timeout=20))
        wait_for(lambda: len(writer.contenders()) == 2)
        self.assertEqual(got, [])
        ours.release("w")
        wait_for(lambda: got == [True])
        reader.release()
        self.assertTrue(writer.acquire(timeout=10))
        with self.assertRaises(Refused):
            ours.acquire("r", 100)
        writer.release()
        ours.acquire("r", WAIT_MS)

    def test_an_election(self):
        ours, theirs = self.ours(), self.theirs()
        ours.election("e", self.path, "kazoo", "rookery", "latch")
        election, leading, done = theirs.Election(self.path, "kazoo"), threading.Event(), threading.Event()

        def lead():
            leading.set()
            done.wait(30)
        thread = threading.Thread(target=lambda: election.run(lead), daemon=True)
        thread.start()
        self.assertTrue(leading.wait(10))
        self.assertEqual(ours.leader("e"), "kazoo")
        ours.send("acquire", "e", WAIT_MS)
        wait_for(lambda: election.contenders() == ["kazoo", "rookery"])
        done.set()
        ours.wait()
        thread.join(10)
        leading.clear()
        thread = threading.Thread(target=lambda: election.run(lead), daemon=True)
        thread.start()
        wait_for(lambda: election.contenders() == ["rookery", "kazoo"])
        self.assertFalse(leading.is_set())
        ours.release("e")
        self.assertTrue(leading.wait(20))

    def test_a_double_barrier(self):
        ours, theirs = self.ours(), self.theirs()
        ours.double_barrier("b", self.path, 2)
        barrier = theirs.DoubleBarrier(self.path, 2)
        for first_is_ours in (True, False):
            if first_is_ours:
                ours.send("enter", "b", WAIT_MS)
                wait_for(lambda: theirs.exists(self.path) and theirs.get_children(self.path))
                barrier.enter()
            else:
                entered = self.start(barrier.enter)
                wait_for(lambda: theirs.get_children(self.path))
                self.assertEqual(entered, [])
                ours.send("enter", "b", WAIT_MS)
                wait_for(lambda: entered == [None])
            ours.wait()
            left = self.start(barrier.leave)
            ours.leave("b", WAIT_MS)
            wait_for(lambda: left == [None])
            self.assertEqual(theirs.get_children(self.path), [])

    def test_a_barrier(self):
        ours, theirs = self.ours(), self.theirs()
        ours.barrier("b", self.path)
        ours.set("b")
        waited = self.start(lambda: theirs.Barrier(self.path).wait(20))
        ours.remove("b")
        wait_for(lambda: waited == [True])
        theirs.Barrier(self.path).create()
        with self.assertRaises(Refused):
            ours.send("wait", "b", 100)
            ours.wait()
        ours.send("wait", "b", WAIT_MS)
        theirs.Barrier(self.path).remove()
        ours.wait()

    def test_a_queue(self):
        ours, theirs = self.ours(), self.theirs()
        ours.queue("q", self.path, "kazoo")
        queue = theirs.Queue(self.path)
        queue.put(b"second")
        ours.put("q", "third")
        queue.put(b"first", priority=5)
        self.assertEqual(ours.take("q", WAIT_MS), "first")
        self.assertEqual(queue.get(), b"second")
        self.assertEqual(ours.take("q", WAIT_MS), "third")

    def test_a_confirmed_queue(self):
        ours, theirs = self.ours(), self.theirs()
        ours.confirmed_queue("q", self.path)
        queue = theirs.LockingQueue(self.path)
        queue.put(b"one")
        ours.put_confirmed("q", "two")
        self.assertEqual(ours.take_confirmed("q", WAIT_MS), "one")
        self.assertEqual(queue.get(timeout=10), b"two")
        ours.confirm("q")
        self.assertTrue(queue.consume())
        with self.assertRaises(Refused):
            ours.take_confirmed("q", 100)
        queue.put(b"three")
        ours.take_confirmed("q", WAIT_MS)
        ours.kill()  # and the item goes to somebody else
        self.opened.remove(ours)
        self.assertEqual(queue.get(timeout=30), b"three")

    def test_a_counter(self):
        ours, theirs = self.ours(), self.theirs()
        ours.counter("c", self.path, "text")
        counter = theirs.Counter(self.path)
        self.assertEqual(ours.add("c", 5), "5")
        counter += 3
        self.assertEqual(counter.value, 8)
        self.assertEqual(ours.add("c", -10), "-2")
        self.assertEqual(counter.value, -2)
        small = theirs.Counter(self.path + "-32", support_curator=True)
        ours.counter("s", self.path + "-32", "int32")
        small += 300
        self.assertEqual(ours.add("s", -301), "-1")
        self.assertEqual(small.value, -1)

    def test_membership(self):
        ours, theirs = self.ours(), self.theirs()
        ours.group("g", self.path, "kazoo")
        party = theirs.Party(self.path, "kazoo")
        party.join()
        ours.join("g", "rookery")
        self.assertEqual(sorted(party), ["kazoo", "rookery"])
        self.assertEqual(sorted(one.split("=")[1] for one in ours.members("g").split(",")),
                         ["kazoo", "rookery"])
        party.leave()
        self.assertEqual(len(ours.members("g").split(",")), 1)
        ours.leave_group("g")
        self.assertEqual(list(party), [])


class OverZooKeeper(Both, unittest.TestCase):
    protocol = "zookeeper"


class OverGrpc(Both, unittest.TestCase):
    protocol = "grpc"


if __name__ == "__main__":
    unittest.main(verbosity=2)
