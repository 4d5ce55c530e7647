#!/usr/bin/python3
"""The live view of broker-sim on a real terminal: drawn in place, resized, given back as it was."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
from ensemble import BIN, Ensemble  # noqa: E402

ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
PATIENCE_S = 60


class Shell:
    """A program as the foreground of a terminal of `rows` x `columns`."""

    def __init__(self, arguments, columns=100, rows=30):
        self.keyboard, terminal = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(terminal)
        self.output = b""
        self.process = subprocess.Popen(
            [str(BIN / "broker-sim"), *arguments], stdin=terminal, stdout=terminal, stderr=terminal,
            start_new_session=True, env={**os.environ, "TERM": "xterm"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.terminal = terminal

    def resize(self, columns, rows):
        fcntl.ioctl(self.keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.keyboard, text)

    def read_until(self, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"not seen: {what}; the screen:\n" + "\n".join(self.screen()))
            if select.select([self.keyboard], [], [], 0.1)[0]:
                self.output += os.read(self.keyboard, 65536)

    def wait(self):
        self.read_until(lambda: self.process.poll() is not None, "the end")
        while select.select([self.keyboard], [], [], 0.1)[0]:
            self.output += os.read(self.keyboard, 65536)
        return self.process.returncode

    def screen(self):
        """The rows as the last complete frame left them."""
        rows = {}
        for row, text in re.findall(rb"\x1b\[(\d+);1H\x1b\[\d+m([^\x1b]*)\x1b\[0m\x1b\[K", self.output):
            rows[int(row)] = text.decode()
        return [rows[row] for row in sorted(rows)]

    def frames(self):
        return self.output.count(b"\x1b7")

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.terminal)
        os.close(self.keyboard)


class ScreenTest(unittest.TestCase):
    def shell(self, *arguments, **size):
        shell = Shell(arguments, **size)
        self.addCleanup(shell.close)
        return shell

    def shows(self, shell, text):
        shell.read_until(lambda: any(text in row for row in shell.screen()), text)

    def assert_given_back(self, shell):
        self.assertEqual(shell.output.count(ENTER), 1)
        self.assertEqual(shell.output.count(LEAVE), 1)
        self.assertGreater(shell.output.rindex(b"\x1b[?25h"), shell.output.rindex(b"\x1b[?25l")
                           if b"\x1b[?25l" in shell.output else -1)
        self.assertEqual(termios.tcgetattr(shell.terminal), shell.before)

    def test_a_scenario_is_drawn_in_place_and_its_verdict_stays(self):
        shell = self.shell("run", str(HERE / "failover.yaml"), "--rookeryd", str(BIN / "rookeryd"))
        self.shows(shell, "short controller failover over zookeeper")
        self.shows(shell, "shop             producer")
        self.shows(shell, " down ")  # the controller was killed
        shell.resize(60, 20)
        begin = len(shell.output)
        shell.read_until(lambda: shell.output.count(b"\x1b7", begin) >= 3, "three more frames")
        smaller = [int(row) for row in re.findall(rb"\x1b\[(\d+);1H", shell.output[begin:])]
        self.assertEqual(smaller[-1], 20)
        self.assertLessEqual(max(len(row) for row in shell.screen()[:20]), 60)
        self.assertEqual(shell.wait(), 0)
        self.assertIn(b"PASS  short controller failover", shell.output[shell.output.index(LEAVE):])
        self.assertNotIn(b"PASS", shell.output[:shell.output.index(LEAVE)])
        self.assertGreater(shell.frames(), 8)
        self.assert_given_back(shell)

    def test_ctrl_c_gives_the_terminal_back(self):
        shell = self.shell("run", str(HERE / "failover.yaml"), "--rookeryd", str(BIN / "rookeryd"))
        self.shows(shell, "controller")
        shell.type(b"\x03")
        self.assertEqual(shell.wait(), 2)  # no verdict
        self.assert_given_back(shell)

    def test_commands_are_typed_below_the_brokers(self):
        with Ensemble(1) as server:
            server.wait_serving()
            shell = self.shell("start", "--servers", f"127.0.0.1:{server.client[1]}", "--brokers", "3")
            self.shows(shell, "3 brokers registered")
            shell.type(b"topic orders 4 3\n")
            self.shows(shell, "4 partitions: 0 without a leader, 0 not in sync")
            shell.type(b"nonsense\n")
            self.shows(shell, "expected one of kill")
            watcher = self.shell("observe", "--servers", f"127.0.0.1:{server.client[1]}")
            self.shows(watcher, "4 partitions: 0 without a leader, 0 not in sync")
            watcher.type(b"\x03")
            self.assertEqual(watcher.wait(), 0)
            self.assert_given_back(watcher)
            shell.type(b"quit\n")
            self.assertEqual(shell.wait(), 0)
            self.assert_given_back(shell)

    def test_plain_lines_where_they_are_asked_for(self):
        shell = self.shell("run", "--plain", str(HERE / "failover.yaml"), "--rookeryd",
                           str(BIN / "rookeryd"))
        self.assertEqual(shell.wait(), 0)
        self.assertNotIn(b"\x1b", shell.output)
        self.assertIn(b"is the controller, epoch 2", shell.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
