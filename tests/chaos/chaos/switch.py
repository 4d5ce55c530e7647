#!/usr/bin/python3
"""A switch in user space between network devices of servers, which loses and delays what it is told to.

    switch.py FD...     of tap devices; the i-th belongs to server i, from 1

Commands come as JSON lines on the standard input and are answered by a line each:
    {"lost": [[1, 2]], "delay_ms": [[1, 3, 50]]}
What server 1 sends to 2 is lost, what it sends to 3 comes 50 ms later; everything else passes at once.
"""

import heapq
import json
import os
import select
import sys
import time

FRAME_BYTES_MAX = 65536


class Switch:
    def __init__(self, devices):
        self.devices = devices  # by server
        self.servers = {fd: server for server, fd in devices.items()}
        self.lost, self.delay_s = set(), {}
        self.waiting = []  # (due, order, fd, frame)
        self.order = 0

    def command(self, line):
        told = json.loads(line)
        self.lost = {tuple(pair) for pair in told.get("lost", [])}
        self.delay_s = {(a, b): ms / 1000 for a, b, ms in told.get("delay_ms", [])}
        print("ok", flush=True)

    def take(self, fd):
        sender = self.servers[fd]
        for _ in range(64):
            try:
                frame = os.read(fd, FRAME_BYTES_MAX)
            except BlockingIOError:
                return
            # The last byte of a server's address is its number; everything else is for all.
            receiver = frame[5]
            for server in [receiver] if receiver in self.devices else list(self.devices):
                if server == sender or (sender, server) in self.lost:
                    continue
                delay_s = self.delay_s.get((sender, server), 0)
                if delay_s == 0:
                    self.give(self.devices[server], frame)
                else:
                    self.order += 1
                    heapq.heappush(self.waiting, (time.monotonic() + delay_s, self.order,
                                                  self.devices[server], frame))

    def give(self, fd, frame):
        try:
            os.write(fd, frame)
        except OSError:
            pass  # its queue is full or the device is down: lost, as on a wire

    def run(self):
        poll = select.poll()
        for fd in [0, *self.servers]:
            poll.register(fd, select.POLLIN)
        commands = b""
        while True:
            wait_ms = None
            if self.waiting:
                wait_ms = max(0, int((self.waiting[0][0] - time.monotonic()) * 1000))
            for fd, _ in poll.poll(wait_ms):
                if fd != 0:
                    self.take(fd)
                    continue
                piece = os.read(0, 65536)
                if not piece:
                    return
                *lines, commands = (commands + piece).split(b"\n")
                for line in lines:
                    self.command(line)
            while self.waiting and self.waiting[0][0] <= time.monotonic():
                _, _, fd, frame = heapq.heappop(self.waiting)
                self.give(fd, frame)


if __name__ == "__main__":
    Switch({number: int(fd) for number, fd in enumerate(sys.argv[1:], 1)}).run()
