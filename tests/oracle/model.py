"""What the generator knows of the tree and of the connections, learned from ZooKeeper's answers.

It need not be right, and is not within a pipeline: it only makes sense likely.
"""

import dataclasses

from protocol import CREATES, create_flags
from values import OPEN, RESERVED, parent

CHILDREN, DATA, PERSISTENT, RECURSIVE = 1, 2, 4, 5  # types of watches, as in removeWatches
WATCHING = {"get": DATA, "exists": DATA, "children": CHILDREN}
RESTORED = {"data": DATA, "exist": DATA, "child": CHILDREN, "persistent": PERSISTENT, "recursive": RECURSIVE}
CONSUMES = {"NodeChildrenChanged": (CHILDREN,), "NodeDeleted": (CHILDREN, DATA)}


@dataclasses.dataclass
class Node:
    version: int = 0
    aversion: int = 0
    owner: str = ""  # the session, by the connection that opened it
    readable: bool = True  # by everybody
    names: set = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Link:
    session: str
    is_open: bool = True
    lives: bool = True  # the session
    watches: set = dataclasses.field(default_factory=set)  # (path, type)


class Model:
    def __init__(self):
        self.nodes = {path: Node() for path in RESERVED}
        self.nodes[b"/"].names = {b"zookeeper"}
        self.nodes[b"/zookeeper"].names = {b"quota", b"config"}
        self.links = {}
        self.zxid = 0  # the newest, by its distance from the first

    def paths(self):
        return sorted(self.nodes)

    def open_links(self):
        return sorted(name for name, link in self.links.items() if link.is_open)

    def learn(self, commands, records):
        """`records`: what the step that ended with `commands` led to."""
        own = [record for name, record in records if not name]
        for name, record in records:
            if record.what == "event":
                watches = self.links[name or commands[-1].connection].watches
                for kind in CONSUMES.get(record.fields["type"], (DATA,)):
                    watches.discard((record.raw["path"], kind))
        answers = iter([r for r in own if r.what not in ("event", "end", "pong", "expiry")])
        for command in commands:
            if command.verb in ("drop", "expire"):
                self.lose(command)
                continue
            answer = next(answers, None)
            if answer is not None:
                self.learn_answer(command, answer)
        for name, record in records:
            if record.what == "end":
                self.links[name or commands[-1].connection].is_open = False
            if record.what == "pong" and record.fields["zxid"].startswith("z"):
                self.zxid = int(record.fields["zxid"][1:])

    def lose(self, command):
        link = self.links[command.connection]
        link.is_open = False
        link.watches.clear()
        if command.verb == "expire":
            self.end_session(link.session)

    def end_session(self, session):
        for link in self.links.values():
            if link.session == session:
                link.lives = link.is_open = False
        for path in [p for p, node in self.nodes.items() if node.owner == session]:
            self.remove(path)

    def learn_answer(self, command, answer):
        if answer.what == "open":
            session = answer.fields["session"]
            self.links[command.connection] = Link(session, session != "none", session != "none")
        elif command.verb == "exists" and answer.fields.get("error") == "NoNode":
            self.watch(command)
        elif answer.fields.get("error") != "Ok":
            return
        elif command.verb == "close":
            self.end_session(self.links[command.connection].session)
        elif command.verb == "multi":
            parts = answer.raw["parts"]
            if all(kind != -1 for kind, _, _ in parts):
                for part, (_, _, fields) in zip(command.parts, parts):
                    self.change(command.connection, part, fields)
        else:
            self.watch(command)
            self.change(command.connection, command, answer.raw)

    def watch(self, command):
        """What a read that succeeded leaves or takes."""
        verb, args = command.verb, command.args
        watches = self.links[command.connection].watches
        if args.get("watch"):
            watches.add((args["path"], WATCHING[verb]))
        elif verb == "addwatch":
            watches.add((args["path"], RECURSIVE if args.get("recursive") else PERSISTENT))
        elif verb == "setwatches":
            watches.update((path, kind) for name, kind in RESTORED.items() for path in args.get(name, ()))
        elif verb == "removewatches":
            kind = args.get("type", 3)
            watches -= {watch for watch in watches if watch[0] == args["path"] and kind in (watch[1], 3)}

    def change(self, connection, command, fields):
        verb, args = command.verb, command.args
        if verb in CREATES:
            ephemeral = create_flags(args) in (1, 3)
            path = fields["path"]
            self.nodes[path] = Node(
                owner=self.links[connection].session if ephemeral else "",
                readable=args.get("acl", OPEN) == OPEN)
            if parent(path) in self.nodes:
                self.nodes[parent(path)].names.add(path[path.rfind(b"/") + 1 :])
        elif verb == "delete":
            self.remove(args["path"])
        elif verb in ("set", "setacl") and args["path"] in self.nodes:
            node = self.nodes[args["path"]]
            if verb == "setacl":
                node.readable = args.get("acl", OPEN) == OPEN
            if "stat" in fields:
                node.version, node.aversion = fields["stat"]["version"], fields["stat"]["aversion"]

    def remove(self, path):
        if path in self.nodes and path not in RESERVED:
            del self.nodes[path]
            if parent(path) in self.nodes:
                self.nodes[parent(path)].names.discard(path[path.rfind(b"/") + 1 :])

    def leaves(self):
        return sorted(p for p, node in self.nodes.items() if not node.names and p not in RESERVED)
