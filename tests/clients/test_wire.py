"""AWS JSON 1.1 itself, by raw HTTP: what is no request, what every answer carries, and what browsers need."""

import json
import uuid

import pytest
import requests
from support.aws import TARGET, post

JSON = "application/x-amz-json-1.1"
EXPOSED = {"x-amzn-requestid", "x-amzn-errortype", "x-amzn-errormessage", "date"}
ORIGIN = {"Origin": "https://app.example"}


@pytest.fixture
def url(server):
    return server.endpoint


def check_error(answer, name, status=400):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == JSON
    assert answer.headers["x-amzn-ErrorType"] == f"{name}:"
    body = answer.json()
    assert body["__type"] == name
    return body.get("message", body.get("Message"))


def listed(header):
    return {item.strip().lower() for item in header.split(",")}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b'{"PoolName": "a"',
        b'{"PoolName": "a"} x',
        b'{"PoolName": \xff}',
        b"{'PoolName': 'a'}",
        b'"text"',
        b"[]",
        b"7",
        b"null",
        b"",
    ],
    ids=repr,
)
def test_what_is_no_json_object_is_a_serialization_error(url, body):
    check_error(post(url, "CreateUserPool", body), "SerializationException")


@pytest.mark.parametrize(
    "body",
    [
        {"PoolName": 5},
        {"PoolName": ["a"]},
        {"PoolName": {"a": "b"}},
        {"PoolName": True},
        {"PoolName": "a", "Policies": "strict"},
        {"PoolName": "a", "AutoVerifiedAttributes": "email"},
        {"PoolName": "a", "AutoVerifiedAttributes": [5]},
        {"PoolName": "a", "UserPoolTags": {"a": 1}},
        {"PoolName": "a", "UserPoolTags": ["a"]},
        {"PoolName": "a", "Policies": {"PasswordPolicy": {"MinimumLength": "eight"}}},
        {"PoolName": "a", "Policies": {"PasswordPolicy": {"RequireSymbols": "yes"}}},
    ],
    ids=json.dumps,
)
def test_a_value_of_the_wrong_type_is_a_serialization_error(url, body):
    check_error(post(url, "CreateUserPool", body), "SerializationException")


def test_json_nested_without_end_is_refused_and_harms_nothing(url):
    for body in [b"[" * 200_000, b'{"a":' * 200_000]:
        check_error(post(url, "CreateUserPool", body), "SerializationException")
    assert post(url, "ListUserPools", {"MaxResults": 1}).status_code == 200


def test_a_body_beyond_all_measure_is_refused_and_harms_nothing(url):
    try:
        answer = post(url, "CreateUserPool", b'{"PoolName":"' + b"a" * 32_000_000 + b'"}')
        assert answer.status_code in (400, 413)
    except requests.ConnectionError:
        pass  # Refused before it was read to its end.
    assert post(url, "ListUserPools", {"MaxResults": 1}).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        f"{TARGET}.MakeCoffee",
        "MakeCoffee",
        TARGET,
        "",
        None,
        f"{TARGET}.createuserpool",
        "AWSOtherService.CreateUserPool",
    ],
)
def test_an_unknown_target_is_an_unknown_operation(url, target):
    check_error(post(url, "x", {}, {"X-Amz-Target": target}), "UnknownOperationException")


def test_null_is_absent(url):
    made = post(url, "CreateUserPool", {"PoolName": "nulls", "Policies": None, "AutoVerifiedAttributes": None})
    assert made.status_code == 200
    message = check_error(post(url, "CreateUserPool", {"PoolName": None}), "InvalidParameterException")
    assert (
        message
        == "1 validation error detected: Value at 'poolName' failed to satisfy constraint: Member must not be null"
    )


def test_unknown_members_are_ignored(url):
    assert post(url, "CreateUserPool", {"PoolName": "more", "Colour": "blue"}).status_code == 200


def test_several_violations_are_told_together(url):
    message = check_error(post(url, "SignUp", {"Username": "a b", "Password": "x"}), "InvalidParameterException")
    first, second = message.removeprefix("2 validation errors detected: ").split("; ")
    assert first == "Value at 'clientId' failed to satisfy constraint: Member must not be null"
    assert second.startswith(
        "Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: "
    )


