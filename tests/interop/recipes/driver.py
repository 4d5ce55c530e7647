"""Recipes as a test sees them: a program that takes lines, ours or one over Curator."""

import os
import pathlib
import queue
import subprocess
import threading


class Refused(Exception):
    """An answer "error CODE MESSAGE"; code is the status's name."""

    def __init__(self, text):
        super().__init__(text)
        self.code = text.split()[1]


class Words:
    """One session. A method is a word of the program: driver.lock("a", "/locks/a", "kazoo", "me")."""

    def __init__(self, command, log=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                        text=True, bufsize=1)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._answer()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put("error GONE the driver has ended")

    def _answer(self, timeout_s=40):
        line = self.lines.get(timeout=timeout_s)
        if not line.startswith("ok"):
            raise Refused(line)
        return line[3:]

    def send(self, word, *arguments):
        """Begins a command that waits; its answer comes by wait()."""
        self.process.stdin.write(" ".join([word, *(str(one) for one in arguments)]) + "\n")

    def wait(self, timeout_s=40):
        return self._answer(timeout_s)

    def answered(self):
        return not self.lines.empty()

    def __getattr__(self, word):
        def call(*arguments):
            self.send(word, *arguments)
            return self._answer()
        return call

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def close(self):
        """Ends its session."""
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


class Driver(Words):
    """Ours: recipes_driver."""

    def __init__(self, protocol, servers):
        program = pathlib.Path(os.environ["ROOKERY_BIN"]) / "recipes_driver"
        super().__init__([program, protocol, servers])
