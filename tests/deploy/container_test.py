#!/usr/bin/python3
"""container_test.py BIN: what deploy/ says of containers, as far as no container has to run: the compose file
and the image's recipe fit each other and the program, and the scripts of the image do what they say."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

BIN = pathlib.Path(sys.argv.pop(1))
os.environ["ROOKERY_BIN"] = str(BIN)
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import Ensemble, free_ports, wait_for  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONFIG = dict(line.split("=", 1) for line in (DEPLOY / "container/zoo.cfg").read_text().splitlines()
              if line and not line.startswith("#"))
RECIPE = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())


def steps(word):
    """What stands behind `word` in each of the recipe's lines that begin with it."""
    return [line.split(None, 1)[1] for line in RECIPE.splitlines() if line.startswith(word + " ")]


def owner_of(path):
    """The package of a file; packages name some below /lib that are below /usr/lib since."""
    for name in (path, path.removeprefix("/usr")):
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    return path  # of no package: in no image either


class ContainerTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def configuration(self, **changed):
        """The image's zoo.cfg with these values, and with a data directory of the test's."""
        values = CONFIG | {"dataDir": self.dir} | changed
        path = self.dir / "zoo.cfg"
        path.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
        return path

    def enter(self, configuration, number):
        return subprocess.Popen(
            ["/bin/sh", DEPLOY / "container/entrypoint.sh", configuration], stderr=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL, env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "ROOKERY_ID": number})

    def ready(self, port):
        return subprocess.run([DEPLOY / "container/ready.sh", str(port)], capture_output=True).returncode == 0

    def test_every_line_of_the_configuration_is_read_by_the_program(self):
        (self.dir / "myid").write_text("1\n")
        done = subprocess.run([BIN / "rookeryd", "--check-config", self.configuration()], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("warning", done.stdout + done.stderr)

    def test_the_compose_file_is_of_the_servers_of_the_configuration(self):
        services = COMPOSE["services"]
        lines = {key: value for key, value in CONFIG.items() if key.startswith("server.")}
        self.assertEqual(len(services), len(lines))
        volumes, published = set(), []
        for name, service in services.items():
            number = service["environment"]["ROOKERY_ID"]
            self.assertTrue(lines[f"server.{number}"].startswith(f"{name}:"))
            self.assertEqual(service["hostname"], name)
            config, data = service["volumes"]
            self.assertEqual(config, "./container/zoo.cfg:/etc/rookery/zoo.cfg:ro")
            volume, path = data.split(":")
            self.assertEqual(path, CONFIG["dataDir"])
            volumes.add(volume)
            targets = []
            for port in service["ports"]:
                host, outside, inside = port.split(":")
                self.assertEqual(host, "127.0.0.1")
                published.append(outside)
                targets.append(inside)
            self.assertEqual(targets, [CONFIG["clientPort"], CONFIG["grpcPort"], CONFIG["admin.serverPort"]])
            self.assertEqual((DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve(),
                             DEPLOY / "Dockerfile")
        self.assertEqual(volumes, set(COMPOSE["volumes"]))
        self.assertEqual(len(volumes), len(services))
        self.assertEqual(len(set(published)), len(published))

    def test_the_recipe_fits_the_configuration_and_the_repository(self):
        self.assertEqual(steps("VOLUME"), [CONFIG["dataDir"]])
        ports = set(steps("EXPOSE")[0].split())
        self.assertEqual(ports, {CONFIG["clientPort"], CONFIG["grpcPort"], CONFIG["admin.serverPort"], "2888",
                                 "3888"})
        self.assertEqual(steps("USER"), ["rookery"])
        for step in steps("COPY"):
            if step.startswith("--from"):
                continue
            for source in step.split()[:-1]:
                self.assertTrue((ROOT / source).exists(), source)
        installed = [words[-1] for words in map(str.split, steps("COPY"))][-1]
        for script in re.findall(r'\["(/usr/local/libexec[^"]*)"\]', RECIPE):
            self.assertTrue(script.startswith(installed), script)
            self.assertTrue(os.access(DEPLOY / "container" / pathlib.Path(script).name, os.X_OK))

    def test_the_image_has_the_libraries_that_the_programs_load(self):
        listed = set(re.search(r"apt-get install -y --no-install-recommends(.*?)&&", RECIPE).group(1).split())
        needed = set()
        for program in ("rookeryd", "rookery", "broker-sim"):
            dynamic = subprocess.run(["readelf", "-d", BIN / program], capture_output=True, text=True,
                                     check=True).stdout
            names = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
            loaded = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True).stdout
            paths = dict(re.findall(r"(\S+) => (/\S+)", loaded))
            for name in names:
                if name not in paths:
                    continue  # the loader itself
                needed.add(owner_of(os.path.realpath(paths[name])))
        # Every image has these.
        self.assertEqual(needed - listed - {"libc6", "libgcc-s1"}, set())

    def test_a_server_starts_becomes_ready_and_keeps_its_number(self):
        client, grpc, admin = map(str, free_ports(3))
        lone = {key: value for key, value in CONFIG.items() if not key.startswith("server.")}
        path = self.dir / "lone.cfg"
        path.write_text("".join(f"{key}={value}\n" for key, value in (lone | {
            "dataDir": self.dir, "clientPort": client, "grpcPort": grpc, "admin.serverPort": admin}).items()))
        self.assertFalse(self.ready(admin))
        server = self.enter(path, "2")
        try:
            wait_for(lambda: self.ready(admin), 30, "the server is ready")
            self.assertEqual((self.dir / "myid").read_text(), "2\n")
        finally:
            server.terminate()
            self.assertEqual(server.wait(timeout=15), 0, server.stderr.read())
            server.stderr.close()
        self.assertFalse(self.ready(admin))
        other = self.enter(path, "3")
        self.assertIn("data directory of server 2", other.communicate(timeout=15)[1])
        self.assertEqual(other.returncode, 2)

    def test_a_server_that_has_no_leader_is_not_ready(self):
        with Ensemble(3) as ensemble:
            ensemble.wait_serving()
            self.assertTrue(self.ready(ensemble.admin[1]))
            ensemble.kill(2, 3)
            wait_for(lambda: not self.ready(ensemble.admin[1]), 30, "the server is not ready any more")
            self.assertIsNone(ensemble.processes[1].poll())


if __name__ == "__main__":
    unittest.main(verbosity=2)
