"""ZooKeeper's operations on the wire: a command's arguments to bytes, and a reply's bytes to named fields.

Written from the protocol's description, beside the product's own codecs, so that a mistake there shows.
Paths and texts are bytes; None is null. Fields of a reply are what a script shows; zxids, sessions and
times stay numbers here and are named by the player.
"""

import dataclasses
import struct

from raw import Reader, buffer, string

ERRORS = {
    0: "Ok", -2: "RuntimeInconsistency", -5: "MarshallingError", -6: "Unimplemented", -8: "BadArguments",
    -12: "UnknownSession", -13: "NewConfigNoQuorum", -14: "ReconfigInProgress", -101: "NoNode",
    -102: "NoAuth", -103: "BadVersion", -108: "NoChildrenForEphemerals", -110: "NodeExists",
    -111: "NotEmpty", -112: "SessionExpired", -114: "InvalidACL", -115: "AuthFailed",
    -118: "SessionMoved", -119: "NotReadOnly", -120: "EphemeralOnLocalSession", -121: "NoWatcher",
    -123: "ReconfigDisabled", -124: "SessionClosedRequireSaslAuth", -125: "QuotaExceeded",
    -127: "ThrottledOp",
}
PING, AUTH, CLOSE, MULTI, MULTI_READ = 11, 100, -11, 14, 22
AUTH_XID, SET_WATCHES_XID, PING_XID, EVENT_XID = -4, -8, -2, -1
OPEN_ACL = [(31, b"world", b"anyone")]


@dataclasses.dataclass
class Command:
    """One request of a script. `parts` are a multi's, Commands without a connection."""

    connection: str
    verb: str
    args: dict
    parts: list = dataclasses.field(default_factory=list)
    waits: bool = True  # false: the next request is sent without an answer to this one


def acl(entries):
    if entries is None:
        return struct.pack(">i", -1)
    return struct.pack(">i", len(entries)) + b"".join(
        struct.pack(">i", perms) + buffer(scheme) + buffer(identity)
        for perms, scheme, identity in entries)


def strings(values):
    return struct.pack(">i", len(values)) + b"".join(buffer(value) for value in values)


def integer(value):
    return struct.pack(">i", value)


def create_flags(args):
    return args.get("flags", bool(args.get("ephemeral")) + 2 * bool(args.get("sequential")))


def create_body(args):
    return (buffer(args["path"]) + buffer(args.get("data")) + acl(args.get("acl", OPEN_ACL)) +
            integer(create_flags(args)))


def versioned(args):
    return buffer(args["path"]) + integer(args.get("version", -1))


def watched(args):
    return buffer(args["path"]) + bytes([bool(args.get("watch"))])


def set_watches(args):
    kinds = ["data", "exist", "child"] + ["persistent", "recursive"] * is_set_watches2(args)
    return struct.pack(">q", args["since"]) + b"".join(strings(args.get(kind, [])) for kind in kinds)


def is_set_watches2(args):
    return "persistent" in args or "recursive" in args


def multi_body(parts):
    return b"".join(struct.pack(">ibi", opcode(part), 0, -1) + body(part) for part in parts) + \
        struct.pack(">ibi", -1, 1, -1)


# verb -> (opcode, body of the arguments)
OPERATIONS = {
    "create": (lambda args: 15 if args.get("stat") else 1, create_body),
    "container": (19, create_body),
    "ttl": (21, lambda args: create_body(args) + struct.pack(">q", args.get("ttl", -1))),
    "delete": (2, versioned),
    "exists": (3, watched),
    "get": (4, watched),
    "set": (5, lambda args: buffer(args["path"]) + buffer(args.get("data")) +
            integer(args.get("version", -1))),
    "getacl": (6, lambda args: buffer(args["path"])),
    "setacl": (7, lambda args: buffer(args["path"]) + acl(args.get("acl", OPEN_ACL)) +
               integer(args.get("version", -1))),
    "children": (lambda args: 12 if args.get("stat") else 8, watched),
    "sync": (9, lambda args: buffer(args["path"])),
    "ping": (PING, lambda args: b""),
    "check": (13, versioned),
    "reconfig": (16, lambda args: buffer(args.get("joining")) + buffer(args.get("leaving")) +
                 buffer(args.get("members")) + struct.pack(">q", args.get("config", -1))),
    "checkwatches": (17, lambda args: buffer(args["path"]) + integer(args.get("type", 3))),
    "removewatches": (18, lambda args: buffer(args["path"]) + integer(args.get("type", 3))),
    "auth": (AUTH, lambda args: integer(0) + buffer(args["scheme"]) + buffer(args["auth"])),
    "setwatches": (lambda args: 105 if is_set_watches2(args) else 101, set_watches),
    "ephemerals": (103, lambda args: buffer(args["path"])),
    "count": (104, lambda args: buffer(args["path"])),
    "addwatch": (106, lambda args: buffer(args["path"]) +
                 integer(args.get("mode", int(bool(args.get("recursive")))))),
    "whoami": (107, lambda args: b""),
    "close": (CLOSE, lambda args: b""),
    "raw": (lambda args: args["opcode"], lambda args: args.get("data") or b""),
}
CREATES = ("create", "container", "ttl")


