"""The ensemble under test: with or without a network of its own, server 3 on a small disk of its own."""

import base64
import hashlib
import pathlib
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))
from ensemble import Ensemble, wait_for  # noqa: E402

SMALL_DISK_SERVER = 3
SMALL_DISK = "160m"
# Short logs and small caches: servers fall behind their checkpoints, and read what they wrote.
SUPER = "super:secret"
DIGEST = base64.b64encode(hashlib.sha1(SUPER.encode()).digest()).decode()
LINES = ("memoryBudget=32m", "minSessionTimeout=2000", "verify.periodSeconds=20",
         f"DigestAuthenticationProvider.superDigest=super:{DIGEST}")


class Cluster(Ensemble):
    """REQUIRES: network.enter() was called if there is a network or mounts are wanted."""

    def __init__(self, network=None, small_disk=False, tick_ms=500):
        self.network = network
        self.small_disk = small_disk
        self.stopped = set()
        self.marks = {}  # how long each log was when log_since() began
        super().__init__(3, LINES, tick_ms)

    def client_host(self, n):
        return self.network.client_host(n) if self.network else super().client_host(n)

    def peer_host(self, n):
        return self.network.peer_host(n) if self.network else super().peer_host(n)

    def command(self, n):
        return self.network.command(n, super().command(n)) if self.network else super().command(n)

    def configure(self, n):
        if n == SMALL_DISK_SERVER and self.small_disk and not self.data_dir(n).exists():
            self.data_dir(n).mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", self.data_dir(n)],
                           check=True)
        super().configure(n)

    def wipe(self, n):
        """What lies in the data directory is deleted; a mount stays."""
        for path in self.data_dir(n).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.configure(n)
        self.mark_log(n)

    def mark_log(self, n):
        """log_since(n) begins here."""
        self.marks[n] = len(self.log(n))

    def log_since(self, n):
        return self.log(n)[self.marks.get(n, 0):]

    def pause(self, n):
        self.processes[n].send_signal(signal.SIGSTOP)
        self.stopped.add(n)

    def resume(self, n):
        self.processes[n].send_signal(signal.SIGCONT)
        self.stopped.discard(n)

    def transfer(self, n):
        """Asks for it; there may be nobody who could do it."""
        self.ensemble_command("--auth", SUPER, "transfer", str(n), check=False)

    def ended(self, n):
        return self.processes[n].poll() is not None

    def await_end(self, n, timeout_s):
        """The exit status of a server that is to end by itself."""
        process = self.processes[n]
        status = wait_for(lambda: ("status", process.poll()) if process.poll() is not None else None,
                          timeout_s, f"server {n} ends by itself\n{self.log(n)[-2000:]}")[1]
        del self.processes[n]
        return status

    def rejoin(self, n):
        """The documented repair: an empty directory, and `rookery ensemble rejoin`."""
        self.start(n)
        wait_for(lambda: "rookery ensemble rejoin" in self.log_since(n), 30,
                 f"server {n} is refused by name")
        # The machines are not this one: it needs the super identity.
        wait_for(lambda: "comes back" in self.ensemble_command("--auth", SUPER, "rejoin", str(n), check=False),
                 60, f"server {n} is let back in")

    def __exit__(self, kind, value, trace):
        for n in list(self.stopped & set(self.processes)):
            self.resume(n)
        if self.small_disk:
            for process in self.processes.values():
                process.kill()
                process.wait()
            self.processes.clear()
            if kind is not None:
                shutil.copytree(self.data_dir(SMALL_DISK_SERVER), self.dir / "data-of-the-small-disk")
            subprocess.run(["umount", self.data_dir(SMALL_DISK_SERVER)], check=True)
        super().__exit__(kind, value, trace)
        if self.network:
            self.network.close()
