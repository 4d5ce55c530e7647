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


def four_letter_word(port, word, timeout_s=2.0, host="127.0.0.1"):
    """The answer of a four-letter word; raises OSError if nobody answers."""
    with socket.create_connection((host, port), timeout=timeout_s) as s:
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
    """Servers 1 to `size`. Extra lines of configuration are `key=value` texts. Entering it starts all of
    them unless `started` is false."""

    def __init__(self, size=3, lines=(), tick_ms=1000, started=True):
        self.lines = list(lines)
        self.tick_ms = tick_ms
        self.started = started
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rookery-test-"))
        self.client, self.grpc, self.admin, self.peer = {}, {}, {}, {}
        self.processes = {}
        self.allot(*range(1, size + 1))

    def allot(self, *numbers):
        """Ports and configuration for these servers, which stand in each other's lists."""
        ports = iter(free_ports(5 * len(numbers)))
        for n in numbers:
            self.client[n], self.grpc[n], self.admin[n] = next(ports), next(ports), next(ports)
            self.peer[n] = (next(ports), next(ports))
        for n in numbers:
            self.configure(n)

    @property
    def numbers(self):
        return sorted(self.client)

    # Where clients and other servers find server n; both may be changed by who puts it elsewhere.
    def client_host(self, n):
        return "127.0.0.1"

    def peer_host(self, n):
        return "127.0.0.1"

    def server(self, n):
        return f"{self.client_host(n)}:{self.client[n]}"

    def grpc_server(self, n):
        return f"{self.client_host(n)}:{self.grpc[n]}"

    def member(self, n):
        """The value of its server.N line."""
        quorum, election = self.peer[n]
        return f"{self.peer_host(n)}:{quorum}:{election};{self.server(n)}"

    @property
    def servers(self):
        return ",".join(self.server(n) for n in self.numbers)

    @property
    def running_servers(self):
        return ",".join(self.server(n) for n in sorted(self.processes))

    @property
    def running_grpc_servers(self):
        return ",".join(self.grpc_server(n) for n in sorted(self.processes))

    def data_dir(self, n):
        return self.dir / f"data-{n}"

    def configure(self, n):
        self.data_dir(n).mkdir(exist_ok=True)
        (self.data_dir(n) / "myid").write_text(f"{n}\n")
        lines = [
            f"tickTime={self.tick_ms}", "initLimit=10", "syncLimit=5", f"dataDir={self.data_dir(n)}",
            f"clientPort={self.client[n]}", f"clientPortAddress={self.client_host(n)}",
            f"grpcPort={self.grpc[n]}", f"admin.serverPort={self.admin[n]}",
            f"admin.serverAddress={self.client_host(n)}", "4lw.commands.whitelist=*", "maxClientCnxns=0",
        ]
        if len(self.numbers) > 1:
            lines += [f"server.{m}={self.member(m)}" for m in self.numbers]
        (self.dir / f"{n}.cfg").write_text("\n".join(lines + self.lines) + "\n")

    def command(self, n):
        return [BIN / "rookeryd", self.dir / f"{n}.cfg"]

    def start(self, *numbers):
        for n in numbers or self.numbers:
            log = open(self.dir / f"{n}.log", "ab")
            self.processes[n] = subprocess.Popen(self.command(n), stdout=log, stderr=log)
            log.close()

    def wipe(self, n):
        """Server n, which does not run, loses its data directory and its log of messages."""
        shutil.rmtree(self.data_dir(n))
        self.configure(n)
        (self.dir / f"{n}.log").unlink(missing_ok=True)

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

    def word(self, n, word):
        """The answer of a four-letter word; empty if nobody answers."""
        try:
            return four_letter_word(self.client[n], word, host=self.client_host(n))
        except OSError:
            return ""

    def monitor(self, n):
        """mntr as a dictionary; {} if the server does not answer."""
        return dict(re.findall(r"^(\S+)\t(.*)$", self.word(n, "mntr"), re.M))

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
            found = {self.word(n, "hash") for n in numbers or self.processes}
            return found.pop() if len(found) == 1 else ""
        return wait_for(same, timeout_s, "equal zxids and digests")

    def rookery(self, *words, timeout_s=60, check=True):
        """Runs the rookery program against the running servers; its standard output."""
        done = subprocess.run([BIN / "rookery", "--servers", self.running_servers, *words],
                              capture_output=True, text=True, timeout=timeout_s)
        if check and done.returncode != 0:
            raise AssertionError(f"rookery {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self):
        if self.started:
            self.start()
        return self

    def ensemble_command(self, *words, timeout_s=60, check=True):
        """`rookery ensemble`, asked of the running servers."""
        return self.rookery("ensemble", "--grpc-servers", self.running_grpc_servers, *words,
                            timeout_s=timeout_s, check=check)

    def __exit__(self, kind, value, trace):
        for n in list(self.processes):
            self.processes[n].kill()
            self.processes[n].wait()
        if kind is None:
            shutil.rmtree(self.dir)
        else:
            print(f"logs are kept in {self.dir}", flush=True)
