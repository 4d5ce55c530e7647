"""Real servers for tests: ensembles of rookeryd on loopback, with ports of their own.

    with Ensemble(3) as ensemble:
        ensemble.wait_serving()
        ensemble.kill(2)            # kill -9
        ensemble.start(2)
"""

import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("ROOKERY_BIN", ROOT / "build" / "release" / "bin"))


def free_ports(count):
    """Ports that nobody listens on now; held together, so that all differ. They are below those that
    the system gives to outgoing connections, one of which may take a port before its server does."""
    held = []
    while len(held) < count:
        s = socket.socket()
        try:
            s.bind(("127.0.0.1", random.randrange(15000, 32000)))
            held.append(s)
        except OSError:  # taken
            s.close()
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def four_letter_word(port, word, timeout_s=2.0):
    """The answer of a four-letter word; raises OSError if nobody answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as s:
        s.sendall(word.encode())
        answer = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                return answer.decode()
            answer += piece


def wait_for(condition, timeout_s, what):
    """Polls until condition() is true; its last value. AssertionError names what did not come."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        time.sleep(0.02)


class Ensemble:
    """Servers 1 to `size`. Extra lines of configuration are `key=value` texts."""

    def __init__(self, size=3, lines=(), tick_ms=1000):
        self.size = size
        self.lines = list(lines)
        self.tick_ms = tick_ms
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rookery-test-"))
        ports = free_ports(5 * size)
        self.client = {n: ports[5 * (n - 1)] for n in self.numbers}
        self.grpc = {n: ports[5 * (n - 1) + 1] for n in self.numbers}
        self.admin = {n: ports[5 * (n - 1) + 2] for n in self.numbers}
        self.peer = {n: tuple(ports[5 * (n - 1) + 3 : 5 * n]) for n in self.numbers}
        self.processes = {}
        for n in self.numbers:
            self.configure(n)

    @property
    def numbers(self):
        return range(1, self.size + 1)

    @property
    def servers(self):
        return ",".join(f"127.0.0.1:{self.client[n]}" for n in self.numbers)

    @property
    def running_servers(self):
        return ",".join(f"127.0.0.1:{self.client[n]}" for n in sorted(self.processes))

    def data_dir(self, n):
        return self.dir / f"data-{n}"

    def configure(self, n):
        self.data_dir(n).mkdir(exist_ok=True)
        (self.data_dir(n) / "myid").write_text(f"{n}\n")
        lines = [
            f"tickTime={self.tick_ms}", "initLimit=10", "syncLimit=5", f"dataDir={self.data_dir(n)}",
            f"clientPort={self.client[n]}", f"grpcPort={self.grpc[n]}",
            f"admin.serverPort={self.admin[n]}", "4lw.commands.whitelist=*", "maxClientCnxns=0",
        ]
        if self.size > 1:
            for m in self.numbers:
                quorum, election = self.peer[m]
                lines.append(f"server.{m}=127.0.0.1:{quorum}:{election};{self.client[m]}")
        (self.dir / f"{n}.cfg").write_text("\n".join(lines + self.lines) + "\n")

    def start(self, *numbers):
        for n in numbers or self.numbers:
            log = open(self.dir / f"{n}.log", "ab")
            self.processes[n] = subprocess.Popen(
                [BIN / "rookeryd", self.dir / f"{n}.cfg"], stdout=log, stderr=log)
            log.close()

    def kill(self, *numbers):
        """kill -9."""
        for n in numbers or list(self.processes):
            process = self.processes.pop(n)
            process.send_signal(signal.SIGKILL)
            process.wait()

    def stop(self, *numbers):
        """SIGTERM; the exit statuses."""
        statuses = {}
        for n in numbers or list(self.processes):
            self.processes[n].send_signal(signal.SIGTERM)
        for n in numbers or list(self.processes):
            statuses[n] = self.processes.pop(n).wait(timeout=10)
        return statuses

    def log(self, n):
        return (self.dir / f"{n}.log").read_text(errors="replace")

    def monitor(self, n):
        """mntr as a dictionary; {} if the server does not answer."""
        try:
            text = four_letter_word(self.client[n], "mntr")
        except OSError:
            return {}
        return dict(re.findall(r"^(\S+)\t(.*)$", text, re.M))

    def role(self, n):
        return self.monitor(n).get("zk_server_state", "")

    def serves(self, n):
        return self.role(n) in ("leader", "follower", "standalone")

    def leader(self):
        for n in self.processes:
            if self.role(n) in ("leader", "standalone"):
                return n
        return None

    def wait_serving(self, *numbers, timeout_s=30):
        for n in numbers or list(self.processes):
            wait_for(lambda: self.serves(n), timeout_s, f"server {n} serves\n{self.log(n)[-2000:]}")

    def wait_equal_digests(self, *numbers, timeout_s=30):
        """Until these servers, else the running ones, have one zxid and digest; both as `hash` says."""
        def same():
            try:
                found = {four_letter_word(self.client[n], "hash") for n in numbers or self.processes}
            except OSError:
                return None
            return found.pop() if len(found) == 1 else None
        return wait_for(same, timeout_s, "equal zxids and digests")

    def rookery(self, *words, timeout_s=60, check=True):
        """Runs the rookery program against the running servers; its standard output."""
        done = subprocess.run([BIN / "rookery", "--servers", self.running_servers, *words],
                              capture_output=True, text=True, timeout=timeout_s)
        if check and done.returncode != 0:
            raise AssertionError(f"rookery {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        for n in list(self.processes):
            self.processes[n].kill()
            self.processes[n].wait()
        if kind is None:
            shutil.rmtree(self.dir)
        else:
            print(f"logs are kept in {self.dir}", flush=True)
