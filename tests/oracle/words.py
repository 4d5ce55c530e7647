"""Words of a script's line, and how texts, paths and ACLs are written in them (tests/script/README.md)."""

import re

LETTERS = "rwcda"  # permissions by bit
NULL = "<null>"  # a path or id that is null, which only this protocol can say
ESCAPES = {"n": 10, "r": 13, "t": 9, "\\": 92, '"': 34, "'": 39, "a": 7, "b": 8, "f": 12, "v": 11}
NAMED = {10: "\\n", 13: "\\r", 9: "\\t", 34: '\\"', 39: "\\'", 92: "\\\\"}
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def unescape(text):
    """C's escapes, as absl::CUnescape takes them."""
    def byte(match):
        code = match[1]
        if code[0] == "x":
            value = int(code[1:], 16)
        elif code[0] in "01234567":
            value = int(code, 8)
        else:
            value = ESCAPES[code]
        return bytes([value]).decode("latin-1")

    # Latin-1 stands for bytes while escapes are taken off.
    plain = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return re.sub(r"\\(x[0-9a-fA-F]+|[0-7]{1,3}|.)", byte, plain).encode("latin-1")


def quoted(value):
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("ascii", "surrogateescape")
    out, after_hex = [], False
    for char in text:
        number = ord(char)
        if number in NAMED:
            out.append(NAMED[number])
            after_hex = False
        elif number < 32 or number == 127 or 0xDC80 <= number <= 0xDCFF or (
                after_hex and char in "0123456789abcdefABCDEF"):
            out.append(f"\\x{number & 0xFF:02x}")
            after_hex = True
        else:
            out.append(char)
            after_hex = False
    return '"' + "".join(out) + '"'


def path_text(value):
    if value is None:
        return NULL
    plain = value and value != NULL.encode() and all(
        32 < byte < 127 and byte not in b'"\\' for byte in value)
    return value.decode() if plain else quoted(value)


def data_text(value):
    return "null" if value is None else quoted(value)


def permissions_text(permissions):
    if permissions & ~31 or not permissions:
        return str(permissions)
    return "".join(letter for bit, letter in enumerate(LETTERS) if permissions & 1 << bit)


def acl_text(entries):
    if entries is None:
        return "null"
    if not entries:
        return "empty"
    part = lambda value: NULL if value is None else value.decode("utf-8", "backslashreplace")
    return ",".join(f"{part(scheme)}:{part(identity)}:{permissions_text(permissions)}"
                    for permissions, scheme, identity in entries)


def parse_acl(text):
    if text == "null":
        return None
    if text == "empty":
        return []
    entries = []
    for entry in text.split(","):
        scheme, _, rest = entry.partition(":")
        identity, colon, permissions = rest.rpartition(":")
        if not colon:
            raise ValueError(f"expected scheme:id:permissions, found {entry}")
        number = int(permissions) if re.fullmatch(r"-?\d+", permissions) else sum(
            1 << LETTERS.index(letter) for letter in set(permissions))
        entries.append((number, *(None if value == NULL else value.encode()
                                  for value in (scheme, identity))))
    return entries


def split(line):
    """[(text, was it quoted)]; a quoted text is bytes."""
    words, at = [], 0
    while at < len(line):
        if line[at] == " ":
            at += 1
            continue
        match = TOKEN.match(line, at)
        if not match:
            raise ValueError(f"expected a text in quotes, found: {line[at:]}")
        words.append((unescape(match[1]), True) if match[1] is not None else (match[2], False))
        at = match.end()
    return words
