"""Counts what a run reached, and says which pairs of operation and error it must."""

import collections

# The pairs of zookeeper-protocol 2.2 and 2.10. Left out: SessionExpired, which needs a request in the moment
# in which its session ends, and QuotaExceeded, since enforced quotas are refused as configuration.
PAIRS = {
    "create": "Ok BadArguments Unimplemented InvalidACL NoNode NoAuth NodeExists NoChildrenForEphemerals",
    "delete": "Ok BadArguments NoNode NoAuth BadVersion NotEmpty",
    "set": "Ok BadArguments NoNode NoAuth BadVersion",
    "setacl": "Ok BadArguments InvalidACL NoNode NoAuth BadVersion",
    "exists": "Ok BadArguments NoNode NoAuth",
    "get": "Ok NoNode NoAuth",
    "children": "Ok NoNode NoAuth",
    "getacl": "Ok NoNode NoAuth",
    "multi": "Ok MarshallingError",
    "+create": "Ok undone RuntimeInconsistency BadArguments InvalidACL NoNode NoAuth NodeExists "
               "NoChildrenForEphemerals",
    "+delete": "Ok undone RuntimeInconsistency BadArguments NoNode NoAuth BadVersion NotEmpty",
    "+set": "Ok undone RuntimeInconsistency BadArguments NoNode NoAuth BadVersion",
    "+check": "Ok undone RuntimeInconsistency BadArguments NoNode NoAuth BadVersion",
    "sync": "Ok",
    "ping": "Ok",
    "setwatches": "Ok",
    "addwatch": "Ok",
    "checkwatches": "Ok NoWatcher MarshallingError",
    "removewatches": "Ok NoWatcher MarshallingError",
    "ephemerals": "Ok",
    "whoami": "Ok",
    "auth": "Ok AuthFailed",
    "raw": "Ok MarshallingError Unimplemented",
}
EVENTS_PER_REQUEST = 0.1  # 2,000 events of 20,000 requests
SMALL_RUN = 10000  # below this the rare pairs are chance


class Coverage:
    def __init__(self, version):
        self.version = version
        self.pairs = collections.Counter()
        self.requests = self.succeeded = self.events = 0
        self.opened = self.attached = self.refused = self.expired = self.ended = 0
        self.pipelines = collections.Counter()  # by depth
        self.depth = 0

    def sent(self, command):
        self.requests += 1
        self.depth += 1
        if command.waits:
            self.pipelines[self.depth] += 1
            self.depth = 0
        self.expired += command.verb == "expire"
        if command.verb in ("drop", "expire"):
            self.succeeded += 1

    def answered(self, commands, records):
        """`records`: what the step that `commands` made up led to."""
        multis = (command for command in commands if command.verb == "multi")
        for connection, record in records:
            self.events += record.what == "event"
            self.ended += record.what == "end"
            if connection:
                continue
            if record.what == "open":
                self.took_session(record, commands[-1])
            error = record.fields.get("error")
            if error is None or record.what == "event":
                continue
            self.pairs[record.what, error] += 1
            self.succeeded += error == "Ok" and not any(
                kind == -1 for kind, _, _ in record.raw.get("parts", ()))
            if record.what == "multi":
                self.count_parts(next(multis), record)

    def took_session(self, record, command):
        granted = record.fields["session"] != "none"
        self.refused += not granted
        self.opened += granted and command.verb == "open"
        self.attached += granted and command.verb == "attach"
        self.succeeded += granted

    def count_parts(self, command, record):
        for at, part in enumerate(command.parts):
            error = record.fields.get(f"part{at}.error")
            if error is not None:
                self.pairs[f"+{part.verb}", error] += 1

    def missing(self):
        return [f"{verb} {error}" for verb, errors in PAIRS.items() for error in errors.split()
                if not self.pairs[verb, error] and (verb != "addwatch" or self.version != "3.8")]

    def shortcomings(self):
        """What a run of this size had to reach and did not."""
        found = []
        if self.succeeded * 2 < self.requests:
            found.append(f"only {self.succeeded} of {self.requests} requests succeeded")
        if self.events < self.requests * EVENTS_PER_REQUEST:
            found.append(f"only {self.events} watch events")
        if not self.expired or not self.attached:
            found.append("no session expired, or none was taken up again")
        if max(self.pipelines, default=0) < 10:
            found.append("no pipeline was ten deep")
        if self.requests >= SMALL_RUN:
            found += [f"not reached: {pair}" for pair in self.missing()]
        return found

    def text(self):
        deep = sum(count for depth, count in self.pipelines.items() if depth > 1)
        lines = [
            f"{self.requests} requests, {100 * self.succeeded // max(self.requests, 1)} % succeeded; "
            f"{self.events} watch events; {deep} pipelines, up to {max(self.pipelines, default=0)} deep",
            f"sessions: {self.opened} opened, {self.attached} taken up again, {self.refused} refused, "
            f"{self.expired} expired; {self.ended} connections ended by the server"]
        for verb in sorted({verb for verb, _ in self.pairs}):
            counts = [f"{error} {count}" for (v, error), count in sorted(self.pairs.items()) if v == verb]
            lines.append(f"  {verb:<12} {', '.join(counts)}")
        return "\n".join(lines)
