#!/usr/bin/python3
"""Logins by DIGEST-MD5 (scheme sasl): token by token on rookeryd and on ZooKeeper 3.8, which shows that what
is expected is true there; then unmodified clients, Java's and kazoo's, and our tools on both servers."""

import os
import pathlib
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import sasl  # noqa: E402
from ensemble import BIN, Ensemble  # noqa: E402
from kazoo.client import KazooClient  # noqa: E402
from kazoo.exceptions import AuthFailedError  # noqa: E402
from kazoo.security import ACL, Id  # noqa: E402
from raw import Connection, buffer, string  # noqa: E402
from zookeeper import CLASSPATH, ZooKeeper  # noqa: E402

SASL, CREATE, GET_DATA, PING = 102, 1, 4, 11
OK, NO_AUTH, INVALID_ACL, AUTH_FAILED = 0, -102, -114, -115


def acl(scheme, name, permissions=31):
    return struct.pack(">ii", 1, permissions) + string(scheme.encode()) + string(name.encode())


class SaslCases:
    """`port` leads to a server with the user kafka."""

    port = 0
    # What is wrong only for some.
    needs_qop = False

    def connect(self, port=None):
        connection = Connection(port or self.port, 10000)
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection, xid, token):
        """(xid, zxid, err, token)"""
        answered, zxid, err, reader = connection.call(xid, SASL, buffer(token))
        return answered, zxid, err, reader.buffer()

    def challenged(self):
        connection = self.connect()
        xid, zxid, err, challenge = self.ask(connection, 7, b"")
        self.assertEqual((xid, zxid, err), (7, 0, OK))
        self.assertIn(b'realm="zk-sasl-md5"', challenge)
        self.assertIn(b"algorithm=md5-sess", challenge)
        self.assertIn(b"charset=utf-8", challenge)
        return connection, challenge

    def assert_refused(self, connection, token):
        self.assertEqual(self.ask(connection, 8, token), (8, 0, AUTH_FAILED, None))
        self.assertEqual(connection.rest(), b"")

    def create(self, connection, path, entry):
        return connection.call(9, CREATE, string(path) + buffer(b"x") + entry
                               + struct.pack(">i", 1))[2]

    def test_a_proof_is_answered_and_gives_an_identity(self):
        for authzid in (None, "kafka", "somebody"):
            connection, challenge = self.challenged()
            token, owed = sasl.proof(challenge, authzid=authzid)
            self.assertEqual(self.ask(connection, 8, token), (8, 0, OK, owed))
            path = f"/owned-{authzid}".encode()
            self.assertEqual(self.create(connection, path, acl("auth", "")), OK)
            stranger = self.connect()
            self.assertEqual(stranger.call(1, 9, string(path))[2], OK)  # sync
            self.assertEqual(stranger.call(2, GET_DATA, string(path) + b"\0")[2], NO_AUTH)
            self.assertEqual(connection.call(3, GET_DATA, string(path) + b"\0")[2], OK)

    def test_what_proves_nothing_is_refused(self):
        for wrong in ({"password": "guessed"}, {"user": "nobody"}, {"realm": "other"},
                      {"nonce": "OA6MG9tEQGm2hh"}, {"nc": "00000002"}, {"qop": "auth-int"},
                      {"uri": "imap/zk-sasl-md5"}, {"uri": "zookeeper/localhost"}):
            with self.subTest(wrong):
                connection, challenge = self.challenged()
                self.assert_refused(connection, sasl.proof(challenge, **wrong)[0])

    def test_what_is_no_proof_is_refused(self):
        for token in (b"", b"hello", b"username", b'username="kafka"', b"\0" * 100):
            with self.subTest(token):
                connection, _ = self.challenged()
                self.assert_refused(connection, token)

    def test_letters_of_the_service_count_alike(self):
        connection, challenge = self.challenged()
        token, owed = sasl.proof(challenge, uri="ZooKeeper/ZK-SASL-MD5")
        self.assertEqual(self.ask(connection, 8, token), (8, 0, OK, owed))

    def test_a_login_has_no_initial_response(self):
        self.assert_refused(self.connect(), b"hello")

    def test_a_login_is_over_with_its_proof(self):
        connection, challenge = self.challenged()
        token, _ = sasl.proof(challenge)
        self.ask(connection, 8, token)
        self.assert_refused(connection, b"")

    def test_a_proof_without_a_qop(self):
        connection, challenge = self.challenged()
        token, owed = sasl.proof(challenge, qop=None)
        if self.needs_qop:
            self.assert_refused(connection, token)
        else:
            self.assertEqual(self.ask(connection, 8, token), (8, 0, OK, owed))

    def test_acls_may_name_users_before_any_login(self):
        for number, (name, error) in enumerate((
                ("kafka", OK), ("kafka/host@REALM", OK), ("a@b@c", INVALID_ACL))):
            connection = self.connect()
            self.assertEqual(self.create(connection, b"/acl-%d" % number, acl("sasl", name)), error,
                             name)

    def test_an_auth_packet_is_no_login(self):
        connection = self.connect()
        body = struct.pack(">i", 0) + string(b"sasl") + buffer(b"kafka:kafka-pw")
        self.assertEqual(connection.call(-4, 100, body)[:3], (-4, 0, AUTH_FAILED))
        self.assertEqual(connection.rest(), b"")

    def test_a_server_without_users_answers_null(self):
        connection = self.connect(self.port_without)
        self.assertEqual(self.ask(connection, 7, b""), (7, 0, OK, None))
        self.assertEqual(self.create(connection, b"/kept", acl("world", "anyone")), OK)
        self.assertEqual(self.create(connection, b"/none", acl("sasl", "kafka")), INVALID_ACL)

    # Unmodified clients.

    def cli(self, flag, *words):
        done = subprocess.run(["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", flag, "-cp", CLASSPATH,
                               "org.apache.zookeeper.ZooKeeperMain", "-server",
                               f"127.0.0.1:{self.port}", *words],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return done.stdout + done.stderr

    def test_java(self):
        kafka = self.files.client("kafka", "kafka-pw")
        self.assertIn("Created /java", self.cli(kafka, "create", "/java", "data", "auth::cdrwa"))
        self.assertIn("'sasl,'kafka\n: cdrwa", self.cli(kafka, "getAcl", "/java"))
        self.assertIn("data", self.cli(kafka, "get", "/java").splitlines())
        self.assertIn("Insufficient permission", self.cli("-Dx=y", "get", "/java"))
        self.assertIn("AuthFailed", self.cli(self.files.client("kafka", "no"), "get", "/java"))
        self.cli(kafka, "delete", "/java")

    def kazoo(self, password):
        client = KazooClient(f"127.0.0.1:{self.port}", timeout=10, sasl_options={
            "mechanism": "DIGEST-MD5", "username": "kafka", "password": password})
        self.addCleanup(client.close)
        self.addCleanup(client.stop)
        return client

    def test_kazoo(self):
        client = self.kazoo("kafka-pw")
        client.start(timeout=30)
        client.create("/kazoo", b"data", acl=[ACL(31, Id("sasl", "kafka"))])
        self.assertEqual(client.get("/kazoo")[0], b"data")
        client.delete("/kazoo")
        with self.assertRaises(AuthFailedError):
            self.kazoo("guessed").start(timeout=30)

    def rookery(self, login, *words):
        return subprocess.run([BIN / "rookery", "--servers", f"127.0.0.1:{self.port}", *words],
                              capture_output=True, text=True, timeout=60,
                              env={**os.environ, "ROOKERY_LOGIN": login})

    def test_our_tools(self):
        made = self.rookery("kafka:kafka-pw", "create", "/tools", "data", "auth::cdrwa")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("data", self.rookery("kafka:kafka-pw", "get", "/tools").stdout)
        self.assertNotEqual(self.rookery("", "get", "/tools").returncode, 0)
        refused = self.rookery("kafka:guessed", "get", "/tools")
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(self.rookery("kafka:kafka-pw", "delete", "/tools").returncode, 0)


class RookerydTest(SaslCases, unittest.TestCase):
    needs_qop = True  # a client that is offered "auth" sends it: all known ones do

    @classmethod
    def setUpClass(cls):
        cls.files = sasl.Files(kafka="kafka-pw")
        cls.addClassCleanup(cls.files.close)
        secured = cls.enterClassContext(Ensemble(3, [f"sasl.usersFile={cls.files.users}"]))
        without = cls.enterClassContext(Ensemble(1))
        secured.wait_serving()
        without.wait_serving()
        leader = secured.leader()
        server = next(n for n in secured.numbers if n != leader)
        cls.port, cls.grpc_port = secured.client[server], secured.grpc[server]
        cls.port_without = without.client[1]

    def test_our_tools_over_grpc(self):
        def rookery(login, *words):
            return subprocess.run([BIN / "rookery", "--protocol", "grpc", "--servers",
                                   f"127.0.0.1:{self.grpc_port}", *words], capture_output=True,
                                  text=True, timeout=60, env={**os.environ, "ROOKERY_LOGIN": login})
        made = rookery("kafka:kafka-pw", "create", "/grpc", "data", "sasl:kafka:cdrwa")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("data", rookery("kafka:kafka-pw", "get", "/grpc").stdout)
        self.assertNotEqual(rookery("", "get", "/grpc").returncode, 0)
        self.assertNotEqual(rookery("kafka:guessed", "get", "/grpc").returncode, 0)


class ZooKeeperTest(SaslCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = sasl.Files(kafka="kafka-pw")
        cls.addClassCleanup(cls.files.close)
        secured = cls.enterClassContext(ZooKeeper(1, heap="256m", lines=[sasl.PROVIDER], jvm=[
            f"-Djava.security.auth.login.config={cls.files.server}"]))
        without = cls.enterClassContext(ZooKeeper(1, heap="256m"))
        secured.wait_serving()
        without.wait_serving()
        cls.port, cls.port_without = secured.client[1], without.client[1]


if __name__ == "__main__":
    unittest.main(verbosity=2)