def opcode(command):
    if command.verb in ("multi", "multiread"):
        return MULTI if command.verb == "multi" else MULTI_READ
    code = OPERATIONS[command.verb][0]
    return code(command.args) if callable(code) else code


def body(command):
    if command.verb in ("multi", "multiread"):
        return multi_body(command.parts)
    return OPERATIONS[command.verb][1](command.args)


def default_xid(command, next_xid):
    special = {"auth": AUTH_XID, "setwatches": SET_WATCHES_XID, "ping": PING_XID}
    return command.args.get("xid", special.get(command.verb, next_xid))


def request(command, xid):
    """The whole frame."""
    return string(struct.pack(">ii", xid, opcode(command)) + body(command))


# How a raw request that was understood is answered.
VERBS = {1: ("create", {}), 15: ("create", {"stat": True}), 3: ("exists", {}), 4: ("get", {}), 5: ("set", {}),
         6: ("getacl", {}), 7: ("setacl", {}), 8: ("children", {}), 9: ("sync", {}),
         12: ("children", {"stat": True})}


def read_acl(reader):
    return [(reader.take("i"), reader.buffer(), reader.buffer()) for _ in range(reader.take("i"))]


def read_strings(reader):
    return [reader.buffer() for _ in range(reader.take("i"))]


def read_body(command, reader):
    """The fields of an Ok reply, in the order in which they are shown."""
    verb, args, fields = command.verb, command.args, {}
    if verb == "raw":
        verb, args = VERBS.get(args["opcode"], (verb, {}))
    if verb in CREATES or verb == "sync":
        fields["path"] = reader.buffer()
    if verb in ("get", "reconfig"):
        fields["data"] = reader.buffer()
    if verb == "getacl":
        fields["acl"] = read_acl(reader)
    if verb in ("children", "ephemerals"):
        fields["names"] = sorted(read_strings(reader))
    if verb == "count":
        fields["number"] = reader.take("i")
    if verb == "addwatch":
        fields["result"] = reader.take("i")
    if verb == "whoami":
        fields["ids"] = sorted((reader.buffer(), reader.buffer()) for _ in range(reader.take("i")))
    if verb in ("exists", "get", "set", "getacl", "setacl", "container", "ttl", "reconfig") or (
            verb in ("create", "children") and args.get("stat")):
        fields["stat"] = reader.stat()
    return fields


def read_parts(command, reader):
    """(kind, error, fields) of every part; the header's error is compared with the body's."""
    parts = []
    while True:
        kind, done, error = reader.take("ibi")
        if done:
            if (kind, done, error) != (-1, 1, -1):
                raise ValueError(f"expected -1, 1, -1 at the end of a multi, found {kind}, {done}, {error}")
            return parts
        fields = {}
        if kind == -1:
            repeated = reader.take("i")
            if repeated != error:
                fields["repeated"] = repeated
        elif len(parts) < len(command.parts):
            # A create2 may be answered as a create (servers before 3.8.3).
            part = command.parts[len(parts)]
            shown = dict(part.args, stat=kind == 15) if part.verb in CREATES else part.args
            verb = "create" if part.verb in CREATES else part.verb
            fields = read_body(Command("", verb, shown), reader)
        parts.append((kind, error, fields))


def read_reply(command, payload):
    """(zxid, error, fields, parts, bytes that nobody expected)."""
    reader = Reader(payload)
    _, zxid, error = reader.take("iqi")
    fields, parts = {}, []
    if error == 0:
        if command.verb in ("multi", "multiread"):
            parts = read_parts(command, reader)
        else:
            fields = read_body(command, reader)
    return zxid, error, fields, parts, payload[reader.at:]
