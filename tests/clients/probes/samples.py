"""Valid values of a shape: the smallest, those of a wanted size, and one with something else at a path inside."""

import base64

from patterns import matches, sample

ABSENT = object()
MEMBER, ITEM, KEY, VALUE = "member", "item", "key", "value"


def text(shape, low, high):
    """A string of the shape's pattern with a length in between, or None."""
    if low > high:
        return None
    if shape.pattern:
        return sample(shape.pattern, low, high)
    return "a" * low


def minimal(shape):
    """The smallest value that the model allows."""
    kind = shape.kind
    if kind == "structure":
        return {name: minimal(member) for name, member in shape.members.items() if name in shape.required}
    if kind == "list":
        return [minimal(shape.item) for _ in range(shape.min or 0)]
    if kind == "map":
        return entries(shape, shape.min or 0)
    if shape.names:
        return shape.names[0]
    if kind == "string":
        low = shape.min or 0
        found = text(shape, low, shape.max if shape.max is not None else low + 200)
        assert found is not None, f"no sample of {shape.name}"
        return found
    if kind in ("integer", "long"):
        return shape.min or 0
    return {"boolean": True, "timestamp": 0, "blob": blob(shape.min or 0), "document": {}}[kind]


def blob(length):
    return base64.b64encode(b"a" * length).decode()


def keys(shape, count):
    """Distinct keys; where the pattern allows only a few, the rest are not valid."""
    found = []
    for number in range(10 * count + 10):
        for candidate in (_numbered(shape.key, number), f"Level{number}"):
            if len(found) < count and candidate and candidate not in found and valid_text(shape.key, candidate):
                found.append(candidate)
    if not found and count:
        found.append(minimal(shape.key))
    return found + [f"{found[0]}{number}" for number in range(count - len(found))]


def _numbered(shape, number):
    base = minimal(shape)
    digits = str(number)
    return base + digits if not base else base[: len(base) - len(digits)] + digits


def valid_text(shape, candidate):
    long_enough = (shape.min or 0) <= len(candidate) <= (shape.max if shape.max is not None else len(candidate))
    return long_enough and (not shape.pattern or matches(shape.pattern, candidate))


def entries(shape, count):
    return {key: minimal(shape.value) for key in keys(shape, count)}


def at(shape, path, leaf):
    """A minimal value of the shape with `leaf` at the path. ABSENT takes a member away."""
    if not path:
        return leaf
    (step, name), rest = path[0], path[1:]
    if step == MEMBER:
        body = minimal(shape)
        body[name] = at(shape.members[name], rest, leaf)
        if body[name] is ABSENT:
            del body[name]
        return body
    if step == ITEM:
        items = [minimal(shape.item) for _ in range(max(shape.min or 0, 1))]
        return [at(shape.item, rest, leaf), *items[1:]]
    body = entries(shape, max(shape.min or 0, 1))
    first = next(iter(body))
    if step == VALUE:
        body[first] = at(shape.value, rest, leaf)
        return body
    return {leaf: body.pop(first), **body}


def paths(shape, path=()):
    """Every place inside the shape, itself first, with the shape that stands there."""
    yield path, shape
    if shape.kind == "structure":
        for name, member in shape.members.items():
            yield from paths(member, (*path, (MEMBER, name)))
    elif shape.kind == "list":
        yield from paths(shape.item, (*path, (ITEM, None)))
    elif shape.kind == "map":
        yield (*path, (KEY, None)), shape.key
        yield from paths(shape.value, (*path, (VALUE, None)))