@pytest.mark.parametrize("content_type", [JSON, f"{JSON}; charset=utf-8", "Application/X-Amz-Json-1.1"])
def test_the_content_type_may_carry_parameters(url, content_type):
    assert post(url, "ListUserPools", {"MaxResults": 1}, {"Content-Type": content_type}).status_code == 200


def test_every_answer_has_a_request_id_of_its_own(url):
    answers = [post(url, "ListUserPools", {"MaxResults": size}) for size in [1, 1, 0]]
    answers.append(post(url, "Nothing", {}))
    answers.append(post(url, "CreateUserPool", b"{"))

    assert len({str(uuid.UUID(answer.headers["x-amzn-RequestId"])) for answer in answers}) == 5


def test_an_error_is_told_in_headers_and_body(url):
    answer = post(url, "DescribeUserPool", {"UserPoolId": "us-east-1_000000000"})
    message = "User pool us-east-1_000000000 does not exist."

    check_error(answer, "ResourceNotFoundException")
    assert answer.headers["x-amzn-ErrorMessage"] == message
    assert answer.json() == {"__type": "ResourceNotFoundException", "message": message}


def test_a_value_sent_cannot_break_the_headers(url):
    """The sentence quotes what was sent: line ends and other signs must not leave the header's line."""
    answer = post(url, "DescribeUserPool", {"UserPoolId": "x\r\nSet-Cookie: a=b"})
    assert "Set-Cookie" not in answer.headers and check_error(answer, "InvalidParameterException")
    answer = post(url, "DescribeUserPool", {"UserPoolId": "käse€"})
    assert "käse€" in check_error(answer, "InvalidParameterException")


def test_times_are_numbers_and_nothing_is_null(url):
    pool = post(url, "CreateUserPool", {"PoolName": "times"}).json()["UserPool"]

    for name in ["CreationDate", "LastModifiedDate"]:
        assert type(pool[name]) in (int, float) and 1_700_000_000 < pool[name] < 4_000_000_000

    def no_nulls(value):
        assert value is not None
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            no_nulls(item)

    no_nulls(pool)


def test_no_output_is_no_body_and_an_empty_one_an_empty_object(url, pool):
    pool.create_user("ann")
    set_password = {"UserPoolId": pool.id, "Username": "ann", "Password": "Correct-Horse-9", "Permanent": True}
    assert post(url, "AdminSetUserPassword", set_password).content == b"{}"
    assert post(url, "AdminDeleteUser", {"UserPoolId": pool.id, "Username": "ann"}).content == b""
    assert post(url, "DeleteUserPool", {"UserPoolId": pool.id}).content == b""


def test_a_browser_may_ask_before_it_calls(url):
    asked = "content-type,x-amz-target,x-amz-user-agent,amz-sdk-request"
    answer = requests.options(
        url + "/",
        headers={**ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked},
        timeout=30,
    )

    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "post" in listed(answer.headers["Access-Control-Allow-Methods"])
    assert listed(answer.headers["Access-Control-Allow-Headers"]) == listed(asked)
    assert answer.headers["Access-Control-Max-Age"] == "172800"
    assert listed(answer.headers["Access-Control-Expose-Headers"]) >= EXPOSED


@pytest.mark.parametrize(
    "operation, body", [("ListUserPools", {"MaxResults": 1}), ("ListUserPools", {}), ("Nothing", {}), ("SignUp", b"{")]
)
def test_a_browser_may_read_answers_and_errors(url, operation, body):
    answer = post(url, operation, body, ORIGIN)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert listed(answer.headers["Access-Control-Expose-Headers"]) >= EXPOSED


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_other_methods_and_paths_are_refused_quietly(url, method):
    for path in ["/", "/nothing/here"]:
        assert 400 <= requests.request(method, url + path, timeout=30).status_code < 500


def test_a_body_in_pieces_is_one_body(url):
    pieces = iter([b'{"MaxRe', b'sults"', b": 1}"])
    headers = {"Content-Type": JSON, "X-Amz-Target": f"{TARGET}.ListUserPools"}
    assert requests.post(url + "/", data=pieces, headers=headers, timeout=30).status_code == 200
