"""What every server has in the end, as lines of the history, and what that says of each acknowledged write."""

import json

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError

from kazoo_clients import ROOT, fields


def read_tree(client, path, nodes):
    try:
        data, stat = client.get(path)
    except NoNodeError:
        return
    nodes[path] = {"data": data.decode(), "stat": fields(stat)}
    for child in client.get_children(path):
        read_tree(client, f"{path}/{child}", nodes)


def final_states(cluster):
    """One line per server, each told by that server alone."""
    lines = []
    for n in cluster.numbers:
        client = KazooClient(cluster.server(n), timeout=10)
        client.start(timeout=30)
        client.sync(ROOT)
        nodes = {}
        read_tree(client, ROOT, nodes)
        client.stop()
        client.close()
        zxid, _ = cluster.word(n, "hash").split(":")
        lines.append({"kind": "final", "server": n, "zxid": int(zxid, 16), "nodes": nodes})
    return lines


def lost_and_doubled(lines):
    """Of the nodes that one client alone writes (own-N): the version counts its writes, so that a write that
    was acknowledged and is gone, and one that was done twice, show; one text per violation."""
    wrong = []
    states = [line for line in lines if line["kind"] == "final"]
    calls = {}
    for line in lines:
        if line["kind"] == "call" and line["op"] == "setData" and "/own-" in line["path"]:
            calls.setdefault(line["path"], []).append(line)
    for path, writes in calls.items():
        writes.sort(key=lambda line: line["invoked"])
        version, unsure = 0, 0
        for write in writes:
            if write.get("returned", 0) == 0 or write.get("maybe_applied"):
                unsure += 1
            elif write["error"] == "Ok":
                told = write["reply"]["stat"]["version"]
                if not version + 1 <= told <= version + 1 + unsure:
                    wrong.append(f"{path}: write {write['data']} made version {told}, expected "
                                 f"{version + 1} to {version + 1 + unsure}")
                version, unsure = told, 0
        for state in states:
            found = state["nodes"].get(path, {}).get("stat", {}).get("version", -1)
            if not version <= found <= version + unsure:
                wrong.append(f"{path} at server {state['server']}: version {found}, expected {version} to "
                             f"{version + unsure}: acknowledged writes are lost or doubled")
    for state in states[1:]:
        if state["nodes"] != states[0]["nodes"]:
            differing = {path for path in {*state["nodes"], *states[0]["nodes"]}
                         if state["nodes"].get(path) != states[0]["nodes"].get(path)}
            wrong.append(f"servers {states[0]['server']} and {state['server']} differ in {sorted(differing)[:5]}")
    return wrong


def read_lines(*paths):
    return [json.loads(line) for path in paths for line in open(path)]
