"""What a client was told, with what differs from server to server renamed: fields to compare, lines to read.

A zxid is named by its distance from the first one that the script saw, a session by the connection that
opened it. Times have no names, but must make sense: one zxid has one time, and it is a time of today.
"""

import dataclasses
import time

from protocol import ERRORS
from raw import EVENTS
from words import acl_text, data_text, path_text

STAT = (("czxid", "czxid"), ("mzxid", "mzxid"), ("pzxid", "pzxid"), ("version", "version"),
        ("cversion", "cversion"), ("aversion", "aversion"), ("length", "dataLength"),
        ("children", "numChildren"))
ZXIDS = ("czxid", "mzxid", "pzxid")
TODAY_S = 24 * 3600


@dataclasses.dataclass
class Record:
    what: str  # the verb that was answered, or "event", "open", "end", "pong"
    fields: dict  # name -> text
    lines: list  # as a script shows it
    raw: dict = dataclasses.field(default_factory=dict)  # a reply's fields before they were renamed


class Names:
    def __init__(self):
        self.base = 0
        self.sessions = {0: None}
        self.times = {}  # by zxid

    def zxid(self, zxid):
        if zxid in (0, -1):
            return str(zxid)
        # Of what a server lived through before the script nothing follows.
        return f"z{zxid - self.base}" if zxid >= self.base else "before"

    def add_session(self, session, name):
        """By the connection that opened it; its second one is name#2."""
        before = sum(1 for other in self.sessions.values() if other and other.split("#")[0] == name)
        self.sessions.setdefault(session, f"{name}#{before + 1}" if before else name)

    def session(self, session):
        return self.sessions.get(session, "unknown")

    def times_make_sense(self, stat):
        for zxid, ms in ((stat["czxid"], stat["ctime"]), (stat["mzxid"], stat["mtime"])):
            if zxid >= self.base and self.times.setdefault(zxid, ms) != ms or (zxid == 0) != (ms == 0):
                return False
            if ms and abs(ms / 1000 - time.time()) > TODAY_S:
                return False
        return stat["mtime"] >= stat["ctime"]

    def stat(self, stat):
        fields = {}
        for name, source in STAT:
            value = stat[source]
            fields[name] = self.zxid(value) if name in ZXIDS else str(value)
        if stat["ephemeralOwner"]:
            fields["owner"] = self.session(stat["ephemeralOwner"])
        if not self.times_make_sense(stat):
            fields["times"] = "wrong"
        return fields


def body_fields(fields, names):
    """Of a reply's body: name -> text, in the order of the lines."""
    shown = {}
    for name, value in fields.items():
        if name == "path":
            shown[name] = path_text(value)
        elif name == "data":
            shown[name] = data_text(value)
        elif name == "acl":
            entries = sorted(value, key=lambda entry: acl_text([entry]))
            shown[name] = acl_text(entries)
            # The order in which `auth` is written out is nobody's promise; that of the others is.
            shown["acl order"] = acl_text([entry for entry in value if entry[1] != b"digest"])
        elif name == "names":
            shown[name] = "[" + " ".join(sorted(path_text(child) for child in value)) + "]"
        elif name == "ids":
            shown[name] = "[" + " ".join(f"{scheme.decode()}:{(user or b'').decode()}"
                                         for scheme, user in value) + "]"
        elif name == "stat":
            shown.update({f"stat.{key}": text for key, text in names.stat(value).items()})
        else:
            shown[name] = str(value)
    return shown


SILENT_FIELDS = ("acl order", "kind", "repeated")


def body_text(shown):
    words = []
    for name, text in shown.items():
        if name in SILENT_FIELDS:
            continue
        words.append(f"{name[5:]}={text}" if name.startswith("stat.") else text)
    return "".join(f" {word}" for word in words)


def error_name(error):
    return ERRORS.get(error, f"Unknown({error})")


def part_name(kind, error):
    # An operation that was undone is an error of code 0, another thing than one that holds.
    return "undone" if kind == -1 and error == 0 else error_name(error)


def reply_record(command, zxid, error, fields, parts, rest, echoed, names):
    shown = body_fields(fields, names)
    if rest:
        shown["more bytes"] = rest.hex()
    if not echoed:
        shown["xid"] = "xid=wrong"
    record = Record(command.verb, {"error": error_name(error), "zxid": names.zxid(zxid), **shown}, [])
    lines = [f"{error_name(error)} {names.zxid(zxid)}{body_text(shown)}"]
    for at, (kind, part_error, part_fields) in enumerate(parts):
        part_shown = body_fields(part_fields, names)
        lines.append(f"+ {part_name(kind, part_error)}{body_text(part_shown)}")
        record.fields.update({f"part{at}.{name}": text for name, text in
                              {"kind": str(kind), "error": part_name(kind, part_error),
                               **part_shown}.items()})
    record.raw = {**fields, "parts": parts}
    if command.verb == "auth":
        lines = [error_name(error)]
    if command.verb != "setwatches" or error or rest or not echoed:
        record.lines = lines
    return record


def event_record(zxid, error, kind, state, path, names):
    fields = {"type": EVENTS.get(kind, str(kind)), "path": path_text(path), "zxid": names.zxid(zxid),
              "state": str(state), "error": error_name(error)}
    return Record("event", fields, [f"event {fields['type']} {fields['path']}"], {"path": path})


def open_record(timeout_ms, is_own, response, version, names_it):
    """`is_own`: the session and password that were asked for, or new ones."""
    fields = {"timeout": str(timeout_ms), "session": names_it, "own": str(is_own),
              "bytes": str(len(response)), "protocol": str(version), "read only": response[36:].hex()}
    line = f"Ok timeout={timeout_ms}" if names_it != "none" else "SessionExpired"
    return Record("open", fields, [line])


def end_record():
    return Record("end", {}, ["end"])
