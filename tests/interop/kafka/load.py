"""A producer at acks=all that runs beside what is done to the coordinator: Kafka's VerifiableProducer,
which tells the fate of every record."""

import json
import signal
import subprocess
import tempfile
import threading

import tools


class Producer:
    """Numbers from 0 on, `rate` a second, to `topic`. Acknowledged ones and errors are counted. A record
    that meets a broker which no longer leads is an error, unless `retries` says how often to try again."""

    def __init__(self, bootstrap, topic, rate=100, retries=0):
        self.acknowledged, self.errors, self.said = set(), [], []
        self.lock = threading.Lock()
        self.settings = tempfile.NamedTemporaryFile("w", suffix=".properties")
        self.settings.write(f"retries={retries}\n")
        self.settings.flush()
        self.process = subprocess.Popen(
            tools.command(tools.VERIFIABLE_PRODUCER, "--bootstrap-server", bootstrap,
                          "--topic", topic, "--throughput", rate, "--acks", -1,
                          "--producer.config", self.settings.name),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                with self.lock:
                    self.said.append(line.rstrip("\n"))
                continue
            with self.lock:
                if event["name"] == "producer_send_success":
                    self.acknowledged.add(int(event["value"]))
                elif event["name"] == "producer_send_error":
                    self.errors.append(event)

    def count(self):
        with self.lock:
            return len(self.acknowledged)

    def stop(self):
        """Waits for what was sent; every number below the largest acknowledged one must be among the
        acknowledged. Returns how many were."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)
        self.reader.join()
        missing = set(range(max(self.acknowledged, default=-1) + 1)) - self.acknowledged
        if self.errors or missing or not self.acknowledged:
            raise AssertionError(f"producer: {len(self.acknowledged)} acknowledged, errors "
                                 f"{self.errors[:5]}, missing {sorted(missing)[:20]}, said "
                                 f"{self.said[-20:]}")
        return len(self.acknowledged)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.settings.close()
