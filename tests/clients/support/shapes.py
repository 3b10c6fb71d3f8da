"""Checks every answer against botocore's own model, before boto3 reads it: boto3 forgives, this does not.

Unknown members, wrong types, missing members, nulls, bad enum values, lengths and patterns; timestamps must be JSON
numbers; operations without an output shape answer an empty body; errors carry the headers and are among those that the
model declares. Hooked to `response-received`, which sees the raw body.
"""

import base64
import json
import re
import uuid

CONTENT_TYPE = "application/x-amz-json-1.1"
# Said by the protocol itself, so declared by no operation.
COMMON = {
    "SerializationException",
    "UnknownOperationException",
    "MissingAuthenticationTokenException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "IncompleteSignatureException",
    "ExpiredTokenException",
    "AccessDeniedException",
    "NotImplementedException",
}
STATUS = {"InternalErrorException": 500, "NotImplementedException": 501}
# The member's documentation names the error, the operation's list forgets it.
UNDECLARED = {
    ("AdminCreateUser", "AliasExistsException"),
    ("AdminUpdateUserAttributes", "CodeDeliveryFailureException"),
}

# AWS's own `phone_number_verified` has 21 characters where the model allows 20; and a pool may have fifty attributes beside the
# standard ones, where the model allows a list of fifty.
LONGER_THAN_SAID = {"CustomAttributeNameType", "SchemaAttributesListType"}
# AWS's own custom domains and CloudFront targets have dots, which the pattern forbids.
UNLIKE_THEIR_PATTERN = {"DomainType"}


def check(operation, status, headers, body):
    """`operation` is botocore's model of it; `headers` ignores case. Gives "success" or the error's name."""
    where = operation.name
    assert headers.get("Content-Type") == CONTENT_TYPE or not body, (
        f"{where}: content type {headers.get('Content-Type')}"
    )
    uuid.UUID(headers["x-amzn-RequestId"])
    if status != 200:
        return check_error(operation, status, headers, body)

    if operation.output_shape is None:
        assert body == b"", f"{where}: has no output, but answered {body!r}"
    else:
        walk(operation.output_shape, json.loads(body), where)
    return "success"


def check_error(operation, status, headers, body):
    answer = json.loads(body)
    name, message = answer["__type"], answer["message"]
    where = f"{operation.name}: {name}"
    assert "#" not in name and isinstance(message, str), f"{where}: {answer}"
    assert set(answer) <= {"__type", "message", "reasonCode"}, f"{where}: {answer}"
    assert status == STATUS.get(name, 400), f"{where}: status {status}"
    assert headers["x-amzn-ErrorType"] == f"{name}:", where
    if message.isascii() and "\n" not in message:
        assert headers["x-amzn-ErrorMessage"] == message, where
    declared = {shape.name for shape in operation.error_shapes}
    assert name in declared | COMMON or (operation.name, name) in UNDECLARED, f"{where} is not declared"
    return name


def walk(shape, value, path):
    assert value is not None, f"{path}: null"
    if shape.metadata.get("document") or getattr(shape, "is_document_type", False):
        return
    CHECKS[shape.type_name](shape, value, path)


def structure(shape, value, path):
    assert isinstance(value, dict), f"{path}: {value!r} is no object"
    unknown = set(value) - set(shape.members)
    assert not unknown, f"{path}: unknown members {sorted(unknown)}"
    missing = set(shape.required_members) - set(value)
    assert not missing, f"{path}: missing {sorted(missing)}"
    for name, member in value.items():
        walk(shape.members[name], member, f"{path}.{name}")


def array(shape, value, path):
    assert isinstance(value, list), f"{path}: {value!r} is no array"
    size(shape, value, path)
    for index, item in enumerate(value):
        walk(shape.member, item, f"{path}[{index}]")


def mapping(shape, value, path):
    assert isinstance(value, dict), f"{path}: {value!r} is no object"
    for key, item in value.items():
        walk(shape.key, key, f"{path} key")
        walk(shape.value, item, f"{path}.{key}")


def string(shape, value, path):
    assert isinstance(value, str), f"{path}: {value!r} is no string"
    size(shape, value, path)
    if shape.enum:
        assert value in shape.enum, f"{path}: {value!r} is none of {shape.enum}"
    # Python's `re` knows no \p{..}; those few patterns are left to the probes.
    pattern = shape.metadata.get("pattern")
    if pattern and r"\p" not in pattern and value and shape.name not in UNLIKE_THEIR_PATTERN:
        assert re.fullmatch(pattern, value, re.ASCII), f"{path}: {value!r} does not match {pattern}"


def size(shape, value, path):
    if shape.name in LONGER_THAN_SAID:
        return
    assert shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value)), (
        f"{path}: length {len(value)}"
    )


def whole(shape, value, path):
    assert isinstance(value, int) and not isinstance(value, bool), f"{path}: {value!r} is no whole number"
    assert shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value), f"{path}: {value}"


def real(_, value, path):
    assert isinstance(value, (int, float)) and not isinstance(value, bool), f"{path}: {value!r} is no number"


def boolean(_, value, path):
    assert isinstance(value, bool), f"{path}: {value!r} is no boolean"


def timestamp(_, value, path):
    real(_, value, path)
    assert 1_700_000_000 < value < 4_000_000_000, f"{path}: {value} is no time in seconds"
    assert abs(value * 1000 - round(value * 1000)) < 0.01, f"{path}: {value} is finer than milliseconds"


def blob(_, value, path):
    assert isinstance(value, str), f"{path}: {value!r} is no string"
    base64.b64decode(value, validate=True)


CHECKS = {
    "structure": structure,
    "list": array,
    "map": mapping,
    "string": string,
    "character": string,
    "integer": whole,
    "long": whole,
    "float": real,
    "double": real,
    "boolean": boolean,
    "timestamp": timestamp,
    "blob": blob,
}
