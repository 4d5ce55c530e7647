"""Writes requests as it goes: seeded, on several sessions at once, with pipelines, reconnects and expiries."""

from protocol import Command
from asking import Requests, built_operations
from values import LOGINS, join

CONNECTIONS = ("c1", "c2", "c3", "c4")
TIMEOUT_MS = 30000
EXPIRY_TIMEOUT_MS = 1000


class Generator(Requests):
    """One episode: `requests` of them, on a clean tree."""

    def __init__(self, seed, version, requests, with_expiry, built=None):
        super().__init__(seed, version, built_operations() if built is None else built)
        self.requests, self.with_expiry = requests, with_expiry
        self.waiting = []  # commands of the present step

    def learn(self, records):
        self.model.learn(self.waiting, records)
        self.waiting = []

    def commands(self):
        """After one that waits, learn() is called before the next is taken."""
        for command in self.episode():
            self.waiting.append(command)
            yield command

    def episode(self):
        for name in CONNECTIONS:
            yield Command(name, "open", {"timeout": TIMEOUT_MS})
        yield Command("c3", "auth", {"scheme": b"digest", "auth": LOGINS[0]})
        yield Command("c4", "auth", {"scheme": b"digest", "auth": LOGINS[1]})
        count = 0
        expiry_at = self.random.randrange(self.requests) if self.with_expiry else -1
        while count < self.requests:
            due = expiry_at >= 0 and count >= expiry_at
            if due:
                expiry_at = -1
            for command in self.expiry() if due else self.some_step():
                count += 1
                yield command

    def some_step(self):
        links = self.model.links
        gone = [name for name in CONNECTIONS if not links[name].is_open]
        if gone and (len(gone) > 2 or self.chance(30)):
            return self.come_back(self.random.choice(gone))
        name = self.random.choice(self.model.open_links())
        kind = self.random.random() * 100
        if kind < 70:
            return [self.operation(name)]
        if kind < 86:
            return self.pipeline(name)
        if kind < 92:
            return [self.odd_frame(name)]
        if kind < 95:
            return self.leave(name)
        if kind < 97:
            return [self.login(name)]
        return [self.operation(name)]

    # Sessions.

    def come_back(self, name):
        link = self.model.links[name]
        if link.session == "none" or self.chance(20):
            return [Command(name, "open", {"timeout": TIMEOUT_MS, "old": self.chance(20)})]
        args = {"from": name, "timeout": TIMEOUT_MS}
        # See differences wrong-password-ends-nobody and later-client-ends-the-owner.
        has_owner = any(other.is_open and other.session == link.session
                        for other in self.model.links.values())
        if self.chance(20):
            args["seen"] = self.model.zxid
        elif self.chance(10) and not has_owner:
            args["password"] = "wrong"
        elif self.chance(10) and not has_owner:
            args["seen"] = "later"
        return self.attached(name, args)

    def attached(self, name, args):
        yield Command(name, "attach", args)
        if self.model.links[name].is_open and self.chance(70):
            yield self.set_watches(name)

    def leave(self, name):
        others = [other for other in self.model.open_links() if other != name]
        if not others:
            return [self.operation(name)]
        if self.chance(45):
            return [Command(name, "drop", {})]
        if self.chance(30):
            return [Command(name, "close", {})]
        # Another connection takes the session over: first it has to be free.
        other = self.random.choice(others)
        return [Command(other, "drop", {}),
                Command(other, "attach", {"from": name, "timeout": TIMEOUT_MS})]

    def expiry(self):
        """A session that nobody hears any more, its connection open or not."""
        name = self.random.choice(self.model.open_links())
        yield Command(name, "create", {"path": join(b"/", b"brief"), "ephemeral": True})
        if len(self.model.open_links()) < 2:
            return
        yield Command(name, "drop", {})
        yield Command(name, "attach", {"from": name, "timeout": EXPIRY_TIMEOUT_MS})
        if self.chance(50):
            yield Command(name, "drop", {})
        yield Command(name, "expire", {})
        yield Command(name, "attach", {"from": name, "timeout": TIMEOUT_MS})

    def login(self, name):
        if self.chance(12):
            return Command(name, "auth", {"scheme": self.random.choice([b"foo", b"world", b"super", b"auth"]),
                                          "auth": b"x"})
        return Command(name, "auth", {"scheme": self.random.choice([b"digest"] * 8 + [b"ip"]),
                                      "auth": self.random.choice(LOGINS)})
