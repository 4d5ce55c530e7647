"""Servers in network namespaces of their own, whose traffic between each other can be cut and delayed.

The test lives in private namespaces (`enter`), so that nothing of this is left when it ends, however it
ends. Each server has two devices: one to the other servers, a tap that switch.py reads and writes, and one
to the test and its clients, which nothing disturbs.
"""

import fcntl
import json
import os
import pathlib
import struct
import subprocess
import sys

MARK = "ROOKERY_PRIVATE_NETWORK"
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
MTU = "9000"


def unshare():
    """The command that runs another in private namespaces."""
    command = ["unshare", "--net", "--mount", "--propagation"]
    # In a chroot the root is no mount of its own, and whoever made it has seen to that.
    private = subprocess.run([*command, "private", "true"], capture_output=True).returncode == 0
    return [*command, "private" if private else "unchanged"]


def why_not():
    """Why namespaces cannot be used here; empty if they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun is missing"
    probe = ("mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns && ip netns add probe && "
             "ip tuntap add mode tap probe")
    done = subprocess.run([*unshare(), "sh", "-c", probe], capture_output=True, text=True)
    return "" if done.returncode == 0 else f"network namespaces are not allowed here: {done.stderr.strip()}"


def enter():
    """Goes on in private network and mount namespaces: runs the program again in them."""
    if MARK not in os.environ:
        os.environ[MARK] = "1"
        os.execvp("unshare", [*unshare(), sys.executable, *sys.argv])
    pathlib.Path("/run/netns").mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    run("ip", "link", "set", "lo", "up")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Network:
    """REQUIRES: enter() was called."""

    def __init__(self, servers):
        self.servers = list(servers)
        devices = [self.make(n) for n in self.servers]
        self.switch = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("switch.py"), *map(str, devices)],
            pass_fds=devices, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for device in devices:
            os.close(device)

    @staticmethod
    def peer_host(n):
        return f"10.99.0.{n}"

    @staticmethod
    def client_host(n):
        return f"10.98.{n}.2"

    @staticmethod
    def command(n, command):
        """The command, run where server n lives."""
        return ["nsenter", f"--net=/run/netns/server{n}", *command]

    def inside(self, n, *command):
        run(*self.command(n, command))

    def make(self, n):
        """The namespace of server n; the descriptor of its device to the others."""
        space, tap = f"server{n}", f"tap{n}"
        run("ip", "netns", "add", space)
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", tap.encode(), IFF_TAP | IFF_NO_PI))
        run("ip", "link", "set", tap, "address", f"02:00:00:00:00:{n:02x}", "mtu", MTU)
        run("ip", "link", "set", tap, "netns", space)
        run("ip", "link", "add", f"clients{n}", "type", "veth", "peer", "name", "clients", "netns", space)
        run("ip", "address", "add", f"10.98.{n}.1/24", "dev", f"clients{n}")
        run("ip", "link", "set", f"clients{n}", "up")
        for name, address in ((tap, f"{self.peer_host(n)}/24"), ("clients", f"{self.client_host(n)}/24")):
            self.inside(n, "ip", "address", "add", address, "dev", name)
            self.inside(n, "ip", "link", "set", name, "up")
        self.inside(n, "ip", "link", "set", "lo", "up")
        # Addresses are known, so that a cut stops at once everything and nothing but the servers' bytes.
        for m in self.servers:
            if m != n:
                self.inside(n, "ip", "neighbour", "add", self.peer_host(m), "lladdr",
                            f"02:00:00:00:00:{m:02x}", "dev", tap, "nud", "permanent")
        return device

    def tell(self, lost=(), delay_ms=()):
        """From now on: pairs (from, to) that lose everything, and (from, to, milliseconds)."""
        self.switch.stdin.write(json.dumps({"lost": list(lost), "delay_ms": list(delay_ms)}) + "\n")
        self.switch.stdin.flush()
        if self.switch.stdout.readline() != "ok\n":
            raise RuntimeError("the switch between the servers has ended")

    def heal(self):
        self.tell()

    def close(self):
        self.switch.stdin.close()
        self.switch.wait()
