"""Single requests, written from what is known of the tree: mostly sensible, some at an edge."""

import pathlib
import random
import re
import struct

from model import Model
from protocol import Command, body, opcode
from values import (ACLS, BAD_ACLS, BAD_NAMES, BAD_PATHS, DATA, FLAGS, NAMES, ODD_NAMES, OPEN, RESERVED,
                    VERSIONS, XIDS, join)

OPERATIONS = pathlib.Path(__file__).resolve().parents[2] / "coordinator" / "model" / "operations.h"
PIPELINE_MAX = 10
NODES_MAX = 60
READABLE_FLAGS_MAX = 4  # of a create in a multi
# verb -> weight; of those that are not built yet only what operations.h says is built takes part.
VERBS = {"create": 24, "delete": 9, "set": 14, "setacl": 5, "get": 13, "exists": 9, "children": 10,
         "getacl": 3, "sync": 3, "multi": 12, "setwatches": 2, "ping": 1}
LATER_VERBS = {"AddWatch": ("addwatch", 4), "RemoveWatches": ("removewatches", 3),
               "CheckWatches": ("checkwatches", 2), "GetEphemerals": ("ephemerals", 2),
               "GetAllChildrenNumber": ("count", 2), "MultiRead": ("multiread", 3),
               "WhoAmI": ("whoami", 1), "CreateContainer": ("container", 2), "CreateTtl": ("ttl", 1)}
PARTS = {"create": 6, "set": 5, "delete": 3, "check": 4}


def built_operations():
    return set(re.findall(r"ROW\((\w+),\s*-?\d+,\s*\w+,\s*true\)", OPERATIONS.read_text()))


def leaves_chance(command):
    """Until ZooKeeper has applied a setACL, it judges by the old list; and of a multi that it could not
    read to its end, it counts children that the parts before were to create."""
    return command.verb == "setacl" or any(
        not 0 <= part.args.get("flags", 0) <= READABLE_FLAGS_MAX for part in command.parts)


