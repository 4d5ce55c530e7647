"""What the tests with real brokers share: steps that follow each other on one cluster, timed."""

import pathlib
import re
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "lib")]
import tools  # noqa: E402
from brokers import Brokers  # noqa: E402
from ensemble import Ensemble, free_ports, wait_for  # noqa: E402
import recorded_tree  # noqa: E402
from metadata import Metadata  # noqa: E402

EXPIRED = re.compile(r"Session expired|session expired|has expired")
BROKER_EPOCH = re.compile(r"czxid \(broker epoch\): (\d+)")


class Story(unittest.TestCase):
    """Steps call these on `ensemble`, `brokers` and `metadata`, which a test sets with begin()."""

    def begin(self, size=3, lines=(), chroot="", **options):
        """Three servers of the coordinator; the brokers are not started yet."""
        self.ensemble = self.enterContext(Ensemble(3, lines=lines))
        self.ensemble.wait_serving()
        self.brokers = self.enterContext(Brokers(self.ensemble.servers + chroot, size, **options))
        self.metadata = self.enterContext(Metadata(self.ensemble.servers + chroot))

    def tell(self, *steps):
        """Runs the steps in turn and says what each took; the first failure ends the story, and the
        logs of the brokers are kept."""
        for step in steps:
            began = time.monotonic()
            self.brokers.keep = True
            step()
            self.brokers.keep = False
            print(f"  {time.monotonic() - began:6.1f} s  {step.__name__.replace('_', ' ')}", flush=True)

    def topics(self, *words, **options):
        return tools.run(tools.TOPICS, "--bootstrap-server", self.brokers.bootstrap, *words, **options)

    def configs(self, *words, **options):
        return tools.run(tools.CONFIGS, "--bootstrap-server", self.brokers.bootstrap, *words, **options)

    def create_topic(self, name, partitions=3, replicas=3):
        self.topics("--create", "--topic", name, "--partitions", partitions,
                    "--replication-factor", replicas)
        self.wait_in_sync(name)

    def wait_in_sync(self, *names, timeout_s=120):
        wait_for(lambda: self.metadata.all_in_sync(*names), timeout_s, f"{names} are in sync")

    def wait_logged(self, n, pattern, timeout_s=60, at=None):
        return wait_for(lambda: re.search(pattern, self.brokers.log(n, at)), timeout_s,
                        f"broker {n} logs {pattern!r}\n{self.brokers.log(n, at)[-2000:]}")

    def wait_controller(self, not_=None, timeout_s=60):
        def found():
            now = self.metadata.controller()
            return None if now in (None, not_) else (now,)
        return wait_for(found, timeout_s, f"a controller that is not {not_}")[0]

    def assert_tree(self, name, timeout_s=30):
        """The whole tree becomes equal to the recorded one of that name."""
        def differing():
            found.append(recorded_tree.differences(self.metadata.tree(), name))
            return not found[-1]
        found = []
        try:
            wait_for(differing, timeout_s, name)
        except AssertionError:
            self.assertEqual(found[-1], [], f"the tree differs from recorded/trees/{name}")

    def owners(self):
        """{path: (session, czxid)} of the registrations and the controller: equal means that no
        session was lost and no broker registered again."""
        paths = [f"/brokers/ids/{n}" for n in self.metadata.broker_ids()] + ["/controller"]
        found = {}
        for path in paths:
            _, stat = self.metadata.node(path)
            found[path] = None if stat is None else (stat.ephemeralOwner, stat.czxid)
        return found
