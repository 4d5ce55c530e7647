"""Sees this machine pause: all its processes stood still, so sessions expire on one server or on both."""

import threading
import time

LOOK_S = 0.1
PAUSE_S = 0.6  # most of the shortest session's timeout


class PauseWatch:
    """`with PauseWatch() as pauses: ...; pauses.longest_s()`; its own thread looks at the clock."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.seen_at, self.longest = clock(), 0.0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.ended.set()
        self.thread.join()

    def watch(self):
        while not self.ended.wait(LOOK_S):
            self.look()

    def look(self):
        now = self.clock()
        self.longest = max(self.longest, now - self.seen_at - LOOK_S)
        self.seen_at = now

    def longest_s(self):
        """Of the pauses until now. One that has just ended counts, though the thread has not run since."""
        return max(self.longest, self.clock() - self.seen_at - LOOK_S)

    def paused(self):
        return self.longest_s() > PAUSE_S
