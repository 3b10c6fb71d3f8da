"""The smallest input that an operation's own model lets pass, for operations that are not built yet."""

import re

# Where Python's `re` knows no \p{..}: what is needed of it here.
CLASSES = {r"\p{L}": "a-zA-Z", r"\p{M}": "", r"\p{S}": "$+<=>", r"\p{N}": "0-9", r"\p{P}": "!-/:-?@_", r"\p{Z}": " "}
CANDIDATES = [
    "abcdef",
    "123456",
    "a",
    "arn:aws:iam::123456789012:role/service",
    "us-east-1_AbCdEf123",
    "https://app.example/",
    "00000000-0000-4000-8000-000000000000",
    "us-east-1_00000000-0000-4000-8000-000000000000",
    "import-AbCdEf1234",
    "tkn" + "a" * 25,
    "a" * 24,
    "a" * 32,
    "a.b.c",
    "us-west-2",
    "cognito:default",
    "terms-of-use",
    "example.com",
    "abc--1234567890",
]


def value(shape, known):
    """`known`: values by shape name or member name, for what must exist."""
    if shape.name in known:
        return known[shape.name]
    kind = shape.type_name
    if kind == "structure":
        return {name: known.get(name) or value(shape.members[name], known) for name in shape.required_members}
    if kind == "list":
        return [value(shape.member, known)] * max(1, shape.metadata.get("min", 0))
    if kind == "map":
        return {value(shape.key, known): value(shape.value, known)}
    if kind in ("integer", "long"):
        return max(1, shape.metadata.get("min", 0))
    if kind == "boolean":
        return True
    return text(shape)


def text(shape):
    if shape.enum:
        return shape.enum[0]
    pattern = shape.metadata.get("pattern", r"[\s\S]*")
    for name, members in CLASSES.items():
        pattern = pattern.replace(name, members)
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max", 10**9)
    for candidate in CANDIDATES:
        if low <= len(candidate) <= high and re.fullmatch(pattern, candidate, re.ASCII):
            return candidate
    raise AssertionError(f"no candidate for {shape.name}: {pattern}: add one to support/minimal.py")