class Requests:
    """`version` of the ZooKeeper beside; `built`: names in operations.h."""

    def __init__(self, seed, version, built):
        self.random = random.Random(seed)
        self.version, self.built = version, built
        self.model = Model()
        # Before 3.9 a one-shot watch takes the place of one that stays on the same path.
        self.stay = version != "3.8"
        self.verbs = dict(VERBS, **dict(verb for name, verb in LATER_VERBS.items()
                                        if name in built and (self.stay or name != "AddWatch")))

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pipeline(self, name):
        commands = [self.operation(name) for _ in range(self.random.randint(2, PIPELINE_MAX))]
        if self.chance(30):
            commands[self.random.randrange(len(commands))] = Command(name, "sync", {"path": self.some_path()})
        # What ZooKeeper answers to a write behind these is chance, so they come last.
        commands.sort(key=leaves_chance)
        for at in range(len(commands) - 1):
            if leaves_chance(commands[at]):
                commands[at] = Command(name, "ping", {})
        # What a list of this pipeline hides is not known yet (see may_watch()).
        if any("acl" in part.args for command in commands for part in (command, *command.parts)):
            for command in commands:
                if command.verb == "exists":
                    command.args.pop("watch", None)
        for command in commands[:-1]:
            command.waits = False
        return commands

    def operation(self, name):
        verb = self.random.choices(list(self.verbs), list(self.verbs.values()))[0]
        command = Command(name, verb, {})
        if verb == "multi":
            command.parts = self.parts()
        elif verb == "multiread":
            command.parts = [self.arguments(Command("", self.random.choice(["get", "children"]), {}))
                             for _ in range(self.random.randint(0, 4))]
            for part in command.parts:
                part.args.pop("stat", None)
        elif verb == "setwatches":
            command = self.set_watches(name)
        else:
            self.arguments(command)
        if self.chance(1) and verb != "ping":
            command.args["xid"] = self.random.choice(XIDS)
        return command

    def parts(self):
        parts = []
        for _ in range(self.random.choice([0, 1, 1, 2, 2, 2, 3, 3, 4, 6])):
            verb = self.random.choices(list(PARTS), list(PARTS.values()))[0]
            part = self.arguments(Command("", verb, {}), plain=True)
            acl = part.args.get("acl", OPEN)
            if acl is None or any(None in entry for entry in acl):  # see difference null-acl-in-multi
                part.args["acl"] = []
            parts.append(part)
            # Kafka writes what it has just made.
            if verb == "create" and not part.args.get("sequential") and self.chance(25):
                parts.append(Command("", "set", {"path": part.args["path"], "data": b"made", "version": 0}))
        return parts

    def arguments(self, command, plain=False):
        """`plain`: less at the edge, since one mistake spoils the whole."""
        verb, args = command.verb, command.args
        if verb in ("create", "container", "ttl"):
            return self.creation(command, plain)
        if verb in ("whoami", "ping"):
            return command
        known = self.chance(97 if plain else 88)
        args["path"] = self.known_path(verb) if known else self.some_path()
        node = self.model.nodes.get(args["path"])
        if verb == "set" and self.chance(90):
            args["data"] = self.random.choice(DATA)
        if verb == "setacl":
            args["acl"] = self.some_acl(8)
        if verb in ("set", "delete", "check", "setacl"):
            args["version"] = self.some_version(node, verb, 5 if plain else 15)
        if verb in ("get", "exists", "children"):
            if self.chance(60) and self.may_watch(verb, node):
                args["watch"] = True
            if verb == "children" and self.chance(50):
                args["stat"] = True
        if verb in ("removewatches", "checkwatches"):  # 3.8 tells no kinds apart
            args["type"] = self.random.choice([3, 0, 9] if self.version == "3.8" else [1, 2, 3, 3, 4, 5, 0, 9])
            watches = sorted(self.model.links[command.connection].watches)
            if watches and self.chance(70):
                args["path"], kind = self.random.choice(watches)
                if self.stay and self.chance(70):
                    args["type"] = kind
        if verb == "addwatch" and self.chance(50):
            args["recursive"] = True
        return command

    def may_watch(self, verb, node):
        # ZooKeeper before 3.8.4 lets exists watch what may not be read.
        return self.version != "3.8" or verb != "exists" or node is None or node.readable

    def creation(self, command, plain):
        args, at = command.args, self.random.random() * 100
        parents = [p for p, node in sorted(self.model.nodes.items())
                   if not node.owner and node.readable and p.count(b"/") < 5 and p not in RESERVED[1:]]
        under = self.random.choice(parents + [b"/"])
        name = self.random.choice(NAMES)
        if len(self.model.nodes) > NODES_MAX:
            at += 60
        if plain:
            at *= 0.9
        if at < 78:
            free = [n for n in NAMES if n not in self.model.nodes[under].names]
            args["path"] = join(under, self.random.choice(free or NAMES))
        elif at < 83:
            args["path"] = join(under, self.random.choice(ODD_NAMES))
        elif at < 88:
            args["path"] = join(self.random.choice(self.model.paths()), name)
        else:
            args["path"] = self.some_path()
        args["data"] = self.random.choice(DATA)
        if self.chance(25):
            args["sequential"] = True
        if self.chance(20):
            args["ephemeral"] = True
        if self.chance(12):
            args["acl"] = self.some_acl(25)
        if self.chance(25) and command.verb == "create":
            args["stat"] = True
        if command.verb in ("ttl", "container"):
            # A TTL with flags that have none ends ZooKeeper 3.9.4 itself.
            args.update(flags=4 if command.verb == "container" else self.random.choice([5, 6]))
            if command.verb == "ttl":
                args["ttl"] = self.random.choice([1000, 1, 0, -1, 2**40 - 1, 2**40])
        elif self.chance(1.5):
            args["flags"] = self.random.choice(FLAGS)
        return command

    def some_acl(self, bad_percent):
        if self.chance(bad_percent):
            return self.random.choice(BAD_ACLS)
        return OPEN if self.chance(35) else self.random.choice(ACLS)

    def some_version(self, node, verb, wrong_percent):
        if self.chance(45) or node is None:
            return -1
        if self.chance(wrong_percent):
            return self.random.choice(VERSIONS)
        return node.aversion if verb == "setacl" else node.version

    def known_path(self, verb):
        if verb == "delete" and self.chance(75):
            return self.random.choice(self.model.leaves() or [b"/a"])
        return self.random.choice(self.model.paths())

    def some_path(self):
        kind = self.random.random() * 100
        if kind < 30:
            return join(self.random.choice(self.model.paths()), self.random.choice(NAMES))
        if kind < 45:
            return join(join(b"/", self.random.choice(NAMES)), self.random.choice(NAMES) + b"/none")
        if kind < 60:
            return self.random.choice(BAD_PATHS)
        if kind < 75:
            return join(self.random.choice(self.model.paths()), self.random.choice(BAD_NAMES))
        if kind < 85:
            return self.random.choice(RESERVED)
        return self.random.choice(self.model.paths())

    def set_watches(self, name):
        def some():
            return sorted({path for path in (self.watched_path() for _ in range(self.random.randint(0, 3)))})

        args = {"since": self.random.randint(0, self.model.zxid)}
        kinds = ["data", "exist", "child"]
        if self.stay and self.chance(50):
            kinds += ["persistent", "recursive"]
        args.update({kind: paths for kind in kinds if (paths := some())})
        return Command(name, "setwatches", args)

    def watched_path(self):
        """One that a list of a script can hold."""
        path = join(b"/", self.random.choice(NAMES))
        if self.chance(75):
            path = self.random.choice(self.model.paths())
        return path if re.fullmatch(rb"[/\-.0-9A-Za-z]+", path) else b"/a"

    # Frames that are no requests.

    def odd_frame(self, name):
        verbs = ["get", "create", "set", "delete", "children", "setacl", "getacl"]
        if self.version != "3.8":  # see difference exists-asks-for-read
            verbs.append("exists")
        verb = self.random.choice(verbs)
        whole = self.arguments(Command(name, verb, {}))
        if any(None in entry for entry in whole.args.get("acl") or ()):  # see difference null-id-in-acl
            whole.args["acl"] = OPEN
        kind = self.random.randrange(5)
        # See difference truncated-write-takes-no-zxid.
        if kind == 0 and self.version == "3.9" and verb in ("create", "set", "delete", "setacl"):
            kind = 1
        if kind == 0:
            data = body(whole)[: -self.random.randint(1, 5)]
        elif kind == 1:
            data = body(whole) + b"more"
        elif kind == 2:
            whole.args["path"] = None
            data = body(whole)
        elif kind == 3:
            parts = struct.pack(">ibi", self.random.choice([3, 4, 9, 12, 99, -1]), 0, -1)
            return Command(name, "raw", {"opcode": 14, "data": parts + b"\0\0\0\x02/a\0"})
        else:
            return Command(name, "raw", {"opcode": self.random.choice([0, 10, 23, 99, 108, 999, -5]),
                                         "data": b"\0\0\0\x02/a\0"})
        return Command(name, "raw", {"opcode": opcode(whole), "data": data})
