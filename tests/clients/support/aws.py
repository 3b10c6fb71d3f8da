"""boto3 as anyone would make it, every answer checked; raw HTTP for what boto3 cannot say; `refused` for errors."""

import contextlib
import functools
import json

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from . import observed, shapes
from .observed import proves  # noqa: F401  (what every test file imports from here)

TARGET = "AWSCognitoIdentityProviderService"
ACCESS_KEY, SECRET_KEY = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def idp(endpoint, region="us-east-1", keys=(ACCESS_KEY, SECRET_KEY), validate=True):
    """A boto3 client. With `validate=False` boto3 sends what it is given, so that the server's own checks are met."""
    client = boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        config=Config(
            retries={"total_max_attempts": 1}, max_pool_connections=64, read_timeout=60, parameter_validation=validate
        ),
    )

    def received(response_dict, event_name, **_):
        if response_dict is not None:
            name = event_name.rsplit(".", 1)[1]
            outcome = shapes.check(
                model().operation_model(name),
                response_dict["status_code"],
                response_dict["headers"],
                response_dict["body"],
            )
            observed.saw(name, outcome)

    client.meta.events.register("response-received.cognito-identity-provider.*", received)
    return client


def post(endpoint, operation, body, headers=None):
    """One raw call. A dict or list goes as JSON, bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": shapes.CONTENT_TYPE, "X-Amz-Target": f"{TARGET}.{operation}", **(headers or {})}
    answer = requests.post(
        endpoint + "/", data=data, headers={k: v for k, v in sent.items() if v is not None}, timeout=60
    )
    if operation in model().operation_names:
        observed.saw(operation, "success" if answer.ok else error_name(answer))
    return answer


def error_name(answer):
    return answer.headers.get("x-amzn-ErrorType", "").rstrip(":")


@functools.cache
def model():
    """botocore's model of the service."""
    keys = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}
    return boto3.client("cognito-idp", region_name="us-east-1", **keys).meta.service_model


@contextlib.contextmanager
def refused(code, message=None):
    """The calls inside end in this error, with exactly this message if one is given."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, error["Message"] if message is None else message)


def violation(member, constraint, value=None):
    """AWS's sentence for one violated constraint. Values of sensitive members are not printed."""
    shown = "Value at" if value is None else f"Value '{value}' at"
    return f"1 validation error detected: {shown} '{member}' failed to satisfy constraint: {constraint}"
