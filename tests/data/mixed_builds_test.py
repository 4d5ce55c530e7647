#!/usr/bin/python3
"""An ensemble of two builds: the present one, and the rookeryd that ROOKERY_OTHER_BIN names
(tools/dev/other-build makes one of the last tag or a commit). Skipped without it."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import Ensemble  # noqa: E402

OTHER = os.environ.get("ROOKERY_OTHER_BIN", "")


class Mixed(Ensemble):
    """Servers in `others` run the other build."""

    others = ()

    def command(self, n):
        command = super().command(n)
        return [OTHER, *command[1:]] if n in self.others else command


class MixedBuildsTest(unittest.TestCase):
    def carry_writes(self, ensemble, name):
        ensemble.wait_serving()
        ensemble.rookery("create", f"/{name}", name)
        ensemble.rookery("bench", "--op", "create", "--connections", "2", "--inflight", "8", "--count",
                         "300", "--size", "50", timeout_s=120)
        ensemble.wait_equal_digests()

    def swap(self, ensemble, *numbers):
        """These servers go on with the other of the two builds, one after the other."""
        for n in numbers:
            ensemble.stop(n)
            ensemble.others = tuple(set(ensemble.others) ^ {n})
            ensemble.start(n)
            ensemble.wait_serving()

    def test_each_build_leads_and_follows_and_all_end_alike(self):
        with Mixed(3, started=False) as ensemble:
            ensemble.others = (1, 2, 3)
            ensemble.start()
            self.carry_writes(ensemble, "old")
            # An upgrade, server by server, each build leading for a while.
            self.swap(ensemble, 3)
            self.carry_writes(ensemble, "one-is-new")
            ensemble.kill(ensemble.leader())
            gone = next(n for n in ensemble.numbers if n not in ensemble.processes)
            ensemble.wait_serving()
            ensemble.rookery("create", "/two-builds-alone", "x")
            ensemble.start(gone)
            self.carry_writes(ensemble, "back")
            self.swap(ensemble, 1, 2)
            self.carry_writes(ensemble, "all-new")
            self.assertEqual(ensemble.others, ())
            # And back again, as long as no level has risen.
            self.swap(ensemble, 2)
            self.carry_writes(ensemble, "one-is-old")
            print(ensemble.wait_equal_digests(), flush=True)
            for name in ("old", "one-is-new", "back", "all-new", "one-is-old"):
                self.assertIn(name, ensemble.rookery("get", f"/{name}"))


if __name__ == "__main__":
    if not OTHER:
        print("skipped: ROOKERY_OTHER_BIN names no rookeryd of another build; "
              "tools/dev/other-build makes one")
        sys.exit(77)
    unittest.main(verbosity=2)
