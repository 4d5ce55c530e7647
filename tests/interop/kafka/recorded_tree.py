"""Compares a tree with one that real brokers left on a real ZooKeeper (recorded/trees).

What Kafka itself does not decide the same way twice is left out: times, ids it draws, ports, where a
topic's placement starts (so which replica leads), and who got a block of producer ids. Everything else
must be equal: paths, data as JSON or text, null or empty, every counter of the Stat, ephemerals, ACLs,
and which of a node's three zxids are one.
"""

import json
import pathlib
import re

TREES = pathlib.Path(__file__).resolve().parents[1] / "recorded" / "trees"
DRAWN = {"timestamp", "topic_id", "id", "block_start", "block_end", "broker", "issueTimestamp",
         "maxTimestamp", "expiryTimestamp", "tokenId"}
PORT = re.compile(r":\d{5}$")
TOKEN = re.compile(r"(?<=/tokens/).+")


def plain_path(path):
    return TOKEN.sub("TOKEN", path)


def plain(value):
    """A JSON value without what differs from run to run."""
    if not isinstance(value, dict):
        return value
    found = {}
    for key, inner in value.items():
        if key in DRAWN:
            found[key] = "drawn"
        elif key in ("isr", "leader"):  # which of the replicas does not matter, how many does
            found[key] = len(inner) if isinstance(inner, list) else inner >= 0
        elif key == "partitions" and isinstance(inner, dict):
            found[key] = {name: sorted(replicas) for name, replicas in inner.items()}
        elif key == "endpoints":
            found[key] = [PORT.sub("", endpoint) for endpoint in inner]
        elif key == "port":
            found[key] = 0 if inner > 0 else inner
        elif key == "acls":  # a set
            found[key] = sorted(inner, key=lambda acl: sorted(acl.items()))
        elif key == "SCRAM-SHA-256":
            found[key] = len(inner)
        else:
            found[key] = plain(inner)
    return found


def plain_data(path, text):
    if "/token_changes/" in path:  # the token's id, drawn
        return len(text)
    if text is None or not text.startswith("{"):
        return text
    return plain(json.loads(text))


def comparable(path, text, ephemeral, version, cversion, aversion, length, children, zxids, acl):
    czxid, mzxid, pzxid = zxids
    return {"data": plain_data(path, text), "null": text is None, "ephemeral": ephemeral,
            "version": version, "cversion": cversion, "aversion": aversion, "dataLength": length,
            "numChildren": children, "acl": sorted(acl), "unchanged": mzxid == czxid,
            "childless": pzxid == czxid}


def recorded(name):
    found = {}
    for line in (TREES / f"{name}.jsonl").read_text().splitlines():
        node = json.loads(line)
        found[plain_path(node["path"])] = comparable(
            node["path"], node["data"], node["ephemeral"], node["version"], node["cversion"],
            node["aversion"], node["dataLength"], node["numChildren"],
            (node["czxid"], node["mzxid"], node["pzxid"]), node["acl"])
    return found


def observed(tree):
    found = {}
    for path, data, stat, acl in tree:
        text = None if data is None else data.decode()
        found[plain_path(path)] = comparable(
            path, text, stat.ephemeralOwner != 0, stat.version, stat.cversion, stat.aversion,
            stat.dataLength, stat.numChildren, (stat.czxid, stat.mzxid, stat.pzxid),
            [f"{entry.id.scheme}:{entry.id.id}:{entry.perms}" for entry in acl])
    return found


def differences(tree, name):
    """One line each; none if the trees are equal."""
    ours, theirs = observed(tree), recorded(name)
    lines = [f"{path}: only here" for path in sorted(ours.keys() - theirs.keys())]
    lines += [f"{path}: only recorded" for path in sorted(theirs.keys() - ours.keys())]
    for path in sorted(ours.keys() & theirs.keys()):
        for key, value in theirs[path].items():
            if ours[path][key] == value:
                continue
            # A block for each broker that a producer happened to ask first.
            if key in ("dataLength", "version") and path == "/latest_producer_id_block":
                continue
            lines.append(f"{path} {key}: {ours[path][key]!r}, recorded {value!r}")
    return lines
