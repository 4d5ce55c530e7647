"""ZooKeeper on loopback, Debian's 3.8 or a 3.9, with the interface of ensemble.Ensemble as far as tests need it."""

import pathlib
import shutil
import signal
import subprocess
import tempfile

from ensemble import four_letter_word, free_ports, wait_for

CLASSPATH = "/usr/share/java/*"
MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain"


class ZooKeeper:
    def __init__(self, size=3, heap="2g", directory=None, lines=(), tick_ms=1000, classpath=CLASSPATH,
                 jvm=()):
        self.size, self.heap, self.classpath, self.jvm = size, heap, classpath, list(jvm)
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="zookeeper-test-", dir=directory))
        ports = free_ports(3 * size)
        self.client = {n: ports[3 * (n - 1)] for n in self.numbers}
        self.processes = {}
        for n in self.numbers:
            data = self.dir / f"data-{n}"
            data.mkdir()
            (data / "myid").write_text(f"{n}\n")
            config = [f"tickTime={tick_ms}", "initLimit=10", "syncLimit=5", f"dataDir={data}",
                      f"clientPort={self.client[n]}", "admin.enableServer=false", "maxClientCnxns=0",
                      "4lw.commands.whitelist=*"]
            if size > 1:
                config += [f"server.{m}=127.0.0.1:{ports[3 * m - 2]}:{ports[3 * m - 1]}"
                           for m in self.numbers]
            (self.dir / f"{n}.cfg").write_text("\n".join([*config, *lines]) + "\n")

    @property
    def numbers(self):
        return range(1, self.size + 1)

    @property
    def servers(self):
        return ",".join(f"127.0.0.1:{self.client[n]}" for n in self.numbers)

    def start(self, *numbers):
        for n in numbers or self.numbers:
            log = open(self.dir / f"{n}.log", "ab")
            self.processes[n] = subprocess.Popen(
                ["java", f"-Xmx{self.heap}", *self.jvm, "-cp", self.classpath, MAIN,
                 str(self.dir / f"{n}.cfg")],
                stdout=log, stderr=log, cwd=self.dir)
            log.close()

    def kill(self, *numbers):
        for n in numbers or list(self.processes):
            process = self.processes.pop(n)
            process.send_signal(signal.SIGKILL)
            process.wait()

    def role(self, n):
        try:
            for line in four_letter_word(self.client[n], "srvr").splitlines():
                if line.startswith("Mode: "):
                    return line[6:]
        except OSError:
            pass
        return ""

    def leader(self):
        return next((n for n in self.processes if self.role(n) in ("leader", "standalone")), None)

    def wait_serving(self, timeout_s=60):
        for n in list(self.processes):
            wait_for(lambda: self.role(n) in ("leader", "follower", "standalone"), timeout_s,
                     f"ZooKeeper {n} serves; see {self.dir}")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.kill()
        shutil.rmtree(self.dir)
