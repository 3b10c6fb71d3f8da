"""What AWS answers to a body that violates the model: error name and sentence, by the rules of the user-pools dossier.

Types first (the first mismatch is the whole answer), then all constraints in one sentence. Written from the rules, not
from the Rust: where both agree, two readings of the same page agree."""

import base64
import binascii

from patterns import matches

NOT_NULL = "Member must not be null"
LIST = "Start of list found where not expected"
STRUCTURE = "Start of structure or map found where not expected."
# Values and violations that are repeated at most.
PRINTED, REPORTED = 2000, 100


def answer(shape, body):
    """(error name, message), or None if the model has nothing against the body."""
    if not isinstance(body, dict):
        return "SerializationException", LIST if isinstance(body, list) else ""
    wrong = wrong_type(shape, body)
    if wrong:
        return "SerializationException", wrong
    found = list(violations(shape, body, "", False))[:REPORTED]
    if not found:
        return None
    plural = "" if len(found) == 1 else "s"
    return "InvalidParameterException", f"{len(found)} validation error{plural} detected: " + "; ".join(found)


def wrong_type(shape, value):
    kind = shape.kind
    if value is None or kind == "document":
        return None
    if isinstance(value, dict):
        if kind == "structure":
            inside = [(shape.members[name], value[name]) for name in shape.members if name in value]
        elif kind == "map":
            inside = [(shape.value, item) for item in value.values()]
        else:
            return STRUCTURE
        return next(filter(None, (wrong_type(*pair) for pair in inside)), None)
    if isinstance(value, list):
        if kind != "list":
            return LIST
        return next(filter(None, (wrong_type(shape.item, item) for item in value)), None)
    expected = {"structure": "Expected null", "list": "Expected list or null", "map": "Expected map or null"}
    return expected.get(kind) or wrong_scalar(kind, value)


def wrong_scalar(kind, value):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    is_integer = is_number and isinstance(value, int)
    fits, target = {
        "string": (isinstance(value, str), "an String"),
        "boolean": (isinstance(value, bool), "an Boolean"),
        "integer": (is_integer and -(2**31) <= value < 2**31, "an Integer"),
        "long": (is_integer and -(2**63) <= value < 2**63, "an Long"),
        "timestamp": (is_number, "milliseconds since epoch"),
        "blob": (isinstance(value, str), "a Blob"),
    }[kind]
    if not fits:
        return f"class {java_class(value)} can not be converted to {target}"
    return wrong_base64(value) if kind == "blob" else None


def java_class(value):
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, str):
        return "java.lang.String"
    if isinstance(value, float):
        return "java.lang.Double"
    if -(2**31) <= value < 2**31:
        return "java.lang.Integer"
    return "java.lang.Long" if -(2**63) <= value < 2**63 else "java.math.BigInteger"


def wrong_base64(value):
    # Only the two faults that the probes make: a length that is no multiple of four, a character of another alphabet.
    head = f"'{value[:PRINTED]}' can not be converted to a Blob: "
    if len(value) % 4:
        return head + f"Base64 encoded length is expected a multiple of 4 bytes but found: {len(value)}"
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
        return head + f"Invalid Base64 character: '{next(c for c in value if c not in alphabet)}'"
    return None


def violations(shape, value, path, secret):
    """Of everything inside a value that is itself already judged."""
    if shape.kind == "structure":
        for name, member in shape.members.items():
            where = join(path, name[0].lower() + name[1:])
            inner = value.get(name)
            if inner is not None:
                yield from judged(member, inner, where, secret)
            elif name in shape.required:
                yield sentence(None, where, NOT_NULL)
    elif shape.kind == "list" and not shape.item.scalar:
        for number, inner in enumerate(value, 1):
            yield from judged(shape.item, inner, join(path, f"{number}.member"), secret)
    elif shape.kind == "map" and not shape.value.scalar:
        for key, inner in present(value).items():
            yield from judged(shape.value, inner, join(path, f"{cut(key)}.member"), secret)


def judged(shape, value, path, secret):
    if value is None:
        yield sentence(None, path, NOT_NULL)
        return
    if shape.kind == "map":
        value = present(value)
    secret = secret or shape.secret
    for constraint in violated(shape, value):
        yield sentence(printed(shape, value, secret), path, constraint)
    yield from violations(shape, value, path, secret)


def present(entries):
    """The entries of a map; one whose value is null is absent, like a member."""
    return {key: value for key, value in entries.items() if value is not None}


def violated(shape, value):
    found = []
    if shape.names:
        return [] if value in shape.names else constraints(shape)
    of, size = measure(shape, value)
    if size is not None and shape.max is not None and size > shape.max:
        found.append(f"Member must have {of} less than or equal to {shape.max}")
    if size is not None and shape.min is not None and size < shape.min:
        found.append(f"Member must have {of} greater than or equal to {shape.min}")
    if shape.pattern and not matches(shape.pattern, value):
        found.append(f"Member must satisfy regular expression pattern: {shape.pattern}")
    if shape.kind == "list" and shape.item.scalar:
        found += of_all("Member", shape.item, value)
    if shape.kind == "map":
        found += of_all("Map keys", shape.key, value.keys())
        if shape.value.scalar:
            found += of_all("Map value", shape.value, value.values())
    return found


def of_all(what, shape, values):
    """A list of simple items is refused as one, with all that is asked of an item."""
    values = list(values)
    nulls = [NOT_NULL] if None in values else []
    if not nulls and not any(violated(shape, value) for value in values):
        return []
    tail = ", ".join(constraints(shape) + nulls)
    return [f"{what} must satisfy constraint: [{tail}]"]


def constraints(shape):
    if shape.names:
        return [f"Member must satisfy enum value set: [{', '.join(shape.names)}]"]
    of = "value" if shape.kind in ("integer", "long") else "length"
    all_of_them = []
    if shape.max is not None:
        all_of_them.append(f"Member must have {of} less than or equal to {shape.max}")
    if shape.min is not None:
        all_of_them.append(f"Member must have {of} greater than or equal to {shape.min}")
    if shape.pattern:
        all_of_them.append(f"Member must satisfy regular expression pattern: {shape.pattern}")
    return all_of_them


def measure(shape, value):
    if shape.kind in ("integer", "long"):
        return "value", value
    if shape.kind == "string":
        return "length", len(value.encode("utf-16-le")) // 2
    if shape.kind == "blob":
        return "length", len(base64.b64decode(value))
    return "length", len(value) if shape.kind in ("list", "map") else None


def printed(shape, value, secret):
    if secret:
        return None
    if shape.kind == "blob":
        size = len(base64.b64decode(value))
        return f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"
    if shape.kind == "list":
        if value and (not shape.item.scalar or shape.item.secret):
            return None
        return cut("[" + ", ".join(map(plain, value)) + "]")
    if shape.kind == "map":
        if value and (not shape.value.scalar or shape.value.secret or shape.key.secret):
            return None
        return cut("{" + ", ".join(f"{key}={plain(item)}" for key, item in value.items()) + "}")
    return cut(plain(value))


def plain(value):
    return "null" if value is None else str(value)


def cut(text):
    return text if len(text) <= PRINTED else text[:PRINTED] + "..."


def sentence(value, path, constraint):
    shown = "" if value is None else f"'{value}' "
    return f"Value {shown}at '{path}' failed to satisfy constraint: {constraint}"


def join(path, name):
    return f"{path}.{name}" if path else name
