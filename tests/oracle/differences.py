"""Compares what two servers told, apart from the differences that we chose (differences.toml)."""

import dataclasses
import fnmatch
import itertools
import pathlib
import re
import tomllib

FILE = pathlib.Path(__file__).with_name("differences.toml")
ANY = ".*"


@dataclasses.dataclass
class Finding:
    """`field` of what `connection` was told differs; "presence": only one of them told it."""

    connection: str
    what: str
    field: str
    zookeeper: str
    rookery: str

    def __str__(self):
        whom = f"{self.connection}> " if self.connection else ""
        return f"{whom}{self.what} {self.field}: ZooKeeper {self.zookeeper!r}, rookeryd {self.rookery!r}"


@dataclasses.dataclass
class Difference:
    """One that we chose. Texts are regular expressions for all of a value, `field` and `operation`
    patterns of a shell; `request` is searched for in the request's lines."""

    name: str
    operation: str
    field: str
    reason: str
    zookeeper: str = ANY
    rookery: str = ANY
    request: str = ""
    versions: tuple = ("3.8", "3.9")
    used: int = 0

    def covers(self, version, request, finding):
        return (version in self.versions and
                any(fnmatch.fnmatchcase(finding.what, one) for one in self.operation.split("|")) and
                fnmatch.fnmatchcase(finding.field, self.field) and
                re.fullmatch(self.zookeeper, finding.zookeeper, re.S) is not None and
                re.fullmatch(self.rookery, finding.rookery, re.S) is not None and
                re.search(self.request, request) is not None)


def sort_events(records):
    whose = {}
    for name, record in sorted((row for row in records if row[1].what == "event"),
                               key=lambda row: (row[0], row[1].lines)):
        whose.setdefault(name, []).append(record)
    return [(name, whose[name].pop(0) if record.what == "event" else record) for name, record in records]


class Differences:
    def __init__(self, version, rows=None):
        self.version = version
        rows = tomllib.loads(FILE.read_text())["difference"] if rows is None else rows
        self.rows = [Difference(**row) for row in rows]

    def listed(self, request, finding):
        for row in self.rows:
            if row.covers(self.version, request, finding):
                row.used += 1
                return row
        return None

    def unused(self):
        return [row.name for row in self.rows if self.version in row.versions and not row.used]

    def compare(self, request, theirs, ours, any_order=False):
        """The findings that are not listed. `request`: its lines; the others are lists of (connection,
        Record) of one step. `any_order`: of events; a session's nodes end in none."""
        findings = []
        if any_order:
            theirs, ours = sort_events(theirs), sort_events(ours)
        for name in sorted({name for name, _ in theirs} | {name for name, _ in ours}):
            findings += self.compare_connection(
                request, name, [r for n, r in theirs if n == name], [r for n, r in ours if n == name])
        return findings

    def compare_connection(self, request, name, theirs, ours):
        findings, theirs, ours = [], list(theirs), list(ours)
        while theirs or ours:
            if theirs and ours and theirs[0].what == ours[0].what:
                findings += self.compare_record(request, name, theirs.pop(0), ours.pop(0))
                continue
            # Told by one side only; the longer side has something too much.
            extra_is_theirs = len(theirs) > len(ours) or (theirs and not ours)
            extra = (theirs if extra_is_theirs else ours).pop(0)
            text = " / ".join(extra.lines) or extra.what
            finding = Finding(name, extra.what, "presence", text if extra_is_theirs else "",
                              "" if extra_is_theirs else text)
            if self.listed(request, finding) is None:
                findings.append(finding)
        return findings

    def compare_record(self, request, name, theirs, ours):
        findings = []
        for field in itertools.chain(theirs.fields, (f for f in ours.fields if f not in theirs.fields)):
            values = theirs.fields.get(field, ""), ours.fields.get(field, "")
            if values[0] == values[1]:
                continue
            finding = Finding(name, theirs.what, field, *values)
            row = self.listed(request, finding)
            if row is None:
                findings.append(finding)
            if field == "error":  # what stands behind it is another answer
                break
        return findings
