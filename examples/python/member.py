#!/usr/bin/env python3
"""A member of a group over gRPC: it is seen by all others while it lives, and says whom it sees.

    tools/python-stubs stubs
    PYTHONPATH=stubs python3 examples/python/member.py SERVER NAME [SECONDS]

SERVER is the gRPC port of any server, as in 127.0.0.1:3181. After SECONDS, else at Ctrl-C, it leaves."""

import queue
import sys
import threading

import grpc
from rookery.v1 import coordinator_pb2 as pb
from rookery.v1 import coordinator_pb2_grpc, types_pb2 as types

GROUP = "/members"
EVERYBODY = types.AclEntry(permissions=31, scheme="world", id="anyone")


class Session:
    """One session on one server: operations go up in their order, answers and events come down in theirs."""

    def __init__(self, server, timeout_ms=6000):
        self.going_up, self.answers, self.events = queue.Queue(), queue.Queue(), queue.Queue()
        self.tag = 0
        self.going_up.put(pb.SessionRequest(open=pb.OpenSession(timeout_ms=timeout_ms)))
        stub = coordinator_pb2_grpc.CoordinatorServiceStub(grpc.insecure_channel(server))
        self.coming_down = stub.Session(iter(self.going_up.get, None))
        opened = next(self.coming_down).opened
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.beat, args=[opened.timeout_ms / 3000], daemon=True).start()

    def read(self):
        try:
            for message in self.coming_down:
                for item in message.items:
                    if item.HasField("reply"):
                        self.answers.put(item.reply.result)
                    else:
                        self.events.put(item.event)
        except grpc.RpcError as error:
            print("the server is gone:", error.details(), file=sys.stderr)
        self.answers.put(None)
        self.events.put(None)

    def beat(self, seconds):
        """Says now and then that this client lives."""
        while not threading.Event().wait(seconds):
            self.going_up.put(pb.SessionRequest(heartbeat=True))

    def ask(self, **kind):
        """The result of one operation, as in ask(get_data=types.GetData(path="/a"))."""
        self.tag += 1
        operation = pb.SessionOperation(tag=self.tag, operation=types.Operation(**kind))
        self.going_up.put(pb.SessionRequest(operations=[operation]))
        result = self.answers.get()
        if result is None:
            sys.exit("the session is over")
        return result


def main():
    server, name = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else None
    session = Session(server)
    session.ask(create=types.Create(path=GROUP, data=types.Data(value=b""), acl=[EVERYBODY],
                                    mode=types.CREATE_MODE_PERSISTENT))  # it may be there already
    joined = session.ask(create=types.Create(path=f"{GROUP}/{name}", data=types.Data(value=b""), acl=[EVERYBODY],
                                             mode=types.CREATE_MODE_EPHEMERAL))
    if joined.error != types.ERROR_CODE_OK:
        sys.exit(f"{name} cannot join: {types.ErrorCode.Name(joined.error)}")
    if seconds is not None:
        threading.Timer(seconds, session.events.put, [None]).start()
    try:
        while True:
            # The watch is set with the list: whoever comes or goes after it wakes us up.
            members = session.ask(get_children=types.GetChildren(path=GROUP, watch=True))
            print("members:", *sorted(members.children), flush=True)
            if session.events.get() is None:
                break
    except KeyboardInterrupt:
        pass
    session.ask(close_session=types.CloseSession())


if __name__ == "__main__":
    main()
