"""Two secrets of one client: a new one is handed out before the old one goes, and nobody is locked out in between."""

import re

from support.aws import proves, refused, violation
from support.pools import PASSWORD

NOWHERE = "us-east-1_000000000"
NOBODY = "0000000000000000000000000a"
OWN = "a_secret_of_my_own_0123456789"


def add(app, **settings):
    return app.idp.add_user_pool_client_secret(UserPoolId=app.pool.id, ClientId=app.id, **settings)[
        "ClientSecretDescriptor"
    ]


def listed(app):
    return app.idp.list_user_pool_client_secrets(UserPoolId=app.pool.id, ClientId=app.id)["ClientSecrets"]


def delete(app, secret_id):
    return app.idp.delete_user_pool_client_secret(UserPoolId=app.pool.id, ClientId=app.id, ClientSecretId=secret_id)


def described(app):
    return app.idp.describe_user_pool_client(UserPoolId=app.pool.id, ClientId=app.id)["UserPoolClient"]


def with_secret(app, secret):
    return type(app).known(app.pool, app.id, secret)


@proves("AddUserPoolClientSecret", "success")
@proves("ListUserPoolClientSecrets", "success")
@proves("DeleteUserPoolClientSecret", "success")
def test_a_secret_is_rotated_without_anybody_being_locked_out(pool):
    app = pool.app(GenerateSecret=True)
    pool.user("ann")
    old = app.secret
    wrong = f"Unable to verify secret hash for client {app.id}"

    added = add(app)
    new = added["ClientSecretValue"]
    assert re.fullmatch("[0-9a-v]{48,64}", new) and new != old
    assert re.fullmatch(rf"{app.id}--\d{{10}}", added["ClientSecretId"])
    for secret in [old, new]:
        tokens = with_secret(app, secret).tokens("ann")
        app.idp.revoke_token(ClientId=app.id, ClientSecret=secret, Token=tokens["RefreshToken"])

    first, second = listed(app)
    assert second["ClientSecretId"] == added["ClientSecretId"] != first["ClientSecretId"]
    assert {frozenset(secret) for secret in (first, second)} == {
        frozenset(["ClientSecretId", "ClientSecretCreateDate"])
    }
    assert described(app)["ClientSecret"] == old
    assert set(delete(app, first["ClientSecretId"])) == {"ResponseMetadata"}

    assert with_secret(app, new).tokens("ann")
    with refused("NotAuthorizedException", wrong):
        with_secret(app, old).password("ann", PASSWORD)
    with refused("UnauthorizedException"):
        app.idp.revoke_token(ClientId=app.id, ClientSecret=old, Token="a.b.c.d.e")
    assert listed(app) == [second] and described(app)["ClientSecret"] == new


def test_a_secret_of_ones_own_is_not_said_again(pool):
    app = pool.app(GenerateSecret=True)
    pool.user("ann")

    assert set(add(app, ClientSecret=OWN)) == {"ClientSecretId", "ClientSecretCreateDate"}
    assert with_secret(app, OWN).tokens("ann")
    assert OWN not in str(listed(app))


def test_a_second_secret_serves_sign_up_and_refresh(pool):
    app = pool.app(GenerateSecret=True)
    second = with_secret(app, add(app)["ClientSecretValue"])
    second.sign_up("ann")
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="ann")

    tokens = second.tokens("ann")
    assert second.refresh(tokens["RefreshToken"], **second.hashed("ann", "SECRET_HASH"))["AuthenticationResult"]


@proves("AddUserPoolClientSecret", "LimitExceededException")
def test_a_third_secret_is_one_too_many_until_one_goes(pool):
    app = pool.app(GenerateSecret=True)
    add(app)
    with refused("LimitExceededException", "A user pool client can have at most 2 active client secrets."):
        add(app)

    delete(app, listed(app)[0]["ClientSecretId"])
    add(app)


@proves("DeleteUserPoolClientSecret", "InvalidParameterException", "ResourceNotFoundException")
def test_the_last_secret_stays_and_an_unknown_one_is_not_found(pool):
    app = pool.app(GenerateSecret=True)
    (only,) = listed(app)
    with refused(
        "InvalidParameterException", "The last remaining client secret of a user pool client can not be deleted."
    ):
        delete(app, only["ClientSecretId"])
    with refused("ResourceNotFoundException", f"Client secret {app.id}--1 does not exist."):
        delete(app, f"{app.id}--1")
    assert listed(app) == [only]


@proves("AddUserPoolClientSecret", "InvalidParameterException")
@proves("ListUserPoolClientSecrets", "InvalidParameterException")
def test_a_public_client_has_none_and_gets_none(app, pool, server):
    with refused(
        "InvalidParameterException",
        "Client secrets can only be added to a client that is configured with a secret.",
    ):
        add(app)
    assert listed(app) == []
    with refused("InvalidParameterException", "Invalid pagination token given."):
        app.idp.list_user_pool_client_secrets(UserPoolId=pool.id, ClientId=app.id, NextToken="made-up")
    short = violation("clientSecret", "Member must have length greater than or equal to 24")
    with refused("InvalidParameterException", short):
        server.loose.add_user_pool_client_secret(UserPoolId=pool.id, ClientId=app.id, ClientSecret="short")


@proves("AddUserPoolClientSecret", "ResourceNotFoundException")
@proves("ListUserPoolClientSecrets", "ResourceNotFoundException")
@proves("DeleteUserPoolClientSecret", "ResourceNotFoundException")
def test_unknown_pools_and_clients_are_not_found(pool, make_pool, idp):
    app = pool.app(GenerateSecret=True)
    elsewhere = make_pool()
    for operation, more in [
        (idp.add_user_pool_client_secret, {}),
        (idp.list_user_pool_client_secrets, {}),
        (idp.delete_user_pool_client_secret, {"ClientSecretId": f"{app.id}--1"}),
    ]:
        with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
            operation(UserPoolId=NOWHERE, ClientId=app.id, **more)
        with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
            operation(UserPoolId=pool.id, ClientId=NOBODY, **more)
        with refused("ResourceNotFoundException", f"User pool client {app.id} does not exist."):
            operation(UserPoolId=elsewhere.id, ClientId=app.id, **more)
