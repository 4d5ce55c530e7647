#!/usr/bin/python3
"""Recipes of ours and of an unmodified Curator 5 in one line, over both of our protocols, both ways round.

Curator makes the parents of its nodes as containers, and the server looks for empty ones all the time.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE / "recipes"), str(HERE / "recipes" / "curator")]
import artifacts  # noqa: E402
from driver import Driver, Refused, Words  # noqa: E402
import ensemble as ensembles  # noqa: E402

WAIT_MS = 20000
LINES = ["znode.container.checkIntervalMs=100", "maxSessionTimeout=4000"]
SKIPPED = 77


def wait_for(condition):
    return ensembles.wait_for(condition, 30, "what the test waits for")


class Both:
    """The tests; a class below for each protocol of ours. `command`: of the driver over Curator."""

    protocol = None
    command = None

    @classmethod
    def setUpClass(cls):
        cls.ensemble = ensembles.Ensemble(1, LINES).__enter__()
        cls.ensemble.wait_serving()
        cls.ours, cls.theirs = cls.open_ours(), cls.open_theirs()

    @classmethod
    def tearDownClass(cls):
        for one in (cls.ours, cls.theirs):
            one.close()
        cls.ensemble.__exit__(None, None, None)

    @classmethod
    def open_ours(cls):
        return Driver(cls.protocol, cls.ensemble.running_servers if cls.protocol == "zookeeper"
                      else cls.ensemble.running_grpc_servers)

    @classmethod
    def open_theirs(cls):
        return Words([*cls.command, cls.ensemble.running_servers], subprocess.DEVNULL)

    def setUp(self):
        self.path = f"/recipes/{self.id().split('.')[-1]}"

    def stat(self, path):
        """When it was made, as text; "": there is no such node."""
        return next(iter(self.ensemble.rookery("stat", path, check=False).splitlines()), "")

    def exists(self, path):
        return self.stat(path) != ""

    def holders(self, word, *more):
        """Ours and Curator's contender for one thing, as (driver, name in it, identifier)."""
        pair = ((self.ours, "rookery"), (self.theirs, "curator"))
        for driver, name in pair:
            getattr(driver, word)(self.path, self.path, "curator", name, *more)
        return pair

    def changes_hands(self, pair):
        """Each holds it while the other waits, and both see the same line."""
        for (holder, holder_name), (waiter, waiter_name) in (pair, pair[::-1]):
            holder.acquire(self.path, WAIT_MS)
            with self.assertRaises(Refused) as refused:
                waiter.acquire(self.path, 100)
            self.assertEqual(refused.exception.code, "DEADLINE_EXCEEDED")
            waiter.send("acquire", self.path, WAIT_MS)
            wait_for(lambda: holder.contenders(self.path) == f"{holder_name},{waiter_name}")
            self.assertFalse(waiter.answered())
            holder.release(self.path)
            waiter.wait()
            self.assertEqual(waiter.contenders(self.path), waiter_name)
            self.assertEqual(holder.contenders(self.path), waiter_name)
            waiter.release(self.path)

    def test_a_lock_changes_hands(self):
        self.changes_hands(self.holders("lock"))

    def test_a_lock_goes_to_the_other_when_its_holder_dies(self):
        holders = []
        for open_holder, waiter in ((self.open_ours, self.theirs), (self.open_theirs, self.ours)):
            holder, path = open_holder(), f"{self.path}-{len(holders)}"
            for driver, name in ((holder, "holder"), (waiter, "waiter")):
                driver.lock(path, path, "curator", name)
            holder.acquire(path, WAIT_MS)
            waiter.send("acquire", path, WAIT_MS)
            wait_for(lambda: holder.contenders(path) == "holder,waiter")
            holders.append(holder)
        for holder in holders:
            holder.kill()
        for waiter in (self.theirs, self.ours):
            waiter.wait()

    def test_a_lock_is_asked_back(self):
        both = (self.ours, self.theirs)
        for holder, waiter in (both, both[::-1]):
            path = f"{self.path}-{both.index(holder)}"
            for driver in both:
                driver.lock(path, path, "curator", "somebody")
                driver.revocable(path)
            holder.acquire(path, WAIT_MS)
            waiter.send("acquire", path, WAIT_MS)
            # Curator's have no identifier while they can be asked for.
            wait_for(lambda: "," in holder.contenders(path))
            self.assertEqual(holder.asked(path), "false")
            asker = self.open_ours() if waiter is self.ours else self.open_theirs()
            asker.lock(path, path, "curator", "asker")
            asker.revoke(path)
            wait_for(lambda: holder.asked(path) == "true")
            self.assertFalse(waiter.answered())  # it is a wish
            holder.release(path)
            waiter.wait()
            self.assertEqual(waiter.asked(path), "false")
            waiter.release(path)
            asker.close()

    def test_readers_and_writers(self):
        pair = ((self.ours, "rookery"), (self.theirs, "curator"))
        for driver, name in pair:
            for mode in ("read", "write"):
                driver.shared(f"{mode}-{self.path}", self.path, "curator", name, mode)
        reader, writer = f"read-{self.path}", f"write-{self.path}"
        for (one, _), (other, other_name) in (pair, pair[::-1]):
            one.acquire(reader, WAIT_MS)
            other.acquire(reader, WAIT_MS)  # both read
            other.release(reader)
            with self.assertRaises(Refused):
                other.acquire(writer, 100)
            other.send("acquire", writer, WAIT_MS)
            wait_for(lambda: other_name in one.contenders(writer))
            self.assertFalse(other.answered())
            one.release(reader)
            other.wait()
            for mode in (reader, writer):
                with self.assertRaises(Refused):
                    one.acquire(mode, 100)
            one.send("acquire", reader, WAIT_MS)
            other.release(writer)
            one.wait()
            one.release(reader)

    def test_a_latch(self):
        pair = self.holders("election", "latch")
        self.changes_hands(pair)
        for (leader, name), (other, _) in (pair, pair[::-1]):
            leader.acquire(self.path, WAIT_MS)
            self.assertEqual(other.leader(self.path), name)
            leader.release(self.path)

    def test_a_selector(self):
        pair = self.holders("election", "selector")
        self.changes_hands(pair)
        for (leader, name), (other, _) in (pair, pair[::-1]):
            leader.acquire(self.path, WAIT_MS)
            self.assertEqual(other.leader(self.path), name)
            leader.release(self.path)

    def test_a_double_barrier(self):
        both = (self.ours, self.theirs)
        for first, second in (both, both[::-1]):
            for driver in both:  # Curator's is good for one round
                driver.double_barrier(self.path, self.path, 2)
            if first is self.ours:  # Curator's would stay in its place
                with self.assertRaises(Refused):
                    first.enter(self.path, 100)
            first.send("enter", self.path, WAIT_MS)
            second.send("enter", self.path, WAIT_MS)
            first.wait()
            second.wait()
            first.send("leave", self.path, WAIT_MS)
            second.send("leave", self.path, WAIT_MS)
            first.wait()
            second.wait()

    def test_a_barrier(self):
        both = (self.ours, self.theirs)
        for driver in both:
            driver.barrier(self.path, self.path + "/barrier")
        for one, other in (both, both[::-1]):
            one.set(self.path)
            other.send("wait", self.path, 100)
            with self.assertRaises(Refused):
                other.wait()
            other.send("wait", self.path, WAIT_MS)
            self.assertFalse(other.answered())
            one.remove(self.path)
            other.wait()
            other.send("wait", self.path, WAIT_MS)
            other.wait()

    def test_a_queue(self):
        both = (self.ours, self.theirs)
        for one, other in (both, both[::-1]):
            path = f"{self.path}-{both.index(one)}"
            for driver in both:
                driver.queue(path, path, "curator")
            one.put(path, "first")
            other.put(path, "second")
            one.put(path, "third")
            made = self.stat(path)
            self.assertEqual(other.take(path, WAIT_MS), "first")
            self.assertEqual(one.take(path, WAIT_MS), "second")
            self.assertEqual(other.take(path, WAIT_MS), "third")
            other.send("take", path, WAIT_MS)
            if one is self.theirs:  # the container goes while we wait, and we make a node of it
                wait_for(lambda: self.stat(path) not in ("", made))
            one.put(path, "fourth")
            self.assertEqual(other.wait(), "fourth")
            with self.assertRaises(Refused):
                other.take(path, 100)

    def test_counters(self):
        for size in ("int32", "int64"):
            name = f"{self.path}-{size}"
            for driver in (self.ours, self.theirs):
                driver.counter(name, name, size)
            self.assertEqual(self.theirs.add(name, 300), "300")
            self.assertEqual(self.ours.add(name, -301), "-1")
            # What it knows is as old as its last event: it tries until it knows better.
            self.assertEqual(self.theirs.add(name, 2**30), str(2**30 - 1))
            self.assertEqual(self.ours.add(name, 1), str(2**30))

    def test_membership(self):
        for driver, name in ((self.ours, "rookery"), (self.theirs, "curator")):
            driver.group(self.path, self.path, "curator")
            driver.join(self.path, name, f"about-{name}")
        members = "curator=about-curator,rookery=about-rookery"
        wait_for(lambda: self.ours.members(self.path) == members)
        wait_for(lambda: self.theirs.members(self.path) == members)
        self.ours.leave_group(self.path)
        wait_for(lambda: self.theirs.members(self.path) == "curator=about-curator")
        self.ours.join(self.path, "rookery", "again")
        wait_for(lambda: self.theirs.members(self.path) == "curator=about-curator,rookery=again")
        self.theirs.leave_group(self.path)
        wait_for(lambda: self.ours.members(self.path) == "rookery=again")

    def test_discovery(self):
        ours, theirs = self.open_ours(), self.open_theirs()
        ours.register("one", self.path, "search", "10.0.0.1", 8080)
        theirs.register("other", self.path, "search", "10.0.0.2", 8081)
        both = {"10.0.0.1:8080", "10.0.0.2:8081"}
        self.assertEqual(set(self.ours.resolve("-", self.path, "search").split(",")), both)
        self.assertEqual(set(self.theirs.resolve("-", self.path, "search").split(",")), both)
        theirs.close()  # and with its session its instance goes
        wait_for(lambda: self.ours.resolve("-", self.path, "search") == "10.0.0.1:8080")
        ours.close()
        wait_for(lambda: self.theirs.resolve("-", self.path, "search") == "")

    def test_a_cache_follows_a_subtree(self):
        def write(*words):
            self.ensemble.rookery(*words)

        write("create", self.path, "top")
        self.theirs.cache(self.path, self.path)
        wait_for(lambda: self.theirs.cached(self.path) == f"{self.path}=top")
        self.theirs.heard(self.path)
        write("create", f"{self.path}/a", "1")
        write("create", f"{self.path}/a/deep", "2")
        write("set", f"{self.path}/a/deep", "3")
        write("create", f"{self.path}-beside", "not below")
        write("delete", f"{self.path}/a/deep")
        wait_for(lambda: self.theirs.cached(self.path) == f"{self.path}=top,{self.path}/a=1")
        changes = [f"NODE_CREATED:{self.path}/a", f"NODE_CREATED:{self.path}/a/deep",
                   f"NODE_CHANGED:{self.path}/a/deep", f"NODE_DELETED:{self.path}/a/deep"]
        # A change that comes while the cache reads the node may be one with the one before.
        heard = self.theirs.heard(self.path).split(",")
        self.assertEqual([one for one in changes if one in heard], heard)
        self.assertIn(changes[0], heard)

    def test_a_cache_follows_over_a_restart_of_the_server(self):
        with ensembles.Ensemble(1, ["maxSessionTimeout=20000"]) as ensemble:
            ensemble.wait_serving()
            theirs = Words([*self.command, ensemble.running_servers], subprocess.DEVNULL)
            ensemble.rookery("create", "/top", "1")
            theirs.cache("cache", "/top")
            wait_for(lambda: theirs.cached("cache") == "/top=1")
            ensemble.kill(1)
            ensemble.start(1)
            ensemble.wait_serving()
            ensemble.rookery("create", "/top/a", "2")
            wait_for(lambda: theirs.cached("cache") == "/top=1,/top/a=2")
            ensemble.rookery("set", "/top", "3")
            wait_for(lambda: theirs.cached("cache") == "/top=3,/top/a=2")
            theirs.close()

    def test_parents_that_curator_made_go_and_come_again(self):
        self.theirs.lock(self.path, self.path, "curator", "curator")
        self.ours.lock(self.path, self.path, "curator", "rookery")
        self.theirs.acquire(self.path, WAIT_MS)
        self.assertTrue(self.exists(self.path))
        self.theirs.release(self.path)
        wait_for(lambda: not self.exists(self.path))
        self.ours.acquire(self.path, WAIT_MS)
        self.assertEqual(self.theirs.contenders(self.path), "rookery")
        self.ours.release(self.path)


class OverZooKeeper(Both, unittest.TestCase):
    protocol = "zookeeper"


class OverGrpc(Both, unittest.TestCase):
    protocol = "grpc"


def main():
    with tempfile.TemporaryDirectory(prefix="rookery-test-") as folder:
        try:
            Both.command = artifacts.compile_driver(folder)
        except RuntimeError as why:
            print(f"skipped: {why}")
            if "curator" not in os.environ.get("ROOKERY_REQUIRE", "").split(","):
                return SKIPPED
            print("ROOKERY_REQUIRE asks for it: failed")
            return 1
        return not unittest.main(verbosity=2, exit=False).result.wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
