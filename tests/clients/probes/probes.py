"""Posts wrong requests to a running server and compares status, error name and sentence with what the model asks for.

    python probes.py --endpoint http://127.0.0.1:9229 [--operation CreateGroup ..] [--show 20]
    python probes.py --count

One probe for each member of each operation, at every depth, and each thing that can be wrong with it. Every probe is
refused, so none changes anything. Nothing is signed: the server runs in development mode. Exit code 1 if any answer
differs, 2 if the server cannot be asked."""

import argparse
import http.client
import json
import sys
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

import expect
import samples
from contract import Model
from samples import ABSENT, ITEM, KEY, MEMBER, VALUE

NO_VALUE = "NOT_A_VALUE"
# Tried as characters that a pattern may not allow.
STRANGERS = ["\t", " ", "\x07", "é", "!", "#", "\x00", "z", "\u200b", "a"]
# One of each JSON type, with the names under which the model knows it.
OTHER_TYPES = [
    ("string", "x"), ("number", 7), ("fraction", 1.5), ("boolean", True), ("list", [1]), ("structure", {"x": 1}),
]  # fmt: skip


@dataclass
class Probe:
    operation: str
    kind: str
    path: tuple
    body: object
    error: str
    message: str

    def __str__(self):
        steps = [name or step for step, name in self.path]
        return f"{self.operation}: {self.kind} at {'.'.join(steps) or 'the body'}"


def probes(model, operations=None):
    for operation, shape in model.operations.items():
        if operations and operation not in operations:
            continue
        for kind, path, body in of_operation(shape):
            expected = expect.answer(shape, body)
            assert expected, f"{operation} {kind} {path}: the model allows {body!r}"
            yield Probe(operation, kind, path, body, *expected)


def of_operation(shape):
    yield "body", (), ["x"]
    yield "body", (), "x"
    if shape.required:
        yield "missing, all", (), {}
        yield "unknown member", (), {"NotAMember": [{"Deep": 1}]}
    for path, place in samples.paths(shape):
        if path:
            for kind, leaf in wrong_leaves(shape, path, place):
                yield kind, path, samples.at(shape, path, leaf)
            for kind, leaf in right_leaves(path, place):
                body = spoiled(shape, path, samples.at(shape, path, leaf))
                if body is not None:
                    yield kind, path, body


def wrong_leaves(root, path, shape):
    step, name = path[-1]
    if step == MEMBER and name in owner(root, path).required:
        yield "missing", ABSENT
        yield "null", None
    if step == ITEM and shape.kind != "document":
        yield "null", None
    if step != KEY:
        for other, value in OTHER_TYPES:
            if other not in accepted(shape):
                yield "wrong type", value
    yield from wrong_sizes(shape)
    if shape.names:
        yield "enum", NO_VALUE
    if shape.kind == "string" and shape.pattern and not shape.names:
        bad = mismatch(shape)
        if bad is not None:
            yield "pattern", bad


def owner(root, path):
    """The structure that has the member at the end of the path."""
    shape = root
    for step, name in path[:-1]:
        shape = {MEMBER: lambda s=shape: s.members[name], ITEM: lambda s=shape: s.item, VALUE: lambda s=shape: s.value}[
            step
        ]()
    return shape


def accepted(shape):
    kinds = {
        "integer": ["number"], "long": ["number"], "timestamp": ["number", "fraction"], "map": ["structure"],
        "structure": ["structure"], "blob": [], "document": [other for other, _ in OTHER_TYPES],
    }  # fmt: skip
    return kinds.get(shape.kind, [shape.kind])


def wrong_sizes(shape):
    low, high, kind = shape.min, shape.max, shape.kind
    if kind in ("integer", "long"):
        bits = 31 if kind == "integer" else 63
        if low is not None and low > -(2**bits):
            yield "out of range", low - 1
        if high is not None and high < 2**bits - 1:
            yield "out of range", high + 1
        yield "number too big", 2**bits
        yield "number too big", -(2**bits) - 1
    elif not shape.names:
        if low:
            yield "too short", sized(shape, low - 1)
        if high is not None:
            yield "too long", sized(shape, high + 1)
    if kind == "blob":
        yield "base64", "abc"
        yield "base64", "ab!d"


