"""Values to ask with, most of them sensible, some at the edge of what is allowed."""

import base64
import hashlib

NAMES = [b"a", b"b", b"c", b"d", b"e", b"f", b"topics", b"ids", b"0", b"1"]
ODD_NAMES = [b"...", b".a", b"a..b", b"x y", b'q"uote', b"back\\slash", "\u00e9".encode(), "\u4e2d".encode(),
             b"long" * 60, b"zookeeper", b"a\xc2\xa0b", "\ud7ff".encode(), b"null"]
BAD_NAMES = [b"\x01", b"\x1f", b"\x7f", b"\xc2\x9f", "\U0001f600".encode(), "\ue000".encode(),
             "\uf8ff".encode(), "\ufff0".encode(), "\uffff".encode(), b"a\x00b", b".", b"..", b""]
# Whole paths that no tree has, or that stand for something else.
BAD_PATHS = [b"", b"a", b"a/b", b"//", b"/a/", b"/a//b", b"/a/./b", b"/a/../b", b"/..", b"/.", b"/\x00",
             b"/a/\x01", b" /a", b"\x00"]
RESERVED = [b"/", b"/zookeeper", b"/zookeeper/quota", b"/zookeeper/config"]
VERSIONS = [-1, 0, 1, 2, -2, 2**31 - 1, -(2**31)]
XIDS = [0, 1, 2**31 - 1, -77, -(2**31)]
FLAGS = [4, 5, 6, 7, -1, 100, 2**31 - 1]
DATA = [None, b"", b"x", b"value", b"\x00\xff\xfe", "gr\u00fc\u00df".encode(), b'{"version":1}', b"y" * 1000]
LOGINS = [b"alice:a", b"bob:b", b"carol:c:d", b"dave", b""]


def digest(login):
    """What a login is as an ACL's identity."""
    user = login.split(b":")[0]
    return user + b":" + base64.b64encode(hashlib.sha1(login).digest())


WORLD, IP, AUTH = (b"world", b"anyone"), b"ip", (b"auth", b"")
OPEN = [(31, *WORLD)]
# Lists under which something is still possible for somebody.
ACLS = [
    [(31, *WORLD)], [(1, *WORLD)], [(15, *WORLD)], [(27, *WORLD)], [(23, *WORLD)], [(29, *WORLD)],
    [(30, *WORLD)], [(0, *WORLD)], [(33, *WORLD)], [(31, *AUTH)], [(31, *AUTH), (1, *WORLD)],
    [(31, b"digest", digest(b"alice:a"))], [(1, b"digest", digest(b"alice:a")), (16, *WORLD)],
    [(31, b"digest", digest(b"bob:b")), (1, *WORLD)], [(31, b"digest", b"bob:wrong"), (5, *WORLD)],
    [(31, IP, b"127.0.0.1")], [(31, IP, b"127.0.0.0/8")], [(31, IP, b"10.0.0.0/8"), (9, *WORLD)],
    [(1, *WORLD), (1, *WORLD), (30, *WORLD)], [(-1, *WORLD)],
]
BAD_ACLS = [
    None, [], [(31, b"world", b"bob")], [(31, b"digest", b"abc")], [(31, b"digest", b"a:b:c")],
    [(31, b"digest", b"a:")], [(31, b"digest", b":b")], [(31, IP, b"999.1.1.1")], [(31, IP, b"10.0.0.1/33")],
    [(31, IP, b"")], [(31, IP, b"10.0.0.0/-1")], [(31, b"foo", b"x")], [(31, b"super", b"x")],
    [(31, b"sasl", b"x")], [(31, b"", b"x")], [(31, None, b"x")], [(31, b"world", None)],
    [(31, *WORLD), (31, b"foo", b"x")], [(31, b"x509", b"CN=a")],
]


def parent(path):
    return path[: path.rfind(b"/")] or b"/"


def join(path, name):
    return (b"" if path == b"/" else path) + b"/" + name
