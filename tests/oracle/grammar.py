"""Scripts as values: lines to steps of commands, and back. tests/script/README.md has the grammar."""

import dataclasses

from protocol import Command
from words import acl_text, data_text, parse_acl, path_text, split

# What stands behind a verb: operands by place, words that are there or not, and key=value options.
PATH, DATA, WORD, TEXT = "path", "data", "word", "text"
NUMBER, ZXID, ACL, PATHS = "number", "zxid", "acl", "paths"


@dataclasses.dataclass(frozen=True)
class Form:
    places: tuple = ()
    flags: tuple = ()
    options: tuple = ()


CREATE = Form(((PATH, "path"), (DATA, "data")), ("ephemeral", "sequential", "stat"),
              (("flags", NUMBER), ("acl", ACL), ("ttl", NUMBER)))
READ = Form(((PATH, "path"),), ("watch", "stat"))
AT_VERSION = Form(((PATH, "path"),), (), (("version", NUMBER),))
ONE_PATH = Form(((PATH, "path"),))
AT_TYPE = Form(((PATH, "path"),), (), (("type", NUMBER),))
FORMS = {
    "open": Form((), ("old", "readonly"), (("timeout", NUMBER), ("protocol", NUMBER), ("seen", ZXID))),
    "attach": Form(((WORD, "from"),), ("old", "readonly"),
                   (("timeout", NUMBER), ("password", WORD), ("seen", ZXID), ("protocol", NUMBER))),
    "drop": Form(),
    "expire": Form(), "restart": Form(),
    "hold": Form(((NUMBER, "ms"),)),
    "raw": Form(((NUMBER, "opcode"), (DATA, "data"))),
    "auth": Form(((TEXT, "scheme"), (TEXT, "auth"))),
    "create": CREATE, "container": CREATE, "ttl": CREATE,
    "delete": AT_VERSION, "check": AT_VERSION,
    "set": Form(((PATH, "path"), (DATA, "data")), (), (("version", NUMBER),)),
    "setacl": Form(((PATH, "path"),), (), (("acl", ACL), ("version", NUMBER))),
    "get": READ, "exists": READ, "children": READ,
    "getacl": ONE_PATH, "sync": ONE_PATH, "ephemerals": ONE_PATH, "count": ONE_PATH,
    "setwatches": Form((), (), (("since", ZXID), ("data", PATHS), ("exist", PATHS), ("child", PATHS),
                                ("persistent", PATHS), ("recursive", PATHS))),
    "addwatch": Form(((PATH, "path"),), ("recursive",), (("mode", NUMBER),)),
    "checkwatches": AT_TYPE, "removewatches": AT_TYPE,
    "reconfig": Form((), (), (("joining", TEXT), ("leaving", TEXT), ("members", TEXT),
                              ("config", NUMBER))),
    "whoami": Form(), "ping": Form(), "close": Form(), "multi": Form(), "multiread": Form(),
}
# Not sent in a frame, so without a number.
ON_THE_STREAM = ("open", "attach", "drop", "expire", "hold", "restart")


def raw_text(word):
    return word[0] if word[1] else word[0].encode()


def parse_path(word):
    return None if word == ("<null>", False) else raw_text(word)


def parse_value(kind, text):
    if kind == NUMBER:
        return int(text, 0)
    if kind == ACL:
        return parse_acl(text)
    if kind == PATHS:
        return [path.encode() for path in text.split(",")]
    if kind == TEXT:
        return text.encode()
    if kind == ZXID:
        return text if text == "later" else int(text.removeprefix("z"))
    return text


def parse_request(words):
    verb = words[0][0]
    form = FORMS.get(verb)
    if form is None:
        raise ValueError(f"expected a request, found {verb}")
    rest, args = words[1:], {}
    for kind, name in form.places:
        if kind == DATA:
            if rest and rest[0][1]:
                args[name] = rest.pop(0)[0]
            elif rest and rest[0][0] == "null":
                rest.pop(0)
                args[name] = None
            continue
        if not rest:
            raise ValueError(f"expected {name} behind {verb}")
        word = rest.pop(0)
        args[name] = {PATH: parse_path, TEXT: raw_text}.get(kind, lambda w: parse_value(kind, w[0]))(word)
    options = dict(form.options)
    if verb not in ON_THE_STREAM:
        options["xid"] = NUMBER
    for text, is_quoted in rest:
        name, equals, value = ("", "", "") if is_quoted else text.partition("=")
        if not is_quoted and text in form.flags:
            args[text] = True
        elif equals and name in options:
            args[name] = parse_value(options[name], value)
        else:
            raise ValueError(f"not understood: {text}")
    return Command("", verb, args)


def parse_command(lines):
    words = split(lines[0])
    waits = words[-1] != ("&", False)
    command = parse_request(words[1:] if waits else words[1:-1])
    command.connection, command.waits = words[0][0], waits
    command.parts = [parse_request(split(line)[1:]) for line in lines[1:]]
    return command


def value_text(kind, value):
    if kind == ACL:
        return acl_text(value)
    if kind == PATHS:
        return ",".join(path.decode() for path in value)
    if kind == TEXT:
        return value.decode()
    if kind == ZXID and value != "later":
        return f"z{value}"
    return str(value)


def request_text(command):
    form, args = FORMS[command.verb], command.args
    words = [command.verb]
    for kind, name in form.places:
        if kind == DATA:
            if name in args:
                words.append(data_text(args[name]))
        else:
            words.append(path_text(args[name]) if kind in (PATH, TEXT) else str(args[name]))
    words += [flag for flag in form.flags if args.get(flag)]
    words += [f"{name}={value_text(kind, args[name])}"
              for name, kind in (*form.options, ("xid", NUMBER)) if name in args]
    return " ".join(words)


def command_lines(command):
    end = "" if command.waits else " &"
    return [f"{command.connection} {request_text(command)}{end}",
            *(f"+ {request_text(part)}" for part in command.parts)]


@dataclasses.dataclass
class Step:
    before: list  # comments and empty lines
    request: list  # the request's line and its parts'; empty: only the end of the file
    answers: list
    line: int = 0


def parse_script(text):
    steps, before = [], []
    for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
        continues = steps and not before
        if continues and line.startswith("  "):
            steps[-1].answers.append(line[2:])
        elif continues and line.startswith("+ "):
            steps[-1].request.append(line)
        elif not line or line.startswith("#"):
            before.append(line)
        else:
            steps.append(Step(before, [line], [], number))
            before = []
    if before:
        steps.append(Step(before, [], [], len(text.splitlines())))
    return steps


def script_text(steps):
    return "".join(f"{line}\n" for step in steps
                   for line in (*step.before, *step.request, *(f"  {a}" for a in step.answers)))
