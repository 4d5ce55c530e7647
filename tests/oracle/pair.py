"""ZooKeeper and rookeryd side by side: the same steps on both, compared one by one."""

import concurrent.futures
import dataclasses

from connection import Disturbed, NoAnswer
from differences import Finding
from grammar import Step, command_lines, parse_command, parse_script, script_text
from pauses import PauseWatch
from player import Player
from servers import addresses

TAKE_TIME = ("hold", "expire")  # long enough for the other server's sessions to expire


@dataclasses.dataclass
class Disagreement:
    steps: list  # Commands, the last one is what is answered otherwise
    findings: list

    def __str__(self):
        return "\n".join(str(finding) for finding in self.findings)


class Pair:
    """Players on both servers; `differences` are those that are listed."""

    def __init__(self, zookeeper, rookeryd, differences):
        self.servers = zookeeper, rookeryd
        self.players = Player(addresses(zookeeper)), Player(addresses(rookeryd))
        self.differences = differences
        self.lines = []  # of the requests that are not waited for yet

    def close(self):
        for player in self.players:
            player.close()

    def play(self, command):
        """(findings, ZooKeeper's records, rookeryd's records)."""
        for player in self.players:
            player.begin(command)
        self.lines += command_lines(command)
        if command.verb == "restart":
            self.restart()
        if not command.waits:
            return [], [], []
        request, self.lines = "\n".join(self.lines), []
        if command.verb in TAKE_TIME:
            with concurrent.futures.ThreadPoolExecutor() as threads:
                theirs, ours = threads.map(Player.finish, self.players)
        else:
            theirs, ours = (player.finish() for player in self.players)
        any_order = command.verb in ("close", "expire")
        return self.differences.compare(request, theirs, ours, any_order), theirs, ours

    def restart(self):
        for server, player in zip(self.servers, self.players):
            server.kill()
            player.server_restarts()
            server.start()
        for server in self.servers:
            server.wait_serving()


def run(commands, zookeeper, rookeryd, differences, heard=None):
    """The first disagreement, or None. `heard(theirs, ours)` after every step that waits. Disturbed: this
    machine paused, and then they disagreed."""
    with PauseWatch() as pauses:
        found = first_disagreement(commands, Pair(zookeeper, rookeryd, differences), heard)
        if found is not None and pauses.paused():
            raise Disturbed(f"this machine paused for {pauses.longest_s():.1f} s, and then: {found}")
    return found


def first_disagreement(commands, pair, heard):
    played = []
    try:
        for command in commands:
            played.append(command)
            try:
                findings, theirs, ours = pair.play(command)
            except NoAnswer as why:
                return Disagreement(played, [Finding("", "answer", "none", "", str(why))])
            if findings:
                return Disagreement(played, findings)
            if heard is not None and command.waits:
                heard(theirs, ours)
        return None
    finally:
        pair.close()


def answer_lines(records):
    """As a script shows them."""
    return [f"{name}> {line}" if name else line for name, record in records for line in record.lines]


def play_script(text, zookeeper, rookeryd, differences):
    """(findings with their lines, the script as rookeryd answers it). Disturbed: this machine paused."""
    steps, found = parse_script(text), []
    with PauseWatch() as pauses:
        pair = Pair(zookeeper, rookeryd, differences)
        try:
            for step in steps:
                if not step.request:
                    continue
                try:
                    findings, _, ours = pair.play(parse_command(step.request))
                except ValueError as why:
                    raise ValueError(f"line {step.line}: {why}") from why
                step.answers = answer_lines(ours)
                found += [(step.line, finding) for finding in findings]
        except NoAnswer as why:
            if not pauses.paused():
                raise
            found.append((step.line, why))
        finally:
            pair.close()
        if pauses.paused():
            raise Disturbed(f"this machine paused for {pauses.longest_s():.1f} s")
    return found, script_text(steps)


def as_script(commands, comments, zookeeper):
    """The text of a script with what this ZooKeeper answers."""
    player, steps = Player(addresses(zookeeper)), []
    try:
        for command in commands:
            steps.append(Step([], command_lines(command), []))
            player.begin(command)
            if command.waits:
                steps[-1].answers = answer_lines(player.finish())
    except (NoAnswer, ValueError) as why:
        comments = [*comments, str(why)]
    finally:
        player.close()
    return script_text([Step([f"# {line}" for line in comments] + [""], [], []), *steps])
