"""The AWS CLI, unmodified: a pool, a client, a person who signs up, confirms and signs in."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import tokens
from support.pools import PASSWORD

AWS = Path(sys.executable).parent / "aws"


@pytest.fixture
def aws(server, tmp_path):
    """Runs `aws cognito-idp ..` against the server and gives its JSON; with `fails` its error output instead."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_DEFAULT_OUTPUT": "json",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.endpoint,
    }

    def aws(*words, fails=False):
        command = [sys.executable, str(AWS), "cognito-idp", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stderr if fails else json.loads(done.stdout or "null")

    return aws


def test_a_person_signs_up_confirms_and_signs_in(aws, server):
    pool = aws("create-user-pool", "--pool-name", "CLI", "--auto-verified-attributes", "email")["UserPool"]["Id"]
    client = aws(
        "create-user-pool-client", "--user-pool-id", pool, "--client-name", "cli",
        "--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    )["UserPoolClient"]["ClientId"]  # fmt: skip
    person = ["--client-id", client, "--username", "ann"]

    address = f"{client}@example.com"
    signed_up = aws(
        "sign-up",
        *person,
        "--password",
        PASSWORD,
        "--user-attributes",
        f"Name=email,Value={address}",
        "--no-sign-request",
    )
    assert signed_up["UserConfirmed"] is False
    early = aws(
        "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH",
        "--auth-parameters", f"USERNAME=ann,PASSWORD={PASSWORD}", fails=True,
    )  # fmt: skip
    assert "(UserNotConfirmedException) when calling the InitiateAuth operation: User is not confirmed." in early

    aws("confirm-sign-up", *person, "--confirmation-code", server.inbox.code(address), "--no-sign-request")
    result = aws(
        "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH",
        "--auth-parameters", f"USERNAME=ann,PASSWORD={PASSWORD}", "--no-sign-request",
    )["AuthenticationResult"]  # fmt: skip
    assert tokens.verified(result["IdToken"], f"{server.endpoint}/{pool}", client)["email"] == address
    assert aws("get-user", "--access-token", result["AccessToken"])["Username"] == "ann"

    assert [user["Username"] for user in aws("list-users", "--user-pool-id", pool)["Users"]] == ["ann"]
    assert aws("admin-get-user", "--user-pool-id", pool, "--username", "ann")["UserStatus"] == "CONFIRMED"
    aws("admin-delete-user", "--user-pool-id", pool, "--username", "ann")
    aws("delete-user-pool", "--user-pool-id", pool)
    assert "(ResourceNotFoundException)" in aws("describe-user-pool", "--user-pool-id", pool, fails=True)