def sized(shape, size):
    """A value of that size that is otherwise valid, if there is one."""
    if shape.kind == "string":
        found = samples.text(shape, size, size)
        if found is not None:
            return found
        base = samples.minimal(shape) or "a"
        return (base * (size // len(base) + 1))[:size]
    if shape.kind == "blob":
        return samples.blob(size)
    if shape.kind == "list":
        return [samples.minimal(shape.item) for _ in range(size)]
    return samples.entries(shape, size)


def mismatch(shape):
    base = samples.minimal(shape)
    length = len(base) or max(shape.min or 0, 1)
    for stranger in STRANGERS:
        for candidate in (base[:-1] + stranger, base + stranger, stranger * length):
            fits = (shape.min or 0) <= len(candidate) <= (shape.max if shape.max is not None else len(candidate))
            if fits and not samples.matches(shape.pattern, candidate):
                return candidate
    return None


def right_leaves(path, shape):
    if path[-1][0] == VALUE:
        # JavaScript's clients send it for what they do not have.
        yield "null in a map", None
    for leaf in largest_and_smallest(shape):
        yield "boundary", leaf


def largest_and_smallest(shape):
    """Values at the very edge, where the pattern allows them."""
    if shape.names:
        yield shape.names[-1]
        return
    for size in {shape.min, shape.max} - {None}:
        if shape.kind in ("integer", "long"):
            yield size
        elif not (shape.kind == "string" and samples.text(shape, size, size) is None):
            value = sized(shape, size)
            if shape.kind != "map" or all(samples.valid_text(shape.key, key) for key in value):
                yield value


def spoiled(shape, path, body):
    """The same body made wrong somewhere else, so that it is refused for that alone; None if there is no such place."""
    used = path[0][1]
    for name in shape.required:
        if name != used:
            return {member: value for member, value in body.items() if member != name}
    for name, member in shape.members.items():
        if name != used and (member.names or member.pattern or member.min):
            bad = NO_VALUE if member.names else mismatch(member) if member.pattern else None
            if bad is not None:
                return {**body, name: bad}
    return None


class Endpoint:
    def __init__(self, url):
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname, parts.port, timeout=30)

    def post(self, operation, body):
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        try:
            return self._send(headers, body)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server may close a connection between two requests; a second refusal is a finding.
            self.connection.close()
            return self._send(headers, body)

    def _send(self, headers, body):
        self.connection.request("POST", "/", json.dumps(body), headers)
        response = self.connection.getresponse()
        return response.status, response.getheader("x-amzn-ErrorType"), response.read()


def difference(endpoint, probe):
    """None, or what the server answered instead."""
    status, header, raw = endpoint.post(probe.operation, probe.body)
    try:
        said = json.loads(raw)
        name, message = said.get("__type"), said.get("message", said.get("Message", ""))
    except (ValueError, AttributeError):
        return f"{status} with a body that is no JSON object: {raw[:200]!r}"
    if (status, header, name, message) == (400, f"{probe.error}:", probe.error, probe.message):
        return None
    return f"expected 400 {probe.error} {probe.message!r}\n   answered {status} {header} {name} {message!r}"


def run(url, operations=None, show=20):
    """(counts by kind, counts of differences by kind, the first differences as text)."""
    endpoint, sent, wrong, told = Endpoint(url), Counter(), Counter(), []
    for probe in probes(Model(), operations):
        sent[probe.kind] += 1
        found = difference(endpoint, probe)
        if found:
            wrong[probe.kind] += 1
            if len(told) < show:
                told.append(f"{probe}\n   {found}")
    return sent, wrong, told


def table(sent, wrong):
    lines = [f"{'kind':16} {'probes':>7} {'differ':>7}"]
    lines += [f"{kind:16} {count:7} {wrong[kind]:7}" for kind, count in sorted(sent.items())]
    lines.append(f"{'all':16} {sum(sent.values()):7} {sum(wrong.values()):7}")
    return "\n".join(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--endpoint", help="where the server answers, as in http://127.0.0.1:9229")
    options.add_argument("--operation", action="append", help="only this operation; may be repeated")
    options.add_argument("--show", type=int, default=20, help="how many differences are printed (default 20)")
    options.add_argument("--count", action="store_true", help="send nothing, only count the probes")
    given = options.parse_args()

    if given.count:
        print(table(Counter(probe.kind for probe in probes(Model(), given.operation)), Counter()))
        return 0
    if not given.endpoint:
        options.error("--endpoint is needed, or --count")
    try:
        sent, wrong, told = run(given.endpoint, given.operation, given.show)
    except (OSError, http.client.HTTPException) as fault:
        print(f"the server at {given.endpoint} cannot be asked: {fault}", file=sys.stderr)
        return 2
    print("\n".join([*told, "", table(sent, wrong)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
