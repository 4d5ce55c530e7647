"""Logins by DIGEST-MD5: files that servers and Java's clients read, and the tokens of a client."""

import hashlib
import pathlib
import re
import tempfile

REALM = "zk-sasl-md5"
SERVER_MODULE = "org.apache.zookeeper.server.auth.DigestLoginModule"
PROVIDER = "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider"


class Files:
    """A JAAS file for servers and clients, and a file of users, in a directory of their own."""

    def __init__(self, **passwords):
        self.holder = tempfile.TemporaryDirectory(prefix="sasl-test-")
        self.dir = pathlib.Path(self.holder.name)
        users = "".join(f'\n  user_{user}="{word}"' for user, word in passwords.items())
        self.server = self.dir / "server.jaas"
        self.server.write_text(f"Server {{\n  {SERVER_MODULE} required{users};\n}};\n")
        self.users = self.dir / "users"
        self.users.write_text("".join(f"{user}={word}\n" for user, word in passwords.items()))

    def client(self, user, password):
        """The flag of java for a client."""
        file = self.dir / f"client-{user}-{password}.jaas"
        file.write_text(f'Client {{\n  {SERVER_MODULE} required username="{user}" '
                        f'password="{password}";\n}};\n')
        return f"-Djava.security.auth.login.config={file}"

    def close(self):
        self.holder.cleanup()


def _hash(text):
    return hashlib.md5(text).digest()


def proof(challenge, user="kafka", password="kafka-pw", realm=REALM, nonce=None, nc="00000001",
          uri=f"zookeeper/{REALM}", qop="auth", authzid=None):
    """(the client's token, the answer that a server owes)"""
    nonce = nonce or re.search(rb'nonce="([^"]*)"', challenge)[1].decode()
    cnonce = "OA6MHXh6VqTrRk"
    a1 = _hash(f"{user}:{realm}:{password}".encode()) + f":{nonce}:{cnonce}".encode()
    if authzid:
        a1 += f":{authzid}".encode()

    def response(method):
        a2 = _hash(f"{method}:{uri}".encode()).hex()
        return _hash(f"{_hash(a1).hex()}:{nonce}:{nc}:{cnonce}:{qop or 'auth'}:{a2}".encode()).hex()

    token = (f'charset=utf-8,username="{user}",realm="{realm}",nonce="{nonce}",nc={nc},'
             f'cnonce="{cnonce}",digest-uri="{uri}",maxbuf=65536,'
             f'response={response("AUTHENTICATE")}')
    token += f",qop={qop}" if qop else ""
    token += f',authzid="{authzid}"' if authzid else ""
    return token.encode(), f"rspauth={response('')}".encode()
