"""Plays the steps of a script on one server, over its sockets, and records what its clients are told."""

import contextlib
import struct
import time

import protocol
from connection import ANSWER_S, Connection, NoAnswer
from raw import Reader, connect_request
from records import Names, Record, end_record, event_record, open_record, reply_record

OPENING_S = 2
LAST_TIMEOUT_MS = 30000  # long enough not to expire instead of being closed
LOOK_S = 0.02  # between looks whether a session has expired
EARLY_S, LATE_S = 0.03, 10  # an expiry's distance from the timeout; late, since this machine may pause
MAY_END = ("auth", "close", "raw")  # behind these the server may close
WRONG_PASSWORD = b"?" * 16


class Player:
    """`addresses`: the servers; the first connection goes to the first one, and so on."""

    def __init__(self, addresses):
        self.addresses = addresses
        self.names = Names()
        self.have_base = False
        self.max_zxid = 0
        self.connections = {}
        self.passwords = {}  # by session
        self.command = None
        self.dialled = 0

    def close(self):
        """Leaves no session behind, as far as the server plays along."""
        for connection in self.connections.values():
            # A session that was asked for and not yet given would live on.
            opened = lambda c=connection: not (c.pending and c.pending[0][0] is None)
            if not connection.closed and not opened():
                with contextlib.suppress(NoAnswer):
                    self.read_until(connection, opened, time.monotonic() + OPENING_S)
            connection.socket.close()
        for session, password in self.passwords.items():
            try:
                last = Connection("last", self.addresses[0])
                last.send(connect_request(LAST_TIMEOUT_MS, session, password) +
                          protocol.request(protocol.Command("", "close", {}), 1))
                while last.socket.recv(4096):
                    pass
                last.socket.close()
            except OSError:
                pass

    # A step: begin, then finish if it waits.

    def begin(self, command):
        """ValueError: it makes no sense."""
        self.command = command
        if command.verb in ("open", "attach"):
            return self.dial(command)
        own = self.connections.get(command.connection)
        if own is None or (own.closed and command.verb != "expire"):
            raise ValueError(f"no open connection {command.connection}")
        own.check_pause()
        if command.verb == "drop":
            own.socket.close()
            own.closed = True
        elif command.verb == "expire":
            own.silent = True
            self.zxid_before = self.max_zxid
        elif command.verb in ("hold", "restart"):
            pass  # nothing is sent: see finish() and server_restarts()
        else:
            self.send(own, command)
        return None

    def send(self, own, command):
        if command.verb == "setwatches":
            command = protocol.Command(command.connection, command.verb, dict(
                command.args, since=command.args["since"] + self.names.base))
        xid = protocol.default_xid(command, own.next_xid)
        own.next_xid += 1
        # Whatever number a ping has, it is answered with that of pings.
        expected = protocol.PING_XID if command.verb == "ping" else xid
        (own.auths if command.verb == "auth" else own.pending).append((command, expected))
        own.send(protocol.request(command, xid))

    def dial(self, command):
        args, name = command.args, command.connection
        old = self.connections.get(name)
        if old is not None and not old.closed:
            raise ValueError(f"connection {name} is open already")
        if command.verb == "attach" and args["from"] not in self.connections:
            raise ValueError(f"no connection {args['from']}")
        source = self.connections[args["from"]] if command.verb == "attach" else None
        own = Connection(name, self.addresses[self.dialled % len(self.addresses)])
        self.dialled += 1
        # Who was refused has no session to name: the handshake asks for a new one.
        own.asked = source if source is not None and source.session else None
        own.old = bool(args.get("old"))
        password = b"\0" * 16 if source is None else source.password
        if args.get("password") == "wrong":
            password = WRONG_PASSWORD
        seen = args.get("seen", 0)
        seen = self.max_zxid + 1000 if seen == "later" else seen + self.names.base if "seen" in args else 0
        own.pending.append((None, 0))
        own.send(connect_request(args.get("timeout", 10000), source.session if source else 0, password,
                                 seen, b"" if own.old else bytes([bool(args.get("readonly"))]),
                                 args.get("protocol", 0)))
        self.connections[name] = own

    def finish(self):
        """[(connection's name, or "" for the step's own; Record)] in the order of a script."""
        command, own = self.command, self.connections[self.command.connection]
        if command.verb == "expire":
            self.await_expiry(own)
        elif command.verb == "hold":
            self.hold(command.args["ms"] / 1000)
        else:
            self.await_own(own)
        if command.verb == "attach":
            self.await_move(own)
        if own.session and not own.closed and not self.have_base:
            self.have_base = True
            self.heartbeat([own])
            self.names.base = own.pong_zxid
        self.settle()
        records = [("", record) for record in own.told]
        for name, other in sorted(self.connections.items()):
            if other is not own:
                records += [(name, record) for record in other.told]
            other.told = []
        if self.have_base:
            records.append(("", self.pong_record()))
        return records

    def pong_record(self):
        return Record("pong", {"zxid": self.names.zxid(self.max_zxid)}, [])

    # Waiting.

    def read_until(self, connection, done, deadline):
        while not connection.closed and not done():
            left = deadline - time.monotonic()
            if left <= 0:
                wanted = [c.verb if c else "a session" for c, _ in connection.pending] or ["more"]
                raise NoAnswer(f"connection {connection.name} of the server at port "
                               f"{connection.port} waited in vain for {', '.join(wanted)}")
            connection.socket.settimeout(left)
            try:
                piece = connection.socket.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError:
                piece = b""
            if not piece:
                connection.closed = True
                connection.socket.close()
                connection.told.append(end_record())
                return
            connection.bytes += piece
            while (payload := connection.frame()) is not None:
                try:
                    self.take(connection, payload)
                except (ValueError, struct.error, KeyError) as why:
                    raise NoAnswer(f"connection {connection.name} of the server at port {connection.port} was "
                                   f"told what cannot be read ({why}): {payload.hex()}") from why

    def await_own(self, own):
        deadline = time.monotonic() + ANSWER_S
        self.read_until(own, lambda: not own.pending and not own.auths, deadline)
        if own.closed or self.command.verb == "drop":
            return
        if own.session == 0:
            self.read_until(own, lambda: False, deadline)
        elif self.command.verb in MAY_END:
            self.heartbeat([own])

    def await_move(self, own):
        """The session's older connection ends. Another server may be late, and as a move takes no zxid
        settle() would not see that."""
        for other in self.connections.values():
            if other is not own and own.session and other.session == own.session:
                self.read_until(other, lambda: False, time.monotonic() + ANSWER_S)

    def heartbeat(self, connections):
        for connection in connections:
            connection.ping()
        for connection in connections:
            self.read_until(connection, lambda: connection.pongs >= connection.pings,  # noqa: B023
                            time.monotonic() + ANSWER_S)

    def settle(self):
        """What others have to hear by now is here; servers that lag behind have caught up."""
        deadline = time.monotonic() + ANSWER_S
        behind = [c for c in self.connections.values()
                  if not c.closed and not c.silent and not c.pending and c.session]
        for connection in behind:
            connection.check_pause()
        while behind:
            self.heartbeat(behind)
            self.max_zxid = max([self.max_zxid, *(c.pong_zxid for c in behind)])
            behind = [c for c in behind if not c.closed and c.pong_zxid < self.max_zxid]
            if time.monotonic() > deadline:
                raise NoAnswer(f"a server lags behind: {behind[0].name}")

    def server_restarts(self):
        """All connections end, which is no news to anybody."""
        for connection in self.connections.values():
            connection.closed = True
            connection.socket.close()

    def hold(self, seconds):
        """Every connection only pings for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.settle()
            time.sleep(LOOK_S)

    def await_expiry(self, own):
        deadline = time.monotonic() + own.timeout_ms / 1000 + ANSWER_S
        others = [c for c in self.connections.values() if not c.closed and not c.silent]
        if not others:
            raise ValueError("nobody is there who could see the session expire")
        while self.max_zxid <= self.zxid_before:
            time.sleep(LOOK_S)
            self.settle()
            if time.monotonic() > deadline:
                raise NoAnswer(f"the session of {own.name} did not expire")
        silent_s = time.monotonic() - own.sent_at - own.timeout_ms / 1000
        in_time = -EARLY_S <= silent_s <= LATE_S
        own.told.append(Record("expiry", {"in time": str(in_time)}, []))
        self.read_until(own, lambda: False, deadline)

    # What comes.

    def take(self, connection, payload):
        if connection.pending and connection.pending[0][0] is None:
            connection.pending.popleft()
            return self.take_session(connection, payload)
        xid, zxid, error = struct.unpack_from(">iqi", payload)
        if xid == protocol.EVENT_XID:
            reader = Reader(payload)
            reader.at = 16
            kind, state = reader.take("ii")
            connection.told.append(event_record(zxid, error, kind, state, reader.buffer(), self.names))
        elif xid == protocol.PING_XID and not (
                connection.pending and connection.pending[0][1] == protocol.PING_XID):
            connection.pongs += 1
            connection.pong_zxid = zxid
        else:
            queue = connection.auths if connection.auths else connection.pending
            if not queue:
                raise NoAnswer(f"connection {connection.name} was answered what nobody asked: "
                               f"{payload.hex()}")
            command, expected = queue.popleft()
            self.max_zxid = max(self.max_zxid, zxid)
            connection.told.append(reply_record(command, *protocol.read_reply(command, payload),
                                                xid == expected, self.names))
        return None

    def take_session(self, connection, payload):
        reader = Reader(payload)
        version, connection.timeout_ms, connection.session = reader.take("iiq")
        connection.password = reader.buffer()
        asked, session = connection.asked, connection.session
        if session and asked is None:
            self.passwords[session] = connection.password
            self.names.add_session(session, connection.name)
        own = len(connection.password) == 16
        if not session:
            own = own and not any(connection.password)
        elif asked is not None:
            own = own and session == asked.session and connection.password == asked.password
        connection.told.append(open_record(connection.timeout_ms, own, payload, version,
                                           self.names.session(session) or "none"))
