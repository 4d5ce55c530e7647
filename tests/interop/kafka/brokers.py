"""Unmodified Kafka brokers in ZooKeeper mode on a given coordinator, on loopback.

    with Brokers(ensemble.servers, size=3) as brokers:
        brokers.start()             # returns when all have started
        brokers.kill(0)             # kill -9
"""

import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "lib"))
from artifacts import KAFKA, classpath  # noqa: E402
from ensemble import free_ports, wait_for  # noqa: E402

# Three brokers and the coordinator share two cores with whatever else runs.
JAVA = ["nice", "-n", "10", "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
STARTED = re.compile(r"\[KafkaServer id=-?\d+\] started \(kafka\.server\.KafkaServer\)|"
                     r"\[KafkaRaftServer nodeId=\d+\] Kafka Server started")


class Brokers:
    """Brokers 0 to `size` - 1. `settings` are lines of server.properties for all, `per_broker` those
    of single ones, a value None taking a line away; `jvm` are further flags of java. `zookeeper` is
    their zookeeper.connect."""

    def __init__(self, zookeeper, size=3, settings=None, per_broker=None, jvm=()):
        self.zookeeper, self.size, self.jvm = zookeeper, size, list(jvm)
        self.settings, self.per_broker = dict(settings or {}), dict(per_broker or {})
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="kafka-test-"))
        self.port = dict(enumerate(free_ports(size)))
        self.processes = {}
        self.began = {}  # where the log of the present process begins
        self.keep = False  # the directory, after the end
        for n in self.numbers:
            (self.dir / str(n)).mkdir()

    @property
    def numbers(self):
        return range(self.size)

    @property
    def bootstrap(self):
        """The brokers that run; a stopped (SIGSTOP) one counts as running."""
        return ",".join(f"127.0.0.1:{self.port[n]}" for n in sorted(self.processes))

    def configure(self, n):
        lines = {
            "broker.id": n, "zookeeper.connect": self.zookeeper,
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port[n]}",
            "log.dirs": f"{self.dir}/{n}/d1,{self.dir}/{n}/d2",
            "zookeeper.session.timeout.ms": 6000, "offsets.topic.num.partitions": 3,
            "offsets.topic.replication.factor": min(3, self.size),
            "transaction.state.log.num.partitions": 3,
            "transaction.state.log.replication.factor": min(3, self.size),
            "transaction.state.log.min.isr": 1, "group.initial.rebalance.delay.ms": 0,
            "auto.leader.rebalance.enable": "false", "auto.create.topics.enable": "false",
            "controlled.shutdown.retry.backoff.ms": 1000, "num.io.threads": 2,
            "num.network.threads": 2, "num.recovery.threads.per.data.dir": 1,
            "log.cleaner.dedupe.buffer.size": 8388608, "background.threads": 2,
            **self.settings, **self.per_broker.get(n, {}),
        }
        file = self.dir / f"{n}.properties"
        file.write_text("".join(f"{key}={value}\n" for key, value in lines.items()
                                if value is not None))
        return file

    def start(self, *numbers, wait=True):
        for n in numbers or self.numbers:
            file = self.configure(n)
            path = self.dir / f"{n}.log"
            self.began[n] = path.stat().st_size if path.exists() else 0
            with open(path, "ab") as log:
                self.processes[n] = subprocess.Popen(
                    [*JAVA, "-Xms64m", "-Xmx256m", *self.jvm,
                     f"-Dlog4j.configuration=file:{HERE}/log4j.properties",
                     "-cp", classpath(KAFKA), "kafka.Kafka", file],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if wait:
            self.wait_started(*numbers)

    def wait_started(self, *numbers, timeout_s=120):
        for n in numbers or list(self.processes):
            wait_for(lambda: self.has_started(n), timeout_s,
                     f"broker {n} has started\n{self.log(n)[-3000:]}")

    def has_started(self, n):
        if self.processes[n].poll() is not None:
            raise AssertionError(f"broker {n} ended:\n{self.log(n)[-3000:]}")
        return STARTED.search(self.log(n)) is not None

    def log(self, n, at=None):
        """What it wrote since it was started last, or from byte `at` of its file."""
        path = self.dir / f"{n}.log"
        if not path.exists():
            return ""
        with open(path, "rb") as file:
            file.seek(self.began.get(n, 0) if at is None else at)
            return file.read().decode(errors="replace")

    def log_size(self, n):
        return (self.dir / f"{n}.log").stat().st_size

    def log_sizes(self):
        return {n: self.log_size(n) for n in self.processes}

    def signal(self, n, number):
        self.processes[n].send_signal(number)

    def kill(self, *numbers):
        """kill -9."""
        for n in numbers or list(self.processes):
            process = self.processes.pop(n)
            process.kill()
            process.wait()

    def stop(self, *numbers, timeout_s=120):
        """SIGTERM, in the given order; waits for all."""
        numbers = numbers or tuple(self.processes)
        for n in numbers:
            self.signal(n, signal.SIGTERM)
        for n in numbers:
            self.processes.pop(n).wait(timeout=timeout_s)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.kill()
        if kind is None and not self.keep:
            shutil.rmtree(self.dir)
        else:
            print(f"logs of the brokers are kept in {self.dir}", flush=True)
