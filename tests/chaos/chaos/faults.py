"""What is done to the servers. Each fault is begun, lasts, and is ended; then all must serve again.

What takes away what a server has stored is never beside another fault (`alone`): two of three copies stay.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))
from ensemble import wait_for  # noqa: E402

from cluster import SMALL_DISK_SERVER  # noqa: E402


class Fault:
    """Begun and ended with the cluster and a source of chance. `server` is whom it is about."""

    seconds = (1, 6)  # how long it lasts
    alone = False
    needs_network = False
    needs_small_disk = False

    def __init__(self, cluster, choose):
        self.cluster, self.choose = cluster, choose
        self.server = choose.choice(cluster.numbers)

    def __str__(self):
        return f"{self.what} {self.server}"

    @property
    def name(self):
        return type(self).__name__


class Kill(Fault):
    what = "kill -9 of server"

    def begin(self):
        self.cluster.kill(self.server)

    def end(self):
        self.cluster.start(self.server)


class KillLeader(Kill):
    what = "kill -9 of the leader, server"

    def begin(self):
        self.server = self.cluster.leader() or self.server
        super().begin()


class KillAll(Fault):
    what = "kill -9 of all servers; first back is"
    seconds = (0.5, 3)

    def begin(self):
        self.cluster.kill()

    def end(self):
        self.cluster.start(self.server)
        self.cluster.start(*(n for n in self.cluster.numbers if n != self.server))


class Pause(Fault):
    """Also for longer than a session lasts (6 s)."""

    what = "SIGSTOP of server"
    seconds = (0.5, 9)

    def begin(self):
        self.cluster.pause(self.server)

    def end(self):
        self.cluster.resume(self.server)


class Stop(Fault):
    what = "SIGTERM of server"

    def begin(self):
        statuses = self.cluster.stop(self.server)
        if statuses != {self.server: 0}:
            raise AssertionError(f"SIGTERM: exit status {statuses}, expected 0")

    def end(self):
        self.cluster.start(self.server)


class Transfer(Fault):
    what = "leadership goes to server"
    seconds = (0.2, 1)

    def begin(self):
        self.cluster.transfer(self.server)

    def end(self):
        pass


class FullDisk(Fault):
    """The server ends by itself with a message, and comes back once there is room."""

    what = "full disk of server"
    alone = True
    needs_small_disk = True

    def begin(self):
        self.server = SMALL_DISK_SERVER
        self.cluster.mark_log(self.server)
        self.ballast = self.cluster.data_dir(self.server) / "ballast"
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 65536) > 0:
                    pass
            except OSError:  # no space left
                pass

    def end(self):
        # Nothing may be acknowledged that is not durable, so it ends with the first write.
        status = self.cluster.await_end(self.server, 60)
        said = self.cluster.log_since(self.server)
        if status <= 0 or "space" not in said.lower():
            raise AssertionError(f"a full disk: status {status}, expected a message about space:\n{said[-2000:]}")
        os.remove(self.ballast)
        self.cluster.start(self.server)


class Wipe(Fault):
    """The data directory is deleted: refused by name, and back by the documented repair."""

    what = "deleted data directory of server"
    alone = True

    def begin(self):
        self.cluster.kill(self.server)
        self.cluster.wipe(self.server)

    def end(self):
        self.cluster.rejoin(self.server)


class Damage(Fault):
    """A flipped bit in log or state: the server ends by itself and names the file, or nothing read it."""

    alone = True
    seconds = (0.5, 2)
    AWAIT_S = 25  # longer than verify.periodSeconds, in which everything is read

    def begin(self):
        self.cluster.kill(self.server)
        files = [path for path in self.cluster.data_dir(self.server).glob(self.files)
                 if path.stat().st_size > 0]
        self.file = max(files, key=lambda path: path.stat().st_size, default=None)
        if self.file is None:
            return
        at = self.choose.randrange(self.file.stat().st_size)
        with open(self.file, "r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << self.choose.randrange(8)]))

    def end(self):
        cluster = self.cluster
        self.found = False
        cluster.mark_log(self.server)
        cluster.start(self.server)
        if self.file is None:
            return
        wait_for(lambda: cluster.ended(self.server) or cluster.serves(self.server) and self.passed(),
                 self.AWAIT_S + 60, "the damage is found")
        if not cluster.ended(self.server):
            return
        status = cluster.await_end(self.server, 10)
        said = cluster.log_since(self.server)
        named = self.file.name in said or str(self.file.parent) in said
        if status <= 0 or not named or "rookery ensemble rejoin" not in said:
            raise AssertionError(f"damage in {self.file}: status {status}, expected a message that names it "
                                 f"and the repair:\n{said[-3000:]}")
        self.found = True
        cluster.wipe(self.server)
        cluster.rejoin(self.server)

    @property
    def name(self):
        return super().name + ("Found" if self.found else "Unread")

    def passed(self):
        """Whether a server that serves has read all of it, so that the bit lies where nothing is."""
        return True


class DamagedState(Damage):
    what = "flipped bit in the state of server"
    files = "state-*/*.sst"

    def passed(self):
        # Compacted away, or read once more since the start.
        return (not self.file.exists() or
                self.cluster.log_since(self.server).count("the state was read again and is whole") >= 2)


class DamagedLog(Damage):
    what = "flipped bit in the log of server"
    files = "log/*.log"


class Isolate(Fault):
    what = "no connection between the others and server"
    needs_network = True
    seconds = (1, 9)

    def begin(self):
        others = [n for n in self.cluster.numbers if n != self.server]
        self.cluster.network.tell(lost=[(self.server, n) for n in others] + [(n, self.server) for n in others])

    def end(self):
        self.cluster.network.heal()


class OneWay(Isolate):
    what = "the others hear nothing of server"

    def begin(self):
        self.cluster.network.tell(lost=[(self.server, n) for n in self.cluster.numbers if n != self.server])


class Deaf(Isolate):
    what = "of the others nothing reaches server"

    def begin(self):
        self.cluster.network.tell(lost=[(n, self.server) for n in self.cluster.numbers if n != self.server])


class NoLink(Isolate):
    what = "no connection between two, beside server"

    def begin(self):
        a, b = (n for n in self.cluster.numbers if n != self.server)
        self.cluster.network.tell(lost=[(a, b), (b, a)])


class Split(Isolate):
    what = "no connection between any servers, as"
    seconds = (1, 7)

    def begin(self):
        numbers = self.cluster.numbers
        self.cluster.network.tell(lost=[(a, b) for a in numbers for b in numbers if a != b])


class Delay(Isolate):
    what = "delays between servers, as"
    seconds = (2, 8)

    def begin(self):
        numbers = self.cluster.numbers
        self.cluster.network.tell(delay_ms=[(a, b, self.choose.randrange(5, 150))
                                            for a in numbers for b in numbers if a != b])


# How often each is drawn.
WEIGHTS = {Kill: 3, KillLeader: 4, KillAll: 2, Pause: 4, Stop: 2, Transfer: 2, FullDisk: 2, Wipe: 1.5,
           DamagedState: 1, DamagedLog: 1, Isolate: 3, OneWay: 2, Deaf: 2, NoLink: 2, Split: 1, Delay: 3}


def draw(cluster, choose):
    """One fault, or two that may go together."""
    usable = {fault: weight for fault, weight in WEIGHTS.items()
              if (cluster.network or not fault.needs_network)
              and (cluster.small_disk or not fault.needs_small_disk)}

    def one():
        return choose.choices(list(usable), list(usable.values()))[0](cluster, choose)
    first = one()
    if choose.random() < 0.7 or first.alone:
        return [first]
    second = one()
    # Of processes only one is touched, of the network one thing at a time.
    if second.alone or second.needs_network == first.needs_network:
        return [first]
    return [first, second]
