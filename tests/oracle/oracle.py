#!/usr/bin/python3
"""oracle: asks a real ZooKeeper and rookeryd the same, and compares every answer.

Exit status 0: everything was answered alike, apart from what differences.toml lists. A disagreement is made
small and printed as a script, which lies in build/oracle and can be played again with --play.
"""

import argparse
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "lib")]
from cleaner import clean  # noqa: E402
from connection import Disturbed  # noqa: E402
from coverage import Coverage  # noqa: E402
from differences import Differences  # noqa: E402
from ensemble import ROOT  # noqa: E402
from generator import Generator  # noqa: E402
from pair import as_script, play_script, run  # noqa: E402
from servers import end, required, start_rookeryd, start_zookeeper  # noqa: E402
from shrink import Shrinker  # noqa: E402

NEEDS = {"3.8": "tools/dev/setup test installs it", "3.9": "mvn fetches it from Maven Central"}
FOUND = ROOT / "build" / "oracle"
EPISODE_REQUESTS = 250
EXPIRY_EVERY = 3  # episodes
FINDINGS_MAX = 5
DISTURBED_MAX = 20


class Campaign:
    """Generated episodes against one version of ZooKeeper."""

    def __init__(self, version, zookeeper, rookeryd, differences):
        self.version, self.servers, self.differences = version, (zookeeper, rookeryd), differences
        self.coverage = Coverage(version)
        self.disturbed = 0
        self.scripts = []

    def run(self, seed, requests):
        began, episode = time.monotonic(), 0
        while self.coverage.requests < requests and len(self.scripts) < FINDINGS_MAX:
            self.play(seed, episode, min(EPISODE_REQUESTS, requests - self.coverage.requests))
            episode += 1
        self.seconds = time.monotonic() - began

    def play(self, seed, episode, requests):
        while True:
            generator = Generator(f"{seed}:{episode}", self.version, requests,
                                  episode % EXPIRY_EVERY == 0)
            try:
                clean(self.servers)
                found = run(self.counted(generator), *self.servers, self.differences,
                            lambda theirs, ours: self.heard(generator, theirs, ours))  # noqa: B023
                break
            except Disturbed as why:
                self.disturbed += 1
                print(f"episode {episode} is played again: {why}")
                if self.disturbed > DISTURBED_MAX:
                    raise
        if found is not None:
            self.report(found, seed, episode)

    def counted(self, generator):
        for command in generator.commands():
            self.coverage.sent(command)
            yield command

    def heard(self, generator, theirs, ours):
        self.coverage.answered(list(generator.waiting), ours)
        generator.learn(theirs)

    def report(self, found, seed, episode):
        print(f"ZooKeeper {self.version}, seed {seed}, episode {episode}: "
              f"after {len(found.steps)} steps\n{found}", flush=True)
        shrinker = Shrinker(*self.servers, lambda: Differences(self.version), found)
        small = shrinker.shrink()
        clean(self.servers)
        comments = [f"ZooKeeper {self.version}, seed {seed}, episode {episode}; "
                    f"made small in {shrinker.tries} tries", *str(small).splitlines()]
        text = as_script(small.steps, comments, self.servers[0])
        FOUND.mkdir(parents=True, exist_ok=True)
        path = FOUND / f"found-{self.version}-{seed}-{episode}.script"
        path.write_text(text)
        self.scripts.append(path)
        print(f"{text}again: tools/oracle --play {path.relative_to(ROOT)} --zookeeper {self.version}",
              flush=True)


def generate(options, version, zookeeper, rookeryd):
    differences = Differences(version)
    campaign = Campaign(version, zookeeper, rookeryd, differences)
    campaign.run(options.seed, options.requests)
    print(f"ZooKeeper {version}, seed {options.seed}, {campaign.seconds:.0f} s: {campaign.coverage.text()}")
    print("listed differences met: " +
          (", ".join(f"{row.name} {row.used}" for row in differences.rows if row.used) or "none"))
    shortcomings = [] if campaign.scripts else campaign.coverage.shortcomings()
    for shortcoming in shortcomings:
        print(f"too little was tried: {shortcoming}")
    if campaign.disturbed:
        print(f"{campaign.disturbed} episodes were played again, since this machine paused")
    print(f"disagreements: {len(campaign.scripts)}", flush=True)
    return not campaign.scripts and not shortcomings


def play(options, version, zookeeper, rookeryd):
    text = pathlib.Path(options.play).read_text()
    found, got = play_script(text, zookeeper, rookeryd, Differences(version))
    print(got if options.text else f"{options.play}, ZooKeeper {version}: {len(found)} disagreements")
    for line, finding in found:
        print(f"line {line}: {finding}")
    return not found


def main():
    parser = argparse.ArgumentParser(prog="oracle", description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20000, help="to generate, per ZooKeeper (20000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--zookeeper", choices=("3.8", "3.9", "all"), default="all")
    parser.add_argument("--servers", type=int, default=1, help="of rookeryd (1); connections go round")
    parser.add_argument("--play", metavar="SCRIPT", help="plays a script instead")
    parser.add_argument("--text", action="store_true", help="with --play: prints it as rookeryd answers")
    options = parser.parse_args()
    agreed, compared = True, 0
    for version in ("3.8", "3.9") if options.zookeeper == "all" else (options.zookeeper,):
        zookeeper = start_zookeeper(version)
        if zookeeper is None:
            print(f"skipped: ZooKeeper {version} is not here ({NEEDS[version]})")
            agreed = agreed and not required("zookeeper" if version == "3.8" else "zookeeper-3.9")
            continue
        compared += 1
        rookeryd = start_rookeryd(options.servers)
        kept = True
        try:
            rookeryd.wait_serving()
            zookeeper.wait_serving()
            act = play if options.play else generate
            good = act(options, version, zookeeper, rookeryd)
            agreed, kept = agreed and good, not good
        finally:
            end(zookeeper)
            end(rookeryd, keep=kept)
    return 77 if not compared else 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
