#!/usr/bin/python3
"""Logins by DIGEST-MD5 (scheme sasl): token by token on rookeryd and on ZooKeeper 3.8, which shows that what
is expected is true there; then unmodified clients, Java's and kazoo's, and our tools on both servers."""

import base64
import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import sasl  # noqa: E402
from ensemble import BIN, Ensemble  # noqa: E402
from kazoo.client import KazooClient, KazooState  # noqa: E402
from kazoo.exceptions import KazooException  # noqa: E402
from kazoo.handlers.threading import KazooTimeoutError  # noqa: E402
from kazoo.security import ACL, Id  # noqa: E402
from raw import Connection, buffer, string  # noqa: E402
from zookeeper import CLASSPATH, ZooKeeper  # noqa: E402

SASL, CREATE, GET_DATA = 102, 1, 4
OK, NO_AUTH, INVALID_ACL, AUTH_FAILED = 0, -102, -114, -115
DIGEST = "u:" + base64.b64encode(hashlib.sha1(b"u:p").digest()).decode()


def acl(scheme, name, permissions=31):
    return struct.pack(">ii", 1, permissions) + string(scheme.encode()) + string(name.encode())


USERS = {"kafka": "kafka-pw", "other": "other-pw", "root": "root-pw", "super": "super-pw"}


class SaslCases:
    """`port` leads to a server with USERS, of whom root is a superUser; `port_lenient` to one with
    allowSaslFailedClients, `port_without` to one without users."""

    port = port_lenient = port_without = 0
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

    def challenged(self, port=None):
        connection = self.connect(port)
        xid, zxid, err, challenge = self.ask(connection, 7, b"")
        self.assertEqual((xid, zxid, err), (7, 0, OK))
        self.assertIn(b'realm="zk-sasl-md5"', challenge)
        self.assertIn(b"algorithm=md5-sess", challenge)
        self.assertIn(b"charset=utf-8", challenge)
        return connection, challenge

    def logged_in(self, user):
        connection, challenge = self.challenged()
        token, owed = sasl.proof(challenge, user=user, password=USERS[user])
        self.assertEqual(self.ask(connection, 8, token), (8, 0, OK, owed))
        return connection

    def read(self, connection, path):
        """The error."""
        return connection.call(10, GET_DATA, string(path) + b"\0")[2]

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
            self.assertEqual(self.read(self.connect(), path), NO_AUTH)
            self.assertEqual(self.read(connection, path), OK)

    def test_who_else_may(self):
        owner = self.logged_in("kafka")
        owner.call(2, 100, struct.pack(">i", 0) + string(b"digest") + buffer(b"u:p"))
        self.assertEqual(self.create(owner, b"/users", acl("sasl", "kafka")), OK)
        self.assertEqual(self.create(owner, b"/digest", acl("digest", DIGEST)), OK)
        for user, users, digest in (("other", NO_AUTH, NO_AUTH), ("super", OK, NO_AUTH),
                                    ("root", OK, OK)):
            with self.subTest(user):
                connection = self.logged_in(user)
                self.assertEqual(self.read(connection, b"/users"), users)
                self.assertEqual(self.read(connection, b"/digest"), digest)

    def test_a_lenient_server_keeps_who_failed(self):
        connection, challenge = self.challenged(self.port_lenient)
        for token in (sasl.proof(challenge, password="guessed")[0], sasl.proof(challenge)[0], b""):
            self.assertEqual(self.ask(connection, 8, token), (8, 0, OK, None))
        self.assertEqual(self.create(connection, b"/kept", acl("auth", "")), INVALID_ACL)
        self.assertEqual(self.create(connection, b"/kept", acl("world", "anyone")), OK)

    def test_what_proves_nothing_is_refused(self):
        for wrong in ({"password": "guessed"}, {"user": "nobody", "password": "x"}, {"realm": "other"},
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

    def test_a_login_begins_whatever_the_client_says_first(self):
        connection = self.connect()
        _, _, err, challenge = self.ask(connection, 7, b"hello")
        self.assertEqual(err, OK)
        token, owed = sasl.proof(challenge)
        self.assertEqual(self.ask(connection, 8, token), (8, 0, OK, owed))

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
        refused, lost = self.kazoo("guessed"), threading.Event()
        refused.add_listener(lambda state: lost.set() if state == KazooState.LOST else None)
        # It says that it is connected before it has logged in, unless the refusal is faster.
        with self.assertRaises((KazooException, KazooTimeoutError)):
            refused.start(timeout=5)
            self.assertTrue(lost.wait(30))
            refused.get("/")

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
        cls.files = sasl.Files(**USERS)
        cls.addClassCleanup(cls.files.close)
        secured = cls.enterClassContext(Ensemble(3, [f"sasl.usersFile={cls.files.users}",
                                                     "superUser=root"]))
        lenient = cls.enterClassContext(Ensemble(1, [f"jaas.config={cls.files.server}", sasl.PROVIDER,
                                                     "allowSaslFailedClients=true"]))
        without = cls.enterClassContext(Ensemble(1))
        for servers in (secured, lenient, without):
            servers.wait_serving()
        leader = secured.leader()
        server = next(n for n in secured.numbers if n != leader)
        cls.port, cls.grpc_port = secured.client[server], secured.grpc[server]
        cls.port_lenient, cls.port_without = lenient.client[1], without.client[1]

    def test_the_password_of_whoever_logged_in_before_is_of_no_use(self):
        # ZooKeeper takes it: what it looks up for a user that it does not know is the user before.
        self.logged_in("kafka")
        connection, challenge = self.challenged()
        self.assert_refused(connection, sasl.proof(challenge, user="nobody")[0])

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
        cls.files = sasl.Files(**USERS)
        cls.addClassCleanup(cls.files.close)
        login = f"-Djava.security.auth.login.config={cls.files.server}"

        def start(*jvm, lines=()):
            return cls.enterClassContext(ZooKeeper(1, heap="128m", lines=lines, jvm=[
                "-XX:TieredStopAtLevel=1", *jvm]))
        secured = start(login, "-Dzookeeper.superUser=root", lines=[sasl.PROVIDER])
        lenient = start(login, "-Dzookeeper.allowSaslFailedClients=true", lines=[sasl.PROVIDER])
        without = start()
        for server in (secured, lenient, without):
            server.wait_serving()
        cls.port, cls.port_lenient, cls.port_without = (
            server.client[1] for server in (secured, lenient, without))


if __name__ == "__main__":
    unittest.main(verbosity=2)
