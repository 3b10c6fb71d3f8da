"""Operations that are not built yet: known, admitted, validated, and then honestly refused by name."""

import pytest
from built import BUILT
from support import minimal
from support.aws import model, post, violation
from support.pools import Pool

OPERATIONS = sorted(set(model().operation_names) - BUILT)


@pytest.fixture(scope="module")
def known(server):
    """What a valid call must name: one pool, one client, one signed-in user for all of this file."""
    pool = Pool(server, {})
    pool.user("ann")
    app = pool.app()
    token = app.tokens("ann")["AccessToken"]
    return {
        "UserPoolIdType": pool.id,
        "ClientIdType": app.id,
        "UsernameType": "ann",
        "TokenModelType": token,
        "AccessToken": token,
        "ResourceArn": f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool.id}",
    }


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unbuilt_operation_is_validated_and_then_names_itself(server, known, operation):
    shape = model().operation_model(operation).input_shape
    body = minimal.value(shape, known)
    if "AccessToken" in shape.members:
        body["AccessToken"] = known["AccessToken"]
    answer = post(server.endpoint, operation, body)

    assert answer.status_code == 501, (body, answer.text)
    assert answer.headers["x-amzn-ErrorType"] == "NotImplementedException:"
    assert answer.json()["__type"] == "NotImplementedException" and operation in answer.json()["message"]

    required = shape.required_members
    if len(required) == 1:
        name = required[0][0].lower() + required[0][1:]
        answer = post(server.endpoint, operation, {})
        assert answer.status_code == 400 and answer.json()["message"] == violation(name, "Member must not be null")


def test_every_built_operation_exists():
    assert BUILT <= set(model().operation_names)
