#!/usr/bin/python3
"""rookery lock, elect, watch, register and resolve, as people use them at a shell, over both protocols."""

import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ensemble import BIN, Ensemble, wait_for  # noqa: E402


class Both:
    protocol = None

    @classmethod
    def setUpClass(cls):
        cls.ensemble = Ensemble(1, tick_ms=200).__enter__()
        cls.ensemble.wait_serving()

    @classmethod
    def tearDownClass(cls):
        cls.ensemble.__exit__(None, None, None)

    def setUp(self):
        self.path = f"/{self.id().split('.')[-1]}-{self.protocol}"
        self.started = []

    def tearDown(self):
        for process in self.started:
            process.kill()
            process.communicate()

    def words(self, *words):
        servers = (self.ensemble.running_servers if self.protocol == "zookeeper"
                   else self.ensemble.running_grpc_servers)
        return [str(BIN / "rookery"), "--protocol", self.protocol, "--servers", servers, *words]

    def run_tool(self, *words):
        return subprocess.run(self.words(*words), capture_output=True, text=True, timeout=60)

    def start(self, *words):
        process = subprocess.Popen(self.words(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.started.append(process)
        return process

    def test_a_command_gets_its_token_and_gives_its_status(self):
        first = self.run_tool("lock", self.path, "--", "sh", "-c", "echo $ROOKERY_TOKEN $ROOKERY_NODE; exit 7")
        self.assertEqual(first.returncode, 7)
        token, node = first.stdout.split()
        self.assertTrue(node.startswith(self.path + "/_c_"), node)
        second = self.run_tool("lock", self.path, "--", "sh", "-c", "echo $ROOKERY_TOKEN")
        self.assertGreater(int(second.stdout), int(token))
        self.assertEqual(self.run_tool("ls", self.path).stdout.strip(), "[]")

    def test_what_cannot_be_run_says_so(self):
        done = self.run_tool("lock", self.path, "--", "/no/such/program")
        self.assertEqual(done.returncode, 127)
        self.assertIn("cannot run /no/such/program", done.stderr)

    def test_a_second_one_waits_or_gives_up(self):
        holder = self.start("lock", self.path, "--", "sh", "-c", "echo held; exec sleep 60")
        self.assertEqual(holder.stdout.readline(), "held\n")
        late = self.run_tool("lock", self.path, "--wait-ms", "100", "--", "echo", "no")
        self.assertEqual((late.returncode, late.stdout), (1, ""))
        self.assertIn("was not to be had within 100 ms", late.stderr)
        waiting = self.start("lock", self.path, "--", "echo", "mine")
        time.sleep(0.3)
        self.assertIsNone(waiting.poll())
        waiting.send_signal(signal.SIGTERM)
        self.assertEqual(waiting.wait(20), 128 + signal.SIGTERM)
        holder.send_signal(signal.SIGTERM)  # goes to the command
        self.assertEqual(holder.wait(20), 128 + signal.SIGTERM)
        self.assertEqual(self.run_tool("lock", self.path, "--", "echo", "mine").stdout, "mine\n")

    def test_the_command_is_ended_when_the_lock_is_lost(self):
        holder = self.start("lock", self.path, "--", "sh", "-c", "echo $ROOKERY_NODE; exec sleep 60")
        node = holder.stdout.readline().strip()
        self.assertEqual(self.run_tool("delete", node).returncode, 0)
        self.assertEqual(holder.wait(20), 1)
        self.assertIn("it is lost", holder.stderr.read())

    def test_the_command_is_ended_before_the_session_can_be_over_elsewhere(self):
        with Ensemble(1, tick_ms=200) as ensemble:
            ensemble.wait_serving()
            servers = (ensemble.running_servers if self.protocol == "zookeeper" else ensemble.running_grpc_servers)
            holder = subprocess.Popen(
                [BIN / "rookery", "--protocol", self.protocol, "--servers", servers, "lock", self.path,
                 "--session-timeout-ms", "3000", "--", "sh", "-c", "echo held; exec sleep 60"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.started.append(holder)
            self.assertEqual(holder.stdout.readline(), "held\n")
            ensemble.kill(1)
            began = time.monotonic()
            self.assertEqual(holder.wait(20), 1)
            self.assertLess(time.monotonic() - began, 3)
            self.assertIn("may be held by others", holder.stderr.read())

    def test_the_command_ends_with_a_tool_that_is_killed(self):
        holder = self.start("lock", self.path, "--", "sh", "-c", "echo $$; exec sleep 60")
        command = int(holder.stdout.readline())
        holder.kill()
        holder.wait(20)
        wait_for(lambda: not pathlib.Path(f"/proc/{command}").exists(), 20, "the command is gone")

    def test_one_leads_and_is_shown(self):
        self.assertEqual(self.run_tool("elect", self.path, "--show").returncode, 1)
        leader = self.start("elect", self.path, "--id", "alice", "--", "sh", "-c", "echo leads; exec sleep 60")
        self.assertEqual(leader.stdout.readline(), "leads\n")
        self.assertEqual(self.run_tool("elect", self.path, "--show").stdout, "alice\n")
        self.assertEqual(self.run_tool("elect", self.path).returncode, 2)

    def test_changes_are_printed_or_run(self):
        watch = self.start("watch", self.path, "--recursive")
        for words in (("create", self.path, "a"), ("create", self.path + "/b", "c"), ("set", self.path, "d e"),
                      ("delete", self.path + "/b")):
            self.assertEqual(self.run_tool(*words).returncode, 0)
        told = [watch.stdout.readline().strip() for _ in range(3)]
        self.assertEqual(told[0], f"added {self.path} version 0 a")
        self.assertIn(f"changed {self.path} version 1 d e", told + [watch.stdout.readline().strip()])
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(20), 128 + signal.SIGINT)
        run = self.start("watch", self.path, "--", "sh", "-c", "echo $ROOKERY_CHANGE $ROOKERY_DATA; exit 5")
        self.assertEqual(run.wait(20), 5)
        self.assertEqual(run.stdout.read(), "added d e\n")

    def test_a_service_is_found_while_its_command_runs(self):
        service = "search" + self.protocol
        nobody = self.run_tool("resolve", service)
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("nobody is registered", nobody.stderr)
        follow = self.start("resolve", service, "--follow")
        self.assertEqual(follow.stdout.readline(), "\n")
        running = self.start("register", service, "10.0.0.1:8080", "--", "sh", "-c", "echo up; exec sleep 60")
        self.assertEqual(running.stdout.readline(), "up\n")
        self.assertEqual(self.run_tool("resolve", service).stdout, "10.0.0.1:8080\n")
        self.assertEqual(follow.stdout.readline(), "10.0.0.1:8080\n")
        running.send_signal(signal.SIGTERM)
        running.wait(20)
        self.assertEqual(follow.stdout.readline(), "\n")
        wait_for(lambda: self.run_tool("resolve", service).returncode == 1, 20, "it is withdrawn")
        self.assertEqual(self.run_tool("register", service, "a:1,b:2").returncode, 2)


class OverZooKeeper(Both, unittest.TestCase):
    protocol = "zookeeper"


class OverGrpc(Both, unittest.TestCase):
    protocol = "grpc"


if __name__ == "__main__":
    unittest.main(verbosity=2)
