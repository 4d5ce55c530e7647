"""Makes a script that shows a disagreement small: fewer steps, fewer parts, plainer arguments."""

import copy
import time

from cleaner import clean
from connection import Disturbed
from pair import run

SECONDS = 120
PLAIN = ("data", "acl", "watch", "stat", "version", "ephemeral", "sequential", "flags", "xid", "timeout",
         "old", "seen", "exist", "child")


class Shrinker:
    def __init__(self, zookeeper, rookeryd, make_differences, disagreement):
        self.servers = zookeeper, rookeryd
        self.make_differences = make_differences
        self.best = disagreement
        self.wanted = self.kind(disagreement)
        self.deadline = time.monotonic() + SECONDS
        self.tries = 0

    @staticmethod
    def kind(disagreement):
        first = disagreement.findings[0]
        return first.what, first.field.split(".")[-1]

    def reproduces(self, commands):
        """Whether these alone show it; if so they are the best."""
        if time.monotonic() > self.deadline or not commands:
            return False
        self.tries += 1
        commands = copy.deepcopy(commands)
        commands[-1].waits = True
        clean(self.servers)
        try:
            found = run(commands, *self.servers, self.make_differences())
        except (ValueError, Disturbed):
            return False
        if found is None or self.kind(found) != self.wanted:
            return False
        self.best = found
        return True

    def shrink(self):
        """The smallest disagreement that was found; the first one if it does not come again."""
        if not self.reproduces(self.best.steps):
            return self.best
        alone = [copy.deepcopy(command) for command in self.best.steps]
        for command in alone:
            command.waits = True
        self.reproduces(alone)
        self.drop_steps()
        self.drop_parts()
        self.make_plain()
        self.drop_steps()
        return self.best

    def drop_steps(self):
        size = max(len(self.best.steps) // 2, 1)
        while True:
            at = len(self.best.steps)
            while at > 0:
                steps = self.best.steps
                at = min(at, len(steps))
                low = max(at - size, 0)
                self.reproduces(steps[:low] + steps[at:])
                at = low
            if size == 1:
                return
            size //= 2

    def drop_parts(self):
        for at in range(len(self.best.steps)):
            part = 0
            while at < len(self.best.steps) and part < len(self.best.steps[at].parts):
                steps = copy.deepcopy(self.best.steps)
                del steps[at].parts[part]
                if not self.reproduces(steps):
                    part += 1

    def make_plain(self):
        for at in range(len(self.best.steps)):
            for name in PLAIN:
                if at >= len(self.best.steps):
                    return
                for part in (-1, *range(len(self.best.steps[at].parts))):
                    steps = copy.deepcopy(self.best.steps)
                    command = steps[at] if part < 0 else steps[at].parts[part]
                    if name in command.args and command.verb != "raw":
                        del command.args[name]
                        self.reproduces(steps)
